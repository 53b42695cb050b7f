//! The journal of a sandbox: list and clear.

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use schemars::JsonSchema;
use serde::Deserialize;

use super::ControlState;
use super::paging::{Page, Paging, whole_number};
use super::problem::{Problem, read_query};
use crate::domain::endpoint::Endpoint;
use crate::domain::error_code::ErrorCode;
use crate::domain::rental_id::RentalId;
use crate::journal::JournalEntry;
use crate::registry::Sandbox;
use crate::registry::jobs::JobLength;

// The fields are text, so that an error can name the field.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RequestFilter {
    /// Lists only requests to this endpoint.
    #[schemars(with = "Endpoint")]
    endpoint: Option<String>,
    /// Lists only requests about this rental.
    #[schemars(with = "RentalId")]
    rental_id: Option<String>,
    /// Lists only requests refused with this error.
    #[schemars(with = "ErrorCode")]
    code: Option<String>,
    /// Lists only requests answered with this status.
    #[schemars(with = "u16")]
    status: Option<String>,
    /// Lists only requests after the one with this `seq`.
    #[schemars(with = "u64")]
    since: Option<String>,
    /// The same as `since`; used by the link to the next page.
    #[schemars(with = "u64")]
    after: Option<String>,
    /// The number of requests, 1,000 by default and at most 10,000.
    #[schemars(with = "u64")]
    limit: Option<String>,
    /// Lists only this many of the newest, at most 10,000.
    #[schemars(with = "u64")]
    last: Option<String>,
}

pub(super) async fn list(
    state: Data<ControlState>,
    key: Path<String>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let filter: RequestFilter = read_query(&request)?;
    let number =
        |name: &str, text: Option<String>| text.map(|text| whole_number(name, &text)).transpose();
    let parsed = |name: &str, reason: String| Problem::field(name, reason);
    let endpoint = filter.endpoint.map(|text| text.parse::<Endpoint>()).transpose();
    let endpoint = endpoint.map_err(|reason| parsed("endpoint", reason))?;
    let code = filter.code.map(|text| text.parse::<ErrorCode>()).transpose();
    let code = code.map_err(|reason| parsed("code", reason))?;
    let status = filter.status.map(|text| {
        let message = format!("{text:?} is not an HTTP status, such as 409");
        text.parse::<u16>().map_err(|_| Problem::field("status", message))
    });
    let status = status.transpose()?;
    let since = number("since", filter.since)?.max(number("after", filter.after)?);
    let since = since.map_or(0, |since| since as u64);
    let last = number("last", filter.last)?.map(|last| last.min(Paging::MOST));
    let has_limit = filter.limit.is_some();
    let Paging { limit, .. } = Paging::parse(filter.limit.as_deref(), None)?;
    let rental_id = filter.rental_id.map(|text| {
        let wrong = format!("{text:?} is not a rental_id, such as rent_12345");
        RentalId::parse(&text).ok_or_else(|| Problem::field("rental_id", wrong))
    });
    let rental_id = rental_id.transpose()?;
    let fits = move |entry: &JournalEntry| {
        endpoint.is_none_or(|wanted| entry.endpoint == wanted)
            && code.is_none_or(|wanted| entry.code == Some(wanted))
            && status.is_none_or(|wanted| entry.status == Some(wanted))
            && rental_id.is_none_or(|wanted| entry.rental_id == Some(wanted))
            && entry.seq > since
    };
    let list = move |sandbox: &Sandbox| {
        if let Some(last) = last {
            let mut entries = sandbox.requests(fits);
            entries.drain(..entries.len().saturating_sub(last));
            if has_limit {
                entries.truncate(limit);
            }
            return Page::new(&entries, None);
        }
        let mut room = limit + 1;
        let mut entries = sandbox.requests(|entry| {
            let fits = room > 0 && fits(entry);
            room -= usize::from(fits);
            fits
        });
        let has_more = entries.len() > limit;
        entries.truncate(limit);
        let last = entries.last().map(|entry| entry.seq.to_string());
        Page::new(&entries, last.filter(|_| has_more))
    };
    state.with_known(&key, JobLength::Long, list).await?.send(&request, &state.body_budget)
}

pub(super) async fn clear(
    state: Data<ControlState>,
    key: Path<String>,
) -> Result<HttpResponse, Problem> {
    state.with_known(&key, JobLength::Long, Sandbox::clear_journal).await?;
    Ok(HttpResponse::NoContent().finish())
}
