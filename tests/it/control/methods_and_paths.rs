//! Which methods each resource answers, and what there is not.

use super::play;

/// All resources, each with what `Allow` says.
const RESOURCES: [(&str, &str); 22] = [
    ("/health", "GET, HEAD"),
    ("/scenarios", "GET, HEAD, POST"),
    ("/scenarios/schema", "GET, HEAD"),
    ("/scenarios/happy-path", "GET, HEAD, DELETE"),
    ("/sandboxes", "GET, HEAD"),
    ("/reset", "POST"),
    ("/events", "GET, HEAD"),
    ("/metrics", "GET, HEAD"),
    ("/shutdown", "POST"),
    ("/sandboxes/ci", "GET, HEAD, PUT, DELETE"),
    ("/sandboxes/ci/reset", "POST"),
    ("/sandboxes/ci/clock", "GET, HEAD, PUT"),
    ("/sandboxes/ci/clock/advance", "POST"),
    ("/sandboxes/ci/countries", "GET, HEAD"),
    ("/sandboxes/ci/countries/US", "PATCH"),
    ("/sandboxes/ci/rentals", "GET, HEAD"),
    ("/sandboxes/ci/rentals/rent_1", "GET, HEAD"),
    ("/sandboxes/ci/rentals/rent_1/messages", "POST"),
    ("/sandboxes/ci/faults", "GET, HEAD, POST, DELETE"),
    ("/sandboxes/ci/faults/fault_1", "DELETE"),
    ("/sandboxes/ci/requests", "GET, HEAD, DELETE"),
    ("/sandboxes/ci/events", "GET, HEAD"),
];

#[test]
fn a_path_refuses_other_methods_and_names_its_own() {
    let (_server, admin, _) = play("happy-path");
    for (path, allow) in RESOURCES.into_iter().chain([("/sandboxes/ci/verify", "POST")]) {
        let answered: Vec<&str> = allow.split(", ").collect();
        for method in ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "BREW"] {
            if answered.contains(&method) {
                continue;
            }
            let answer = admin.call(method, path, "");
            assert_eq!(answer.status, 405, "{method} {path}");
            assert_eq!(answer.header("allow"), Some(allow), "{method} {path}");
            if method != "HEAD" {
                assert!(answer.problem(405).contains(allow), "{method} {path}");
            }
        }
    }
    assert_eq!(admin.get("/sandboxes").list().len(), 0, "nothing was done");
}

#[test]
fn what_there_is_not_is_404_and_what_there_is_is_named() {
    let (_server, admin, client) = play("happy-path");
    client.get_numbers();
    for path in [
        "",
        "/",
        "/nothing",
        "/nothing/",
        "/Health",
        "/sandboxes/ci/nothing",
        "/sandboxes/ci/clock/back",
        "/sandboxes/ci/rentals/a/b/c",
    ] {
        for method in ["GET", "POST", "DELETE"] {
            let told = admin.call(method, path, "{}").problem(404);
            assert!(told.contains(path), "{method} {path}: {told}");
            assert!(told.contains("health") || told.contains("rentals"), "{method} {path}: {told}");
        }
    }
}

#[test]
fn a_path_with_a_trailing_slash_is_refused_with_a_hint() {
    let (_server, admin, _) = play("happy-path");
    for (path, _) in RESOURCES {
        for slash in ["/", "//"] {
            let path = format!("{path}{slash}");
            let told = admin.get(&path).problem(404);
            let right = format!("there is no /__admin{path}; drop the trailing slash");
            assert_eq!(told, right);
        }
    }
}

#[test]
fn a_sandbox_that_nobody_made_is_404_for_who_looks() {
    let (_server, admin, _) = play("happy-path");
    for path in ["", "/clock", "/countries", "/rentals", "/rentals/rent_1", "/faults", "/requests"]
    {
        let told = admin.get(&format!("/sandboxes/ghost{path}")).problem(404);
        assert!(told.contains("no sandbox of this api_key yet"), "{path}: {told}");
    }
    for (method, path) in [
        ("DELETE", ""),
        ("DELETE", "/faults"),
        ("DELETE", "/faults/fault_1"),
        ("DELETE", "/requests"),
    ] {
        admin.call(method, &format!("/sandboxes/ghost{path}"), "").problem(404);
    }
    let sms = r#"{"text": "x"}"#;
    admin.post("/sandboxes/ghost/rentals/rent_1/messages", sms).problem(404);
    assert_eq!(admin.get("/sandboxes").list().len(), 0, "to look makes none");
}

#[test]
fn preparing_a_sandbox_creates_it() {
    let (_server, admin, _) = play("happy-path");
    let made = [
        ("PUT", "a", "", "{}", 200),
        ("PUT", "b", "/clock", r#"{"mode": "frozen"}"#, 200),
        ("POST", "c", "/clock/advance", r#"{"by": 1}"#, 200),
        ("PATCH", "d", "/countries/US", r#"{"available": 1}"#, 200),
        ("POST", "e", "/faults", r#"{"where": ["getSMS"], "what": {"error": "MAINTENANCE"}}"#, 201),
        ("POST", "f", "/verify", r#"{"count": {"max": 0}}"#, 200),
        ("POST", "g", "/reset", "", 200),
    ];
    for (method, key, path, body, status) in made {
        let answer = admin.call(method, &format!("/sandboxes/{key}{path}"), body);
        assert_eq!(answer.status, status, "{answer:?}");
    }
    drop(admin.listen("/sandboxes/g/events"));
    let keys: Vec<_> = admin.get("/sandboxes").list();
    let keys: Vec<&str> = keys.iter().filter_map(|view| view["api_key"].as_str()).collect();
    assert_eq!(keys, ["a", "b", "c", "d", "e", "f", "g"]);
}
