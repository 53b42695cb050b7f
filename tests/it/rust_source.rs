//! A scenario as the Rust that builds it: the output for each bundled one, and for scenarios that
//! use every word of the vocabulary, is compiled here and builds the same.

use std::fs;
use std::process::Command;

use ringer::scenario::*;
use serde_json::json;

use crate::docs;
use crate::process::{ringer, run};
use crate::scenario_schema::everything;

mod generated {
    include!("golden/scenarios_in_rust.txt");
}

const FILE: &str = "tests/it/golden/scenarios_in_rust.txt";

/// The bundled scenarios, and some that say what none of them does.
fn scenarios() -> Vec<Scenario> {
    let read = |data: &serde_json::Value| {
        Scenario::from_json(&data.to_string()).unwrap_or_else(|problems| panic!("{problems:?}"))
    };
    let seldom = json!({
        "name": "match", "clock": {"mode": "scaled", "rate": 2.5, "now": "now"},
        "countries": [{"country": "DE", "price_per_sms": 0.012}],
        "rental": {"balance": 900_000_000.01, "time_to_live": "1500ms"},
        "faults": [
            {"where": ["getSMS"], "what": {"delay": "1m30s"}},
            {"where": ["getSMS"], "what": {"rate_limit": {"max": 1_000_000, "window": "2s"},
             "delay": "200ms"}},
            {"where": ["getNumbers", "rentNumber", "getSMS", "cancelNumber"], "when": {"nth":
             (1..=60).collect::<Vec<u32>>()}, "what": {"fault": "HANG"}},
        ],
        "shape": {"clock_skew": "2s"},
        "expects": [{"endpoint": "getSMS"}, {"code": "NO_NUMBERS", "count": 2},
                    {"endpoint": "rentNumber", "status": 502}, {"outcome": "no_reply", "hint": "wait"},
                    {"event": "delay"}],
    });
    let scaled = json!({
        "name": "2-steps", "clock": "scaled:60", "countries": [{"country": "DE"}],
        "scripts": [{"service": "Über uns", "variants": [{"weight": 0, "steps": []}, {"steps": [
            {"after": 1, "action": {"sms": {"text": "\"{code}\" \u{200f}是 \\ é\n".repeat(9)}}}]}]}],
    });
    let mut all = ringer::bundled_scenarios();
    all.extend([read(&everything()), read(&seldom), read(&scaled)]);
    all
}

fn in_rust(scenarios: &[Scenario]) -> String {
    let mut file = "use ringer::scenario::*;\n".to_owned();
    let mut calls = Vec::new();
    for scenario in scenarios {
        let text = scenario.to_rust();
        let function = text.strip_prefix("use ringer::scenario::*;\n").expect("its first line");
        let name = function.split("fn ").nth(1).and_then(|rest| rest.split('(').next());
        calls.push(format!("        {}(),\n", name.expect("a function")));
        file += &function.replace("\npub fn", "\npub(super) fn");
    }
    let calls = calls.concat();
    file + &format!("\npub(super) fn all() -> Vec<Scenario> {{\n    vec![\n{calls}    ]\n}}\n")
}

#[test]
fn the_rust_that_is_compiled_here_is_what_is_written_and_builds_the_same() {
    let (all, text) = (scenarios(), docs::text(FILE));
    if std::env::var_os("RINGER_UPDATE_DOCS").is_some() {
        fs::write(docs::path(FILE), in_rust(&all)).expect("it can be written");
        return;
    }
    assert_eq!(text, in_rust(&all), "RINGER_UPDATE_DOCS=1 cargo test rewrites {FILE}");
    for (built, scenario) in generated::all().into_iter().zip(all) {
        assert_eq!(built, scenario);
    }
}

#[test]
fn rustfmt_has_nothing_to_change() {
    let folder = std::env::temp_dir().join(format!("ringer-rust-{}", std::process::id()));
    fs::create_dir_all(&folder).expect("a folder of its own");
    let file = folder.join("scenarios.rs");
    fs::write(&file, in_rust(&scenarios())).expect("it can be written");
    let checked =
        Command::new("rustfmt").args(["--check", "--edition", "2024"]).arg(&file).output();
    let checked = checked.expect("rustfmt runs");
    let _ = fs::remove_dir_all(&folder);
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stdout));
}

#[test]
fn the_command_prints_the_rust_of_a_file() {
    let scenario = ringer::bundled_scenarios().remove(2);
    let file = std::env::temp_dir().join(format!("ringer-rust-{}.json", std::process::id()));
    fs::write(&file, serde_json::to_string(&scenario).expect("it is data")).expect("a file");
    let mut command = ringer();
    command.args(["scenarios", "--rust"]).arg(&file);
    let printed = run(command);
    fs::write(&file, "{}").expect("a file");
    let mut command = ringer();
    command.args(["scenarios", "--rust"]).arg(&file);
    let (code, _, told) = run(command);
    let _ = fs::remove_file(&file);
    assert_eq!(printed, (Some(0), scenario.to_rust(), String::new()));
    assert_eq!(code, Some(2), "{told}");
    assert!(told.contains(": name: `name` is missing"), "{told}");
}
