//! How a case ends.

use serde::Serialize;

/// What the function of a case returns.
pub(super) type Verdict = Result<(), NotPassed>;

#[derive(Clone, Debug)]
pub(super) enum NotPassed {
    Failed(CaseFailure),
    /// The case could not be judged; why.
    Skipped(String),
}

impl NotPassed {
    pub(super) fn skipped(why: impl Into<String>) -> Self {
        Self::Skipped(why.into())
    }

    /// The same, for a case that is about something else: a failure is not its to report.
    pub(super) fn into_skip(self, why: &str) -> Self {
        match self {
            Self::Failed(_) => Self::skipped(why),
            skipped @ Self::Skipped(_) => skipped,
        }
    }
}

/// What was wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct CaseFailure {
    pub(super) expected: String,
    pub(super) actual: String,
    /// The request as a shell command; with shell variables in place of keys. Empty if none was sent.
    pub(super) request: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum CaseOutcome {
    Passed,
    Failed(CaseFailure),
    /// The case did not run or could not be judged; why.
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
