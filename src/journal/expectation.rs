//! What a test expects its client to have done, and how near it came.

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

/// What a request must be like, and how many of them there must be: one or more unless said.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Expectation {
    /// To this endpoint.
    endpoint: Option<Endpoint>,
    /// About this rental.
    rental_id: Option<RentalId>,
    /// About this country.
    country: Option<Country>,
    /// For this service.
    service: Option<Service>,
    /// Answered with this status.
    status: Option<u16>,
    /// Refused with this error.
    code: Option<ErrorCode>,
    /// How many such requests there must be: one or more unless said.
    #[serde(deserialize_with = "read_count")]
    #[schemars(with = "Count")]
    count: Count,
    /// How long to wait for it, in real time; not at all unless said.
    timeout: RealDuration,
}

/// How many.
#[derive(Clone, Copy, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default, expecting = "how many, such as {\"min\": 1, \"max\": 2}")]
#[schemars(rename = "HowMany")]
struct Count {
    /// At least so many.
    min: Option<u32>,
    /// At most so many.
    max: Option<u32>,
}

fn read_count<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Count, D::Error> {
    serde_helpers::object(deserializer, "how many, such as {\"min\": 1, \"max\": 2}")
}

/// Whether an expectation holds, what was seen and what nearly was.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct VerifyResult {
    /// Whether it holds.
    holds: bool,
    /// How many requests were like that.
    matched: u32,
    /// In a sentence.
    message: String,
    /// The first thousand of them.
    seen: Vec<JournalEntry>,
    /// Those that nearly were, the nearest first, each with what was otherwise.
    nearest: Vec<NearMiss>,
    /// The last request of the journal that it judges.
    #[serde(skip)]
    through: u64,
}

/// How many of the requests that are as expected are shown.
const MOST_SEEN: usize = 1_000;
/// How many of those that nearly are.
const MOST_NEAREST: usize = 5;

/// A request that nearly was as expected.
#[derive(Debug, Serialize, JsonSchema)]
struct NearMiss {
    /// What was otherwise, each a sentence.
    differs: Vec<String>,
    /// The request.
    request: JournalEntry,
    /// How its rental stood, in the sentences of its timeline; told once a rental.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    timeline: Vec<String>,
}

impl VerifyResult {
    /// How it is, in a sentence.
    pub(crate) fn message(&self) -> &str {
        &self.message
    }

    /// Whether it holds.
    pub(crate) const fn holds(&self) -> bool {
        self.holds
    }

    /// How many requests were as expected.
    pub(crate) const fn matched(&self) -> u32 {
        self.matched
    }

    /// The `seq` of the last request that it judges; 0 where there was none.
    pub(crate) const fn through(&self) -> u64 {
        self.through
    }
}

impl Expectation {
    /// Whether it can hold at all.
    ///
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

    /// How long to wait for it, in real time.
    pub(crate) const fn timeout(&self) -> RealDuration {
        self.timeout
    }

    /// Whether a request is as expected.
    pub(crate) fn fits(&self, entry: &JournalEntry) -> bool {
        self.distance(entry) == 0
    }

    /// How many such requests there must be: one without a count, none with a maximum alone.
    fn range(&self) -> RangeInclusive<u32> {
        let min = self.count.min.unwrap_or(if self.count.max.is_some() { 0 } else { 1 });
        min..=self.count.max.unwrap_or(u32::MAX)
    }

    /// Whether so many requests that are as expected decide it: it holds, or never will again.
    pub(crate) fn is_decided_by(&self, matched: u32) -> bool {
        let range = self.range();
        range.contains(&matched) || matched > *range.end()
    }

    /// Judges a journal. `timeline` tells how a rental stood.
    pub(crate) fn judge(
        &self,
        journal: &[JournalEntry],
        mut timeline: impl FnMut(RentalId) -> Vec<String>,
    ) -> VerifyResult {
        let (fitting, mut misses): (Vec<&JournalEntry>, Vec<&JournalEntry>) =
            journal.iter().partition(|entry| self.fits(entry));
        let matched = u32::try_from(fitting.len()).unwrap_or(u32::MAX);
        // The later of two that are alike near is the likelier one.
        misses.reverse();
        misses.sort_by_key(|entry| self.distance(entry));
        let nearest_one = misses.first().map(|entry| {
            let (seq, path) = (entry.seq, entry.endpoint.path());
            format!("; the nearest is #{seq} {path}: {}", self.differences(entry).join(", "))
        });
        let (range, holds) = (self.range(), self.range().contains(&matched));
        let were = if matched == 1 { "request was" } else { "requests were" };
        let (min, max) = (range.start(), range.end());
        let message = match matched {
            _ if holds => format!("{matched} {were} as expected"),
            _ if matched > *max => format!("{matched} {were} as expected, at most {max} should be"),
            0 if journal.is_empty() => "no request has come yet".to_owned(),
            _ => {
                let nearest = nearest_one.unwrap_or_default();
                format!("{matched} {were} as expected, at least {min} should be{nearest}")
            }
        };
        let mut told = Vec::new();
        let near = |entry: &JournalEntry| {
            let untold = entry.rental_id.filter(|id| !told.contains(id));
            told.extend(untold);
            let timeline = untold.map(&mut timeline).unwrap_or_default();
            NearMiss { differs: self.differences(entry), request: entry.clone(), timeline }
        };
        let shown = if holds { 0 } else { MOST_NEAREST };
        VerifyResult {
            holds,
            matched,
            message,
            seen: fitting.into_iter().take(MOST_SEEN).cloned().collect(),
            nearest: misses.into_iter().take(shown).map(near).collect(),
            through: journal.last().map_or(0, |entry| entry.seq),
        }
    }

    /// In how many ways a request is otherwise than expected.
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

    /// In what a request is otherwise than expected.
    fn differences(&self, entry: &JournalEntry) -> Vec<String> {
        let mut differs = Vec::new();
        let mut compare = |name: &str, wanted: Option<String>, got: Option<String>| {
            if let Some(wanted) = wanted
                && got.as_ref() != Some(&wanted)
            {
                let got = got.unwrap_or_else(|| "none".into());
                differs.push(format!("{name} was {got}, not {wanted}"));
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
        differs
    }
}
