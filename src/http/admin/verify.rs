//! Whether a client did what it should: asked once, or waited for.

use std::time::Duration;

use actix_web::HttpResponse;
use actix_web::http::header::CONTENT_TYPE;
use actix_web::web::{Bytes, Data, Path};
use schemars::JsonSchema;
use serde::Serialize;
use tokio::sync::broadcast::error::RecvError;

use super::Admin;
use super::problem::{self, Problem, read};
use crate::http::openapi::Api;
use crate::insight::expectation::{Expectation, Verdict};
use crate::registry::feed::News;

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
    body: Bytes,
) -> Result<HttpResponse, Problem> {
    let expectation: Expectation = read(&body)?;
    expectation.check().map_err(|problem| Problem::fields(vec![problem]))?;
    admin.open(&key)?;
    // Listened to before the first look, so that nothing falls between them.
    let mut news = admin.registry.feed().listen();
    let mut verdict = look(&admin, &key, &expectation);
    let deadline = wait(expectation.timeout().as_duration());
    tokio::pin!(deadline);
    while !verdict.holds() && !verdict.is_final() {
        let heard = tokio::select! {
            heard = news.recv() => heard,
            () = &mut deadline => Err(RecvError::Closed),
            () = admin.stopping.notified() => Err(RecvError::Closed),
        };
        let is_worth_a_look = match &heard {
            Ok(item) if item.api_key.as_str() != key.as_str() => false,
            Ok(item) => match &item.news {
                News::Request(entry) => expectation.fits(entry),
                // Another world has its key now.
                news => matches!(news, News::Sandbox),
            },
            Err(RecvError::Lagged(_) | RecvError::Closed) => true,
        };
        if is_worth_a_look {
            verdict = look(&admin, &key, &expectation);
        }
        if matches!(heard, Err(RecvError::Closed)) {
            break;
        }
    }
    if verdict.holds() {
        return Ok(HttpResponse::Ok().json(verdict));
    }
    let mut response = HttpResponse::NotAcceptable();
    Ok(response.insert_header((CONTENT_TYPE, problem::KIND)).json(Unmet::of(verdict)))
}

/// Judges the sandbox that has the key now.
fn look(admin: &Admin, key: &str, expectation: &Expectation) -> Verdict {
    match admin.registry.known(key) {
        Some(sandbox) => sandbox.judge_requests(expectation),
        None => expectation.judge(std::iter::empty(), |_| Vec::new()),
    }
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
