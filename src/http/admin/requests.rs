//! The journal of a sandbox.

use actix_web::web::{Data, Json, Path};
use actix_web::{HttpRequest, HttpResponse};
use schemars::JsonSchema;
use serde::Deserialize;

use super::Admin;
use super::problem::{Problem, read_query};
use crate::domain::endpoint::Endpoint;
use crate::domain::error_code::ErrorCode;
use crate::domain::rental_id::RentalId;
use crate::http::openapi::Api;
use crate::insight::journal::Entry;

/// Which entries are asked for. Text, so that each can be refused by its name.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Filter {
    /// Only those to this endpoint.
    #[schemars(with = "Endpoint")]
    endpoint: Option<String>,
    /// Only those about this rental.
    #[schemars(with = "RentalId")]
    rental_id: Option<String>,
    /// Only those that were refused with this error.
    #[schemars(with = "ErrorCode")]
    code: Option<String>,
    /// Only those that were answered with this status.
    #[schemars(with = "u16")]
    status: Option<String>,
    /// Only those after the one of this `seq`.
    #[schemars(with = "u64")]
    since: Option<String>,
    /// At most so many.
    #[schemars(with = "u64")]
    limit: Option<String>,
    /// Only the newest so many.
    #[schemars(with = "u64")]
    last: Option<String>,
}

pub(super) async fn list(
    admin: Data<Admin>,
    key: Path<String>,
    request: HttpRequest,
) -> Result<Json<Vec<Entry>>, Problem> {
    let filter: Filter = read_query(&request)?;
    let number = |name: &str, text: Option<String>| {
        text.map(|text| {
            let message = format!("{text:?} is not a whole number, such as 10");
            text.parse::<u64>().map_err(|_| Problem::field(name, message))
        })
        .transpose()
    };
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
    let since = number("since", filter.since)?;
    let limit = number("limit", filter.limit)?;
    let last = number("last", filter.last)?;
    let rental_id = filter.rental_id.map(|text| {
        let wrong = format!("{text:?} is no rental_id, such as rent_12345");
        RentalId::parse(&text).ok_or_else(|| Problem::field("rental_id", wrong))
    });
    let rental_id = rental_id.transpose()?;
    let fits = |entry: &Entry| {
        endpoint.is_none_or(|wanted| entry.endpoint == wanted)
            && code.is_none_or(|wanted| entry.code == Some(wanted))
            && status.is_none_or(|wanted| entry.status == Some(wanted))
            && since.is_none_or(|since| entry.seq > since)
            && rental_id.is_none_or(|wanted| entry.rental_id == Some(wanted))
    };
    let mut entries: Vec<Entry> = admin.known(&key)?.journal().into_iter().filter(fits).collect();
    let most = |given: Option<u64>| given.and_then(|most| usize::try_from(most).ok());
    if let Some(last) = most(last) {
        entries.drain(..entries.len().saturating_sub(last));
    }
    entries.truncate(most(limit).unwrap_or(usize::MAX));
    Ok(Json(entries))
}

pub(super) async fn clear(admin: Data<Admin>, key: Path<String>) -> Result<HttpResponse, Problem> {
    admin.known(&key)?.clear_journal();
    Ok(HttpResponse::NoContent().finish())
}

pub(super) fn describe(api: &mut Api) {
    let path = "/__admin/sandboxes/{key}/requests";
    super::operation(
        api,
        "get",
        path,
        "listRequests",
        "The journal: what the client asked and got",
    )
    .query::<Filter>()
    .replies::<Vec<Entry>>(200, "The entries, oldest first.")
    .shares(400, "BadRequest")
    .shares(404, "NoSuchThing");
    super::operation(api, "delete", path, "clearRequests", "Forgets the journal")
        .sends_nothing(204, "It is empty; `seq` goes on.")
        .shares(404, "NoSuchThing");
}
