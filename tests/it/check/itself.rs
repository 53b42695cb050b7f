//! `ringer` passes its own check, in every scenario that keeps to the documentation.

use std::collections::HashSet;

use ringer::check::{Level, SmsSource, cases};
use ringer::scenario::RealDuration;
use ringer::scenario::*;

use super::{KEY, all_options, check, checked, failures, server, skips};
use crate::support::start;

/// Whether nothing in it is meant to deviate from the documentation.
fn is_as_documented(scenario: &Scenario) -> bool {
    let is_honest = |offer: &Offer| offer.listing == Listing::Live;
    scenario.faults.is_empty()
        && scenario.shape == ReplyShape::default()
        && scenario.countries.iter().all(is_honest)
        // A check looks at the clock on the wall.
        && scenario.clock.runs()
        && scenario.countries.iter().any(|offer| offer.available > 0)
}

/// Whether an SMS comes to a rental that nobody touches, soon enough to wait for it.
fn sends_sms(scenario: &Scenario) -> bool {
    let is_sms = |step: &Step| matches!(step.action, Action::Sms(_)) && step.after <= seconds(100);
    let sends =
        |script: &Script| script.variants.iter().any(|variant| variant.steps.0.iter().any(is_sms));
    scenario.scripts.is_empty() || scenario.scripts.iter().all(sends)
}

#[test]
fn every_scenario_that_keeps_to_the_documentation_passes_every_case() {
    let scenarios: Vec<Scenario> =
        ringer::bundled_scenarios().into_iter().filter(is_as_documented).collect();
    assert!(scenarios.len() >= 17, "{}", scenarios.len());
    // They wait more than they work.
    std::thread::scope(|scope| {
        for part in scenarios.chunks(scenarios.len().div_ceil(4)) {
            scope.spawn(|| part.iter().for_each(passes_every_case));
        }
    });
}

fn passes_every_case(scenario: &Scenario) {
    let has_sms = sends_sms(scenario);
    let name = scenario.name.clone();
    let server = start(server().scenario(&*name));
    let mut options = all_options(&server.url());
    if !has_sms {
        options.sms = None;
    }
    let run = checked(&options);
    assert_eq!(failures(&run), [], "{name}");
    assert!(run.is_clean(Level::Should), "{name}");
    assert!(run.rentals.lost.is_empty(), "{name}");
    // Nothing is skipped but what has a reason in the story or the options.
    let terms = &scenario.rental;
    let is_plain = *terms == RentalPolicy::default() && has_sms && name != "out-of-stock";
    let skipped = skips(&run);
    let unforeseen = skipped.iter().find(|(_, why)| is_plain && !why.contains("--sms-command"));
    assert_eq!(unforeseen, None, "{name}");
    if is_plain {
        assert_eq!(run.rentals.left, [], "{name}");
        assert_eq!(run.rentals.made, run.rentals.cancelled, "{name}");
    }
}

#[test]
fn with_sms_sent_at_will_no_case_is_skipped_and_none_fails() {
    let server = start(server().scenario("no-sms-expires"));
    let mut options = all_options(&server.url());
    let admin = format!("{}/__admin/sandboxes/{KEY}/rentals", server.url());
    let command = format!(
        r#"id=$(curl -fs {admin} | tr '{{' '\n' | grep -F "\"$RINGER_NUMBER\"" | grep -F '"live"' \
        | sed -n 's/.*"rental_id":"\([^"]*\)".*/\1/p' | tail -1)
        curl -fs {admin}/$id/messages -d "{{\"sender\":\"Test\",\"text\":\"$RINGER_TEXT\"}}""#
    );
    let within = RealDuration::millis(5_000);
    options.sms = Some(SmsSource { within, command: Some(command) });
    let run = checked(&options);
    assert_eq!(failures(&run), []);
    assert_eq!(skips(&run), []);
    assert_eq!(run.passed(), cases::all().len());
}

#[test]
fn what_only_looks_wrong_fails_no_case_that_must_hold() {
    for scenario in ["time-chaos", "errors-as-200"] {
        let server = start(server().scenario(scenario));
        let run = checked(&all_options(&server.url()));
        let must: Vec<_> = run.failed(Level::Must).map(|result| result.case.slug).collect();
        assert_eq!(must, [] as [&str; 0], "{scenario}");
        assert!(!run.is_clean(Level::Should), "{scenario}: a careful server does better");
    }
}

#[test]
fn a_scenario_that_breaks_the_documentation_fails_the_fitting_case() {
    for (scenario, slug) in [
        ("type-drift", "listing-price-is-a-number"),
        ("type-drift", "rent-returns-e164-number"),
        ("type-drift", "read-messages-is-a-list"),
        ("ghost-stock", "rent-succeeds"),
        ("rent-reply-lost", "rent-succeeds"),
        ("truncated-json", "rent-succeeds"),
        ("redirect-post", "rent-succeeds"),
        ("cdn-html-error", "read-succeeds-before-an-sms"),
    ] {
        let server = start(server().scenario(scenario));
        let mut options = all_options(&server.url());
        options.only = vec![slug];
        let run = checked(&options);
        assert!(super::fails_at_must(&run, slug), "{scenario}: {:?}", failures(&run));
    }
}

#[test]
fn nothing_to_rent_is_no_pass() {
    let server = start(server().scenario("restock"));
    let cannot = check(&all_options(&server.url())).expect_err("there is no stock");
    assert!(cannot.to_string().contains("no country is listed with stock"), "{cannot}");
    let mut options = all_options(&server.url());
    options.read_only = true;
    let run = checked(&options);
    assert_eq!((failures(&run), run.rentals.made), (Vec::new(), 0));
}

#[test]
fn slugs_are_unique_and_every_case_says_what_it_stands_on() {
    let cases = cases::all();
    let slugs: HashSet<&str> = cases.iter().map(|case| case.slug).collect();
    assert_eq!(slugs.len(), cases.len());
    for case in &cases {
        let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        assert!(case.slug.chars().all(is_plain), "{}", case.slug);
        assert!(case.basis.to_string().len() > 25, "{}: {}", case.slug, case.basis);
        assert!(!case.title.ends_with('.'), "{}", case.slug);
    }
}
