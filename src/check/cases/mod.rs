//! The cases, a file for each subject.
//!
//! To add one, add a row to a `CASES` table:
//!
//! ```text
//! must(Renting, "rent-returns-a-rental-id", "rental_id is a non-empty string")
//!     .documented(r#""rental_id": "rent_12345""#)
//!     .with_rental(|_, rental| rental.made.text("rental_id").map(drop)),
//! ```
//!
//! 1. The level: `must` if the documentation says or plainly implies it, else `should`; a slug that
//!    is unique and never changes; the right behaviour, without a full stop.
//! 2. The requirement: `documented` quotes the documentation, `ruled` states a rule of our own.
//! 3. The check, and the fixture it wants: `with_rental`, `with_cancel`, `with_concurrent`,
//!    `with_sms`, or just `check`. It sends requests through `fixtures.session`, judges an
//!    [`HttpExchange`](super::exchange::HttpExchange), and returns a skip if it cannot judge.
//! 4. What the run `needs` beside the fixture, if anything. Without it the case is skipped.
//!
//! Then add a defect that it finds to `tests/it/check/partner/defect.rs`, and list the case in
//! docs/check.md with `RINGER_UPDATE_DOCS=1 cargo test`.

mod auth;
mod cancelling;
mod concurrency;
mod listing;
mod odd_input;
mod protocol;
mod reading;
mod renting;
mod sms;

use std::sync::Arc;

use super::case::{Check, Level, Need, Requirement, Subject, TestCase};
use super::case_outcome::Verdict;
use super::fixtures::{CancelFixture, ConcurrentFixture, Fixtures, SmsFixture};
use super::ledger::RentedNumber;
use crate::domain::nearest::nearest;

/// In the order in which they run.
pub(super) fn all() -> Vec<TestCase> {
    [
        listing::CASES,
        renting::CASES,
        reading::CASES,
        sms::CASES,
        cancelling::CASES,
        concurrency::CASES,
        auth::CASES,
        protocol::CASES,
        odd_input::CASES,
        protocol::LAST,
    ]
    .concat()
}

/// Parses the slug of a case. The error suggests a similar one.
pub(crate) fn slug(text: &str) -> Result<&'static str, String> {
    let slugs: Vec<&'static str> = all().into_iter().map(|case| case.slug).collect();
    if let Some(slug) = slugs.iter().find(|slug| **slug == text) {
        return Ok(slug);
    }
    Err(match nearest(text, slugs) {
        Some(nearest) => format!("there is no case {text:?}; did you mean {nearest}?"),
        None => format!("there is no case {text:?}; docs/check.md lists them"),
    })
}

const RENTAL: &[Need] = &[Need::Rental];
const SMS: &[Need] = &[Need::Rental, Need::Sms];
const SMS_COMMAND: &[Need] = &[Need::SmsCommand];
const SMS_COMMAND_AND_OTHER_KEY: &[Need] = &[Need::SmsCommand, Need::OtherKey];
const OTHER_KEY: &[Need] = &[Need::OtherKey];

const RENTS_TO_ONE: &str =
    "Rents a phone number from your service; receive SMS messages on a rented number";
const RESTFUL: &str = "Our API follows RESTful principles and returns responses in JSON format.";

const fn case(level: Level, subject: Subject, slug: &'static str, title: &'static str) -> TestCase {
    let check = Check::Any(|_| Ok(()));
    let requirement = Requirement::Ruling("");
    TestCase { slug, subject, level, title, requirement, needs: &[], check }
}

const fn must(subject: Subject, slug: &'static str, title: &'static str) -> TestCase {
    case(Level::Must, subject, slug, title)
}

const fn should(subject: Subject, slug: &'static str, title: &'static str) -> TestCase {
    case(Level::Should, subject, slug, title)
}

impl TestCase {
    const fn documented(self, quote: &'static str) -> Self {
        Self { requirement: Requirement::Documentation(quote), ..self }
    }

    const fn ruled(self, rule: &'static str) -> Self {
        Self { requirement: Requirement::Ruling(rule), ..self }
    }

    const fn needs(self, needs: &'static [Need]) -> Self {
        Self { needs, ..self }
    }

    const fn check(self, check: fn(&Fixtures<'_>) -> Verdict) -> Self {
        Self { check: Check::Any(check), ..self }
    }

    const fn with_rental(self, check: fn(&Fixtures<'_>, &Arc<RentedNumber>) -> Verdict) -> Self {
        Self { check: Check::Rental(check), ..self }
    }

    const fn with_cancel(self, check: fn(&Fixtures<'_>, &CancelFixture) -> Verdict) -> Self {
        Self { check: Check::Cancel(check), ..self }
    }

    const fn with_concurrent(
        self,
        check: fn(&Fixtures<'_>, &ConcurrentFixture) -> Verdict,
    ) -> Self {
        Self { check: Check::Concurrent(check), ..self }
    }

    const fn with_sms(self, check: fn(&Fixtures<'_>, &SmsFixture) -> Verdict) -> Self {
        Self { check: Check::Sms(check), ..self }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::all;

    #[test]
    fn every_case_has_a_slug_of_its_own_and_a_requirement() {
        let cases = all();
        let slugs: HashSet<&str> = cases.iter().map(|case| case.slug).collect();
        assert_eq!(slugs.len(), cases.len());
        for case in &cases {
            let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
            assert!(case.slug.chars().all(is_plain), "{}", case.slug);
            assert!(case.requirement.to_string().len() > 25, "{}", case.slug);
            assert!(!case.title.ends_with('.'), "{}", case.slug);
        }
    }
}
