//! The journal of a sandbox: list and clear.

use actix_web::web::Path;
use actix_web::{HttpRequest, HttpResponse};
use schemars::JsonSchema;
use serde::Deserialize;

use super::paging::{self, Page};
use super::parse::{self, FromText};
use super::problem::HandlerResult;
use super::state::State;
use crate::domain::endpoint::Endpoint;
use crate::domain::error_code::ErrorCode;
use crate::domain::rental_id::RentalId;
use crate::journal::JournalEntry;
use crate::registry::Sandbox;
use crate::registry::jobs::JobLength;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RequestFilter {
    /// Lists only requests to this endpoint.
    endpoint: Option<Endpoint>,
    /// Lists only requests about this rental.
    rental_id: Option<RentalId>,
    /// Lists only requests refused with this error.
    code: Option<ErrorCode>,
    /// Lists only requests answered with this status.
    status: Option<FromText<u16>>,
    /// Lists only requests after the one with this `seq`.
    since: Option<FromText<u64>>,
    /// The same as `since`; used by the link to the next page.
    after: Option<FromText<u64>>,
    /// The number of requests, 1,000 by default and at most 10,000.
    limit: Option<FromText<u64>>,
    /// Lists only this many of the newest, at most 10,000.
    last: Option<FromText<u64>>,
}

pub(super) async fn list(state: State, key: Path<String>, request: HttpRequest) -> HandlerResult {
    let filter: RequestFilter = parse::query(&request)?;
    let RequestFilter { endpoint, rental_id, code, status, .. } = filter;
    let since = filter.since.max(filter.after).map_or(0, |FromText(seq)| seq);
    let (limit, has_limit) = (paging::limit(filter.limit), filter.limit.is_some());
    let last = filter.last.map(paging::at_most);
    let fits = move |entry: &JournalEntry| {
        endpoint.is_none_or(|wanted| entry.endpoint == Some(wanted))
            && code.is_none_or(|wanted| entry.code == Some(wanted))
            && status.is_none_or(|FromText(wanted)| entry.status == Some(wanted))
            && rental_id.is_none_or(|wanted| entry.rental_id == Some(wanted))
            && entry.seq > since
    };
    let list = move |sandbox: &Sandbox| {
        if let Some(last) = last {
            let mut entries = sandbox.journal().filter(fits);
            entries.drain(..entries.len().saturating_sub(last));
            if has_limit {
                entries.truncate(limit);
            }
            return Page::new(&entries, None);
        }
        let mut room = limit + 1;
        let mut entries = sandbox.journal().filter(|entry| {
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

pub(super) async fn clear(state: State, key: Path<String>) -> HandlerResult {
    state.with_known(&key, JobLength::Long, |sandbox| sandbox.journal().clear()).await?;
    Ok(HttpResponse::NoContent().finish())
}
