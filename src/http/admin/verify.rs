//! Whether a client did what it should: asked once, or waited for.

use std::time::Duration;

use actix_web::HttpResponse;
use actix_web::web::{Bytes, Data, Path};
use serde::Deserialize;
use tokio::sync::broadcast::error::{RecvError, TryRecvError};

use super::Admin;
use super::problem::{Problem, read};
use crate::domain::real_span::RealSpan;
use crate::insight::expectation::{Expectation, Verdict};
use crate::registry::SandboxHandle;

#[derive(Deserialize)]
struct Wanted {
    #[serde(flatten)]
    expectation: Expectation,
    /// How long to wait for it, in real time.
    #[serde(default)]
    timeout: RealSpan,
}

pub(super) async fn verify(
    admin: Data<Admin>,
    key: Path<String>,
    body: Bytes,
) -> Result<HttpResponse, Problem> {
    let Wanted { expectation, timeout } = read(&body)?;
    expectation.check().map_err(|problem| Problem::fields(vec![problem]))?;
    let sandbox = admin.open(&key)?;
    // Listened to before the first look, so that nothing falls between them.
    let mut news = admin.registry.feed().listen();
    let mut verdict = look(&sandbox, &expectation);
    let deadline = wait(timeout.as_duration());
    tokio::pin!(deadline);
    while !verdict.holds() && !verdict.is_final() {
        let heard = tokio::select! {
            heard = news.recv() => heard,
            () = &mut deadline => break,
        };
        match heard {
            Ok(item) if item.api_key.as_str() != key.as_str() => continue,
            Err(RecvError::Closed) => break,
            Ok(_) | Err(RecvError::Lagged(_)) => {
                // One look for all that has come meanwhile: under load it comes faster than we look.
                while !matches!(news.try_recv(), Err(TryRecvError::Empty | TryRecvError::Closed)) {}
                verdict = look(&sandbox, &expectation);
            }
        }
    }
    Ok(if verdict.holds() {
        HttpResponse::Ok().json(verdict)
    } else {
        HttpResponse::NotAcceptable().json(verdict)
    })
}

fn look(sandbox: &SandboxHandle, expectation: &Expectation) -> Verdict {
    expectation.judge(&sandbox.journal(), |rental_id| sandbox.life(rental_id))
}

#[expect(clippy::disallowed_methods, reason = "a test waits in real time")]
async fn wait(span: Duration) {
    tokio::time::sleep(span).await;
}
