//! Whoever watches a run.

use super::case::Case;
use super::case::CaseResult;

/// Is told what happens while it happens. Each method does nothing unless it is written anew.
pub trait Progress {
    /// A case begins, `number` of `all`, counted from 1.
    fn starts(&mut self, _case: &Case, _number: usize, _all: usize) {}

    /// A case has ended.
    fn ended(&mut self, _result: &CaseResult) {}

    /// So many rentals are left and now cancelled.
    fn cancels(&mut self, _rentals: usize) {}
}

/// Nobody watches.
impl Progress for () {}
