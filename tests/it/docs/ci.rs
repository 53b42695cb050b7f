//! docs/ci.md, but for its recipes: those are run in `recipes.rs`.

use super::run_lines_of;

#[test]
fn the_lines_for_a_server_of_your_own_run() {
    let said = run_lines_of("docs/ci.md", "server", &[]);
    assert!(said.contains("\"status\":\"success\""), "{said}");
}
