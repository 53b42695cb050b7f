//! `ringer` passes its own check, in every scenario that follows the documentation.

use ringer::scenario::*;

use super::stub::change;
use super::{Check, KEY, OTHER_KEY, server};
use crate::support::start;

/// Whether nothing in it deviates from the documentation on purpose.
fn is_as_documented(scenario: &Scenario) -> bool {
    let is_honest = |offer: &Offer| offer.listing == Listing::Live;
    scenario.faults.is_empty()
        && scenario.shape == ReplyShape::default()
        && scenario.countries.iter().all(is_honest)
        // A check compares times with the real clock.
        && scenario.clock.runs()
        && scenario.countries.iter().any(|offer| offer.available > 0)
}

/// Whether every rental receives an SMS soon enough to wait for it.
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
    // The runs wait more than they work.
    std::thread::scope(|scope| {
        for part in scenarios.chunks(scenarios.len().div_ceil(4)) {
            scope.spawn(|| part.iter().for_each(passes_every_case));
        }
    });
}

fn passes_every_case(scenario: &Scenario) {
    let name = scenario.name.clone();
    let server = start(server().scenario(&*name));
    let has_sms = sends_sms(scenario);
    let url = server.url();
    let report = match has_sms {
        true => Check::of_everything(&url).report(),
        false => Check::of(&url).with(&["--other-api-key", OTHER_KEY]).report(),
    };
    assert_eq!(report.failures(), [], "{name}");
    assert!(report.lost().is_empty(), "{name}");
    // Only the scenario or the options may be a reason to skip.
    let is_plain = scenario.rental == RentalPolicy::default() && has_sms && name != "out-of-stock";
    if is_plain {
        let is_foreseen = |why: &str| {
            // On a busy machine an SMS arrives before the cancel, and uses the number.
            why.contains("--sms-command")
                || why.starts_with("an SMS arrived")
                || why.starts_with("the listing has no usable stock")
        };
        let unforeseen = report.skips().into_iter().find(|(_, why)| !is_foreseen(why));
        assert_eq!(unforeseen, None, "{name}");
        let (made, cancelled) = report.rentals();
        assert_eq!(made, cancelled, "{name}: {:?}", report.not_cancelled());
    }
}

#[test]
fn with_sms_sent_at_will_no_case_is_skipped_and_none_fails() {
    let server = start(server().scenario("no-sms-expires"));
    let admin = format!("{}/__admin/sandboxes/{KEY}/rentals", server.url());
    let command = format!(
        r#"id=$(curl -fs {admin} | tr '{{' '\n' | grep -F "\"$RINGER_NUMBER\"" | grep -F '"live"' \
        | sed -n 's/.*"rental_id":"\([^"]*\)".*/\1/p' | tail -1)
        curl -fs {admin}/$id/messages -d "{{\"sender\":\"Test\",\"text\":\"$RINGER_TEXT\"}}""#
    );
    let report = Check::of_everything(&server.url()).with(&["--sms-command", &command]).report();
    assert_eq!(report.failures(), []);
    assert_eq!(report.skips(), []);
}

#[test]
fn what_only_looks_wrong_fails_no_case_that_must_hold() {
    for scenario in ["time-chaos", "errors-as-200"] {
        let server = start(server().scenario(scenario));
        let report = Check::of_everything(&server.url()).report();
        assert_eq!(report.failed("must"), [""; 0], "{scenario}");
        let failed = report.failed("should");
        assert!(!failed.is_empty(), "{scenario}: a careful server does better");
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
        let report = Check::of_everything(&server.url()).with(&["--only", slug]).report();
        assert_eq!(report.failed("must"), [slug], "{scenario}");
    }
}

#[test]
fn a_server_without_stock_does_not_pass() {
    let server = start(server().scenario("restock"));
    let error = Check::of_everything(&server.url()).setup_error();
    assert!(error.contains("no country is listed with stock"), "{error}");
    let report = Check::of_everything(&server.url()).with(&["--read-only"]).report();
    assert_eq!((report.failures(), report.rentals()), (Vec::new(), (0, 0)));
}

#[test]
fn a_proxy_in_front_of_a_right_server_changes_nothing() {
    let behind = start(server());
    let url = change(&behind.url(), |_, answer| answer);
    assert_eq!(Check::of_everything(&url).report().failures(), []);
}
