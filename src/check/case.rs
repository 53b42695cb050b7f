//! A case: data, and a function that holds a server to it.

use std::fmt;

use serde::Serialize;

use super::case_outcome::{CaseFailure, CaseOutcome, Verdict};
use super::session::Session;

/// How binding a case is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// What the documentation says, or plainly implies.
    Must,
    /// What every careful implementation does.
    Should,
}

impl Level {
    /// The word for it: `must`, `should`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Must => "must",
            Self::Should => "should",
        }
    }
}

/// What a case is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Subject {
    /// getNumbers.
    Listing,
    /// rentNumber.
    Renting,
    /// getSMS.
    Reading,
    /// cancelNumber.
    Cancelling,
    /// Several calls at the same time.
    Concurrency,
    /// Who is admitted.
    Auth,
    /// What holds for every reply.
    Protocol,
}

impl Subject {
    /// All of them, in the order in which they are run: wrong keys come late, because a server may
    /// lock out who sends many.
    pub const ALL: [Self; 7] = [
        Self::Listing,
        Self::Renting,
        Self::Reading,
        Self::Cancelling,
        Self::Concurrency,
        Self::Auth,
        Self::Protocol,
    ];

    /// Its name in lower case.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Listing => "listing",
            Self::Renting => "renting",
            Self::Reading => "reading",
            Self::Cancelling => "cancelling",
            Self::Concurrency => "concurrency",
            Self::Auth => "auth",
            Self::Protocol => "protocol",
        }
    }
}

/// What a case cannot do without.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// That rentals may be made.
    Rental,
    /// That SMS arrive, in one way or the other.
    Sms,
    /// That SMS can be sent at will.
    SmsCommand,
    /// A second account.
    OtherKey,
}

/// What a case holds the server to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Requirement {
    /// A sentence or an example of the published documentation.
    Documentation(&'static str),
    /// What the documentation leaves open, and a careful implementation does: our ruling.
    Ruling(&'static str),
}

impl fmt::Display for Requirement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Documentation(text) => write!(f, "the documentation: {text}"),
            Self::Ruling(text) => write!(f, "our ruling: {text}"),
        }
    }
}

/// One thing that a server is held to.
#[derive(Clone, Copy)]
pub struct TestCase {
    /// Its name, which never changes: `rent-returns-e164-number`.
    pub slug: &'static str,
    /// What it is about.
    pub subject: Subject,
    /// How binding it is.
    pub level: Level,
    /// What is right, in a sentence without its full stop.
    pub title: &'static str,
    /// Why it is right.
    pub basis: Requirement,
    /// What it cannot do without.
    pub needs: &'static [Need],
    pub(super) check: fn(&Session<'_>) -> Verdict,
}

impl fmt::Debug for TestCase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Case({})", self.slug)
    }
}

/// A case with what it came to.
#[derive(Clone, Debug)]
pub struct CaseResult {
    /// The case.
    pub case: TestCase,
    /// What it came to.
    pub outcome: CaseOutcome,
}

impl CaseResult {
    /// What was wrong, where it failed.
    #[must_use]
    pub fn failure(&self) -> Option<&CaseFailure> {
        match &self.outcome {
            CaseOutcome::Failed(failure) => Some(failure),
            _ => None,
        }
    }
}
