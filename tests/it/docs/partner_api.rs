//! docs/partner-api.md.

use ringer::scenario::ErrorCode;

use super::holds_in;

#[test]
fn the_table_of_errors_is_that_of_the_code() {
    let rows = ErrorCode::ALL.into_iter();
    let rows = rows
        .map(|code| format!("| {} | {} | {} |\n", code.status(), code.as_str(), code.meaning()));
    let head = "| status | code | meaning |\n|---|---|---|\n";
    holds_in("docs/partner-api.md", "errors", &(head.to_owned() + &rows.collect::<String>()));
}
