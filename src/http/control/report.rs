//! The report on a sandbox's client, in three formats.

use actix_web::http::header::CONTENT_TYPE;
use actix_web::web::Path;
use actix_web::{HttpRequest, HttpResponse};
use schemars::JsonSchema;
use serde::Deserialize;

use super::paging::encode;
use super::parse::{self, FromText};
use super::problem::HandlerResult;
use super::state::State;
use crate::registry::Sandbox;
use crate::registry::jobs::JobLength;
use crate::report::junit::JunitBar;
use crate::report::{Length, NamedReport, Severity, junit, markdown};

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ReportQuery {
    /// JSON by default.
    #[schemars(with = "ReportEncoding")]
    format: Option<ReportEncoding>,
    /// Whether the client has finished: then any live rental counts as left behind.
    r#final: Option<FromText<bool>>,
}

#[derive(Clone, Copy, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
enum ReportEncoding {
    #[default]
    Json,
    Junit,
    Markdown,
}

impl ReportEncoding {
    const fn content_type(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::Junit => "application/xml; charset=utf-8",
            Self::Markdown => "text/markdown; charset=utf-8",
        }
    }
}

pub(super) async fn show(state: State, key: Path<String>, request: HttpRequest) -> HandlerResult {
    let ReportQuery { format, r#final } = parse::query(&request)?;
    let format = format.unwrap_or_default();
    let is_over = r#final == Some(FromText(true));
    let write = move |sandbox: &Sandbox| {
        let report = if is_over { sandbox.final_report() } else { sandbox.report() };
        let named = NamedReport { report: &report, name: &report.api_key };
        match format {
            ReportEncoding::Json => encode(&report),
            ReportEncoding::Junit => {
                let fails = |severity| severity != Severity::Info;
                let bar = JunitBar { fails, requires_story: false, untested: None };
                junit::write([named], &bar).into_bytes()
            }
            ReportEncoding::Markdown => markdown::write(&[named], Length::COMPLETE).into_bytes(),
        }
    };
    let text = state.with_known(&key, JobLength::Long, write).await?;
    let mut response = HttpResponse::Ok();
    response.insert_header((CONTENT_TYPE, format.content_type()));
    state.body_budget.send(response, text)
}
