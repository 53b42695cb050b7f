//! `verify`: what a test expects its client to have done, and how near the client came.

use std::ops::RangeInclusive;

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize};

use super::JournalEntry;
use crate::domain::country::Country;
use crate::domain::endpoint::Endpoint;
use crate::domain::error_code::ErrorCode;
use crate::domain::real_duration::RealDuration;
use crate::domain::rental_id::RentalId;
use crate::domain::serde_helpers;
use crate::domain::service::Service;
use crate::scenario::validation::FieldError;

/// The requests that a test expects, and how many of them: one or more by default.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Expectation {
    /// The endpoint that they call.
    endpoint: Option<Endpoint>,
    /// The rental that they name, or make.
    rental_id: Option<RentalId>,
    /// The country that they name.
    country: Option<Country>,
    /// The service that they name, in any letter case.
    service: Option<Service>,
    /// The status of the reply.
    status: Option<u16>,
    /// The error code of the reply.
    code: Option<ErrorCode>,
    /// How many of them: one or more by default.
    #[serde(deserialize_with = "read_count")]
    #[schemars(with = "ExpectedCount")]
    count: ExpectedCount,
    /// How long to wait for them in real time; by default not at all.
    timeout: RealDuration,
}

/// How many requests are expected.
#[derive(Clone, Copy, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default, expecting = "how many, such as {\"min\": 1, \"max\": 2}")]
#[schemars(rename = "HowMany")]
struct ExpectedCount {
    /// At least this many.
    min: Option<u32>,
    /// At most this many.
    max: Option<u32>,
}

fn read_count<'de, D: Deserializer<'de>>(deserializer: D) -> Result<ExpectedCount, D::Error> {
    serde_helpers::object(deserializer, "how many, such as {\"min\": 1, \"max\": 2}")
}

/// Whether an expectation holds, with the requests that match it and those that nearly do.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct VerifyResult {
    /// Whether it holds.
    pub(crate) holds: bool,
    /// How many requests match.
    pub(crate) matched: u32,
    /// The result in a sentence.
    pub(crate) message: String,
    /// The first thousand requests that match.
    seen: Vec<JournalEntry>,
    /// Requests that nearly match, the nearest first; empty if the expectation holds.
    nearest: Vec<NearMiss>,
    /// The `seq` of the last request judged; 0 if there was none.
    #[serde(skip)]
    pub(crate) through: u64,
}

const MAX_SEEN: usize = 1_000;
const MAX_NEAREST: usize = 5;

/// A request that nearly matches.
#[derive(Debug, Serialize, JsonSchema)]
struct NearMiss {
    /// How it differs, a sentence each.
    differs: Vec<String>,
    /// The request.
    request: JournalEntry,
    /// The timeline of its rental, in the first near miss about that rental.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    timeline: Vec<String>,
}

impl Expectation {
    /// # Errors
    /// The field that makes it impossible.
    pub(crate) fn check(&self) -> Result<(), FieldError> {
        match (self.count.min, self.count.max) {
            (Some(min), Some(max)) if min > max => Err(FieldError {
                path: "count".into(),
                message: format!("min {min} is more than max {max}, so it can never hold"),
            }),
            _ => Ok(()),
        }
    }

    pub(crate) const fn timeout(&self) -> RealDuration {
        self.timeout
    }

    pub(crate) fn matches(&self, entry: &JournalEntry) -> bool {
        self.distance(entry) == 0
    }

    /// At least one without a count, none at all with a maximum alone.
    fn range(&self) -> RangeInclusive<u32> {
        let min = self.count.min.unwrap_or(if self.count.max.is_some() { 0 } else { 1 });
        min..=self.count.max.unwrap_or(u32::MAX)
    }

    /// Whether the expectation holds with this many matches, or can never hold again.
    pub(crate) fn is_decided_by(&self, matched: u32) -> bool {
        matched >= *self.range().start()
    }

    /// Judges a journal. `timeline` returns the timeline of a rental.
    pub(crate) fn judge(
        &self,
        journal: &[JournalEntry],
        mut timeline: impl FnMut(RentalId) -> Vec<String>,
    ) -> VerifyResult {
        let (matching, mut misses): (Vec<&JournalEntry>, Vec<&JournalEntry>) =
            journal.iter().partition(|entry| self.matches(entry));
        let matched = u32::try_from(matching.len()).unwrap_or(u32::MAX);
        // Of two that are equally near, the later one is more likely the one meant.
        misses.reverse();
        misses.sort_by_key(|entry| self.distance(entry));
        let (range, holds) = (self.range(), self.range().contains(&matched));
        let were = if matched == 1 { "request was" } else { "requests were" };
        let (min, max) = (range.start(), range.end());
        let message = match matched {
            _ if holds => format!("{matched} {were} as expected"),
            _ if matched > *max => format!("{matched} {were} as expected, at most {max} should be"),
            0 if journal.is_empty() => "no request has come yet".to_owned(),
            _ => {
                let nearest = misses.first().map(|entry| {
                    let (seq, path) = (entry.seq, entry.endpoint.path());
                    let differences = self.differences(entry).join(", ");
                    format!("; the nearest is #{seq} {path}: {differences}")
                });
                let nearest = nearest.unwrap_or_default();
                format!("{matched} {were} as expected, at least {min} should be{nearest}")
            }
        };
        let mut shown = Vec::new();
        let near_miss = |entry: &JournalEntry| {
            let rental_id = entry.rental_id.filter(|id| !shown.contains(id));
            shown.extend(rental_id);
            let timeline = rental_id.map(&mut timeline).unwrap_or_default();
            NearMiss { differs: self.differences(entry), request: entry.clone(), timeline }
        };
        let max_nearest = if holds { 0 } else { MAX_NEAREST };
        VerifyResult {
            holds,
            matched,
            message,
            seen: matching.into_iter().take(MAX_SEEN).cloned().collect(),
            nearest: misses.into_iter().take(max_nearest).map(near_miss).collect(),
            through: journal.last().map_or(0, |entry| entry.seq),
        }
    }

    /// In how many fields a request differs. Every request of a sandbox is checked, so this builds
    /// no text.
    fn distance(&self, entry: &JournalEntry) -> usize {
        let service = |wanted: &Service| {
            let got = entry.service.as_ref();
            got.is_none_or(|got| got.as_str().to_lowercase() != wanted.as_str().to_lowercase())
        };
        let differs = [
            self.endpoint.is_some_and(|wanted| entry.endpoint != wanted),
            self.rental_id.is_some_and(|wanted| entry.rental_id != Some(wanted)),
            self.country.is_some_and(|wanted| entry.country != Some(wanted)),
            self.service.as_ref().is_some_and(service),
            self.status.is_some_and(|wanted| entry.status != Some(wanted)),
            self.code.is_some_and(|wanted| entry.code != Some(wanted)),
        ];
        differs.into_iter().filter(|differs| *differs).count()
    }

    fn differences(&self, entry: &JournalEntry) -> Vec<String> {
        let mut differences = Vec::new();
        let mut compare = |name: &str, wanted: Option<String>, got: Option<String>| {
            if let Some(wanted) = wanted
                && got.as_ref() != Some(&wanted)
            {
                let got = got.unwrap_or_else(|| "none".into());
                differences.push(format!("{name} was {got}, not {wanted}"));
            }
        };
        let name = |endpoint: Endpoint| endpoint.name().to_owned();
        compare("endpoint", self.endpoint.map(name), Some(name(entry.endpoint)));
        let id = |id: RentalId| id.to_string();
        compare("rental_id", self.rental_id.map(id), entry.rental_id.map(id));
        let country = |country: Country| country.to_string();
        compare("country", self.country.map(country), entry.country.map(country));
        let service = |service: &Service| service.as_str().to_lowercase();
        compare("service", self.service.as_ref().map(service), entry.service.as_ref().map(service));
        let status = |status: u16| status.to_string();
        compare("status", self.status.map(status), entry.status.map(status));
        let code = |code: ErrorCode| code.as_str().to_owned();
        compare("code", self.code.map(code), entry.code.map(code));
        differences
    }
}
