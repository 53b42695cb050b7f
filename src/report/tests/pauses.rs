//! How long a client waits between its calls.

use std::sync::Arc;

use crate::domain::rental_id::RentalId;
use crate::journal::JournalEntry;
use crate::report::coverage::Coverage;
use crate::report::{ReportInput, Thresholds, report};
use crate::sandbox::clock::RealTime;
use crate::sandbox::command::Refusal;
use crate::sandbox::outcome::{CallOutcome, ClientDisconnected};
use crate::sandbox::{Origin, StateMachine};
use crate::scenario::shape::Shape;
use crate::scenario::*;

/// What is found of requests at these real times (in milliseconds), each refused so or not.
fn found_of(requests: &[(Endpoint, u32, u64, Option<Refusal>)]) -> Vec<&'static str> {
    let origin = Origin {
        scenario: Arc::new(scenario("pauses")),
        clock: Clock::realtime(),
        seed: 0,
        name: String::new(),
        max_ended_rentals: 9,
    };
    let sandbox = StateMachine::new(&origin, RealTime(0));
    let mut journal = Vec::new();
    for (endpoint, rental, millis, refusal) in requests.iter().cloned() {
        let code = refusal.as_ref().map(|refusal| refusal.code);
        let number = PhoneNumber::parse("+12025550123").expect("it is one");
        let inbox = crate::sandbox::inbox::Inbox::new(number, Vec::new());
        let messages = crate::sandbox::command::Reply::Messages(inbox.into());
        let answer = refusal.map_or(Ok(messages), Err);
        let outcome = CallOutcome {
            answer,
            override_action: None,
            fault: None,
            delay: real_millis(0),
            at: None,
            shape: Shape::default(),
            prefer_applied: false,
            client_disconnected: ClientDisconnected::default(),
        };
        journal.push(JournalEntry {
            seq: journal.len() as u64 + 1,
            at: Timestamp::from_unix_millis(millis as i64),
            real_at: Timestamp::from_unix_millis(millis as i64),
            endpoint,
            method: endpoint.method(),
            status: outcome.status(),
            code,
            rental_id: Some(RentalId::new(u64::from(rental))),
            country: None,
            service: None,
            lints: Vec::new(),
            fault: None,
            outcome: Some(Arc::new(outcome)),
            real: RealTime(millis * 1_000),
            runs: true,
            details: None,
            bytes: 0,
        });
    }
    let coverage = Coverage::default();
    let (sandbox, entries) = (&sandbox.snapshot(), &journal[..]);
    let known = ReportInput { sandbox, entries, coverage: &coverage, is_over: true };
    let findings = report(&known, &Thresholds::default()).findings;
    findings.iter().map(|finding| finding.id.as_str()).collect()
}

fn polls(times: &[u64]) -> Vec<(Endpoint, u32, u64, Option<Refusal>)> {
    times.iter().map(|millis| (Endpoint::GetSms, 1, *millis, None)).collect()
}

#[test]
fn three_polls_in_a_row_less_than_a_second_apart_are_too_fast_and_two_are_not() {
    assert_eq!(found_of(&polls(&[0, 999, 1_998])), ["poll-too-fast"]);
    assert!(found_of(&polls(&[0, 999, 1_999])).is_empty());
    assert!(found_of(&polls(&[0, 999, 5_000, 5_999, 9_000])).is_empty());
    let two_rentals = [
        (Endpoint::GetSms, 1, 0, None),
        (Endpoint::GetSms, 2, 1, None),
        (Endpoint::GetSms, 1, 2, None),
    ];
    assert!(found_of(&two_rentals).is_empty());
}

#[test]
fn a_call_before_retry_after_has_passed_ignores_it_and_one_after_it_does_not() {
    let limited = || Some(Refusal::new(ErrorCode::RateLimited, "").retry_after(seconds(2)));
    let after = |millis| {
        found_of(&[(Endpoint::GetSms, 1, 0, limited()), (Endpoint::GetSms, 1, millis, None)])
    };
    assert_eq!(after(1_999), ["retry-after-ignored"]);
    assert!(after(2_000).is_empty());
    let other = |endpoint, rental, millis| {
        found_of(&[(Endpoint::GetSms, 1, 0, limited()), (endpoint, rental, millis, None)])
    };
    assert!(other(Endpoint::CancelNumber, 1, 10).is_empty(), "another endpoint");
    assert!(other(Endpoint::GetSms, 2, 200).is_empty(), "it was on its way");
    assert_eq!(other(Endpoint::GetSms, 2, 300), ["retry-after-ignored"]);
    let early = Refusal::new(ErrorCode::EarlyCancelDenied, "").retry_after(seconds(120));
    let cancels =
        [(Endpoint::CancelNumber, 1, 0, Some(early)), (Endpoint::CancelNumber, 2, 900, None)];
    assert!(found_of(&cancels).is_empty(), "an early cancel is denied to one rental only");
}
