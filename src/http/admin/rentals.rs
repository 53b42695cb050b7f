//! The rentals of a sandbox.

use actix_web::HttpResponse;
use actix_web::web::{Bytes, Data, Json, Path, Query};
use serde::Deserialize;

use super::Admin;
use super::problem::{Problem, read};
use crate::domain::rental_id::RentalId;
use crate::domain::span::Span;
use crate::insight::life::Life;
use crate::sandbox::control::Injection;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Message {
    #[serde(default)]
    sender: String,
    text: String,
    #[serde(default)]
    expected_code: Option<String>,
    #[serde(default)]
    after: Span,
}

fn parse(id: &str) -> Result<RentalId, Problem> {
    RentalId::parse(id).ok_or_else(|| unknown(id))
}

fn unknown(id: &str) -> Problem {
    Problem::not_found(format!("{id:?} is no rental of this sandbox; GET rentals lists them"))
}

/// Which rentals are asked for.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Filter {
    last: Option<usize>,
}

pub(super) async fn list(
    admin: Data<Admin>,
    key: Path<String>,
    query: Result<Query<Filter>, actix_web::Error>,
) -> Result<Json<Vec<Life>>, Problem> {
    let Query(filter) = query.map_err(|error| {
        Problem::field("query", format!("{error}; ?last=10 gives the ten newest"))
    })?;
    let sandbox = admin.known(&key)?;
    Ok(Json(sandbox.latest_lives(filter.last.unwrap_or(usize::MAX))))
}

pub(super) async fn show(
    admin: Data<Admin>,
    path: Path<(String, String)>,
) -> Result<Json<Life>, Problem> {
    let (key, id) = path.into_inner();
    let life = admin.known(&key)?.life(parse(&id)?);
    life.map(Json).ok_or_else(|| unknown(&id))
}

pub(super) async fn inject(
    admin: Data<Admin>,
    path: Path<(String, String)>,
    body: Bytes,
) -> Result<HttpResponse, Problem> {
    const MOST_CHARACTERS: usize = 1_600;
    let (key, id) = path.into_inner();
    let Message { sender, text, expected_code, after } = read(&body)?;
    for (path, value) in [("sender", &sender), ("text", &text)] {
        let count = value.chars().count();
        if count > MOST_CHARACTERS {
            let message = format!("has {count} characters; at most {MOST_CHARACTERS} are taken");
            return Err(Problem::field(path, message));
        }
    }
    let sandbox = admin.known(&key)?;
    let rental_id = parse(&id)?;
    let sms = Injection { sender, text, expected_code, after };
    sandbox.inject(rental_id, sms).map_err(|refusal| match refusal.code.status() {
        404 => unknown(&id),
        _ => Problem::conflict(refusal.message),
    })?;
    let life = sandbox.life(rental_id).ok_or_else(|| unknown(&id))?;
    Ok(HttpResponse::Created().json(life))
}
