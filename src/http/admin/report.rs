//! How the client of a sandbox did.

use actix_web::http::header::CONTENT_TYPE;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use serde::Deserialize;

use super::Admin;
use super::problem::{Problem, read_query};
use crate::domain::nearest::named;
use crate::insight::report::{junit, markdown};

/// In which form. Text, so that each can be refused by its name.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Wanted {
    format: Option<String>,
    /// Whether the client has ended: then a rental that still lives was left behind.
    r#final: Option<String>,
}

#[derive(Clone, Copy)]
enum Format {
    Json,
    Junit,
    Markdown,
}

impl Format {
    const ALL: [Self; 3] = [Self::Json, Self::Junit, Self::Markdown];

    const fn name(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Junit => "junit",
            Self::Markdown => "markdown",
        }
    }
}

pub(super) async fn show(
    admin: Data<Admin>,
    key: Path<String>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let wanted: Wanted = read_query(&request)?;
    let format = match &wanted.format {
        None => Format::Json,
        Some(text) => named(text, "a format of the report", &Format::ALL, Format::name)
            .map_err(|reason| Problem::field("format", reason))?,
    };
    let is_over = match wanted.r#final.as_deref() {
        None | Some("false") => false,
        Some("true") => true,
        Some(other) => {
            let message = format!("{other:?} is neither true nor false");
            return Err(Problem::field("final", message));
        }
    };
    let sandbox = admin.known(&key)?;
    let report = if is_over { sandbox.final_report() } else { sandbox.report() };
    let (key, scenario) = (sandbox.api_key(), &sandbox.standing().scenario.name);
    let (kind, text) = match format {
        Format::Json => return Ok(HttpResponse::Ok().json(report)),
        Format::Junit => ("application/xml", junit::write(&report, key, scenario)),
        Format::Markdown => ("text/markdown", markdown::write(&report, key, scenario)),
    };
    let kind = format!("{kind}; charset=utf-8");
    Ok(HttpResponse::Ok().insert_header((CONTENT_TYPE, kind)).body(text))
}
