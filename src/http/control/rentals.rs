//! The rentals of a sandbox.

use actix_web::web::{Bytes, Json, Path};
use actix_web::{HttpRequest, HttpResponse};
use schemars::JsonSchema;
use serde::Deserialize;

use super::paging::{self, Page};
use super::parse::{self, FromText};
use super::problem::{HandlerResult, Problem};
use super::state::State;
use crate::domain::rental_id::RentalId;
use crate::domain::virtual_duration::VirtualDuration;
use crate::journal::rental_view::RentalView;
use crate::registry::jobs::JobLength;
use crate::registry::{RentalPage, RentalQuery, Sandbox};
use crate::sandbox::changes::NewSms;
use crate::sandbox::error::SandboxError;

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
/// An SMS for a rental. All SMS of a rental, including those of its script, may add up to 1 MiB in one
/// getSMS reply; beyond that, 409.
pub(super) struct NewMessage {
    /// May be empty.
    #[serde(default)]
    #[schemars(length(max = 1_600))]
    sender: String,
    #[schemars(length(max = 1_600))]
    text: String,
    /// The code that a client should extract.
    #[serde(default)]
    #[schemars(length(max = 64))]
    expected_code: Option<String>,
    /// The delay in virtual time; none by default.
    #[serde(default)]
    after: VirtualDuration,
}

fn unknown(id: &str) -> Problem {
    Problem::not_found(format!("{id:?} is not a rental of this sandbox; GET rentals lists them"))
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RentalFilter {
    /// Lists only this many of the newest, at most 10,000.
    last: Option<FromText<u64>>,
    /// The number of rentals, 1,000 by default and at most 10,000.
    limit: Option<FromText<u64>>,
    /// Lists only rentals made after this one.
    after: Option<RentalId>,
}

impl RentalFilter {
    fn page(&self) -> HandlerResult<RentalQuery> {
        match self.last {
            None => Ok(RentalQuery::After(self.after, paging::limit(self.limit))),
            Some(last) if self.limit.is_none() && self.after.is_none() => {
                Ok(RentalQuery::Last(paging::at_most(last)))
            }
            Some(_) => Err(Problem::field(
                "last",
                "last lists the newest, limit and after page through all; send one or the other",
            )),
        }
    }
}

pub(super) async fn list(state: State, key: Path<String>, request: HttpRequest) -> HandlerResult {
    let query = parse::query::<RentalFilter>(&request)?.page()?;
    let list = move |sandbox: &Sandbox| {
        let RentalPage { rentals, has_more } = sandbox.rentals().page(query);
        let last = rentals.last().map(|rental| rental.rental_id.to_string());
        // The newest rentals have no next page.
        let next = last.filter(|_| has_more && matches!(query, RentalQuery::After(..)));
        Page::new(&rentals, next)
    };
    state.with_known(&key, JobLength::Long, list).await?.send(&request, &state.body_budget)
}

pub(super) async fn show(
    state: State,
    path: Path<(String, String)>,
) -> HandlerResult<Json<RentalView>> {
    let (key, id) = path.into_inner();
    let rental_id = RentalId::parse(&id).ok_or_else(|| unknown(&id))?;
    let find = move |sandbox: &Sandbox| sandbox.rentals().get(rental_id);
    let rental = state.with_known(&key, JobLength::Short, find).await?;
    rental.map(Json).ok_or_else(|| unknown(&id))
}

pub(super) async fn send_sms(
    state: State,
    path: Path<(String, String)>,
    body: Bytes,
) -> HandlerResult {
    let (key, id) = path.into_inner();
    let NewMessage { sender, text, expected_code, after } = parse::body(&body)?;
    let sms = NewSms { sender, text, expected_code, after };
    sms.check().map_err(|problem| Problem::fields(vec![problem]))?;
    let rental_id = RentalId::parse(&id);
    let send = move |sandbox: &Sandbox| {
        let Some(rental_id) = rental_id else { return Ok(None) };
        sandbox.rentals().send_sms(rental_id, sms)?;
        Ok(sandbox.rentals().get(rental_id))
    };
    let rental = state.with_known(&key, JobLength::Short, send).await?;
    let rental = rental.map_err(|error| match error {
        SandboxError::NotFound(_) => unknown(&id),
        error => error.into(),
    });
    Ok(HttpResponse::Created().json(rental?.ok_or_else(|| unknown(&id))?))
}
