//! The cases, a file a subject.
//!
//! To add one: a row in the list of its subject, with a slug that no other has and that will never
//! change; then `RINGER_UPDATE_DOCS=1 cargo test`.

mod auth;
mod cancelling;
mod concurrency;
mod keys;
mod listing;
mod odd_input;
mod protocol;
mod reading;
mod renting;
mod sms;

use super::case::{Level, Need, Requirement, Subject, TestCase};
use super::case_outcome::Verdict;
use super::session::Session;
use crate::domain::nearest::nearest;

/// All of them, in the order in which they are run.
#[must_use]
pub fn all() -> Vec<TestCase> {
    [
        listing::CASES,
        renting::CASES,
        reading::CASES,
        sms::CASES,
        cancelling::CASES,
        concurrency::CASES,
        auth::CASES,
        keys::CASES,
        protocol::CASES,
        odd_input::CASES,
        protocol::LAST,
    ]
    .concat()
}

/// The slug of a case, read from text.
///
/// # Errors
/// When no case has it, with the nearest one that there is.
pub fn slug(text: &str) -> Result<&'static str, String> {
    let slugs: Vec<&'static str> = all().into_iter().map(|case| case.slug).collect();
    if let Some(slug) = slugs.iter().find(|slug| **slug == text) {
        return Ok(slug);
    }
    Err(match nearest(text, slugs) {
        Some(nearest) => format!("{text:?} is no case; did you mean {nearest}?"),
        None => format!("{text:?} is no case; docs/check.md lists them"),
    })
}

const RENTAL: &[Need] = &[Need::Rental];
const SMS: &[Need] = &[Need::Rental, Need::Sms];
const SMS_COMMAND: &[Need] = &[Need::Rental, Need::SmsCommand];
const SMS_AND_OTHER_KEY: &[Need] = &[Need::Rental, Need::SmsCommand, Need::OtherKey];
const OTHER_KEY: &[Need] = &[Need::Rental, Need::OtherKey];

const fn case(level: Level, subject: Subject, slug: &'static str, title: &'static str) -> TestCase {
    let check = |_: &Session<'_>| -> Verdict { Ok(()) };
    TestCase { slug, subject, level, title, basis: Requirement::Ruling(""), needs: &[], check }
}

const fn must(subject: Subject, slug: &'static str, title: &'static str) -> TestCase {
    case(Level::Must, subject, slug, title)
}

const fn should(subject: Subject, slug: &'static str, title: &'static str) -> TestCase {
    case(Level::Should, subject, slug, title)
}

impl TestCase {
    const fn needs(mut self, needs: &'static [Need]) -> Self {
        self.needs = needs;
        self
    }

    /// Stands in the documentation.
    const fn says(mut self, documentation: &'static str) -> Self {
        self.basis = Requirement::Documentation(documentation);
        self
    }

    /// Is what a careful implementation does where the documentation is silent.
    const fn rules(mut self, ruling: &'static str) -> Self {
        self.basis = Requirement::Ruling(ruling);
        self
    }

    const fn check(mut self, check: fn(&Session<'_>) -> Verdict) -> Self {
        self.check = check;
        self
    }
}
