//! Checks whether the client did what a test expects, now or within a time.

use std::sync::Arc;
use std::time::Duration;

use actix_web::http::header::CONTENT_TYPE;
use actix_web::web::{Bytes, Path};
use actix_web::{HttpRequest, HttpResponse};
use schemars::JsonSchema;
use serde::Serialize;

use super::parse;
use super::problem::{self, HandlerResult, Problem};
use super::state::{ControlState, State};
use crate::domain::real_duration::RealDuration;
use crate::http::socket::{Connection, client_disconnected};
use crate::journal::expectation::{Expectation, ExpectationFields, VerifyResult};
use crate::registry::jobs::JobLength;
use crate::registry::{Registry, VerifyWait};

/// A problem document about an expectation that is not met, with what was seen.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct UnmetExpectation {
    /// The kind of error.
    title: &'static str,
    /// The HTTP status.
    status: u16,
    /// The same as `message`.
    detail: String,
    #[serde(flatten)]
    verdict: VerifyResult,
}

impl UnmetExpectation {
    fn of(verdict: VerifyResult) -> Self {
        let detail = verdict.message.clone();
        Self { title: "Not as expected", status: 406, detail, verdict }
    }
}

pub(super) async fn verify(
    state: State,
    key: Path<String>,
    request: HttpRequest,
    body: Bytes,
) -> HandlerResult {
    let fields: ExpectationFields = parse::body(&body)?;
    let expectation = Expectation::try_from(fields);
    let expectation = Arc::new(expectation.map_err(|problem| Problem::fields(vec![problem]))?);
    state.with_open(&key, |_| ()).await?;
    // Watching starts before the first look, so that no request is missed in between.
    let watch = state.registry.begin_verify_wait(&key, Arc::clone(&expectation));
    let deadline = wait(expectation.timeout.to_std());
    let connection = request.conn_data::<Connection>().cloned();
    let disconnected = client_disconnected(connection.as_ref());
    tokio::pin!(deadline, disconnected);
    let verdict = loop {
        watch.begin_look();
        let verdict = look(&state, &key, &expectation).await?;
        watch.end_look(&verdict);
        if expectation.is_decided_by(verdict.matched) || expectation.timeout == RealDuration::ZERO {
            break verdict;
        }
        tokio::select! {
            // The journal decides: meanwhile it may have been cleared, or the sandbox replaced.
            () = decided(&watch, expectation.rest_after(verdict.through)) => {}
            () = &mut disconnected => break verdict,
            () = &mut deadline => break look(&state, &key, &expectation).await?,
            () = state.stopping.notified() => break verdict,
        }
    };
    if verdict.holds {
        return Ok(HttpResponse::Ok().json(verdict));
    }
    let mut response = HttpResponse::NotAcceptable();
    Ok(response.insert_header((CONTENT_TYPE, problem::KIND)).json(UnmetExpectation::of(verdict)))
}

/// Waits until it is worth looking again: at once, or after a rest if a look is long.
async fn decided(watch: &VerifyWait, rest: Duration) {
    watch.decided().await;
    if rest > Duration::ZERO {
        wait(rest).await;
    }
}

/// Judges whichever sandbox currently owns the key.
async fn look(
    state: &ControlState,
    key: &str,
    expectation: &Arc<Expectation>,
) -> HandlerResult<VerifyResult> {
    let (api_key, expectation) = (key.to_owned(), Arc::clone(expectation));
    let judge = move |registry: &Arc<Registry>| match registry.known(&api_key) {
        Some(sandbox) => sandbox.journal().verify(&expectation),
        None => expectation.judge(&[], |_| Vec::new()),
    };
    state.run(key, JobLength::Long, judge).await
}

#[expect(clippy::disallowed_methods, reason = "tests wait in real time")]
async fn wait(span: Duration) {
    tokio::time::sleep(span).await;
}
