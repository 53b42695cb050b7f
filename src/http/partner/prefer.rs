//! Errors on demand by the `Prefer` header (RFC 7240): `code=503`, `error=NO_NUMBERS`,
//! `fault=CONNECTION_RESET_BY_PEER`, `delay=2s`, comma-separated (our ruling).

use actix_web::http::header::{HeaderMap, HeaderName};

use crate::domain::lint::Lint;
use crate::domain::nearest::nearest;
use crate::domain::real_duration::RealDuration;
use crate::sandbox::faults::{FaultId, OnDemandFault};
use crate::scenario::fault::status::HttpStatus;
use crate::scenario::fault::wire_fault::WireFault;
use crate::scenario::{BodyKind, Effect, ErrorCode, Phase};

pub(super) static PREFER: HeaderName = HeaderName::from_static("prefer");

/// A header could cause thousands of lints, and the journal keeps them.
const MOST_LINTS: usize = 8;

const NAMES: [&str; 4] = ["code", "error", "fault", "delay"];

#[derive(Debug, Default)]
pub(super) struct Preferences {
    pub(super) on_demand: Option<OnDemandFault>,
    /// The preferences that are followed, as `Preference-Applied` lists them.
    pub(super) applied: String,
    /// One for each preference that is ignored.
    pub(super) lints: Vec<Lint>,
}

pub(super) fn parse(headers: &HeaderMap) -> Preferences {
    let mut parser = PreferParser::default();
    for value in headers.get_all(&PREFER) {
        let Ok(text) = value.to_str() else {
            parser.ignore("it contains characters that a header must not have".into());
            continue;
        };
        for preference in text.split(',').map(str::trim).filter(|text| !text.is_empty()) {
            // Parameters of a preference follow a semicolon; we know none.
            let preference = preference.split(';').next().unwrap_or_default();
            if let Err(reason) = parser.take(preference) {
                parser.ignore(reason);
            }
        }
    }
    parser.finish()
}

#[derive(Default)]
struct PreferParser {
    /// The effect and its text in the header.
    disruption: Option<(Effect, String)>,
    delay: Option<(RealDuration, String)>,
    lints: Vec<Lint>,
}

impl PreferParser {
    fn ignore(&mut self, reason: String) {
        let lint = Lint::UnknownPreference { reason };
        if self.lints.len() < MOST_LINTS && !self.lints.contains(&lint) {
            self.lints.push(lint);
        }
    }

    fn take(&mut self, preference: &str) -> Result<(), String> {
        let (name, value) = preference.split_once('=').unwrap_or((preference, ""));
        let (name, value) = (name.trim().to_ascii_lowercase(), value.trim().trim_matches('"'));
        let applied = format!("{name}={value}");
        let effect = match name.as_str() {
            "code" => {
                let number = value
                    .parse::<u16>()
                    .map_err(|_| format!("code {value:?} is not an HTTP status; write code=503"))?;
                let code = HttpStatus::new(number)?.get();
                let bodiless = matches!(code, 204 | 205 | 304);
                Effect::status(code, if bodiless { BodyKind::Empty } else { BodyKind::Json })
            }
            "error" => Effect::error(value.parse::<ErrorCode>()?),
            "fault" => value.parse::<WireFault>()?.into(),
            "delay" if self.delay.is_some() => return Err("delay is given twice".into()),
            "delay" => {
                self.delay = Some((value.parse()?, applied));
                return Ok(());
            }
            other => {
                let shown: String = other.chars().take(32).collect();
                let hint = nearest(other, NAMES)
                    .map_or_else(String::new, |nearest| format!("; did you mean {nearest}?"));
                return Err(format!("{shown:?} is not known{hint} ({})", NAMES.join(", ")));
            }
        };
        match &self.disruption {
            Some((_, before)) => Err(format!("{before} precedes {applied} and wins")),
            None => {
                self.disruption = Some((effect, applied));
                Ok(())
            }
        }
    }

    fn finish(self) -> Preferences {
        let applied: Vec<String> = (self.disruption.iter().map(|(_, text)| text.clone()))
            .chain(self.delay.iter().map(|(_, text)| text.clone()))
            .collect();
        let effect = match (self.disruption, self.delay) {
            (Some((effect, _)), Some((span, _))) => Some(effect.delayed(span)),
            (Some((effect, _)), None) => Some(effect),
            (None, Some((span, _))) => Some(Effect::delay(span)),
            (None, None) => None,
        };
        // A status or error replaces the call; anything else affects its reply (our ruling).
        let on_demand = effect.map(|effect| {
            let mut on_demand = OnDemandFault { id: FaultId::Prefer, effect, phase: Phase::After };
            if on_demand.leaves_state_alone() {
                on_demand.phase = Phase::Before;
            }
            on_demand
        });
        Preferences { on_demand, applied: applied.join(", "), lints: self.lints }
    }
}
