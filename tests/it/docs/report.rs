//! docs/report.md.

use ringer::Server;
use ringer::report::FindingId;
use strum::VariantArray;

use super::{run_lines_of, text};
use crate::support::{Client, start};

const PAGE: &str = "docs/report.md";

#[test]
fn the_table_of_findings_has_each_finding_with_its_severity() {
    let page = text(PAGE);
    let (_, table) = page.split_once("| finding | severity |").expect("there is a table");
    let rows = table.lines().skip(2).take_while(|line| line.starts_with('|'));
    let said = rows.map(|row| {
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        (cells[1].trim_matches('`').to_owned(), cells[2].to_owned())
    });
    let right = FindingId::VARIANTS.iter();
    let right = right.map(|id| (id.as_str().to_owned(), id.severity().as_str().to_owned()));
    assert_eq!(said.collect::<Vec<_>>(), right.collect::<Vec<_>>());
}

#[test]
fn the_lines_that_replay_a_capsule_run() {
    let server = start(Server::builder());
    Client::new(&server, "job-1").rent("US");
    let said = run_lines_of(PAGE, "replay", &[("RINGER_ADMIN_URL", server.admin_url())]);
    assert!(said.contains("1 request"), "{said}");
    let said = run_lines_of(PAGE, "capsule", &[("RINGER_ADMIN_URL", server.admin_url())]);
    assert!(said.contains("\"active_rentals\":1,\"requests\":1"), "{said}");
}
