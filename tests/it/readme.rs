//! The README cannot drift: what is generated is compared, what is shown is run.
//!
//! `RINGER_UPDATE_DOCS=1 cargo test` writes the generated parts anew.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use ringer::ON_DEMAND_API_KEYS as API_KEYS;
use ringer::Server;
use ringer::scenario::*;

use crate::process::{ringer, run};
use crate::support::{Client, start};

fn path(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(name)
}

/// A page of ours.
pub(crate) fn page(name: &str) -> String {
    fs::read_to_string(path(name)).expect("there is the page")
}

/// The part of the README between `<!-- NAME: …` and `<!-- end -->`.
fn part(readme: &str, name: &str) -> std::ops::Range<usize> {
    let head = readme.find(&format!("<!-- {name}: ")).unwrap_or_else(|| panic!("no part {name}"));
    let from = head + readme[head..].find('\n').expect("the head is a line") + 1;
    from..from + readme[from..].find("<!-- end -->").expect("the part ends")
}

/// Compares a part of the README with what it should be, or writes it where that is asked for.
fn holds(name: &str, right: &str) {
    holds_in("README.md", name, right);
}

/// The same for a part of any page.
pub(crate) fn holds_in(page: &str, name: &str, right: &str) {
    // Tests run beside each other, and each may write its part.
    static PAGES: std::sync::Mutex<()> = std::sync::Mutex::new(());
    let _alone = PAGES.lock();
    let mut text = fs::read_to_string(path(page)).expect("there is the page");
    let range = part(&text, name);
    if std::env::var_os("RINGER_UPDATE_DOCS").is_some() {
        text.replace_range(range, right);
        fs::write(path(page), text).expect("the page can be written");
    } else {
        assert_eq!(&text[range], right, "RINGER_UPDATE_DOCS=1 cargo test writes {page} anew");
    }
}

#[test]
fn the_table_of_scenarios_is_that_of_the_code() {
    let rows = ringer::bundled_scenarios().into_iter();
    let rows = rows.map(|s| format!("| `{}` | {} | {} |\n", s.name, s.summary, s.catches));
    let head = "| scenario | story | the client's bug that it catches |\n|---|---|---|\n";
    holds("scenarios", &(head.to_owned() + &rows.collect::<String>()));
}

#[test]
fn the_tables_of_errors_on_demand_are_those_of_the_code() {
    let mut keys = "| api_key | every call is |\n|---|---|\n".to_owned();
    for (key, code) in API_KEYS {
        let (status, code_) = (code.status(), code.as_str());
        let only = if code == ErrorCode::InsufficientBalance { ", rentals only" } else { "" };
        keys += &format!("| `{key}` | {status} {code_}{only} |\n");
    }
    holds("magic-keys", &keys);

    let server = start(Server::builder());
    let client = Client::new(&server, "docs");
    let mut countries = "| country | listed with | rentNumber |\n|---|---|---|\n".to_owned();
    for country in Country::on_demand() {
        let listed = client.get(&format!("/getNumbers?api_key=docs&country={country}"));
        let available = listed.available(country.as_str());
        let what = country.name().trim_start_matches("On demand: ");
        // The replies of these two come late, or not at all.
        let refused = match country.as_str() {
            "XT" | "XH" => String::new(),
            code => client.rent(code).code().to_owned(),
        };
        let done = if refused.is_empty() { "rents" } else { refused.as_str() };
        countries += &format!("| `{country}` | {available} | {done}: {what} |\n");
    }
    holds("magic-countries", &countries);

    let mut faults = "| fault | what the client sees |\n|---|---|\n".to_owned();
    for fault in WireFault::ALL {
        faults += &format!("| `{}` | {} |\n", fault.name(), fault.meaning());
    }
    holds("wire-faults", &faults);
}

#[test]
fn the_header_that_asks_for_an_error_gets_it() {
    let server = start(Server::builder());
    let call = "-i -H 'Prefer: error=NO_NUMBERS' 'URL/getNumbers?api_key=demo'";
    let curl = format!("curl -s {}", call.replace("URL", &server.url()));
    let reply = Command::new("sh").args(["-c", &curl]).output().expect("curl runs").stdout;
    let reply = String::from_utf8(reply).expect("it is text").replace('\r', "");
    // When it was sent is another each time, and the order of headers too.
    let (head, body) = reply.split_once("\n\n").expect("a head and a body");
    let status = head.lines().next().expect("a status line");
    let applied = head.lines().find(|line| line.starts_with("preference-applied"));
    let applied = applied.expect("it says what was applied");
    let call = call.replace("URL", "http://127.0.0.1:7464");
    let shown = format!("$ curl {call}\n{status}\n{applied}\n…\n\n{body}\n");
    holds("prefer", &format!("```console\n{shown}```\n"));
}

#[test]
fn what_the_guides_quote_from_the_source_stands_there() {
    let mut quotes = 0;
    for guide in ["docs/adding-a-fault.md", "docs/adding-a-scenario.md"] {
        let text = fs::read_to_string(path(guide)).expect("there is a guide");
        for part in text.split("<!-- quoted from ").skip(1) {
            let (file, rest) = part.split_once(" -->\n```rust,ignore\n").expect("code follows");
            let (code, _) = rest.split_once("```").expect("the code ends");
            let source = fs::read_to_string(path(file)).expect("there is the source");
            assert!(source.contains(code), "{guide}: {file} does not say\n{code}");
            quotes += 1;
        }
    }
    assert_eq!(quotes, 3);
}

#[test]
fn the_example_of_a_scenario_of_ones_own_is_the_one_that_is_built_and_run() {
    let example = fs::read_to_string(path("examples/own_scenario.rs")).expect("it is there");
    let (_, code) = example.split_once("\n\n").expect("a blank line follows its head");
    holds("example", &format!("```rust,no_run\n{code}```\n"));
}

/// Runs the lines of a part in a shell that finds `ringer`, with these variables set.
fn run_lines(name: &str, variables: &[(&str, String)]) -> String {
    run_lines_of("README.md", name, variables)
}

/// The same for a part of any page.
pub(crate) fn run_lines_of(page: &str, name: &str, variables: &[(&str, String)]) -> String {
    let readme = fs::read_to_string(path(page)).expect("there is the page");
    let lines = &readme[part(&readme, name)];
    let script = lines.trim_start_matches("```sh\n").trim_end_matches("```\n");
    let folder = std::env::temp_dir().join(format!("ringer-{name}-{}", std::process::id()));
    fs::create_dir_all(&folder).expect("a folder of its own");
    let ringer = PathBuf::from(env!("CARGO_BIN_EXE_ringer"));
    let search = std::env::var("PATH").unwrap_or_default();
    let search = format!("{}:{search}", ringer.parent().expect("it is in a folder").display());
    let mut shell = Command::new("sh");
    shell.args(["-ec", script]).current_dir(&folder).env("PATH", search);
    shell.envs(variables.iter().map(|(name, value)| (name, value)));
    let output = shell.output().expect("the shell runs");
    let _ = fs::remove_dir_all(&folder);
    assert!(output.status.success(), "{output:?}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn the_lines_for_a_ci_pipeline_run() {
    assert!(run_lines("ci", &[]).contains("\"status\":\"success\""));
}

/// A client that rents again where no reply came, polls once and goes.
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
    holds("run-report", &format!("```console\n{call}\n{report}\n```\n"));
}

#[test]
fn the_lines_for_the_control_api_run() {
    let server = start(Server::builder());
    let variables = [("RINGER_URL", server.url()), ("RINGER_ADMIN_URL", server.admin_url())];
    let said = run_lines("control", &variables);
    assert!(said.contains("\"expected_code\":\""), "{said}");
    assert!(said.contains("\"holds\":true"), "{said}");
}

#[test]
fn the_table_of_errors_is_that_of_the_code() {
    let rows = ErrorCode::ALL.into_iter();
    let rows = rows
        .map(|code| format!("| {} | {} | {} |\n", code.status(), code.as_str(), code.meaning()));
    let head = "| status | code | meaning |\n|---|---|---|\n";
    holds("errors", &(head.to_owned() + &rows.collect::<String>()));
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
    holds("operations", &table);
}

#[test]
fn the_flags_are_those_of_the_command_line() {
    let help = Command::new(env!("CARGO_BIN_EXE_ringer")).args(["serve", "--help"]).output();
    let help = String::from_utf8(help.expect("it runs").stdout).expect("it is text");
    holds("help", &format!("```text\n{}\n```\n", help.trim_end()));
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
    holds("transcript", &(shown + "```\n"));
}

#[test]
fn the_fault_rules_that_are_shown_are_rules() {
    let readme = fs::read_to_string(path("README.md")).expect("there is a README");
    let part = &readme[part(&readme, "fault-rules")];
    let rules: Vec<&str> = part.lines().filter(|line| line.starts_with('{')).collect();
    assert_eq!(rules.len(), 7);
    for rule in rules {
        let _: FaultRule =
            FaultRule::from_json(rule).unwrap_or_else(|problem| panic!("{rule}: {problem}"));
    }
}
