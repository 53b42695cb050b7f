//! What holds for every reply.

use std::time::Duration;

use super::{RESTFUL, must, should};
use crate::check::case::{Subject::Protocol, TestCase};
use crate::check::case_outcome::{CaseFailure, NotPassed, Verdict};
use crate::check::exchange::HttpExchange;
use crate::check::fixtures::Fixtures;
use crate::check::request::Credential;
use crate::check::session::Session;
use crate::domain::endpoint::Endpoint::{CancelNumber, GetNumbers, GetSms};

pub(super) const CASES: &[TestCase] = &[
    must(Protocol, "success-is-2xx", "a success has a status from 200 to 299")
        .documented(RESTFUL)
        .check(|fixtures| {
            let expected = "a status from 200 to 299, since the body says success";
            each(&successes(fixtures), expected, |one| one.reply.has_2xx_status())
        }),
    should(Protocol, "content-type-is-json", "the content-type of a reply is JSON")
        .ruled("every reply is application/json")
        .check(|fixtures| {
            let mut replies = successes(fixtures);
            replies.extend(errors(&fixtures.session)?);
            each(&replies, "content-type: application/json", |one| {
                let kind = one.reply.content_type.as_deref().unwrap_or_default();
                let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
                kind.ends_with("/json") || kind.ends_with("+json")
            })
        }),
    must(Protocol, "errors-are-json", "an error is a JSON object too").documented(RESTFUL).check(
        |fixtures| {
            each(&errors(&fixtures.session)?, "a JSON object", |one| {
                one.reply.json.as_ref().is_some_and(serde_json::Value::is_object)
            })
        },
    ),
    should(Protocol, "errors-have-a-status", "an error has a status, and says why")
        .ruled(r#"an error is {"status": "error", "code": …, "message": …}"#)
        .check(|fixtures| {
            let expected = "status: \"error\" or the like, and a string as code, message or error";
            each(&errors(&fixtures.session)?, expected, |one| {
                let text = |name| one.reply.field(name).as_str().is_some_and(|t| !t.is_empty());
                let why = ["code", "message", "error", "detail", "error_code", "error_message"];
                text("status") && why.into_iter().any(text)
            })
        }),
    should(Protocol, "errors-are-4xx", "a client's error gets a status from 400 to 499")
        .ruled("the HTTP status of an error says that it is one")
        .check(|fixtures| {
            each(&errors(&fixtures.session)?, "a status from 400 to 499", |one| {
                (400..500).contains(&one.reply.status)
            })
        }),
];

/// Cases that look back at the whole run.
pub(super) const LAST: &[TestCase] = &[
    should(Protocol, "replies-within-3s", "every reply arrives within 3 s")
        .ruled("a client waits a few seconds, and no longer")
        .check(|fixtures| {
            let (took, request) = fixtures.session.client.slowest().unwrap_or_default();
            if took <= Duration::from_secs(3) {
                return Ok(());
            }
            let actual = format!("{:.1} s", took.as_secs_f64());
            let expected = "a reply within 3 s".to_owned();
            Err(NotPassed::Failed(CaseFailure { expected, actual, request }))
        }),
    must(Protocol, "still-answers-at-the-end", "at the end, the server still replies as before")
        .documented(r#"Returns available numbers, countries, and quantities; "status": "success""#)
        .check(|fixtures| {
            let session = &fixtures.session;
            let request = session.request(GetNumbers);
            if session.is_gone() {
                let request = request.curl(&session.options.base_url);
                let (expected, actual) = ("a reply".into(), "no reply any more".into());
                return Err(NotPassed::Failed(CaseFailure { expected, actual, request }));
            }
            let at_start = &session.listing.exchange;
            at_start.skip_unless_success("the server gave no listing at the start either")?;
            session.send(&request)?.require_success()
        }),
];

/// The successes that the run has seen.
fn successes(fixtures: &Fixtures<'_>) -> Vec<HttpExchange> {
    let session = &fixtures.session;
    let mut replies = vec![session.listing.exchange.clone()];
    replies.extend(session.ledger.all().iter().map(|rental| rental.made.clone()));
    let cancel = fixtures.known_cancel();
    replies.extend(cancel.into_iter().flat_map(|cancel| cancel.replies().cloned()));
    replies.retain(|one| one.reply.is_success());
    replies
}

/// An error of each kind that needs no rental.
fn errors(session: &Session<'_>) -> Result<Vec<HttpExchange>, NotPassed> {
    let wrong = || Credential::plain("ringer-check-wrong-key");
    let unknown = "ringer-check-no-such-rental";
    let requests = [
        session.keyless(GetNumbers),
        session.keyless(GetNumbers).key(wrong()),
        session.keyless(CancelNumber).key(wrong()),
        session.request(GetSms).with("rental_id", unknown),
        session.request(CancelNumber).with("rental_id", unknown),
        session.request(GetSms),
    ];
    let sent = requests.iter().map(|request| session.send(request));
    let mut errors: Vec<HttpExchange> = sent.collect::<Result<_, _>>()?;
    // Other cases judge what should have been refused.
    errors.retain(|one| !one.reply.is_granted());
    if errors.is_empty() {
        return Err(NotPassed::skipped("nothing is refused; other cases tell why"));
    }
    Ok(errors)
}

fn each(
    replies: &[HttpExchange],
    expected: &str,
    is_right: impl Fn(&HttpExchange) -> bool,
) -> Verdict {
    if replies.is_empty() {
        return Err(NotPassed::skipped("there is no such reply"));
    }
    replies.iter().try_for_each(|one| one.require(is_right(one), expected))
}
