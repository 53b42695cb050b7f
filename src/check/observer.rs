//! Who watches a run.

use super::case::{CaseResult, TestCase};

/// Receives the progress of a run.
pub(crate) trait RunObserver {
    /// A case starts. `number` counts from 1.
    fn case_started(&mut self, case: &TestCase, number: usize, total: usize);

    fn case_finished(&mut self, result: &CaseResult);

    /// The cases are done, and some rentals are live.
    fn cleanup_started(&mut self, rentals: usize);
}
