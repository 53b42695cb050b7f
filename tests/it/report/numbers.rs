//! The numbers of a report: totals, coverage, and the fault rules that never fired.

use proptest::prelude::*;
use ringer::Server;
use ringer::scenario::*;
use serde_json::{Value, json};

use super::{base, frozen_play};
use crate::support::{Client, start};

/// What the client does next, or how much time passes.
#[derive(Clone, Debug)]
enum Act {
    Rent { country: &'static str },
    Poll { ago: usize },
    Cancel { ago: usize },
    Advance { seconds: u64 },
}

fn acts() -> impl Strategy<Value = Vec<Act>> {
    let act = prop_oneof![
        3 => prop::sample::select(vec!["US", "SE", "IE", "JP"]).prop_map(|country| Act::Rent { country }),
        2 => (0..6_usize).prop_map(|ago| Act::Poll { ago }),
        2 => (0..6_usize).prop_map(|ago| Act::Cancel { ago }),
        2 => prop_oneof![0..60_u64, 200..1_300_u64, Just(100_000)].prop_map(|seconds| Act::Advance { seconds }),
    ];
    prop::collection::vec(act, 1..40)
}

fn world() -> Scenario {
    let fates = [
        steps(),
        steps().sms(seconds(8), sms()),
        steps().expire(seconds(50)),
        steps().revoke(seconds(100)),
        steps().sms(seconds(20), sms()).revoke(seconds(30)),
        steps().sms(seconds(1_205), sms()),
    ];
    scenario("audited")
        .country(country(Country::US).available(4).price(cents(5)))
        .country(country(Country::SE).available(300).price(cents(10)))
        .country(country(Country::IE).available(30).price(cents(9)))
        .rental(rental().late_sms_grace(seconds(60)).balance(cents(200)))
        .script(Script::weighted(fates.map(|fate| (1, fate))))
}

fn money(value: &Value) -> Money {
    value.to_string().parse().expect("an amount")
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn rentals_are_sold_cancelled_expired_or_live_and_no_cent_is_lost(acts in acts(), seed: u64) {
        // With so little kept, only counters can be right.
        let builder = Server::builder().scenario(world()).clock(Clock::frozen()).seed(seed);
        let server = start(builder.max_ended_rentals(1).max_journal_entries(2));
        let client = Client::new(&server, "ci");
        let sandbox = server.sandbox("ci").expect("the key is good");
        let (mut ids, mut spent, mut paid_back) = (Vec::new(), Money::ZERO, Money::ZERO);
        for act in &acts {
            match act {
                Act::Rent { country } => {
                    let reply = client.rent(country);
                    if reply.status == 200 {
                        ids.push(reply.rental_id());
                        let offers = world().countries;
                        let offer = offers.iter().find(|offer| offer.country.as_str() == *country);
                        spent = spent + offer.expect("it is offered").price_per_sms;
                    }
                }
                Act::Poll { ago } => {
                    if let Some(id) = ids.iter().rev().nth(*ago) {
                        client.poll(id);
                    }
                }
                Act::Cancel { ago } => {
                    if let Some(id) = ids.iter().rev().nth(*ago) {
                        client.cancel(id);
                    }
                }
                Act::Advance { seconds: by } => drop(sandbox.clock().advance(seconds(*by))),
            }
            let report = client.get("/__admin/sandboxes/ci/report").json;
            let audit = &report["audit"];
            let count = |name: &str| audit[name].as_u64().expect("a count");
            prop_assert_eq!(count("rentals"), ids.len() as u64);
            let parts = count("sold") + count("cancelled") + count("expired") + count("live");
            prop_assert_eq!(parts, ids.len() as u64, "{}", audit);
            prop_assert_eq!(count("live"), u64::from(sandbox.rentals().live()));
            prop_assert_eq!(money(&audit["charged"]), spent);
            let refunded = money(&audit["refunded"]);
            prop_assert!(refunded >= paid_back);
            paid_back = refunded;
            prop_assert_eq!(money(&audit["balance"]), cents(200) - spent + refunded);
        }
    }
}

#[test]
fn the_audit_writes_money_with_decimals_and_no_balance_unless_the_scenario_sets_one() {
    let play = frozen_play(base());
    let id = play.client.rent("SE").rental_id();
    play.client.cancel(&id);
    let text = play.client.get("/__admin/sandboxes/ci/report").text;
    let audit = concat!(
        r#""audit":{"rentals":1,"sold":0,"cancelled":1,"expired":0,"live":0,"#,
        r#""charged":0.10,"refunded":0.10,"balance":null}"#,
    );
    assert!(text.contains(audit), "{text}");
}

#[test]
fn coverage_counts_the_outcomes_of_each_endpoint_even_those_the_journal_has_forgotten() {
    let rules = [
        fault([Endpoint::GetSms], Effect::truncated_body(0.5)).nth([2]).phase(Phase::After),
        fault([Endpoint::CancelNumber], Effect::redirect(Redirect::Temporary)).nth([1]),
        fault([Endpoint::CancelNumber], Effect::empty_response()).nth([2]),
    ];
    let scenario = rules.into_iter().fold(base(), Scenario::fault);
    let builder = Server::builder().scenario(scenario).clock(Clock::frozen());
    let server = start(builder.max_journal_entries(1));
    let client = Client::new(&server, "ci");
    assert_eq!(client.get("/__admin/sandboxes/ci/report").status, 404, "there is no sandbox yet");
    let id = client.rent("US").rental_id();
    client.rent("JP");
    client.rent("JP");
    client.poll(&id);
    let call = format!("{}/getSMS?api_key=ci&rental_id={id}", server.url());
    let spoilt = ureq::get(&call).call().expect("a head").body_mut().read_to_string();
    assert!(spoilt.is_err(), "{spoilt:?}");
    let config = ureq::Agent::config_builder().max_redirects(0).http_status_as_error(false);
    let agent = ureq::Agent::new_with_config(config.build());
    let form = [("api_key", "ci"), ("rental_id", id.as_str())];
    let cancel = || agent.post(format!("{}/cancelNumber", server.url())).send_form(form);
    assert_eq!(cancel().expect("a redirect").status().as_u16(), 307);
    assert!(cancel().is_err());
    let coverage = client.get("/__admin/sandboxes/ci/report").json["coverage"].clone();
    let met = |endpoint: &str, outcome: &str, count: u32| json!({"endpoint": endpoint, "outcome": outcome, "count": count});
    let expected = json!([
        met("rentNumber", "success", 1),
        met("rentNumber", "NO_NUMBERS", 2),
        met("getSMS", "success", 1),
        met("getSMS", "spoilt_reply", 1),
        met("cancelNumber", "redirect", 1),
        met("cancelNumber", "no_reply", 1),
    ]);
    assert_eq!(coverage, expected);
}

#[test]
fn fault_rules_that_never_fired_are_named() {
    let play = frozen_play("maintenance-window");
    assert_eq!(play.report("")["unfired_faults"], json!(["fault_1"]));
    play.advance(29);
    play.client.get_numbers();
    assert_eq!(play.report("")["unfired_faults"], json!(["fault_1"]));
    play.advance(1);
    play.client.get_numbers();
    assert_eq!(play.report("")["unfired_faults"], json!([]));
    let rule = json!({"where": ["getSMS"], "what": {"error": "NO_NUMBERS"}});
    let added = play.client.post_json("/__admin/sandboxes/ci/faults", &rule);
    assert_eq!(play.report("")["unfired_faults"], json!([added.json["id"]]));
}
