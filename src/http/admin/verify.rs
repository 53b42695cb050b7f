//! Whether a client did what it should: asked once, or waited for.

use std::sync::Arc;
use std::time::Duration;

use actix_web::http::header::CONTENT_TYPE;
use actix_web::web::{Bytes, Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use schemars::JsonSchema;
use serde::Serialize;

use super::Admin;
use super::problem::{self, Problem, read};
use crate::domain::real_span::RealSpan;
use crate::http::openapi::Api;
use crate::http::wire::Line;
use crate::insight::expectation::{Expectation, Verdict};
use crate::registry::Registry;
use crate::registry::jobs::Length;

/// An expectation that does not hold: an error as all others, with what was seen.
#[derive(Debug, Serialize, JsonSchema)]
struct Unmet {
    /// What kind of error it is.
    title: &'static str,
    /// The HTTP status.
    status: u16,
    /// The same as `message`.
    detail: String,
    #[serde(flatten)]
    verdict: Verdict,
}

impl Unmet {
    fn of(verdict: Verdict) -> Self {
        let detail = verdict.message().to_owned();
        Self { title: "Not as expected", status: 406, detail, verdict }
    }
}

pub(super) async fn verify(
    admin: Data<Admin>,
    key: Path<String>,
    request: HttpRequest,
    body: Bytes,
) -> Result<HttpResponse, Problem> {
    let expectation: Expectation = read(&body)?;
    expectation.check().map_err(|problem| Problem::fields(vec![problem]))?;
    let expectation = Arc::new(expectation);
    admin.with_open(&key, |_| ()).await?;
    // Watched before the first look, so that nothing falls between them.
    let watch = admin.registry.watch(&key, Arc::clone(&expectation));
    let deadline = wait(expectation.timeout().as_duration());
    let line = request.conn_data::<Line>().cloned();
    let gone = async {
        match &line {
            Some(line) => line.client_gone().await,
            None => std::future::pending().await,
        }
    };
    tokio::pin!(deadline, gone);
    let verdict = loop {
        watch.begin_look();
        let verdict = look(&admin, &key, &expectation).await?;
        watch.end_look(&verdict);
        if expectation.is_decided_by(verdict.matched()) || expectation.timeout() == RealSpan::ZERO {
            break verdict;
        }
        tokio::select! {
            // The journal has the last word: it may have been cleared, or be that of another sandbox.
            () = watch.decided() => {}
            () = &mut gone => break verdict,
            () = &mut deadline => break look(&admin, &key, &expectation).await?,
            () = admin.stopping.notified() => break verdict,
        }
    };
    if verdict.holds() {
        return Ok(HttpResponse::Ok().json(verdict));
    }
    let mut response = HttpResponse::NotAcceptable();
    Ok(response.insert_header((CONTENT_TYPE, problem::KIND)).json(Unmet::of(verdict)))
}

/// Judges the sandbox that has the key now.
async fn look(
    admin: &Admin,
    key: &str,
    expectation: &Arc<Expectation>,
) -> Result<Verdict, Problem> {
    let (api_key, expectation) = (key.to_owned(), Arc::clone(expectation));
    let judge = move |registry: &Arc<Registry>| match registry.known(&api_key) {
        Some(sandbox) => sandbox.judge_requests(&expectation),
        None => expectation.judge(&[], |_| Vec::new()),
    };
    admin.run(key, Length::Long, judge).await
}

#[expect(clippy::disallowed_methods, reason = "a test waits in real time")]
async fn wait(span: Duration) {
    tokio::time::sleep(span).await;
}

pub(super) fn describe(api: &mut Api) {
    let path = "/__admin/sandboxes/{key}/verify";
    super::operation(api, "post", path, "verify", "Whether the client did what a test expects")
        .description("Waits for it up to `timeout`, in real time.")
        .reads::<Expectation>(false)
        .replies::<Verdict>(200, "It did.")
        .replies_as::<Unmet>(
            problem::KIND,
            406,
            "It did not: what was seen, and what nearly was like that.",
        )
        .shares(400, "BadRequest")
        .shares(413, "PayloadTooLarge");
}
