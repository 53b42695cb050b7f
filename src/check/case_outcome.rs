//! What a case comes to.

use serde::Serialize;

/// What a case finds: nothing, or why it did not pass.
pub(super) type Verdict = Result<(), NotPassed>;

/// Why a case did not pass.
#[derive(Clone, Debug)]
pub(super) enum NotPassed {
    Failed(CaseFailure),
    Skipped(String),
}

impl NotPassed {
    pub(super) fn skipped(why: impl Into<String>) -> Self {
        Self::Skipped(why.into())
    }
}

/// What was wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CaseFailure {
    /// What is right.
    pub expected: String,
    /// What came instead.
    pub actual: String,
    /// The request as a line for a shell; keys are named as variables.
    pub request: String,
}

/// What a case came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CaseOutcome {
    /// All was right.
    Passed,
    /// Something was wrong.
    Failed(CaseFailure),
    /// It was not tried, or could not be judged; why.
    Skipped(String),
}

impl From<Verdict> for CaseOutcome {
    fn from(verdict: Verdict) -> Self {
        match verdict {
            Ok(()) => Self::Passed,
            Err(NotPassed::Failed(failure)) => Self::Failed(failure),
            Err(NotPassed::Skipped(why)) => Self::Skipped(why),
        }
    }
}
