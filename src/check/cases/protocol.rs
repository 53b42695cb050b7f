//! What holds for every reply.

use std::time::Duration;

use super::{must, should};
use crate::check::case::{Subject::Protocol, TestCase};
use crate::check::case_outcome::{CaseFailure, NotPassed, Verdict};
use crate::check::exchange::HttpExchange;
use crate::check::request::Credential;
use crate::check::session::Session;
use crate::domain::endpoint::Endpoint::{CancelNumber, GetNumbers, GetSms};

pub(super) const CASES: &[TestCase] = &[
    must(Protocol, "success-is-2xx", "a success has a status of 200 to 299")
        .says("Our API follows RESTful principles and returns responses in JSON format.")
        .check(|session| {
            each(
                &successes(session),
                "a status of 200 to 299, since the body says success",
                |one| (200..300).contains(&one.reply.status),
            )
        }),
    should(Protocol, "content-type-is-json", "a reply says that it is JSON")
        .rules("every reply is application/json")
        .check(|session| {
            let mut replies = successes(session);
            replies.extend(errors(session)?);
            each(&replies, "content-type: application/json", |one| {
                let kind = one.reply.content_type.as_deref().unwrap_or_default();
                let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
                kind.ends_with("/json") || kind.ends_with("+json")
            })
        }),
    must(Protocol, "errors-are-json", "an error is a JSON object too")
        .says("Our API follows RESTful principles and returns responses in JSON format.")
        .check(|session| {
            each(&errors(session)?, "a JSON object", |one| {
                one.reply.json.as_ref().is_some_and(serde_json::Value::is_object)
            })
        }),
    should(
        Protocol,
        "errors-have-a-status",
        "an error has the field status, and a text that tells why",
    )
    .rules(r#"an error is {"status": "error", "code": …, "message": …}"#)
    .check(|session| {
        let right = "status: \"error\" or the like, and code, message or error: a text";
        each(&errors(session)?, right, |one| {
            let text = |name: &str| one.reply.field(name).as_str().is_some_and(|t| !t.is_empty());
            let why = ["code", "message", "error", "detail", "error_code", "error_message"];
            text("status") && why.into_iter().any(text)
        })
    }),
    should(Protocol, "errors-are-4xx", "an error of the caller has a status of 400 to 499")
        .rules("an error has an HTTP status that says so")
        .check(|session| {
            each(&errors(session)?, "a status of 400 to 499", |one| {
                (400..500).contains(&one.reply.status)
            })
        }),
];

/// What looks back at the whole run.
pub(super) const LAST: &[TestCase] = &[
    should(Protocol, "replies-within-3s", "every reply comes within 3 s")
        .rules("a client waits a few seconds, and no longer")
        .check(|session| {
            let (took, request) = session.client.slowest().unwrap_or_default();
            if took <= Duration::from_secs(3) {
                return Ok(());
            }
            let actual = format!("{:.1} s", took.as_secs_f64());
            let expected = "a reply within 3 s".to_owned();
            Err(NotPassed::Failed(CaseFailure { expected, actual, request }))
        }),
    must(Protocol, "still-answers-at-the-end", "after all of this, the server answers as before")
        .says(r#"Returns available numbers, countries, and quantities; "status": "success""#)
        .check(|session| {
            if session.is_gone() {
                let request = session.call(GetNumbers).curl(&session.options.base_url);
                let (expected, actual) = ("a reply".into(), "no reply any more".into());
                return Err(NotPassed::Failed(CaseFailure { expected, actual, request }));
            }
            if !session.listing.reply.is_success() {
                return Err(NotPassed::skipped("it gave no listing at the start either"));
            }
            session.send(&session.call(GetNumbers))?.success().map(drop)
        }),
];

/// What the run has seen of success.
fn successes(session: &Session<'_>) -> Vec<HttpExchange> {
    let mut replies = vec![session.listing.clone()];
    replies.extend(session.ledger.all().iter().map(|rental| rental.made.clone()));
    if let Some(Ok(story)) = &*session.story.lock() {
        let told = [&story.cancel, &story.second, &story.read_after];
        replies.extend(told.into_iter().filter_map(|reply| reply.as_ref().ok().cloned()));
    }
    replies.retain(|one| one.reply.is_success());
    replies
}

/// One error of each kind that needs no rental.
fn errors(session: &Session<'_>) -> Result<Vec<HttpExchange>, NotPassed> {
    let wrong = || Credential::plain("ringer-check-wrong-key");
    let unknown = "ringer-check-no-such-rental";
    let mut errors = Vec::new();
    for request in [
        session.bare(GetNumbers),
        session.bare(GetNumbers).key(wrong()),
        session.bare(CancelNumber).key(wrong()),
        session.call(GetSms).with("rental_id", unknown),
        session.call(CancelNumber).with("rental_id", unknown),
        session.call(GetSms),
    ] {
        errors.push(session.send(&request)?);
    }
    // One that is a success is another case's affair.
    errors.retain(|one| !one.reply.gives());
    if errors.is_empty() {
        return Err(NotPassed::skipped("nothing is refused; other cases tell"));
    }
    Ok(errors)
}

fn each(
    replies: &[HttpExchange],
    right: &str,
    is_right: impl Fn(&HttpExchange) -> bool,
) -> Verdict {
    if replies.is_empty() {
        return Err(NotPassed::skipped("there is no such reply"));
    }
    replies.iter().try_for_each(|one| one.require(is_right(one), right))
}
