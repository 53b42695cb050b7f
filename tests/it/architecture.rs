//! The rules of the house, held mechanically.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// The layers, lowest first. A module imports from lower layers and its own folder only.
const LAYERS: [&[&str]; 9] = [
    &["domain", "curl", "junit", "process_group"],
    // `check` stands so low that it sees values only, and cannot certify us by ourselves.
    &["scenario", "scenarios", "check"],
    &["sandbox"],
    &["journal"],
    &["report", "capsule"],
    &["registry"],
    &["http"],
    &["server"],
    &["cli"],
];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("the folder is there");
    let paths = entries.map(|entry| entry.expect("it can be read").path());
    paths
        .flat_map(|path| match path.is_dir() {
            true => rust_files(&path),
            false => vec![path],
        })
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .collect()
}

fn layer_of(module: &str) -> usize {
    let layer = LAYERS.iter().position(|modules| modules.contains(&module));
    layer.unwrap_or_else(|| panic!("{module} is in no layer; add it to LAYERS and lib.rs"))
}

/// The modules of the library that a file names: `crate::registry::…` names `registry`.
fn named_modules(text: &str) -> Vec<String> {
    let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
    let code: String = code.collect::<Vec<_>>().join("\n");
    let after = code.split("crate::").skip(1);
    let word = |rest: &str| rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
    after.map(word).filter(|name: &String| !name.is_empty()).collect()
}

#[test]
fn a_module_imports_from_lower_layers_and_its_own_folder_only() {
    let source = root().join("src");
    let mut seen = 0;
    for file in rust_files(&source) {
        let relative = file.strip_prefix(&source).expect("it is below src");
        let first = relative.components().next().expect("it has a name").as_os_str();
        let module = first.to_string_lossy().trim_end_matches(".rs").to_owned();
        if module == "lib" || module == "main" {
            continue;
        }
        let text = fs::read_to_string(&file).expect("it can be read");
        assert!(!text.contains("crate::{"), "{}: a line a module", relative.display());
        for named in named_modules(&text) {
            seen += 1;
            let allowed = named == module || layer_of(&named) < layer_of(&module);
            assert!(allowed, "{} is in a lower layer than {named}", relative.display());
        }
    }
    assert!(seen > 50, "only {seen} imports were seen: the test reads them wrongly");
}

#[test]
fn only_the_http_layer_knows_actix_and_only_two_files_read_the_clock() {
    for file in rust_files(&root().join("src")) {
        let name =
            file.strip_prefix(root()).expect("it is below the root").to_string_lossy().into_owned();
        let text = fs::read_to_string(&file).expect("it can be read");
        let knows = |what: &str| {
            text.lines().any(|l| !l.trim_start().starts_with("//") && l.contains(what))
        };
        if knows("actix_web::") || knows("actix_http::") || knows("actix_server::") {
            let allowed = ["src/http", "src/server/", "src/cli/serve.rs", "src/cli/run.rs"];
            assert!(allowed.iter().any(|place| name.starts_with(place)), "{name} knows actix");
        }
        if knows("Instant") || knows("SystemTime") {
            let allowed = ["src/registry/real_time.rs", "src/check/real_time.rs"];
            assert!(allowed.contains(&name.as_str()), "{name} reads the clock");
        }
    }
}

#[test]
fn check_reaches_the_server_by_http_and_imports_only_domain() {
    for file in rust_files(&root().join("src/check")) {
        let text = fs::read_to_string(&file).expect("it can be read");
        let code: Vec<&str> =
            text.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
        for module in named_modules(&text) {
            assert!(
                ["check", "domain", "curl", "junit", "process_group"].contains(&module.as_str()),
                "{}: {module}",
                file.display()
            );
        }
        for other in ["ringer::", "actix_", "tokio::", "extern crate"] {
            let names = code.iter().any(|line| line.contains(other));
            assert!(!names, "{} names {other}", file.display());
        }
    }
}

#[test]
fn no_source_file_is_longer_than_400_lines() {
    for folder in ["src", "scenarios", "tests", "benches", "examples"] {
        for file in rust_files(&root().join(folder)) {
            let lines = fs::read_to_string(&file).expect("it can be read").lines().count();
            assert!(lines <= 400, "{} has {lines} lines; split it along its nouns", file.display());
        }
    }
}

#[test]
fn every_bundled_scenario_has_a_file_and_a_test_of_its_name() {
    for scenario in ringer::bundled_scenarios() {
        let file = format!("{}.rs", scenario.name.replace('-', "_"));
        for folder in ["scenarios", "tests/it/scenarios"] {
            let path = root().join(folder).join(&file);
            assert!(path.is_file(), "{} is missing", path.display());
        }
    }
}

#[test]
fn every_route_is_guarded_unless_a_known_file_opens_it() {
    for file in rust_files(&root().join("src")) {
        let text = fs::read_to_string(&file).expect("it can be read");
        let makes_routes = ["web::resource(", ".route(", "web::get(", "#[get(", "#[post("];
        let makes_routes = makes_routes.iter().any(|call| text.contains(call));
        let name = file.strip_prefix(root()).expect("it is below the root");
        assert!(!makes_routes || name.ends_with("http/resource.rs"), "{}", name.display());
        let opened = text.matches(".open()").count();
        // GET and HEAD of health; what the rows of a path agree on; pages and documents.
        let is_known = match name.to_str().expect("it is ASCII").trim_start_matches("src/http/") {
            "control/routes.rs" => opened == 2,
            "route.rs" => opened == 1,
            "console/mod.rs" | "docs/mod.rs" | "listener.rs" => true,
            _ => opened == 0,
        };
        assert!(is_known, "{} opens a route", name.display());
    }
}

#[test]
fn no_two_types_share_a_name() {
    let mut declared: BTreeMap<String, Vec<PathBuf>> = BTreeMap::new();
    let files = rust_files(&root().join("src"));
    for file in
        files.into_iter().filter(|file| !file.components().any(|at| at.as_os_str() == "tests"))
    {
        let text = fs::read_to_string(&file).expect("it can be read");
        // What is indented is local, or an associated type.
        for line in text.lines().filter(|line| !line.starts_with(' ')) {
            let mut words = line.split(|c: char| !c.is_alphanumeric() && c != '_');
            let is_declared = |word: &str| ["struct", "enum", "trait", "type"].contains(&word);
            if !line.starts_with("//") && words.any(is_declared) {
                let Some(name) = words.next().filter(|name| !name.is_empty()) else { continue };
                declared.entry(name.to_owned()).or_default().push(file.clone());
            }
        }
    }
    assert!(declared.len() > 150, "only {} types were seen", declared.len());
    declared.retain(|_, files| files.len() > 1);
    assert!(declared.is_empty(), "{declared:#?}");
}
