//! What a client sees of an error, a status, a redirect and a rate limit that are made up.

use ringer::Sandbox;
use ringer::Server;
use ringer::scenario::*;

use super::caller::{Caller, Seen};
use crate::support::{frozen, start};

/// A country without SMS, these rules, and replies of this shape.
fn world(rules: &[FaultRule], shape: ReplyShape) -> (Server, Caller, Sandbox) {
    let plenty = scenario("effects").country(country(Country::US).available(1_000)).script(steps());
    let rules = rules.iter().cloned();
    let scenario = rules.fold(plenty, Scenario::fault).replies(shape);
    let server = start(frozen().scenario(scenario));
    let client = Caller::new(&server, "ci");
    let sandbox = server.sandbox("ci").expect("the key is good");
    (server, client, sandbox)
}

/// What is answered to each endpoint, of rules for all of them.
fn answers(effect: Effect) -> [Seen; 4] {
    let (_server, client, _sandbox) = world(&[fault(Endpoints::ALL, effect)], replies());
    [client.list(), client.rent("US"), client.poll("rent_1"), client.cancel("rent_1")]
}

#[test]
fn every_error_has_its_documented_status_and_retry_after() {
    for (code, status, retry_after) in [
        (ErrorCode::MissingApiKey, 401, None),
        (ErrorCode::InvalidApiKey, 401, None),
        (ErrorCode::InsufficientBalance, 402, None),
        (ErrorCode::KeyBanned, 403, None),
        (ErrorCode::RentalNotFound, 404, None),
        (ErrorCode::NotFound, 404, None),
        (ErrorCode::MethodNotAllowed, 405, None),
        (ErrorCode::NoNumbers, 409, None),
        (ErrorCode::EarlyCancelDenied, 409, Some("120")),
        (ErrorCode::SmsAlreadyReceived, 409, None),
        (ErrorCode::AlreadyCancelled, 409, None),
        (ErrorCode::RentalExpired, 410, None),
        (ErrorCode::RentalCancelled, 410, None),
        (ErrorCode::PayloadTooLarge, 413, None),
        (ErrorCode::UnsupportedMediaType, 415, None),
        (ErrorCode::InvalidRequest, 400, None),
        (ErrorCode::UnknownCountry, 400, None),
        (ErrorCode::RateLimited, 429, Some("2")),
        (ErrorCode::TooManyActiveRentals, 429, None),
        (ErrorCode::InternalError, 500, None),
        (ErrorCode::BadGateway, 502, None),
        (ErrorCode::Maintenance, 503, Some("30")),
        (ErrorCode::GatewayTimeout, 504, None),
    ] {
        let (_server, client, sandbox) = world(&[], replies());
        sandbox
            .faults()
            .add(fault([Endpoint::RentNumber], Effect::error(code)))
            .expect("there is room");
        let reply = client.rent("US");
        assert_eq!((reply.status, reply.code()), (status, code.as_str()));
        assert_eq!(reply.header("retry-after"), retry_after, "{reply:?}");
        assert_eq!(reply.header("content-type"), Some("application/json"));
        let message = reply.json["message"].as_str().unwrap_or_default();
        assert!(message.contains("fault_1"), "it says that it was made up: {message}");
        assert_eq!(reply.json.as_object().map(serde_json::Map::len), Some(3), "{reply:?}");
    }
}

#[test]
fn a_status_comes_with_the_error_of_the_api_a_web_page_or_nothing() {
    for (code, error, retry_after) in [
        (503, "MAINTENANCE", Some("30")),
        (429, "RATE_LIMITED", Some("2")),
        (502, "BAD_GATEWAY", None),
        (418, "INVALID_REQUEST", None),
        (507, "INTERNAL_ERROR", None),
    ] {
        for reply in answers(Effect::status(code, BodyKind::Json)) {
            assert_eq!((reply.status, reply.code()), (code, error));
            assert_eq!(reply.header("retry-after"), retry_after);
            assert_eq!(reply.header("content-type"), Some("application/json"));
        }
        for reply in answers(Effect::status(code, BodyKind::Html)) {
            assert_eq!(reply.status, code);
            assert_eq!(reply.header("content-type"), Some("text/html; charset=utf-8"));
            assert!(reply.text.starts_with("<!DOCTYPE html>"), "{reply:?}");
            assert!(reply.text.contains(&format!("<title>{code} ")), "{reply:?}");
        }
        for reply in answers(Effect::status(code, BodyKind::Empty)) {
            assert_eq!((reply.status, reply.text.as_str()), (code, ""));
            assert_eq!(reply.header("content-length"), Some("0"));
            assert_eq!(reply.header("content-type"), None);
        }
    }
    for reply in answers(Effect::status(204, BodyKind::Empty)) {
        assert_eq!((reply.status, reply.text.as_str()), (204, ""));
    }
}

#[test]
fn the_journal_tells_what_the_client_was_told() {
    let after = |effect: Effect| fault([Endpoint::RentNumber], effect).phase(Phase::After).times(1);
    let rules = [
        after(Effect::status(502, BodyKind::Html)),
        after(Effect::status(200, BodyKind::Json)),
        after(Effect::status(204, BodyKind::Empty)),
        after(Effect::redirect(Redirect::Permanent)),
        after(Effect::error(ErrorCode::NoNumbers)),
        after(Effect::connection_reset_by_peer()),
    ];
    let (_server, client, sandbox) = world(&rules, replies());
    let replies: Vec<_> =
        (0..6).map(|_| client.try_call(Endpoint::RentNumber, &[("country", "US")], &[])).collect();
    let told = sandbox.journal().entries().into_iter().map(|entry| (entry.status, entry.code));
    let expected = [
        (Some(502), Some(ErrorCode::BadGateway)),
        (Some(200), Some(ErrorCode::InternalError)),
        (Some(204), None),
        (Some(308), None),
        (Some(409), Some(ErrorCode::NoNumbers)),
        (None, None),
    ];
    assert_eq!(told.collect::<Vec<_>>(), expected);
    for (reply, (status, _)) in replies.iter().zip(expected) {
        assert_eq!(reply.as_ref().ok().map(|reply| reply.status), status);
    }
    assert_eq!(replies[1].as_ref().map(Seen::code).ok(), Some("INTERNAL_ERROR"));
    assert_eq!(sandbox.rentals().live(), 6, "all of them took effect");
}

#[test]
fn a_redirect_leads_to_the_same_path() {
    for by in [Redirect::MovedPermanently, Redirect::Temporary, Redirect::Permanent] {
        for (reply, endpoint) in answers(Effect::redirect(by)).iter().zip(Endpoint::ALL) {
            assert_eq!((reply.status, reply.text.as_str()), (by.status(), ""));
            let location = reply.header("location").expect("it leads somewhere");
            let (path, query) = location.split_once('?').unwrap_or((location, ""));
            assert_eq!(path, endpoint.path());
            assert_eq!(query.contains("api_key="), endpoint.reads_query(), "{location}");
        }
    }
}

/// Whether each call at these moments, in milliseconds, is taken; else what `Retry-After` says.
fn taken(
    limit: RateLimit,
    moments: impl IntoIterator<Item = u64>,
) -> Vec<Result<u64, (u64, String)>> {
    let (_server, client, sandbox) = world(&[fault([Endpoint::GetNumbers], limit)], replies());
    let started = sandbox.clock().now();
    let call = |moment| {
        sandbox.clock().advance_to(started.plus(millis(moment))).expect("it is ahead");
        let reply = client.list();
        match reply.status {
            200 => Ok(moment),
            _ => {
                assert_eq!(reply.code(), "RATE_LIMITED");
                Err((moment, reply.header("retry-after").unwrap_or("none").to_owned()))
            }
        }
    };
    moments.into_iter().map(call).collect()
}

fn refused(moment: u64, retry_after: &str) -> Result<u64, (u64, String)> {
    Err((moment, retry_after.to_owned()))
}

#[test]
fn a_fixed_window_opens_with_its_first_call_and_ends_at_its_exact_length() {
    let limit = rate_limit(2, seconds(2));
    // The window opens at 500, not at 0, and a refused call does not lengthen it.
    let calls = taken(limit, [500, 2_499, 2_499, 2_499, 2_500, 4_499, 4_500, 4_500, 4_500, 9_000]);
    let expected = [
        Ok(500),
        Ok(2_499),
        refused(2_499, "1"),
        refused(2_499, "1"),
        Ok(2_500),
        Ok(4_499),
        Ok(4_500),
        Ok(4_500),
        refused(4_500, "2"),
        Ok(9_000),
    ];
    assert_eq!(calls, expected);
}

#[test]
fn a_bucket_of_tokens_fills_up_evenly_and_holds_no_more_than_its_size() {
    // A token each 1,500 ms.
    let limit = rate_limit(2, seconds(3)).token_bucket();
    let calls = taken(limit, [0, 0, 0, 1_499, 1_500, 1_500, 2_999, 3_000, 90_000, 90_000, 90_000]);
    let expected = [
        Ok(0),
        Ok(0),
        refused(0, "2"),
        refused(1_499, "1"),
        Ok(1_500),
        refused(1_500, "2"),
        refused(2_999, "1"),
        Ok(3_000),
        Ok(90_000),
        Ok(90_000),
        refused(90_000, "2"),
    ];
    assert_eq!(calls, expected);
    // A third of 3,001 ms is no whole number of them: nobody is told to come too early.
    let calls = taken(rate_limit(3, millis(3_001)).token_bucket(), [0, 0, 0, 0, 1_000, 1_001]);
    let expected = [Ok(0), Ok(0), Ok(0), refused(0, "2"), refused(1_000, "1"), Ok(1_001)];
    assert_eq!(calls, expected);
}

#[test]
fn a_limit_counts_all_calls_of_the_sandbox_or_those_of_each_rental() {
    let of_sandbox = fault([Endpoint::GetSms], rate_limit(1, seconds(2)));
    let of_rental = fault([Endpoint::GetSms], rate_limit(1, seconds(2)).per_rental());
    for (rule, second) in [(of_sandbox, 429), (of_rental, 200)] {
        let (_server, client, sandbox) = world(&[rule], replies());
        let ids = [(); 2].map(|()| client.rent("US").id().to_owned());
        assert_eq!(client.poll(&ids[0]).status, 200);
        assert_eq!(client.poll(&ids[1]).status, second);
        assert_eq!(ids.each_ref().map(|id| client.poll(id).status), [429, 429]);
        assert_eq!(client.cancel(&ids[0]).status, 200, "another endpoint is not counted");
        sandbox.clock().advance(seconds(2));
        assert_eq!(client.poll(&ids[0]).status, 200);
    }
}

#[test]
fn retry_after_is_told_as_seconds_as_a_date_of_the_sandboxs_clock_or_not_at_all() {
    let now = "Thu, 01 Jan 2026 00:00:10 GMT";
    let skewed = "Thu, 01 Jan 2026 00:01:40 GMT";
    for (form, ahead, retry_after, date) in [
        (RetryAfterForm::Seconds, 0, Some("2"), now),
        (RetryAfterForm::HttpDate, 0, Some("Thu, 01 Jan 2026 00:00:12 GMT"), now),
        (RetryAfterForm::HttpDate, 90, Some("Thu, 01 Jan 2026 00:01:42 GMT"), skewed),
        (RetryAfterForm::None, 0, None, now),
    ] {
        let limit = fault([Endpoint::GetNumbers], rate_limit(1, millis(1_500)).retry_after(form));
        let shape = replies().clock_skew(Skew::ahead(seconds(ahead)));
        let (_server, client, sandbox) = world(&[limit], shape);
        sandbox.clock().advance(millis(10_200));
        assert_eq!(client.list().status, 200);
        let reply = client.list();
        assert_eq!((reply.status, reply.header("retry-after")), (429, retry_after));
        assert_eq!(reply.header("date"), Some(date), "of the same clock");
        // Who waits as long as the date says comes when the window is over.
        sandbox.clock().advance(millis(1_800));
        assert_eq!(client.list().status, 200);
    }
}
