//! Logs one line for each request: what the client asked, the reply, and why it was refused. Keys are
//! redacted, and text of the client is quoted so that it cannot forge a line.

use std::fmt;

use log::{info, log_enabled, warn};

use crate::domain::api_key::Redacted;
use crate::domain::real_duration::RealDuration;
use crate::registry::Call;
use crate::sandbox::command::{Refusal, Reply};
use crate::sandbox::faults::FaultAction;
use crate::sandbox::outcome::CallOutcome;
use crate::scenario::BodyKind;
use crate::scenario::fault::effect::Disruption;

/// The target of request lines, for filters such as `RINGER_LOG=ringer::request=off`.
pub(crate) const TARGET: &str = "ringer::request";

/// Logs a request that reached an endpoint.
pub(super) fn request(api_key: Option<&str>, call: &Call, outcome: &CallOutcome) {
    if !log_enabled!(target: TARGET, log::Level::Info) {
        return;
    }
    let client = KeyDisplay(api_key);
    let (method, path) = (call.endpoint.method(), call.endpoint.path());
    let args = CallDisplay(call);
    let (lints, fault) = (LintsDisplay(call), FaultDisplay(outcome));
    let line = match (&outcome.override_action, &outcome.answer) {
        (Some(strike), _) => {
            format!("{method} {path}{args} -> {}{lints}{fault}", OverrideDisplay(strike))
        }
        (None, Ok(reply)) => {
            format!("{method} {path}{args} -> 200 {}{lints}{fault}", ReplyDisplay(reply))
        }
        (None, Err(refusal)) => {
            let status = outcome.status().unwrap_or_default();
            let (code, why) = (refusal.code.as_str(), &refusal.message);
            format!("{method} {path}{args} -> {status} {code}: {why}{fault}")
        }
    };
    info!(target: TARGET, "{client} {}", without_production_keys(client.scrub(line)));
}

/// Logs a call whose client disconnected during a delay before it took effect.
pub(super) fn client_disconnected(api_key: Option<&str>, call: &Call) {
    let client = KeyDisplay(api_key);
    let (method, path, args) = (call.endpoint.method(), call.endpoint.path(), CallDisplay(call));
    let line = format!("{method} {path}{args} -> (client disconnected before it took effect)");
    info!(target: TARGET, "{client} {}", without_production_keys(client.scrub(line)));
}

/// Logs a request that reached no endpoint. Only the start of its path is shown: the rest may contain
/// a key, if a client wrote `&` for `?` or sent a request of the control API to the wrong address.
pub(super) fn unrouted(method: &str, path: &str, refusal: &Refusal, nearest: Option<&str>) {
    let (status, code) = (refusal.code.status(), refusal.code.as_str());
    let looks_right = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '/' | '_' | '-' | '.');
    let end = path[1.min(path.len())..].find('/').map_or(path.len(), |slash| slash + 1);
    let path: String = path.chars().take_while(looks_right).take(end.min(40)).collect();
    let method: String = method.chars().take(16).collect();
    let hint = nearest.map(|right| format!("; expected {right}")).unwrap_or_default();
    let line = format!("- {method} {path} -> {status} {code}{hint}");
    info!(target: TARGET, "{}", without_production_keys(line));
}

/// Logs a request that is not valid HTTP.
pub(super) fn bad_request(status: &str, message: &str) {
    let line = format!("- (unreadable) -> {status}: {message}");
    info!(target: TARGET, "{}", without_production_keys(line));
}

/// Warns of a client that speaks another protocol: its own error message hides the cause.
pub(super) fn wrong_protocol(status: &str, message: &str) {
    warn!(target: TARGET, "- (unreadable) -> {status}: {message}");
}

/// The client, by its redacted key.
struct KeyDisplay<'a>(Option<&'a str>);

impl KeyDisplay<'_> {
    /// Replaces the key in a line, and its scenario part, wherever they occur.
    fn scrub(&self, line: String) -> String {
        // A key of a few letters is no secret, and would match inside ordinary words.
        const SECRET: usize = 8;
        let is_secret = |key: &&str| key.len() >= SECRET || Redacted(key).is_of_production();
        let Some(key) = self.0.filter(is_secret) else { return line };
        let quoted = |text: &str| format!("{text:?}");
        let escaped = quoted(key);
        let line = line.replace(key, "…").replace(&escaped[1..escaped.len() - 1], "…");
        match key.rsplit_once('@') {
            Some((_, scenario)) => {
                let sent: String = scenario.chars().take(64).collect();
                line.replace(&quoted(&sent), "\"…\"")
            }
            None => line,
        }
    }
}

/// Replaces words that look like production keys, wherever a client put them. Such a word extends to
/// the next space or quote: a key may contain any other character.
fn without_production_keys(line: String) -> String {
    let is_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    let mut hidden = String::with_capacity(line.len());
    let mut rest = line.as_str();
    let mut in_word = false;
    while let Some(c) = rest.chars().next() {
        if !in_word && Redacted(rest).is_of_production() {
            hidden.push('…');
            rest =
                rest.trim_start_matches(|c: char| !c.is_whitespace() && !matches!(c, '"' | '\''));
            continue;
        }
        in_word = is_word(c);
        hidden.push(c);
        rest = &rest[c.len_utf8()..];
    }
    hidden
}

impl fmt::Display for KeyDisplay<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(key) => Redacted(key).fmt(f),
            None => f.write_str("(no key)"),
        }
    }
}

struct CallDisplay<'a>(&'a Call);

impl fmt::Display for CallDisplay<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Ok(command) = &self.0.command else { return Ok(()) };
        if let Some(country) = command.country() {
            write!(f, " country={country}")?;
        }
        if let Some(service) = command.service() {
            write!(f, " service={:?}", service.as_str())?;
        }
        command.rental_id().map_or(Ok(()), |rental_id| write!(f, " {rental_id}"))
    }
}

struct ReplyDisplay<'a>(&'a Reply);

impl fmt::Display for ReplyDisplay<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Reply::Numbers(listing) => match listing.lines.len() {
                1 => f.write_str("1 country"),
                count => write!(f, "{count} countries"),
            },
            Reply::Rented { number, rental_id, expires_at, .. } => {
                write!(f, "{rental_id} {number} until {expires_at}")
            }
            Reply::Messages(inbox) => match inbox.messages.last() {
                None => f.write_str("no SMS yet"),
                Some(last) => {
                    let (count, text) = (inbox.messages.len(), &last.text);
                    write!(f, "{count} SMS, the last from {:?}: {text:?}", last.sender)
                }
            },
            Reply::Cancelled { refund, .. } => write!(f, "refund {refund}"),
        }
    }
}

struct LintsDisplay<'a>(&'a Call);

impl fmt::Display for LintsDisplay<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.lints.iter().try_for_each(|lint| write!(f, " [{}: {lint}]", lint.id()))
    }
}

struct OverrideDisplay<'a>(&'a FaultAction);

impl fmt::Display for OverrideDisplay<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            FaultAction::Refuse(refusal) => refusal.fmt(f),
            FaultAction::Status(status, BodyKind::Json, refusal) => {
                write!(f, "{} {}: {}", status.get(), refusal.code.as_str(), refusal.message)
            }
            FaultAction::Status(status, body, _) => Disruption::Status(*status, *body).fmt(f),
            FaultAction::Redirect(redirect) => Disruption::Redirect(*redirect).fmt(f),
            FaultAction::Wire(fault, _) => fault.fmt(f),
        }
    }
}

struct FaultDisplay<'a>(&'a CallOutcome);

impl fmt::Display for FaultDisplay<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(fault) = self.0.fault else { return Ok(()) };
        write!(f, " [{fault}")?;
        if self.0.delay > RealDuration::ZERO {
            write!(f, ": in {}", self.0.delay)?;
        }
        if let (Some(FaultAction::Wire(..) | FaultAction::Status(..)), Ok(reply)) =
            (&self.0.override_action, &self.0.answer)
        {
            write!(f, ": took effect: {}", ReplyDisplay(reply))?;
        }
        f.write_str("]")
    }
}
