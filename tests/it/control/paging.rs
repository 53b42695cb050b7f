//! Lists come a page at a time.

use ringer::Server;
use ringer::scenario::{Country, Scenario, cents, country, scenario, seconds, sms, steps};
use serde_json::{Value, json};

use super::{Admin, play};
use crate::support::{frozen, start};

/// Where the `Link` of an answer leads, below `/__admin`.
fn next(link: Option<&str>) -> Option<String> {
    let link = link?;
    let target = link.strip_prefix('<').and_then(|rest| rest.strip_suffix(">; rel=\"next\""));
    let target = target.unwrap_or_else(|| panic!("{link}"));
    Some(target.strip_prefix("/__admin").expect("the same API").to_owned())
}

/// Follows the links from this path on. Gives the pages.
#[track_caller]
fn pages(admin: &Admin, path: &str) -> Vec<Vec<Value>> {
    let (mut pages, mut path) = (Vec::new(), Some(path.to_owned()));
    while let Some(from) = path {
        let answer = admin.get(&from);
        path = next(answer.header("link"));
        pages.push(answer.list());
    }
    pages
}

fn lengths(pages: &[Vec<Value>]) -> Vec<usize> {
    pages.iter().map(Vec::len).collect()
}

fn plenty() -> Scenario {
    scenario("plenty").country(country(Country::US).available(100_000).price(cents(5)))
}

fn with_rentals(count: usize) -> (Server, Admin, Vec<String>) {
    let server = start(frozen().scenario(plenty()));
    let client = crate::support::Client::new(&server, "ci");
    let ids = (0..count).map(|_| client.rent("US").rental_id()).collect();
    let admin = Admin::new(&server);
    (server, admin, ids)
}

#[test]
fn a_page_has_a_thousand_items_by_default_and_links_to_the_next() {
    let (_server, admin, ids) = with_rentals(1_203);
    for (list, name) in [("rentals", "rental_id"), ("requests", "rental_id")] {
        let path = format!("/sandboxes/ci/{list}");
        for (query, wanted) in [
            ("", vec![1_000, 203]),
            ("?limit=500", vec![500, 500, 203]),
            ("?limit=1203", vec![1_203]),
            ("?limit=1202", vec![1_202, 1]),
            ("?limit=18446744073709551615", vec![1_203]),
            ("?limit=0", vec![0]),
        ] {
            let pages = pages(&admin, &format!("{path}{query}"));
            assert_eq!(lengths(&pages), wanted, "{list}{query}");
            let listed: Vec<Value> =
                pages.iter().flatten().map(|item| item[name].clone()).collect();
            assert!(listed == ids || query == "?limit=0", "{list}{query}");
        }
    }
    let filtered = pages(&admin, "/sandboxes/ci/requests?endpoint=rentNumber&limit=700");
    assert_eq!(lengths(&filtered), [700, 503], "the link keeps the filter");
    for list in ["rentals", "requests"] {
        let last = admin.get(&format!("/sandboxes/ci/{list}?last=1100"));
        assert_eq!(last.header("link"), None);
        let last = last.list();
        assert_eq!((last.len(), &last[1_099]["rental_id"]), (1_100, &json!(ids[1_202])), "{list}");
    }
}

#[test]
fn a_page_continues_after_items_that_were_removed_meanwhile() {
    let (_server, admin, ids) = with_rentals(5);
    let after = |id: &str| -> Vec<Value> {
        let list = admin.get(&format!("/sandboxes/ci/rentals?after={id}")).list();
        list.iter().map(|rental| rental["rental_id"].clone()).collect()
    };
    assert_eq!(after(&ids[1]), ids[2..]);
    assert_eq!(after(&ids[4]), [Value::Null; 0]);
    assert_eq!(after("rent_1"), ids, "an id before all of them");
    let told = admin.get("/sandboxes/ci/rentals?after=12345").field("after");
    assert!(told.contains("looks like \"rent_12345\""), "{told}");
    let told = admin.get("/sandboxes/ci/rentals?last=2&limit=1").field("last");
    assert!(told.contains("send one"), "{told}");
}

#[test]
fn every_list_has_pages() {
    let (server, admin, _) = play("happy-path");
    for key in ["a", "b c", "ci", "d/e", "f&g=h"] {
        server.sandbox(key).expect("the key is good");
    }
    for _ in 0..3 {
        let rule = r#"{"where": ["getSMS"], "what": {"error": "NO_NUMBERS"}}"#;
        assert_eq!(admin.post("/sandboxes/ci/faults", rule).status, 201);
    }
    for (path, name) in [
        ("/sandboxes", "api_key"),
        ("/scenarios", "name"),
        ("/sandboxes/ci/countries", "country"),
        ("/sandboxes/ci/faults", "id"),
    ] {
        let whole = admin.get(path);
        assert_eq!(whole.header("link"), None, "{path}");
        let whole = whole.list();
        assert!(whole.len() >= 3, "{path}");
        let pages = pages(&admin, &format!("{path}?limit=2"));
        assert!(pages.iter().all(|page| page.len() <= 2), "{path}");
        let names = |items: &[Value]| -> Vec<Value> {
            items.iter().map(|item| item[name].clone()).collect()
        };
        assert_eq!(names(&pages.concat()), names(&whole), "{path}");
        if path != "/sandboxes" {
            let told = admin.get(&format!("{path}?after=nothing")).field("after");
            assert!(told.contains("\"nothing\" is not an item of this list"), "{told}");
        }
    }
    let reset = admin.post("/reset?limit=2", "");
    let link = reset.header("link").expect("there are more");
    assert!(link.starts_with("</__admin/sandboxes?"), "whoever follows it resets nothing: {link}");
    assert_eq!(reset.list().len(), 2);
}

#[test]
fn a_page_of_long_texts_ends_before_it_has_too_many() {
    let text = "x".repeat(1_500);
    let script = (1..=20).fold(steps(), |script, n| script.sms(seconds(n), sms().text(&text)));
    let server = start(frozen().scenario(plenty().script(script)));
    let client = crate::support::Client::new(&server, "ci");
    let ids: Vec<String> = (0..160).map(|_| client.rent("US").rental_id()).collect();
    server.sandbox("ci").expect("the key is good").clock().advance(seconds(30));
    let pages = pages(&Admin::new(&server), "/sandboxes/ci/rentals");
    assert!(pages.len() > 1, "{:?}", lengths(&pages));
    let rentals = pages.iter().flatten();
    let listed: Vec<Value> = rentals.map(|rental| rental["rental_id"].clone()).collect();
    assert_eq!(listed, ids);
    let newest = Admin::new(&server).get("/sandboxes/ci/rentals?last=160").list();
    assert!((1..160).contains(&newest.len()));
    assert_eq!(newest.last().expect("one")["rental_id"], json!(ids[159]), "the newest are there");
}

#[test]
fn an_advance_lists_the_first_thousand_events_and_counts_all() {
    let (server, admin, ids) = with_rentals(2_500);
    let moved = admin.post("/sandboxes/ci/clock/advance", r#"{"by": "8s"}"#).ok();
    let fired = moved["fired"].as_array().expect("a list");
    assert_eq!((fired.len(), &moved["fired_count"]), (1_000, &json!(2_500)));
    let first: Vec<Value> = fired.iter().map(|event| event["rental_id"].clone()).collect();
    assert_eq!(first, ids[..1_000]);
    assert_eq!(moved["now"], "2026-01-01T00:00:08Z");
    let sandbox = server.sandbox("ci").expect("the key is good");
    assert_eq!(sandbox.rentals().messages().len(), 2_500);
    let expired = sandbox.clock().advance(seconds(1_200));
    assert_eq!(expired.len(), 2_500, "in this process all of them are given");
}
