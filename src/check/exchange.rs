//! A request with its reply: what a case judges.

use serde_json::Value;

use super::case_outcome::{CaseFailure, NotPassed, Verdict};
use super::reply::HttpReply;

#[derive(Clone, Debug)]
pub(super) struct HttpExchange {
    /// The request as a shell command, without keys.
    pub(super) request: String,
    pub(super) reply: HttpReply,
    /// The reply as it may be shown, without keys.
    pub(super) shown: String,
}

impl HttpExchange {
    /// The failure of a case by this reply.
    pub(super) fn failure(&self, expected: &str, actual: impl Into<String>) -> NotPassed {
        NotPassed::Failed(CaseFailure {
            expected: expected.to_owned(),
            actual: actual.into(),
            request: self.request.clone(),
        })
    }

    /// The same, showing the whole reply.
    pub(super) fn unexpected(&self, expected: &str) -> NotPassed {
        self.failure(expected, self.shown.clone())
    }

    /// The same, showing one field.
    pub(super) fn wrong_field(&self, name: &str, expected: &str) -> NotPassed {
        let actual = self.describe(name, self.reply.field(name));
        self.failure(&format!("{name}: {expected}"), actual)
    }

    pub(super) fn require(&self, holds: bool, expected: &str) -> Verdict {
        if holds { Ok(()) } else { Err(self.unexpected(expected)) }
    }

    pub(super) fn require_field(&self, holds: bool, name: &str, expected: &str) -> Verdict {
        if holds { Ok(()) } else { Err(self.wrong_field(name, expected)) }
    }

    /// Fails by the first item of a list whose field is wrong.
    pub(super) fn require_each(
        &self,
        items: &[Value],
        name: &str,
        expected: &str,
        is_right: impl Fn(&Value) -> bool,
    ) -> Verdict {
        let Some(wrong) = items.iter().find(|item| !is_right(&item[name])) else { return Ok(()) };
        let actual = format!("{} in {wrong}", self.describe(name, &wrong[name]));
        Err(self.failure(&format!("{name}: {expected}"), actual))
    }

    pub(super) fn require_success(&self) -> Verdict {
        self.require(self.reply.is_success(), r#"a JSON object with "status": "success""#)
    }

    /// For a case that is about something else than the success.
    pub(super) fn skip_unless_success(&self, why: &str) -> Verdict {
        if self.reply.is_success() { Ok(()) } else { Err(NotPassed::skipped(why)) }
    }

    /// Fails if the reply grants what was asked for.
    pub(super) fn require_refusal(&self, expected: &str) -> Verdict {
        self.require(!self.reply.is_granted(), expected)
    }

    /// A field that is a non-empty string.
    pub(super) fn text(&self, name: &str) -> Result<&str, NotPassed> {
        let text = self.reply.field(name).as_str().filter(|text| !text.is_empty());
        text.ok_or_else(|| self.wrong_field(name, "a non-empty string"))
    }

    /// A field that is a list.
    pub(super) fn list(&self, name: &str) -> Result<&[Value], NotPassed> {
        let list = self.reply.field(name).as_array().map(Vec::as_slice);
        list.ok_or_else(|| self.wrong_field(name, "a list"))
    }

    /// The messages of a getSMS reply; none if it has no list.
    pub(super) fn messages(&self) -> &[Value] {
        self.list("messages").unwrap_or_default()
    }

    /// What the reply has in the place of a field.
    pub(super) fn describe(&self, name: &str, value: &Value) -> String {
        if value.is_null() {
            return format!("{name} is null or missing in {}", self.shown);
        }
        let value: String = value.to_string().chars().take(200).collect();
        format!("{name}: {value}")
    }
}
