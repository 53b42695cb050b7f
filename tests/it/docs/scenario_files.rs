//! docs/scenario-files.md: its three files are played.

use std::fs;

use ringer::Server;
use ringer::scenario::*;

use super::part;
use crate::process::{Running, ringer};
use crate::scenario_schema;
use crate::support::{Client, frozen, start};

const PAGE: &str = "docs/scenario-files.md";

/// The text of a file on the page.
fn file(name: &str) -> String {
    let block = part(PAGE, name);
    block.trim_start_matches("```json\n").trim_end_matches("```\n").to_owned()
}

fn play(name: &str) -> (Server, Client) {
    let text = file(name);
    let data = serde_json::from_str(&text).expect("it is JSON");
    assert_eq!(scenario_schema::problems(&data), [""; 0], "{name}");
    let scenario = Scenario::from_json(&text).expect("it makes sense");
    assert_eq!(scenario.name, name);
    let server = start(frozen().scenario(scenario));
    let client = Client::new(&server, "ci");
    (server, client)
}

#[test]
fn the_code_in_two_halves_comes_in_two_halves() {
    let (server, client) = play("two-halves");
    let sandbox = server.sandbox("ci").expect("the key is good");
    let id = client.rent("DE").rental_id();
    sandbox.clock().advance(seconds(65));
    let texts = client.poll(&id).texts();
    let halves: Vec<&str> = texts.iter().filter_map(|text| text.split(": ").nth(1)).collect();
    let code = sandbox.rentals().messages()[0].expected_code.clone();
    assert_eq!(code, Some(halves.concat()), "{texts:?}");
    assert_eq!(client.cancel(&id).code(), "EARLY_CANCEL_DENIED");
}

#[test]
fn the_shop_sells_out_and_is_refilled() {
    let (server, client) = play("sold-out");
    let sandbox = server.sandbox("ci").expect("the key is good");
    let id = client.rent("DE").rental_id();
    assert_eq!(client.rent("DE").status, 200);
    assert_eq!(client.rent("DE").code(), "NO_NUMBERS");
    assert_eq!(client.get_numbers().available("DE"), 2, "stale");
    assert_eq!(client.cancel(&id).refund(), "0.0125");
    let listed = client.get_numbers().text;
    assert!(listed.contains("\"price_per_sms\":0.29}"), "{listed}");
    sandbox.clock().advance(seconds(120));
    assert_eq!(client.get_numbers().available("DE"), 51);
}

#[test]
fn the_bad_evening_is_bad() {
    let (server, client) = play("bad-evening");
    let sandbox = server.sandbox("ci").expect("the key is good");
    let url = format!("{}/rentNumber", server.url());
    let lost = ureq::post(url).send_form([("api_key", "ci"), ("country", "GB")]);
    assert!(lost.is_err(), "{lost:?}");
    assert_eq!(sandbox.rentals().live(), 1, "it was made all the same");
    let id = client.rent("GB").rental_id();
    assert_eq!(client.poll(&id).status, 200);
    assert_eq!(client.poll(&id).code(), "RATE_LIMITED");
    sandbox.clock().advance(seconds(30));
    assert_eq!(client.get_numbers().code(), "MAINTENANCE");
    sandbox.clock().advance(seconds(60));
    assert_eq!(client.get_numbers().available("GB"), 3_198);
}

#[test]
fn a_server_loads_all_three_from_a_folder() {
    let folder = std::env::temp_dir().join(format!("ringer-three-{}", std::process::id()));
    fs::create_dir_all(&folder).expect("a folder of its own");
    let names = ["two-halves", "sold-out", "bad-evening"];
    for name in names {
        fs::write(folder.join(format!("{name}.json")), file(name)).expect("it can be written");
    }
    let mut command = ringer();
    command.arg("--scenario-file").arg(&folder);
    let running = Running::start(command);
    let _ = fs::remove_dir_all(&folder);
    for name in names {
        let listed = running.client(&format!("ci@{name}")).get_numbers();
        assert_eq!(listed.status, 200, "{listed:?}");
    }
}
