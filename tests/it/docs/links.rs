//! The pages lead to each other, and to files that exist.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use super::{path, text};

/// Every page by its path from the root, without its blocks of code.
fn pages() -> BTreeMap<String, String> {
    let in_folder = |folder: &str| -> Vec<String> {
        let entries = fs::read_dir(path(folder)).expect("the folder is there");
        let names = entries.map(|entry| entry.expect("it can be read").file_name());
        let names = names.map(|name| format!("{folder}{}", name.to_string_lossy()));
        names.filter(|name| name.ends_with(".md")).collect()
    };
    let names = [in_folder(""), in_folder("docs/")].concat();
    names.into_iter().map(|name| (name.clone(), prose(&text(&name)))).collect()
}

/// The lines of a page outside its blocks of code.
fn prose(page: &str) -> String {
    let mut is_code = false;
    let is_prose = |line: &&str| {
        let is_fence = line.starts_with("```");
        is_code ^= is_fence;
        !is_code && !is_fence
    };
    page.lines().filter(is_prose).map(|line| format!("{line}\n")).collect()
}

/// Where the links and pictures of a page lead.
fn targets(page: &str) -> Vec<String> {
    let ends = [("](", ')'), ("src=\"", '"')];
    let each = ends.into_iter().flat_map(|(start, end)| {
        let rests = page.split(start).skip(1);
        rests.map(move |rest| rest.split(end).next().unwrap_or_default().to_owned())
    });
    each.filter(|target| !target.contains("://")).collect()
}

/// The path from the root that a link of a page leads to, and the heading there.
fn resolved(page: &str, target: &str) -> (String, Option<String>) {
    let (file, anchor) = target.split_once('#').map_or((target, None), |(f, a)| (f, Some(a)));
    let folder = page.rsplit_once('/').map_or("", |(folder, _)| folder);
    let file = match (file, file.strip_prefix("../")) {
        ("", _) => page.to_owned(),
        (_, Some(above)) => above.to_owned(),
        _ if folder.is_empty() => file.to_owned(),
        _ => format!("{folder}/{file}"),
    };
    // A folder shows its README.
    let file = if file.ends_with('/') { file + "README.md" } else { file };
    (file, anchor.map(str::to_owned))
}

/// The anchors of the headings of a page, as code hosts make them.
fn anchors(page: &str) -> BTreeSet<String> {
    let headings = page.lines().filter(|line| line.starts_with('#'));
    let titles = headings.map(|line| line.trim_start_matches('#').trim().to_lowercase());
    let is_kept = |c: &char| c.is_alphanumeric() || matches!(c, '-' | '_' | ' ');
    titles
        .map(|title| title.chars().filter(is_kept).collect::<String>().replace(' ', "-"))
        .collect()
}

#[test]
fn every_relative_link_leads_to_a_file_and_every_anchor_to_a_heading() {
    let pages = pages();
    let mut links = 0;
    for (page, text) in &pages {
        for target in targets(text) {
            links += 1;
            let (file, anchor) = resolved(page, &target);
            assert!(path(&file).exists(), "{page}: {target} leads nowhere");
            let Some(anchor) = anchor else { continue };
            let there = pages.get(&file).map(|text| anchors(text)).unwrap_or_default();
            assert!(there.contains(&anchor), "{page}: {target}, but {file} has {there:?}");
        }
    }
    assert!(links > 50, "only {links} links were seen: the test reads them wrongly");
}

#[test]
fn every_page_can_be_reached_from_the_readme() {
    let pages = pages();
    let mut reached = BTreeSet::new();
    let mut next = vec!["README.md".to_owned()];
    while let Some(page) = next.pop() {
        let Some(text) = pages.get(&page) else { continue };
        if reached.insert(page.clone()) {
            next.extend(targets(text).iter().map(|target| resolved(&page, target).0));
        }
    }
    let all: BTreeSet<String> = pages.into_keys().collect();
    assert_eq!(reached, all);
}

#[test]
fn every_page_of_docs_is_in_its_index_and_in_the_readme() {
    let pages = pages();
    for from in ["README.md", "docs/README.md"] {
        let linked = targets(&pages[from]);
        let linked: Vec<String> = linked.iter().map(|target| resolved(from, target).0).collect();
        for page in pages.keys().filter(|page| page.starts_with("docs/")) {
            assert!(page == from || linked.contains(page), "{from} has no link to {page}");
        }
    }
}

#[test]
fn every_source_file_that_a_page_names_exists() {
    const FOLDERS: [&str; 6] = ["src/", "tests/", "scenarios/", "examples/", "benches/", ".ci/"];
    let mut named = 0;
    for page in pages().into_keys() {
        let text = text(&page);
        let is_of_a_path = |c: char| c.is_alphanumeric() || matches!(c, '/' | '.' | '_' | '-');
        for word in text.split(|c| !is_of_a_path(c)) {
            let word = word.trim_end_matches('.');
            // The pages explain how to add this one.
            let is_new = word.contains("code_in_two_halves");
            if is_new || !FOLDERS.iter().any(|folder| word.starts_with(folder)) {
                continue;
            }
            named += 1;
            assert!(path(word).exists(), "{page} names {word}, which does not exist");
        }
    }
    assert!(named > 30, "only {named} paths were seen: the test reads them wrongly");
}
