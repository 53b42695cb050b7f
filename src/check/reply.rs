//! A reply, or why there is none.

use std::fmt;
use std::time::Duration;

use serde_json::Value;

use super::real_time;

/// A reply as it arrived.
#[derive(Clone, Debug)]
pub(super) struct HttpReply {
    pub(super) status: u16,
    pub(super) content_type: Option<String>,
    pub(super) retry_after: Option<String>,
    pub(super) location: Option<String>,
    /// The body, with invalid UTF-8 replaced.
    pub(super) text: String,
    /// The body, if it is JSON.
    pub(super) json: Option<Value>,
}

impl HttpReply {
    pub(super) fn is_success(&self) -> bool {
        self.field("status") == "success"
    }

    pub(super) fn has_2xx_status(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// Whether it contains what only a success should, even without `"status": "success"`. A
    /// rental_id alone does not count: an error may repeat the request.
    pub(super) fn is_granted(&self) -> bool {
        let has = |name: &str| !self.field(name).is_null();
        let lists = |name: &str| {
            let list = self.field(name).as_array();
            list.is_some_and(|list| list.first().is_some_and(Value::is_object))
        };
        let has_payload = lists("numbers") || lists("messages") || has("refund_amount");
        let has_no_status = !has("status") && self.has_2xx_status();
        self.is_success() || (has_no_status && (has_payload || self.is_rental()))
    }

    /// Whether it describes a rental, whatever its `status` says.
    pub(super) fn is_rental(&self) -> bool {
        let id = self.field("rental_id");
        let has_number = !self.field("number").is_null() && self.has_2xx_status();
        (id.is_string() || id.is_number()) && (self.is_success() || has_number)
    }

    /// Whether it explicitly is no success.
    pub(super) fn is_refusal(&self) -> bool {
        let status = self.field("status").as_str();
        status.is_some_and(|status| status != "success") || !(200..400).contains(&self.status)
    }

    /// A field of the JSON object; null if it is missing or there is no object.
    pub(super) fn field(&self, name: &str) -> &Value {
        self.json.as_ref().and_then(|json| json.get(name)).unwrap_or(&Value::Null)
    }

    /// The HTTP status and error code, which tell one kind of refusal from another.
    pub(super) fn kind(&self) -> (u16, Option<String>) {
        let code = ["code", "error_code", "error", "message"].map(|name| self.field(name));
        let code = code.into_iter().find(|code| !code.is_null());
        (self.status, code.map(Value::to_string))
    }

    pub(super) fn is_redirect(&self) -> bool {
        (300..400).contains(&self.status)
    }

    pub(super) fn is_server_error(&self) -> bool {
        self.status >= 500
    }

    /// How long `Retry-After` asks the client to wait, as seconds or a date.
    pub(super) fn retry_after(&self) -> Option<Duration> {
        let text = self.retry_after.as_ref()?.trim();
        if let Ok(seconds) = text.parse() {
            return Some(Duration::from_secs(seconds));
        }
        let date = jiff::fmt::rfc2822::parse(text).ok()?;
        let millis = date.timestamp().as_millisecond() - real_time::now().as_unix_millis();
        Some(Duration::from_millis(u64::try_from(millis).unwrap_or(0)))
    }

    /// How long to wait before the same request may succeed. `None` if the server did not postpone
    /// it.
    pub(super) fn postponed_by(&self) -> Option<Duration> {
        match self.status {
            429 => Some(self.retry_after().unwrap_or(Duration::from_secs(1))),
            503 => self.retry_after(),
            _ => None,
        }
    }
}

impl fmt::Display for HttpReply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const MAX_SHOWN: usize = 400;
        write!(f, "HTTP {}", self.status)?;
        if let Some(location) = &self.location {
            write!(f, ", redirected to {location}")?;
        }
        if self.json.is_none() {
            write!(f, ", {}", self.content_type.as_deref().unwrap_or("no content-type"))?;
        }
        let text = self.text.trim();
        if text.is_empty() {
            return f.write_str(", no body");
        }
        // A terminal would obey control characters.
        let shown = text.chars().take(MAX_SHOWN).map(|c| match c {
            c if c.is_whitespace() => ' ',
            c if c.is_control() => '\u{fffd}',
            c => c,
        });
        write!(f, ": {}", shown.collect::<String>())?;
        if text.chars().nth(MAX_SHOWN).is_some() { f.write_str("…") } else { Ok(()) }
    }
}

/// Why no complete reply arrived, in a sentence without its full stop.
#[derive(Clone, Debug)]
pub(super) struct NoReply {
    pub(super) why: String,
    /// Whether the server may have received the request.
    pub(super) was_sent: bool,
}
