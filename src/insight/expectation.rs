//! What a test expects its client to have done, and how near it came.

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize};

use super::journal::Entry;
use crate::domain::country::CountryCode;
use crate::domain::endpoint::Endpoint;
use crate::domain::error_code::ErrorCode;
use crate::domain::read;
use crate::domain::real_span::RealSpan;
use crate::domain::rental_id::RentalId;
use crate::domain::service::Service;
use crate::scenario::check::Problem;

/// What a request must be like, and how many of them there must be: one or more unless said.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Expectation {
    /// To this endpoint.
    endpoint: Option<Endpoint>,
    /// About this rental.
    rental_id: Option<RentalId>,
    /// About this country.
    country: Option<CountryCode>,
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
    timeout: RealSpan,
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
    read::object(deserializer, "how many, such as {\"min\": 1, \"max\": 2}")
}

/// Whether an expectation holds, what was seen and what nearly was.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Verdict {
    /// Whether it holds.
    holds: bool,
    #[serde(skip)]
    is_final: bool,
    /// How many requests were like that.
    matched: u32,
    /// In a sentence.
    message: String,
    /// The requests that were.
    seen: Vec<Entry>,
    /// Those that nearly were, the nearest first, each with what was otherwise.
    nearest: Vec<NearMiss>,
}

/// A request that nearly was as expected.
#[derive(Debug, Serialize, JsonSchema)]
struct NearMiss {
    /// What was otherwise, each a sentence.
    differs: Vec<String>,
    /// The request.
    request: Entry,
    /// How its rental stood, in the sentences of its timeline; told once a rental.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    timeline: Vec<String>,
}

impl Verdict {
    /// How it is, in a sentence.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// Whether it holds.
    #[must_use]
    pub const fn holds(&self) -> bool {
        self.holds
    }

    /// Whether no further request can change it.
    #[must_use]
    pub const fn is_final(&self) -> bool {
        self.is_final
    }
}

impl Expectation {
    /// Whether it can hold at all.
    ///
    /// # Errors
    /// The field that makes it impossible.
    pub fn check(&self) -> Result<(), Problem> {
        match (self.count.min, self.count.max) {
            (Some(min), Some(max)) if min > max => Err(Problem {
                path: "count".into(),
                message: format!("min {min} is more than max {max}, so it can never hold"),
            }),
            _ => Ok(()),
        }
    }

    /// How long to wait for it, in real time.
    #[must_use]
    pub const fn timeout(&self) -> RealSpan {
        self.timeout
    }

    /// Whether a request is as expected.
    #[must_use]
    pub fn fits(&self, entry: &Entry) -> bool {
        self.differences(entry).is_empty()
    }

    /// Judges a journal. `timeline` tells how a rental stood.
    pub fn judge<'a>(
        &self,
        journal: impl Iterator<Item = &'a Entry>,
        timeline: impl Fn(RentalId) -> Vec<String>,
    ) -> Verdict {
        const MOST: usize = 5;
        // Without a count, one will do; with a maximum alone, none will.
        let min = self.count.min.unwrap_or(if self.count.max.is_some() { 0 } else { 1 });
        let max = self.count.max.unwrap_or(u32::MAX);
        let mut seen = Vec::new();
        let mut misses = Vec::new();
        for entry in journal {
            let differs = self.differences(entry);
            if differs.is_empty() {
                seen.push(entry.clone());
            } else {
                misses.push((differs, entry));
            }
        }
        let matched = u32::try_from(seen.len()).unwrap_or(u32::MAX);
        // The later of two that are alike near is the likelier one.
        misses.reverse();
        misses.sort_by_key(|(differs, _)| differs.len());
        let is_empty = seen.is_empty() && misses.is_empty();
        let mut told = Vec::new();
        let near = |(differs, entry): (Vec<String>, &Entry)| {
            let untold = entry.rental_id.filter(|id| !told.contains(id));
            told.extend(untold);
            let timeline = untold.map(&timeline).unwrap_or_default();
            NearMiss { differs, request: entry.clone(), timeline }
        };
        let nearest_one = misses.first().map(|(differs, entry)| {
            let (seq, path) = (entry.seq, entry.endpoint.path());
            format!("; the nearest is #{seq} {path}: {}", differs.join(", "))
        });
        let holds = (min..=max).contains(&matched);
        let were = if matched == 1 { "request was" } else { "requests were" };
        let message = match matched {
            _ if holds => format!("{matched} {were} as expected"),
            _ if matched > max => format!("{matched} {were} as expected, at most {max} should be"),
            0 if is_empty => "no request has come yet".to_owned(),
            _ => {
                let nearest = nearest_one.unwrap_or_default();
                format!("{matched} {were} as expected, at least {min} should be{nearest}")
            }
        };
        let nearest =
            if holds { Vec::new() } else { misses.into_iter().take(MOST).map(near).collect() };
        Verdict { holds, is_final: matched > max, matched, message, seen, nearest }
    }

    /// In what a request is otherwise than expected.
    fn differences(&self, entry: &Entry) -> Vec<String> {
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
        let country = |country: CountryCode| country.to_string();
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
