//! docs/control-api.md.

use ringer::Server;
use ringer::scenario::*;

use super::{holds_in, run_lines_of};
use crate::support::{Client, frozen, start};

const PAGE: &str = "docs/control-api.md";

#[test]
fn the_lines_for_the_control_api_run() {
    let server = start(Server::builder());
    let variables = [("RINGER_URL", server.url()), ("RINGER_ADMIN_URL", server.admin_url())];
    let said = run_lines_of(PAGE, "control", &variables);
    assert!(said.contains("\"expected_code\":\""), "{said}");
    assert!(said.contains("\"holds\":true"), "{said}");
}

#[test]
fn the_sequence_is_one_that_a_client_can_meet() {
    let server = start(frozen());
    let client = Client::new(&server, "job-2");
    let sandbox = server.sandbox("job-2").expect("the key is good");
    let id = client.rent("DE").rental_id();
    client.poll(&id);
    sandbox.clock().advance(seconds(4));
    client.poll(&id);
    client.cancel(&id);
    let variables = [("RINGER_URL", server.url()), ("RINGER_ADMIN_URL", server.admin_url())];
    let said = run_lines_of(PAGE, "sequence", &variables);
    assert!(said.contains("\"holds\":true"), "{said}");
}

#[test]
fn the_table_of_operations_is_that_of_the_document() {
    let server = start(Server::builder());
    let document = Client::new(&server, "docs").get("/openapi.json").json;
    let mut table = "| operation | call | what it does |\n|---|---|---|\n".to_owned();
    for tag in document["tags"].as_array().expect("tags") {
        for (path, item) in document["paths"].as_object().expect("paths") {
            for (method, said) in item.as_object().expect("an item") {
                if said["tags"][0] == tag["name"] {
                    let text = |name: &str| said[name].as_str().expect("a text").to_owned();
                    let (id, summary) = (text("operationId"), text("summary"));
                    let method = method.to_uppercase();
                    table += &format!("| `{id}` | `{method} {path}` | {summary} |\n");
                }
            }
        }
    }
    holds_in(PAGE, "operations", &table);
}
