//! Replies that deviate do so in one way each, and are else the documented ones to the byte.

use ringer::Sandbox;
use ringer::Server;
use ringer::scenario::*;

use super::caller::{Caller, Seen};
use crate::support::{frozen, start};

fn world(shape: ReplyShape) -> (Server, Caller, Sandbox) {
    let twice = steps().sms(seconds(8), sms()).sms(seconds(14), sms());
    let scenario = scenario("shaped")
        .country(country(Country::US).available(5_000).price(cents(5)))
        .country(country(Country::DE).available(1_500).price(cents(8)))
        .script(twice);
    let server = start(frozen().scenario(scenario.replies(shape)));
    let client = Caller::new(&server, "ci");
    let sandbox = server.sandbox("ci").expect("the key is good");
    (server, client, sandbox)
}

/// What is answered in a life that meets a success and an error of each endpoint.
fn life(shape: ReplyShape) -> Vec<Seen> {
    let (_server, client, sandbox) = world(shape);
    let mut seen = vec![client.list(), client.call(Endpoint::GetNumbers, &[("country", "")])];
    let rented = client.rent("US");
    let cancelled = client.rent("DE");
    seen.extend([rented.clone(), cancelled.clone(), client.rent("XX")]);
    for by in [0, 8, 6] {
        sandbox.clock().advance(seconds(by));
        seen.push(client.poll(rented.id()));
        if by == 0 {
            seen.push(client.cancel(cancelled.id()));
        }
    }
    seen.extend([client.poll("rent_1"), client.cancel(rented.id()), client.cancel("rent_1")]);
    seen.extend([client.with_key("").list(), client.with_key("ci@nowhere").rent("US")]);
    seen
}

/// Changes what stands between `start` and `end`, wherever it does.
fn between(text: &str, start: &str, end: &[char], change: impl Fn(&str) -> String) -> String {
    let mut pieces = text.split(start);
    let mut changed = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let (what, rest) = piece.split_at(piece.find(end).expect("it has an end"));
        changed += &format!("{start}{}{rest}", change(what));
    }
    changed
}

fn prices_as_strings(text: &str) -> String {
    let quoted = |price: &str| format!("\"{price}\"");
    let text = between(text, "\"price_per_sms\":", &[',', '}'], quoted);
    between(&text, "\"refund_amount\":", &[',', '}'], quoted)
}

fn numbers_without_plus(text: &str) -> String {
    text.replace("\"number\":\"+", "\"number\":\"")
}

fn newest_first(text: &str) -> String {
    let Some((before, rest)) = text.split_once("\"messages\":[{") else { return text.to_owned() };
    let (messages, after) = rest.split_once("}],").expect("it has an end");
    let reversed: Vec<&str> = messages.rsplit("},{").collect();
    format!("{before}\"messages\":[{{{}}}],{after}", reversed.join("},{"))
}

fn with_extra_field(text: &str) -> String {
    text.replace('}', ",\"extra\":\"a field that the documentation does not know\"}")
}

/// Every time of a reply, changed.
fn times(text: &str, change: impl Fn(Timestamp) -> String) -> String {
    let changed = |text: &str| change(text.parse().expect("a time as documented"));
    let text = between(text, "\"expires_at\":\"", &['"'], changed);
    between(&text, "\"received_at\":\"", &['"'], changed)
}

fn later(moment: Timestamp, seconds: i64) -> Timestamp {
    Timestamp::from_unix_millis(moment.as_unix_millis() + seconds * 1_000)
}

fn at_plus_two(moment: Timestamp) -> String {
    later(moment, 7_200).to_string().replace('Z', "+02:00")
}

#[track_caller]
fn deviates(shape: ReplyShape, change: impl Fn(&str) -> String) {
    let (plain, shaped) = (life(replies()), life(shape));
    let mut changed = 0;
    for (plain, shaped) in plain.iter().zip(&shaped) {
        assert_eq!(shaped.text, change(&plain.text));
        assert_eq!(shaped.status, plain.status);
        changed += usize::from(shaped.text != plain.text);
    }
    assert_ne!(changed, 0, "it deviates somewhere");
}

#[test]
fn each_deviation_alone_changes_nothing_else() {
    deviates(replies().price_as_string(), prices_as_strings);
    deviates(replies().number_without_plus(), numbers_without_plus);
    deviates(replies().newest_first(), newest_first);
    deviates(replies().extra_field(), with_extra_field);
    for (none, written) in [
        (NoMessages::Null, "\"messages\":null,"),
        (NoMessages::Object, "\"messages\":{},"),
        (NoMessages::Absent, ""),
    ] {
        let shape = replies().no_messages([none]);
        deviates(shape, |text| text.replace("\"messages\":[],", written));
    }
    deviates(replies().timestamps([TimeStyle::Naive]), |text| {
        times(text, |moment| moment.to_string().replace('Z', ""))
    });
    deviates(replies().timestamps([TimeStyle::Offset]), |text| times(text, at_plus_two));
    deviates(replies().timestamps([TimeStyle::Nanoseconds]), |text| {
        times(text, |moment| moment.to_string().replace('Z', ".000000000Z"))
    });
    deviates(replies().clock_skew(Skew::ahead(seconds(90))), |text| {
        times(text, |moment| later(moment, 90).to_string())
    });
    deviates(replies().clock_skew(Skew::behind(minutes(90))), |text| {
        times(text, |moment| later(moment, -5_400).to_string())
    });
}

#[test]
fn all_deviations_go_together() {
    let shape = replies()
        .price_as_string()
        .number_without_plus()
        .no_messages([NoMessages::Null])
        .newest_first()
        .timestamps([TimeStyle::Offset])
        .clock_skew(Skew::ahead(seconds(90)))
        .errors_as_200()
        .extra_field();
    let (plain, shaped) = (life(replies()), life(shape));
    let mut errors = 0;
    for (plain, shaped) in plain.iter().zip(&shaped) {
        let text = newest_first(&numbers_without_plus(&prices_as_strings(&plain.text)));
        let text = times(&text, |moment| at_plus_two(later(moment, 90)));
        let text = with_extra_field(&text.replace("\"messages\":[]", "\"messages\":null"));
        assert_eq!((shaped.status, &shaped.text), (200, &text));
        errors += usize::from(plain.status != 200);
    }
    assert_eq!(errors, 6);
}

#[test]
fn errors_come_with_200_even_where_no_sandbox_is_reached() {
    let (plain, shaped) = (life(replies()), life(replies().errors_as_200()));
    for (plain, shaped) in plain.iter().zip(&shaped) {
        assert_eq!((shaped.status, &shaped.text), (200, &plain.text));
    }
    let codes: Vec<&str> = shaped.iter().map(Seen::code).filter(|code| !code.is_empty()).collect();
    let expected = [
        "INVALID_REQUEST",
        "UNKNOWN_COUNTRY",
        "RENTAL_NOT_FOUND",
        "RENTAL_NOT_FOUND",
        "MISSING_API_KEY",
        "INVALID_API_KEY",
    ];
    assert_eq!(codes, expected);

    let (_server, client, sandbox) = world(replies().errors_as_200());
    sandbox
        .faults()
        .add(fault([Endpoint::GetNumbers], rate_limit(1, seconds(2))))
        .expect("there is room");
    client.list();
    let limited = client.list();
    assert_eq!((limited.status, limited.code()), (200, "RATE_LIMITED"));
    assert_eq!(limited.header("retry-after"), Some("2"));
    let told: Vec<_> =
        sandbox.journal().entries().into_iter().map(|e| (e.status, e.code)).collect();
    assert_eq!(told, [(Some(200), None), (Some(200), Some(ErrorCode::RateLimited))]);
}

#[test]
fn the_polls_of_each_rental_and_the_rentals_take_the_ways_in_turn() {
    use NoMessages::{Absent, Array, Null, Object};
    use TimeStyle::{Naive, Nanoseconds, Offset, Utc};
    let shape = replies().no_messages([Null, Object, Absent, Array]).timestamps([
        Naive,
        Offset,
        Nanoseconds,
        Utc,
    ]);
    let (_server, client, sandbox) = world(shape);
    let rented: Vec<Seen> = (0..5).map(|_| client.rent("US")).collect();
    let expiries: Vec<&str> =
        rented.iter().map(|reply| reply.json["expires_at"].as_str().unwrap_or_default()).collect();
    let expected = [
        "2026-01-01T00:20:00",
        "2026-01-01T02:20:00+02:00",
        "2026-01-01T00:20:00.000000000Z",
        "2026-01-01T00:20:00Z",
        "2026-01-01T00:20:00",
    ];
    assert_eq!(expiries, expected);
    for rental in &rented[..2] {
        let polls: Vec<Seen> = (0..5).map(|_| client.poll(rental.id())).collect();
        let none = ["null,", "{},", "", "[],", "null,"];
        for (poll, none) in polls.iter().zip(none) {
            let messages = if none.is_empty() { "".into() } else { format!("\"messages\":{none}") };
            let number = &rental.json["number"];
            assert_eq!(poll.text, format!(r#"{{"status":"success",{messages}"number":{number}}}"#));
        }
    }
    sandbox.clock().advance(seconds(8));
    for (nth, received) in
        ["02:00:08+02:00", "00:00:08.000000000Z", "00:00:08Z", "00:00:08"].into_iter().enumerate()
    {
        let poll = client.poll(rented[0].id());
        let message = &poll.json["messages"][0];
        assert_eq!(message["received_at"], format!("2026-01-01T{received}"), "poll {}", nth + 6);
    }
}

#[test]
fn every_style_means_the_same_moment() {
    let moment = |style, skew: Skew| {
        let (_server, client, sandbox) = world(replies().timestamps([style]).clock_skew(skew));
        sandbox.clock().advance(millis(750));
        let rented = client.rent("US");
        let text = rented.json["expires_at"].as_str().expect("a text").to_owned();
        let zoned = if style == TimeStyle::Naive { format!("{text}Z") } else { text };
        zoned.parse::<Timestamp>().unwrap_or_else(|reason| panic!("{zoned}: {reason}"))
    };
    let none = Skew::default();
    for style in [TimeStyle::Utc, TimeStyle::Naive, TimeStyle::Offset] {
        assert_eq!(
            moment(style, none),
            Timestamp::at("2026-01-01T00:20:00Z"),
            "{style:?}: whole seconds"
        );
    }
    assert_eq!(moment(TimeStyle::Nanoseconds, none), Timestamp::at("2026-01-01T00:20:00.750Z"));
    for (skew, shown) in [
        (Skew::ahead(seconds(90)), "2026-01-01T00:21:30.750Z"),
        (Skew::behind(minutes(30)), "2025-12-31T23:50:00.750Z"),
        (Skew::behind(millis(750)), "2026-01-01T00:20:00Z"),
    ] {
        assert_eq!(moment(TimeStyle::Nanoseconds, skew), Timestamp::at(shown));
    }
}

#[test]
fn every_reply_of_a_sandbox_is_dated_by_its_clock_even_if_that_is_wrong() {
    for (skew, date) in [
        (Skew::default(), "Thu, 01 Jan 2026 00:00:08 GMT"),
        (Skew::ahead(seconds(90)), "Thu, 01 Jan 2026 00:01:38 GMT"),
        (Skew::behind(seconds(90)), "Wed, 31 Dec 2025 23:58:38 GMT"),
    ] {
        let (_server, client, sandbox) = world(replies().clock_skew(skew));
        let rented = client.rent("US");
        sandbox.clock().advance(seconds(8));
        for reply in [
            client.list(),
            client.rent("DE"),
            client.rent("XX"),
            client.rent("XM"),
            client.poll(rented.id()),
            client.poll("rent_1"),
            client.cancel(rented.id()),
        ] {
            assert_eq!(reply.header("date"), Some(date), "{reply:?}");
        }
    }
}

#[test]
fn a_reply_that_belongs_to_no_sandbox_has_the_real_date() {
    let (_server, client, _) = world(replies());
    for key in ["", "live_12345678"] {
        let reply = client.with_key(key).list();
        let date = reply.header("date").expect("every reply has one");
        assert_eq!(reply.status, 401);
        assert!(!date.contains(" Jan 2026 00:0"), "{key}: {date}");
    }
}
