//! Errors of the control API as problem documents (RFC 9457).

use std::fmt;

use actix_web::http::StatusCode;
use actix_web::http::header::{ALLOW, CONTENT_TYPE, WWW_AUTHENTICATE};
use actix_web::{HttpResponse, ResponseError};
use schemars::JsonSchema;
use serde::Serialize;

use crate::registry::MemorySize;
use crate::sandbox::command::Refusal;
use crate::sandbox::error::SandboxError;
use crate::scenario::validation;

/// The media type.
pub(super) const KIND: &str = "application/problem+json";

/// What a handler returns.
pub(super) type HandlerResult<T = HttpResponse> = Result<T, Problem>;

/// An error of the control API, as RFC 9457 defines it.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Problem {
    /// The kind of error.
    title: &'static str,
    /// The HTTP status.
    status: u16,
    /// What is wrong, and what would be right.
    detail: String,
    /// The wrong fields, if the error is about fields.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<WrongField>,
    #[serde(skip)]
    allow: String,
}

/// A wrong field.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "WrongField")]
struct WrongField {
    /// The path to the field: `when.probability`.
    path: String,
    /// What is wrong, and what would be right.
    message: String,
}

impl Problem {
    fn new(status: u16, title: &'static str, detail: impl Into<String>) -> Self {
        Self { title, status, detail: detail.into(), errors: Vec::new(), allow: String::new() }
    }

    pub(super) fn not_found(detail: impl Into<String>) -> Self {
        Self::new(404, "Not found", detail)
    }

    pub(super) fn conflict(detail: impl Into<String>) -> Self {
        Self::new(409, "Conflict", detail)
    }

    pub(super) fn unauthorized(detail: impl Into<String>) -> Self {
        Self::new(401, "Unauthorized", detail)
    }

    pub(super) fn forbidden(detail: impl Into<String>) -> Self {
        Self::new(403, "Forbidden", detail)
    }

    pub(crate) fn method_not_allowed(allow: &str) -> Self {
        let detail = format!("this path supports {allow}");
        Self { allow: allow.to_owned(), ..Self::new(405, "Method not allowed", detail) }
    }

    pub(super) fn internal(detail: impl Into<String>) -> Self {
        Self::new(500, "Internal server error", detail)
    }

    pub(super) fn unavailable(detail: impl Into<String>) -> Self {
        Self::new(503, "Service unavailable", detail)
    }

    /// `what` has no room in the memory that the server may take.
    pub(super) fn no_memory(max_memory: MemorySize, what: &str) -> Self {
        Self::conflict(format!(
            "this server has no memory left for another {what} (--max-memory {max_memory}); DELETE \
             unused sandboxes, or restart it with more"
        ))
    }

    pub(super) fn fields(problems: Vec<validation::FieldError>) -> Self {
        let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
        let errors = problems.into_iter();
        let errors =
            errors.map(|validation::FieldError { path, message }| WrongField { path, message });
        Self { errors: errors.collect(), ..Self::new(400, "Bad request", lines.join("\n")) }
    }

    pub(super) fn field(path: &str, message: impl Into<String>) -> Self {
        Self::fields(vec![validation::FieldError {
            path: path.to_owned(),
            message: message.into(),
        }])
    }
}

impl From<Refusal> for Problem {
    /// A refusal of the partner API. Here an api_key is a name, not a credential: 401 becomes 400.
    fn from(refusal: Refusal) -> Self {
        let Refusal { code, message, .. } = refusal;
        match code.status() {
            401 => Self::field("api_key", message),
            400 => Self::new(400, "Bad request", message),
            404 => Self::not_found(message),
            413 => Self::new(413, "Payload too large", message),
            _ => Self::conflict(message),
        }
    }
}

impl From<SandboxError> for Problem {
    fn from(error: SandboxError) -> Self {
        match error {
            SandboxError::InvalidKey(message) => Self::field("api_key", message),
            SandboxError::PastMoment { .. } => Self::new(400, "Bad request", error.to_string()),
            SandboxError::NotFound(message) => Self::not_found(message),
            SandboxError::Conflict(message) => Self::conflict(message),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.detail)
    }
}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    fn error_response(&self) -> HttpResponse {
        let mut response = HttpResponse::build(self.status_code());
        if !self.allow.is_empty() {
            response.insert_header((ALLOW, self.allow.as_str()));
        }
        if self.status == 401 {
            response.insert_header((WWW_AUTHENTICATE, "Bearer"));
        }
        response.insert_header((CONTENT_TYPE, KIND)).json(self)
    }
}
