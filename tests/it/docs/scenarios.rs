//! docs/scenarios.md, and the ten scenarios of the README.

use ringer::Server;
use ringer::scenario::Scenario;

use super::{holds_in, run_lines_of, text};
use crate::support::start;

const PAGE: &str = "docs/scenarios.md";

/// The scenarios to begin with.
const TEN: [&str; 10] = [
    "happy-path",
    "slow-sms",
    "no-sms-expires",
    "cancel-refund",
    "out-of-stock",
    "two-sms-second-good",
    "tricky-codes",
    "rent-reply-lost",
    "cdn-html-error",
    "rate-limited",
];

fn table(scenarios: &[Scenario]) -> String {
    let rows = scenarios.iter();
    let rows = rows.map(|s| format!("| `{}` | {} | {} |\n", s.name, s.summary, s.catches));
    let head = "| scenario | story | the client bug that it catches |\n|---|---|---|\n";
    head.to_owned() + &rows.collect::<String>()
}

#[test]
fn the_table_of_scenarios_is_that_of_the_code() {
    let all = ringer::bundled_scenarios();
    assert!(text(PAGE).contains(&format!("the {} bundled scenarios", all.len())));
    assert!(text("README.md").contains(&format!("There are {}, and", all.len())));
    holds_in(PAGE, "scenarios", &table(&all));
}

#[test]
fn the_ten_scenarios_of_the_readme_are_those_of_the_code() {
    let all = ringer::bundled_scenarios().into_iter();
    let ten: Vec<Scenario> = all.filter(|scenario| TEN.contains(&&*scenario.name)).collect();
    assert_eq!(ten.len(), TEN.len());
    holds_in("README.md", "ten-scenarios", &table(&ten));
}

#[test]
fn the_example_of_a_scenario_of_ones_own_is_the_one_that_is_built_and_run() {
    let example = text("examples/own_scenario.rs");
    let (_, code) = example.split_once("\n\n").expect("a blank line follows its head");
    holds_in(PAGE, "example", &format!("```rust,no_run\n{code}```\n"));
}

#[test]
fn the_lines_that_send_a_scenario_as_json_run() {
    let server = start(Server::builder());
    let said = run_lines_of(PAGE, "json", &[("RINGER_ADMIN_URL", server.admin_url())]);
    assert!(said.contains("\"scenario\":\"slow-sms\""), "{said}");
}
