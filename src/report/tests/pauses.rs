//! How long a client waits between its calls.
use std::sync::Arc;

use crate::domain::api_key::ApiKey;
use crate::domain::endpoint::Endpoint;
use crate::domain::error_code::ErrorCode;
use crate::domain::phone_number::PhoneNumber;
use crate::domain::real_duration::RealDuration;
use crate::domain::rental_id::RentalId;
use crate::domain::timestamp::Timestamp;
use crate::domain::virtual_duration::VirtualDuration;
use crate::journal::JournalEntry;
use crate::report::coverage::Coverage;
use crate::report::{Report, ReportInput, Thresholds};
use crate::sandbox::StateMachine;
use crate::sandbox::clock::RealTime;
use crate::sandbox::command::{Refusal, Reply};
use crate::sandbox::config::SandboxConfig;
use crate::sandbox::inbox::Inbox;
use crate::sandbox::outcome::{CallOutcome, ClientDisconnected};
use crate::scenario::shape::Shape;
use crate::scenario::{Clock, RetryAfterForm, scenario, usual_countries};

/// A call at a real time in milliseconds, and its refusal, if it was refused.
type Call = (Endpoint, u32, u64, Option<Refusal>);

fn entry((seq, (endpoint, rental, millis, refusal)): (usize, &Call)) -> JournalEntry {
    let number = PhoneNumber::parse("+12025550123").expect("a number");
    let messages = Reply::Messages(Inbox::new(number, Vec::new()).into());
    let outcome = CallOutcome {
        answer: refusal.clone().map_or(Ok(messages), Err),
        override_action: None,
        fault: None,
        delay: RealDuration::ZERO,
        at: Some(Timestamp::from_unix_millis(*millis as i64)),
        shape: Shape::default(),
        prefer_applied: false,
        client_disconnected: ClientDisconnected::default(),
    };
    JournalEntry {
        seq: seq as u64 + 1,
        at: Timestamp::from_unix_millis(*millis as i64),
        real_at: Timestamp::from_unix_millis(*millis as i64),
        endpoint: Some(*endpoint),
        method: endpoint.method(),
        path: endpoint.path().into(),
        status: outcome.status(),
        code: outcome.code(),
        rental_id: Some(RentalId::new(u64::from(*rental))),
        country: None,
        service: None,
        lints: Vec::new(),
        fault: None,
        outcome: Some(Arc::new(outcome)),
        real: RealTime(millis * 1_000),
        runs: true,
        unstepped_at: Timestamp::from_unix_millis(*millis as i64),
        details: None,
        bytes: 0,
    }
}

fn found(calls: &[Call]) -> Vec<&'static str> {
    let scenario = scenario("base").countries(usual_countries());
    let config = SandboxConfig::for_test(scenario, Clock::realtime(), 0);
    let (scenario, config) = (Arc::clone(&config.scenario), &config);
    let api_key = &ApiKey::parse("ci").expect("a key");
    let sandbox = StateMachine::new(config, scenario, RealTime(0)).snapshot();
    let entries: Vec<JournalEntry> = calls.iter().enumerate().map(entry).collect();
    let coverage = Coverage::default();
    let (sandbox, entries, coverage) = (&sandbox, &entries[..], &coverage);
    let input = ReportInput { sandbox, entries, coverage, api_key, config, is_over: true };
    let findings = Report::new(&input, &Thresholds::default()).findings;
    findings.iter().map(|finding| finding.id.as_str()).collect()
}

fn polls(times: &[u64]) -> Vec<Call> {
    times.iter().map(|millis| (Endpoint::GetSms, 1, *millis, None)).collect()
}

#[test]
fn three_polls_in_a_row_less_than_a_second_apart_are_too_fast_and_two_are_not() {
    assert_eq!(found(&polls(&[0, 999, 1_998])), ["poll-too-fast"]);
    assert!(found(&polls(&[0, 999, 1_999])).is_empty());
    assert!(found(&polls(&[0, 999, 5_000, 5_999, 9_000])).is_empty());
    let of = |rental, millis| (Endpoint::GetSms, rental, millis, None);
    assert!(found(&[of(1, 0), of(2, 1), of(1, 2)]).is_empty(), "two rentals");
}

#[test]
fn a_call_before_retry_after_has_passed_ignores_it_and_one_after_it_does_not() {
    use Endpoint::{CancelNumber, GetSms};
    let refused =
        |code, seconds| Some(Refusal::new(code, "").retry_after(VirtualDuration::seconds(seconds)));
    let after_limit = |endpoint, rental, millis| {
        let limited = refused(ErrorCode::RateLimited, 2);
        found(&[(GetSms, 1, 0, limited), (endpoint, rental, millis, None)])
    };
    assert_eq!(after_limit(GetSms, 1, 1_999), ["retry-after-ignored"]);
    assert!(after_limit(GetSms, 1, 2_000).is_empty());
    assert!(after_limit(CancelNumber, 1, 10).is_empty(), "another endpoint");
    assert!(after_limit(GetSms, 2, 300).is_empty(), "it succeeded: the partner counts by rental");
    let both_refused = |millis| {
        let limited = || refused(ErrorCode::RateLimited, 2);
        found(&[(GetSms, 1, 0, limited()), (GetSms, 2, millis, limited())])
    };
    assert!(both_refused(200).is_empty(), "it was on its way");
    assert_eq!(both_refused(300), ["retry-after-ignored"]);
    // Half past a second, "in two seconds" is dated to the next whole one: 2.5 s later.
    let now = Timestamp::from_unix_millis(500);
    let dated = Refusal::new(ErrorCode::RateLimited, "").retry_after(VirtualDuration::seconds(2));
    let dated = dated.in_form(RetryAfterForm::HttpDate, now);
    let calls = |millis| [(GetSms, 1, 500, Some(dated.clone())), (GetSms, 1, millis, None)];
    assert_eq!(found(&calls(2_999)), ["retry-after-ignored"]);
    assert!(found(&calls(3_000)).is_empty());
    let early = refused(ErrorCode::EarlyCancelDenied, 120);
    let cancels = [(CancelNumber, 1, 0, early), (CancelNumber, 2, 900, None)];
    assert!(found(&cancels).is_empty(), "an early cancel is denied to one rental only");
}
