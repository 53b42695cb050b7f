//! Whoever watches a run.

use super::case::CaseResult;
use super::case::TestCase;

/// Is told what happens while it happens. Each method does nothing unless it is written anew.
pub trait RunObserver {
    /// A case begins, `number` of `all`, counted from 1.
    fn starts(&mut self, _case: &TestCase, _number: usize, _all: usize) {}

    /// A case has ended.
    fn ended(&mut self, _result: &CaseResult) {}

    /// So many rentals are left and now cancelled.
    fn cancels(&mut self, _rentals: usize) {}
}

/// Nobody watches.
impl RunObserver for () {}
