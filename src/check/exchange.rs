//! A request with its reply: what a case judges.

use serde_json::Value;

use super::case_outcome::{CaseFailure, NotPassed, Verdict};
use super::reply::HttpReply;

/// A request with its reply.
#[derive(Clone, Debug)]
pub(super) struct HttpExchange {
    /// The request as a line for a shell, without keys.
    pub(super) request: String,
    pub(super) reply: HttpReply,
    /// The reply as it may be shown, without keys.
    pub(super) shown: String,
}

impl HttpExchange {
    /// The case fails by this reply.
    pub(super) fn fails(&self, expected: &str, actual: impl Into<String>) -> NotPassed {
        NotPassed::Failed(CaseFailure {
            expected: expected.to_owned(),
            actual: actual.into(),
            request: self.request.clone(),
        })
    }

    /// The case fails by this reply, which is shown as it is.
    pub(super) fn fails_as_shown(&self, expected: &str) -> NotPassed {
        self.fails(expected, self.shown.clone())
    }

    /// The case fails unless this holds.
    pub(super) fn require(&self, holds: bool, expected: &str) -> Verdict {
        if holds { Ok(()) } else { Err(self.fails_as_shown(expected)) }
    }

    /// The case fails unless the reply is a success.
    pub(super) fn success(&self) -> Result<&Self, NotPassed> {
        self.require(self.reply.is_success(), r#"a JSON object with "status": "success""#)?;
        Ok(self)
    }

    /// The case is skipped unless the reply is a success: another case is about that.
    pub(super) fn success_or_skip(&self, why: &str) -> Result<&Self, NotPassed> {
        if self.reply.is_success() { Ok(self) } else { Err(NotPassed::skipped(why)) }
    }

    /// The case fails where the reply gives what only a success has.
    pub(super) fn refused(&self, expected: &str) -> Verdict {
        self.require(!self.reply.gives(), expected)
    }

    /// A field that is a text with something in it.
    pub(super) fn text(&self, name: &str) -> Result<&str, NotPassed> {
        let text = self.reply.field(name).as_str().filter(|text| !text.is_empty());
        text.ok_or_else(|| self.fails(&format!("{name}: a text that is not empty"), self.of(name)))
    }

    /// What came in the place of a field.
    pub(super) fn of(&self, name: &str) -> String {
        self.shown_of(name, self.reply.field(name))
    }

    pub(super) fn shown_of(&self, name: &str, value: &Value) -> String {
        if value.is_null() {
            return format!("{name} is null or missing in {}", self.shown);
        }
        let value: String = value.to_string().chars().take(200).collect();
        format!("{name}: {value}")
    }
}
