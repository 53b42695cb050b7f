//! ARCHITECTURE.md.

use std::collections::BTreeSet;
use std::fs;

use super::{path, text};

#[test]
fn the_map_has_every_module_of_the_library() {
    let entries = fs::read_dir(path("src")).expect("the folder is there");
    let names = entries.map(|entry| entry.expect("it can be read").file_name());
    let names = names.map(|name| name.to_string_lossy().trim_end_matches(".rs").to_owned());
    let mut modules: BTreeSet<String> =
        names.filter(|name| !["lib", "main"].contains(&&**name)).collect();
    // Its folder is at the root.
    modules.insert("scenarios".to_owned());

    let page = text("ARCHITECTURE.md");
    let (_, table) = page.split_once("| layer | module |").expect("there is a map");
    let rows = table.lines().skip(2).take_while(|line| line.starts_with('|'));
    let cells = rows.map(|row| row.split('|').nth(2).expect("a cell of modules"));
    let listed = cells.flat_map(|cell| cell.split('`').skip(1).step_by(2)).map(str::to_owned);
    assert_eq!(listed.collect::<BTreeSet<_>>(), modules);
}
