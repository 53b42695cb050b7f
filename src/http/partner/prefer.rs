//! Errors on demand by the header `Prefer` (RFC 7240): `code=503`, `error=NO_NUMBERS`,
//! `fault=CONNECTION_RESET_BY_PEER`, `delay=2s`, comma-separated (our ruling).

use actix_web::http::header::{HeaderMap, HeaderName};

use crate::domain::lint::Lint;
use crate::domain::nearest::nearest;
use crate::domain::real_duration::RealDuration;
use crate::sandbox::faults::{FaultId, OnDemandFault};
use crate::scenario::fault::status::HttpStatus;
use crate::scenario::fault::wire_fault::WireFault;
use crate::scenario::{BodyKind, Effect, ErrorCode, Phase};

/// The header's name, which is looked for in every request.
pub(super) static PREFER: HeaderName = HeaderName::from_static("prefer");

/// A header has room for thousands; a few tell enough, and the journal keeps them.
const MOST_REMARKS: usize = 8;

const NAMES: [&str; 4] = ["code", "error", "fault", "delay"];

/// What the header asks for.
#[derive(Debug, Default)]
pub(super) struct Preferences {
    /// What is to go wrong.
    pub(super) on_demand: Option<OnDemandFault>,
    /// What of the header is followed, as `Preference-Applied` tells it.
    pub(super) applied: String,
    /// What of it is ignored, and why.
    pub(super) lints: Vec<Lint>,
}

/// Reads the header; without one, nothing is preferred.
pub(super) fn read(headers: &HeaderMap) -> Preferences {
    let mut read = PreferParser::default();
    for value in headers.get_all(&PREFER) {
        let Ok(text) = value.to_str() else {
            read.ignore("it holds characters that a header cannot have".into());
            continue;
        };
        for preference in text.split(',').map(str::trim).filter(|text| !text.is_empty()) {
            // What stands behind a semicolon are parameters of the preference; none is known.
            let preference = preference.split(';').next().unwrap_or_default();
            if let Err(reason) = read.take(preference) {
                read.ignore(reason);
            }
        }
    }
    read.end()
}

#[derive(Default)]
struct PreferParser {
    /// What was asked for, with the text it was asked by.
    disruption: Option<(Effect, String)>,
    delay: Option<(RealDuration, String)>,
    lints: Vec<Lint>,
}

impl PreferParser {
    fn ignore(&mut self, reason: String) {
        let lint = Lint::UnknownPreference { reason };
        if self.lints.len() < MOST_REMARKS && !self.lints.contains(&lint) {
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
            Some((_, before)) => Err(format!("{before} stands before {applied}, and decides")),
            None => {
                self.disruption = Some((effect, applied));
                Ok(())
            }
        }
    }

    fn end(self) -> Preferences {
        let applied: Vec<String> = (self.disruption.iter().map(|(_, text)| text.clone()))
            .chain(self.delay.iter().map(|(_, text)| text.clone()))
            .collect();
        let effect = match (self.disruption, self.delay) {
            (Some((effect, _)), Some((span, _))) => Some(effect.delayed(span)),
            (Some((effect, _)), None) => Some(effect),
            (None, Some((span, _))) => Some(Effect::delay(span)),
            (None, None) => None,
        };
        // A status or an error is answered instead; all else happens to the reply (our ruling).
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
