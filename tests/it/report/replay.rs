//! The replay of a capsule, which reports the first reply that differs.

use proptest::prelude::*;
use ringer::Server;
use ringer::scenario::*;
use serde_json::{Value, json};

use super::frozen_play;
use crate::process::{replay, rerun, ringer, run};
use crate::support::{Client, start};

fn capsule(client: &Client) -> Value {
    client.get("/__admin/sandboxes/ci/capsule").json
}

#[derive(Clone, Debug)]
enum Act {
    Call { path: String },
    Rent { country: &'static str, service: Option<&'static str>, prefer: Option<&'static str> },
    Poll { ago: usize },
    Cancel { ago: usize },
    Advance { millis: u64 },
    Next,
    Clock { clock: Clock },
    Stock { available: u32 },
    Inject { ago: usize, after: u64 },
    Fault,
    Unfault,
}

fn acts() -> impl Strategy<Value = Vec<Act>> {
    let countries = vec!["US", "SE", "de", "UK", "JP", "XG", "XE", "USA", ""];
    let services = vec![None, Some("telegram"), Some("WhatsApp"), Some("ünï")];
    let prefers =
        vec![None, None, None, Some("error=NO_NUMBERS"), Some("code=503"), Some("delay=1ms")];
    let clocks = vec![
        Clock::realtime(),
        Clock::frozen(),
        Clock::per_poll(millis(1_500)),
        Clock::scaled(Rate::default()),
    ];
    let path = prop::sample::select(vec![
        "/getNumbers?api_key=ci",
        "/getNumbers?api_key=ci&country=de&x=1",
        "/getSMS?api_key=ci",
        "/getSMS?api_key=ci&rental_id=rent_1",
        "/getSMS?api_key=ci&rental_id=x",
    ]);
    let rent = (
        prop::sample::select(countries),
        prop::sample::select(services),
        prop::sample::select(prefers),
    );
    let act = prop_oneof![
        1 => path.prop_map(|path| Act::Call { path: path.to_owned() }),
        4 => rent.prop_map(|(country, service, prefer)| Act::Rent { country, service, prefer }),
        4 => (0..4_usize).prop_map(|ago| Act::Poll { ago }),
        2 => (0..4_usize).prop_map(|ago| Act::Cancel { ago }),
        3 => prop_oneof![0..9_000_u64, 0..1_300_000_u64].prop_map(|millis| Act::Advance { millis }),
        1 => Just(Act::Next),
        1 => prop::sample::select(clocks).prop_map(|clock| Act::Clock { clock }),
        1 => (0..3_u32).prop_map(|available| Act::Stock { available }),
        1 => ((0..3_usize), (0..30_u64)).prop_map(|(ago, after)| Act::Inject { ago, after }),
        1 => Just(Act::Fault),
        1 => Just(Act::Unfault),
    ];
    prop::collection::vec(act, 1..40)
}

/// Everything that could differ: deviating replies, delays before and after, probabilities, limits.
fn world() -> Scenario {
    let variants = [steps(), steps().sms(seconds(8), sms()), steps().expire(seconds(9))];
    let held = fault(Endpoints::ALL, Effect::delay(Delay::uniform(real_millis(0), real_millis(2))));
    scenario("replayed")
        .countries(usual_countries())
        .rental(
            rental().early_cancel_denied(seconds(5)).late_sms_grace(seconds(60)).balance(cents(90)),
        )
        .script(Script::weighted(variants.map(|steps| (1, steps))))
        .fault(held.probability(0.5))
        .fault(fault([Endpoint::GetSms], rate_limit(2, seconds(3)).per_rental()))
        .fault(fault(Endpoints::ALL, Effect::status(502, BodyKind::Html)).probability(0.1))
        .fault(
            fault([Endpoint::RentNumber], Effect::error(ErrorCode::InternalError))
                .probability(0.1)
                .phase(Phase::After),
        )
        .replies(
            replies()
                .timestamps([TimeStyle::Utc, TimeStyle::Offset])
                .clock_skew(Skew::ahead(seconds(9))),
        )
}

fn perform(server: &Server, client: &Client, acts: &[Act]) {
    let sandbox = server.sandbox("ci").expect("the key is good");
    let mut faults = Vec::new();
    for act in acts {
        let rentals = sandbox.rentals().list();
        let rentals: Vec<_> = rentals.iter().rev().map(|life| life.rental_id).collect();
        let ago = |ago: usize| rentals.get(ago).copied();
        match act {
            Act::Call { path } => drop(client.get(path)),
            Act::Rent { country, service, prefer } => {
                let body = json!({"api_key": "ci", "country": country, "service": service});
                let mut request = ureq::post(format!("{}/rentNumber", server.url()));
                if let Some(prefer) = prefer {
                    request = request.header("Prefer", *prefer);
                }
                let request = request.config().http_status_as_error(false).build();
                let request = request.content_type("application/json");
                drop(request.send(body.to_string()).expect("it answers"));
            }
            Act::Poll { ago: n } => drop(ago(*n).map(|id| client.poll(&id.to_string()))),
            Act::Cancel { ago: n } => drop(ago(*n).map(|id| client.cancel(&id.to_string()))),
            Act::Advance { millis: by } => drop(sandbox.clock().advance(millis(*by))),
            Act::Next => drop(sandbox.clock().advance_to_next()),
            Act::Clock { clock } => drop(sandbox.clock().set(*clock)),
            Act::Stock { available } => {
                sandbox.stock().set(Country::US, *available).expect("it is offered");
                sandbox.stock().set_price(Country::US, cents(3)).expect("it is offered");
            }
            Act::Inject { ago: n, after } => {
                let sms = ringer::NewSms {
                    sender: "me".into(),
                    text: "code 12".into(),
                    expected_code: None,
                    after: seconds(*after),
                };
                drop(ago(*n).map(|id| sandbox.rentals().send_sms(id, sms)));
            }
            Act::Fault => {
                let rule = fault([Endpoint::GetSms], Effect::error(ErrorCode::BadGateway)).times(1);
                faults.push(sandbox.faults().add(rule).expect("there is room"));
            }
            Act::Unfault => drop(faults.pop().map(|id| sandbox.faults().remove(id))),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_replay_has_the_same_replies_whatever_happened_in_the_sandbox(
        acts in acts(), seed: u64, strict: bool,
    ) {
        let clock = Clock::per_poll(seconds(4));
        let builder = Server::builder().scenario(world()).seed(seed).clock(clock).strict(strict);
        let server = start(builder);
        let client = Client::new(&server, "ci");
        perform(&server, &client, &acts);
        let mut capsule = capsule(&client);
        let sent = server.sandbox("ci").expect("the key is good").journal().entries().len();
        prop_assert_eq!(rerun(&capsule), Ok(sent), "{}", capsule);

        // A reply that is edited afterwards is found at its place.
        let steps = capsule["steps"].as_array_mut().expect("a list");
        let replies: Vec<&mut Value> =
            steps.iter_mut().filter(|step| step["reply"]["body"].is_string()).collect();
        let count = replies.len();
        if let Some(step) = replies.into_iter().nth(seed as usize % count.max(1)) {
            step["reply"]["body"] = "tampered".into();
            let at = format!("request {} has a different reply", step["seq"]);
            let difference = rerun(&capsule).expect_err("it differs");
            prop_assert!(difference.starts_with(&at), "{}", difference);
            prop_assert!(difference.contains("tampered"), "{}", difference);
        }
    }
}

#[test]
fn the_bundled_scenarios_replay_with_the_id_of_any_key() {
    for scenario in ["documentation", "rate-limited", "type-drift", "errors-as-200", "time-chaos"] {
        let server = start(Server::builder().scenario(scenario).clock(Clock::per_poll(seconds(1))));
        let client = Client::new(&server, "ci");
        let id = client.rent("US").rental_id();
        for _ in 0..12 {
            // Even if Retry-After is a date.
            let url = format!("{}/getSMS?api_key=ci&rental_id={id}", server.url());
            let request = ureq::get(url).config().http_status_as_error(false).build();
            drop(request.call().expect("it answers"));
        }
        client.cancel(&id);
        client.rent("JP");
        assert_eq!(rerun(&capsule(&client)), Ok(15), "{scenario}");
    }
}

#[test]
fn a_delayed_call_completes_is_dropped_or_still_waits_as_it_did() {
    let held = fault([Endpoint::RentNumber], Effect::delay(real_seconds(35))).nth([1, 3]);
    let brief = fault([Endpoint::RentNumber], Effect::delay(real_millis(5))).nth([2]);
    let limit = fault([Endpoint::RentNumber], Effect::error(ErrorCode::InternalError)).nth([4]);
    let faults = [held, brief, limit];
    let play = frozen_play(faults.into_iter().fold(super::base(), Scenario::fault));
    drop(play.send_rent("US"));
    while play.sandbox.journal().entries().is_empty() {}
    play.advance(3);
    assert_eq!(play.client.rent("US").status, 200);
    let waits = play.send_rent("US");
    let hold = |capsule: &Value| {
        let steps = capsule["steps"].as_array().expect("a list").iter();
        steps.filter(|step| step["change"]["hold"].is_object()).count()
    };
    while hold(&capsule(&play.client)) < 3 {}
    assert_eq!(play.client.rent("US").status, 500);
    let capsule = capsule(&play.client);
    assert_eq!(rerun(&capsule), Ok(3), "{capsule}");
    let steps = capsule["steps"].as_array().expect("a list");
    let dropped = steps.iter().find(|step| step["seq"] == 1).expect("the first");
    assert_eq!((&dropped["held"], &dropped["reply"]), (&json!(1), &Value::Null));
    drop(waits);
}

#[test]
fn errors_on_demand_by_key_and_country_are_replayed() {
    let server = start(Server::builder().clock(Clock::frozen()));
    let client = Client::new(&server, "test_nobalance");
    assert_eq!(client.rent("US").status, 402);
    assert_eq!(client.get_numbers().status, 200);
    let banned = client.get("/__admin/sandboxes/test_nobalance/capsule").json;
    assert_eq!((&banned["on_demand"], rerun(&banned)), (&json!("INSUFFICIENT_BALANCE"), Ok(2)));

    let client = Client::new(&server, "ci");
    for country in ["XG", "XN", "XS", "XR", "XL"] {
        client.rent(country);
    }
    assert_eq!(rerun(&capsule(&client)), Ok(5));
}

#[test]
fn ringer_replay_exits_with_0_if_all_replies_are_the_same_and_with_1_if_not() {
    let play = frozen_play("happy-path");
    let id = play.client.rent("US").rental_id();
    play.advance(8);
    play.client.poll(&id);
    let mut capsule = capsule(&play.client);
    let (code, out, err) = replay(&capsule.to_string());
    assert_eq!((code, err.as_str()), (Some(0), ""));
    assert_eq!(out, "2 requests, and every reply is the same\n");

    capsule["seed"] = json!(1);
    let (code, _, err) = replay(&capsule.to_string());
    assert_eq!(code, Some(1), "{err}");
    assert!(err.contains("request 1 has a different reply: POST /rentNumber country=US"), "{err}");
    assert!(err.contains("expected: 200 {\"status\"") && err.contains("actual:   200 {"), "{err}");
}

#[test]
fn ringer_replay_exits_with_2_for_an_invalid_capsule_and_says_what_is_wrong() {
    let play = frozen_play("happy-path");
    play.client.get_numbers();
    let good = capsule(&play.client);
    let with = |name: &str, value: Value| {
        let mut changed = good.clone();
        changed[name] = value;
        changed.to_string()
    };
    for (content, said) in [
        ("not JSON".to_owned(), "is not a valid capsule"),
        ("{}".to_owned(), "format"),
        (with("format", json!(2)), "this ringer reads 1"),
        (with("complete", json!(false)), "--max-journal-entries"),
        (with("clock", json!({"mode": "frozn"})), "clock"),
        (with("steps", json!([{"at": "noon"}])), "steps[0].at"),
        (with("scenario", json!({"name": "x", "countries": []})), "scenario.countries"),
        (with("surplus", json!(1)), "surplus"),
    ] {
        let (code, _, err) = replay(&content);
        assert_eq!(code, Some(2), "{err}");
        assert!(err.contains(said), "{said}: {err}");
    }
    let mut missing = ringer();
    missing.args(["replay", "/no/such/file"]);
    let (code, _, err) = run(missing);
    assert_eq!(code, Some(2));
    assert!(err.contains("/no/such/file: "), "{err}");
}
