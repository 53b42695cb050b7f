//! The fault rules of a sandbox.

use actix_web::web::{Bytes, Path};
use actix_web::{HttpRequest, HttpResponse};
use schemars::JsonSchema;
use serde::Serialize;

use super::paging::PageQuery;
use super::parse;
use super::problem::{HandlerResult, Problem};
use super::state::State;
use crate::registry::jobs::JobLength;
use crate::registry::{FaultStatus, Sandbox};
use crate::sandbox::faults::FaultId;
use crate::scenario::FaultRule;

/// A fault rule.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Fault")]
pub(super) struct FaultView {
    id: FaultId,
    #[serde(flatten)]
    rule: FaultRule,
    /// How often it has fired.
    fired: u32,
}

pub(super) async fn list(state: State, key: Path<String>, request: HttpRequest) -> HandlerResult {
    let mut paging = parse::query::<PageQuery>(&request)?;
    let mut rules =
        state.with_known(&key, JobLength::Short, |sandbox| sandbox.faults().list()).await?;
    // The rule that ended the last page may have been removed: its number still marks the place.
    let number = |id: &str| id.strip_prefix("fault_").and_then(|number| number.parse().ok());
    if let Some(after) = paging.after.as_deref().and_then(number) {
        rules.retain(|rule| matches!(rule.id, FaultId::Rule(number) if number > after));
        paging.after = None;
    }
    let views = rules
        .into_iter()
        .map(|FaultStatus { id, rule, fired, .. }| FaultView { id, rule, fired })
        .collect();
    paging.cut(views, |view: &FaultView| view.id.to_string())?.send(&request, &state.body_budget)
}

pub(super) async fn add(state: State, key: Path<String>, body: Bytes) -> HandlerResult {
    let rule: FaultRule = parse::body(&body)?;
    let added = rule.clone();
    let add = move |sandbox: &Sandbox| sandbox.faults().add(added);
    let id = state.with_open(&key, add).await??;
    Ok(HttpResponse::Created().json(FaultView { id, rule, fired: 0 }))
}

pub(super) async fn remove(state: State, path: Path<(String, String)>) -> HandlerResult {
    let (key, name) = path.into_inner();
    let wanted = name.clone();
    let remove = move |sandbox: &Sandbox| {
        let rules = sandbox.faults().list().into_iter();
        let found = rules.map(|rule| rule.id).find(|id| id.to_string() == wanted);
        found.is_some_and(|id| sandbox.faults().remove(id).is_ok())
    };
    if state.with_known(&key, JobLength::Short, remove).await? {
        return Ok(HttpResponse::NoContent().finish());
    }
    let message = format!("{name:?} is not a rule of this sandbox; GET faults lists them");
    Err(Problem::not_found(message))
}

pub(super) async fn clear(state: State, key: Path<String>) -> HandlerResult {
    state.with_known(&key, JobLength::Short, |sandbox| sandbox.faults().clear()).await?;
    Ok(HttpResponse::NoContent().finish())
}
