//! A case: data, and the function that judges a server by it.

use std::fmt;
use std::sync::Arc;

use clap::ValueEnum;
use serde::Serialize;
use strum::{Display, VariantArray};

use super::case_outcome::{CaseFailure, CaseOutcome, Verdict};
use super::fixtures::{CancelFixture, ConcurrentFixture, Fixtures, SmsFixture};
use super::ledger::RentedNumber;

/// How binding a case is.
// `//`, because clap would show `///` in the help of `--level`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Display, Serialize, ValueEnum)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase")]
pub(crate) enum Level {
    // The documentation says or plainly implies it.
    Must,
    // Every careful implementation does it.
    Should,
}

/// What a case is about, in the order in which the cases run. Wrong keys come late: a server may
/// lock out a client that sends many.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Display, Serialize, VariantArray)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase")]
pub(super) enum Subject {
    Listing,
    Renting,
    Reading,
    Cancelling,
    Concurrency,
    Auth,
    Protocol,
}

/// What a run must allow or offer for a case to be possible.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Need {
    Rental,
    /// SMS arrive, whether by themselves or by a command.
    Sms,
    /// SMS can be sent at will.
    SmsCommand,
    OtherKey,
}

/// Why the server has to behave as the case says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Requirement {
    /// Quotes the published documentation.
    Documentation(&'static str),
    /// The documentation leaves it open; this is our rule for a careful implementation.
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

/// One thing that a server has to do right. `cases/mod.rs` says how to add one.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TestCase {
    /// Never changes, since users name it in tickets and lists of known failures.
    pub(crate) slug: &'static str,
    pub(super) subject: Subject,
    pub(super) level: Level,
    /// The right behaviour, in a sentence without its full stop.
    pub(super) title: &'static str,
    pub(super) requirement: Requirement,
    /// What the case needs beside its fixture; it is skipped unless the run has all of it.
    pub(super) needs: &'static [Need],
    pub(super) check: Check,
}

/// Judges the server, with the fixture that the case is about.
#[derive(Clone, Copy, Debug)]
pub(super) enum Check {
    Any(fn(&Fixtures<'_>) -> Verdict),
    Rental(fn(&Fixtures<'_>, &Arc<RentedNumber>) -> Verdict),
    Cancel(fn(&Fixtures<'_>, &CancelFixture) -> Verdict),
    Concurrent(fn(&Fixtures<'_>, &ConcurrentFixture) -> Verdict),
    Sms(fn(&Fixtures<'_>, &SmsFixture) -> Verdict),
}

impl Check {
    /// What its fixture needs.
    pub(super) const fn needs(self) -> &'static [Need] {
        match self {
            Self::Any(_) => &[],
            Self::Rental(_) | Self::Cancel(_) | Self::Concurrent(_) => &[Need::Rental],
            Self::Sms(_) => &[Need::Rental, Need::Sms],
        }
    }

    pub(super) fn run(self, fixtures: &Fixtures<'_>) -> Verdict {
        match self {
            Self::Any(check) => check(fixtures),
            Self::Rental(check) => check(fixtures, &fixtures.rental()?),
            Self::Cancel(check) => check(fixtures, fixtures.cancel()?),
            Self::Concurrent(check) => check(fixtures, fixtures.concurrent()?),
            Self::Sms(check) => check(fixtures, fixtures.sms()?),
        }
    }
}

/// A case with its outcome.
#[derive(Clone, Debug)]
pub(crate) struct CaseResult {
    pub(crate) case: TestCase,
    pub(super) outcome: CaseOutcome,
}

impl CaseResult {
    pub(crate) fn failure(&self) -> Option<&CaseFailure> {
        match &self.outcome {
            CaseOutcome::Failed(failure) => Some(failure),
            _ => None,
        }
    }

    /// Whether it failed, and is at least as binding as `level`.
    pub(super) fn fails_at(&self, level: Level) -> bool {
        self.failure().is_some() && self.case.level <= level
    }

    pub(super) fn skipped(&self) -> Option<&str> {
        match &self.outcome {
            CaseOutcome::Skipped(why) => Some(why),
            _ => None,
        }
    }
}
