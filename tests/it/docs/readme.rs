//! README.md.

use std::process::Command;

use ringer::Server;
use ringer::scenario::*;

use super::{holds_in, text};
use crate::process::{ringer, run};
use crate::support::{Client, start};

const PAGE: &str = "README.md";

#[test]
fn the_readme_is_short_enough_to_be_read() {
    let lines = text(PAGE).lines().count();
    assert!(lines <= 200, "{lines} lines; move something to docs/");
}

/// A client that rents again if no reply arrives, polls once and leaves.
const CARELESS: &str = r#"
rent() { curl -s "$RINGER_URL/rentNumber" -d api_key="$RINGER_API_KEY" -d country=DE; }
rent; id=$(rent | sed 's/.*"rental_id":"\([^"]*\)".*/\1/')
curl -s "$RINGER_URL/getSMS?api_key=$RINGER_API_KEY&rental_id=$id"
"#;

#[test]
fn the_report_that_is_shown_is_one_that_was_printed() {
    let mut command = ringer();
    command.args(["run", "--scenario", "rent-reply-lost", "--clock", "per_poll:4s"]);
    command.args(["--", "sh", "-c", CARELESS]);
    let (code, _, told) = run(command);
    assert_eq!(code, Some(1), "{told}");
    let report = told.trim();
    let call = "$ ringer run --scenario rent-reply-lost --clock per_poll:4s -- ./my-tests";
    holds_in(PAGE, "run-report", &format!("```console\n{call}\n{report}\n```\n"));
}

#[test]
fn the_transcript_is_what_a_shell_shows() {
    let server = start(Server::builder().clock(Clock::per_poll(seconds(4))));
    let client = Client::new(&server, "demo");
    let base = "http://127.0.0.1:7464";
    let mut shown = "```console\n$ ringer --clock per_poll:4s\n".to_owned();
    let mut rental_id = String::new();
    for call in [
        "'URL/getNumbers?api_key=demo&country=US'",
        "URL/rentNumber -d api_key=demo -d country=US -d service=telegram",
        "'URL/getSMS?api_key=demo&rental_id=RENTAL'",
        "'URL/getSMS?api_key=demo&rental_id=RENTAL'",
        "URL/cancelNumber -d api_key=demo -d rental_id=RENTAL",
        "URL/rentNumber -d api_key=demo -d country=USA",
    ] {
        let call = call.replace("RENTAL", &rental_id);
        let curl = format!("curl -s {}", call.replace("URL", &server.url()));
        let reply = Command::new("sh").args(["-c", &curl]).output().expect("curl runs").stdout;
        let reply = String::from_utf8(reply).expect("it is text");
        shown += &format!("\n$ curl {}\n{reply}\n", call.replace("URL", base));
        let json: serde_json::Value = serde_json::from_str(&reply).expect("it is JSON");
        rental_id = json["rental_id"].as_str().map_or(rental_id, str::to_owned);
    }
    assert!(client.poll(&rental_id).texts().len() == 1, "the transcript shows an SMS: {shown}");
    holds_in(PAGE, "transcript", &(shown + "```\n"));
}
