//! The report on a sandbox's client, in three formats.

use actix_web::http::header::CONTENT_TYPE;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use schemars::JsonSchema;
use serde::Deserialize;

use super::ControlState;
use super::paging::encode;
use super::problem::{Problem, read_query};
use crate::domain::nearest::named;
use crate::registry::Sandbox;
use crate::registry::jobs::JobLength;
use crate::report::{junit, markdown};

// The fields are text, so that an error can name the field.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ReportQuery {
    /// JSON by default.
    #[schemars(with = "ReportEncoding")]
    format: Option<String>,
    /// Whether the client has finished: then any live rental counts as left behind.
    #[schemars(with = "bool")]
    r#final: Option<String>,
}

#[derive(Clone, Copy, JsonSchema)]
#[schemars(inline, rename_all = "snake_case")]
enum ReportEncoding {
    Json,
    Junit,
    Markdown,
}

impl ReportEncoding {
    const ALL: [Self; 3] = [Self::Json, Self::Junit, Self::Markdown];

    const fn name(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Junit => "junit",
            Self::Markdown => "markdown",
        }
    }

    const fn content_type(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::Junit => "application/xml; charset=utf-8",
            Self::Markdown => "text/markdown; charset=utf-8",
        }
    }
}

pub(super) async fn show(
    state: Data<ControlState>,
    key: Path<String>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let wanted: ReportQuery = read_query(&request)?;
    let format = match &wanted.format {
        None => ReportEncoding::Json,
        Some(text) => {
            named(text, "a format of the report", &ReportEncoding::ALL, ReportEncoding::name)
                .map_err(|reason| Problem::field("format", reason))?
        }
    };
    let is_over = match wanted.r#final.as_deref() {
        None | Some("false") => false,
        Some("true") => true,
        Some(other) => {
            let message = format!("{other:?} is neither true nor false");
            return Err(Problem::field("final", message));
        }
    };
    let write = move |sandbox: &Sandbox| {
        let report = if is_over { sandbox.final_report() } else { sandbox.report() };
        let (key, scenario) = (sandbox.api_key(), &sandbox.summary().scenario.name);
        match format {
            ReportEncoding::Json => encode(&report),
            ReportEncoding::Junit => junit::write(&report, key, scenario).into_bytes(),
            ReportEncoding::Markdown => markdown::write(&report, key, scenario).into_bytes(),
        }
    };
    let text = state.with_known(&key, JobLength::Long, write).await?;
    let mut response = HttpResponse::Ok();
    response.insert_header((CONTENT_TYPE, format.content_type()));
    state.body_budget.send(response, text)
}
