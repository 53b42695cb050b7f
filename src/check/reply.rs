//! A reply, and why there was none.

use std::fmt;

use serde_json::Value;

use crate::domain::real_duration::RealDuration;

/// A reply as it came.
#[derive(Clone, Debug)]
pub(super) struct HttpReply {
    pub(super) status: u16,
    pub(super) content_type: Option<String>,
    pub(super) retry_after: Option<String>,
    pub(super) location: Option<String>,
    /// The body; what is not UTF-8 is replaced.
    pub(super) text: String,
    /// The body, where it is JSON.
    pub(super) json: Option<Value>,
}

impl HttpReply {
    /// Whether it says that the call was a success.
    pub(super) fn is_success(&self) -> bool {
        self.field("status") == "success"
    }

    /// Whether it gives away what only a success has, though it does not say what it is. An error
    /// may repeat what it was asked for, so that a rental_id alone says nothing.
    pub(super) fn gives(&self) -> bool {
        let has = |name: &str| !self.field(name).is_null();
        let lists = |name: &str| {
            let list = self.field(name).as_array();
            list.is_some_and(|list| list.first().is_some_and(Value::is_object))
        };
        let is_unsaid = !has("status") && (200..300).contains(&self.status);
        let is_payload = lists("numbers") || lists("messages") || has("refund_amount");
        self.is_success() || (is_unsaid && (is_payload || self.is_rental()))
    }

    /// Whether it looks like a rental, whatever it calls itself.
    pub(super) fn is_rental(&self) -> bool {
        let id = self.field("rental_id");
        let has_number = !self.field("number").is_null();
        let is_fine = (200..300).contains(&self.status) && has_number;
        (id.is_string() || id.is_number()) && (self.is_success() || is_fine)
    }

    /// Whether it says in so many words that the call was no success.
    pub(super) fn is_refusal(&self) -> bool {
        let status = self.field("status").as_str();
        status.is_some_and(|status| status != "success") || !(200..400).contains(&self.status)
    }

    /// A field of the object that the body is; null where there is none.
    pub(super) fn field(&self, name: &str) -> &Value {
        self.json.as_ref().and_then(|json| json.get(name)).unwrap_or(&Value::Null)
    }

    /// What tells one refusal from another.
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
}

impl fmt::Display for HttpReply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const MOST: usize = 400;
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
        write!(f, ": ")?;
        for c in text.chars().take(MOST) {
            // What a terminal would obey is shown as what it is.
            let shown = if c.is_control() && !c.is_whitespace() { '\u{fffd}' } else { c };
            write!(f, "{}", if c.is_whitespace() { ' ' } else { shown })?;
        }
        if text.chars().nth(MOST).is_some() { f.write_str("…") } else { Ok(()) }
    }
}

/// Why there is no whole reply, in a sentence without its full stop.
#[derive(Clone, Debug)]
pub(super) struct NoReply {
    pub(super) why: String,
    /// Whether the server may have got the request.
    pub(super) was_sent: bool,
}

impl NoReply {
    pub(super) fn from_error(error: &ureq::Error, timeout: RealDuration, most_bytes: u64) -> Self {
        let before = |why: String| Self { why, was_sent: false };
        let after = |why: String| Self { why, was_sent: true };
        let text = error.to_string();
        match error {
            _ if text.contains("failed to lookup address") => {
                before("the host name is not known".into())
            }
            ureq::Error::HostNotFound => before("the host name is not known".into()),
            ureq::Error::ConnectionFailed => before("no connection came about".into()),
            ureq::Error::Timeout(_) => after(format!("no whole reply came within {timeout}")),
            ureq::Error::BodyExceedsLimit(_) => {
                after(format!("the body is larger than {most_bytes} bytes"))
            }
            ureq::Error::LargeResponseHeader(..) => {
                after("the head of the reply is too large".into())
            }
            _ if text.contains("certificate") => before(format!(
                "the certificate of the server is not trusted ({text}); if it is one of your own, \
                 name its authority by --ca-file"
            )),
            _ if text.contains("InvalidContentType") || text.contains("corrupt message") => before(
                "what answers there does not speak TLS; is it http:// instead of https://?".into(),
            ),
            ureq::Error::Io(error) if error.kind() == std::io::ErrorKind::ConnectionRefused => {
                before("nothing listens there (connection refused)".into())
            }
            ureq::Error::Io(error) if error.kind() == std::io::ErrorKind::TimedOut => {
                after(format!("no whole reply came within {timeout}"))
            }
            ureq::Error::Io(_) => {
                after(format!("the connection broke before the end of the reply ({text})"))
            }
            ureq::Error::Protocol(_) => after(format!("what came is no HTTP reply ({text})")),
            _ => after(text),
        }
    }
}
