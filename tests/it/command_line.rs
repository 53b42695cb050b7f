//! The `ringer` command as a user types it.

use std::io::Write;
use std::process::Command;

use crate::process::{Running, clean, example, ringer, run};

#[test]
fn serve_prints_its_url_and_how_to_try_it_and_what_it_prints_works() {
    let running = Running::start(ringer());
    assert!(running.url.starts_with("http://127.0.0.1:"), "{}", running.url);
    let tries: Vec<&str> = running.greeting.lines().filter(|l| l.starts_with("  curl ")).collect();
    assert_eq!(tries.len(), 4, "one for each endpoint: {}", running.greeting);
    let mut rental_id = String::new();
    for line in tries {
        let line = line.replace("RENTAL_ID", &rental_id).replace("curl ", "curl -s ");
        let mut shell = Command::new("sh");
        shell.args(["-c", &line]);
        let (code, reply, _) = run(shell);
        assert_eq!(code, Some(0), "{line}");
        let reply: serde_json::Value = serde_json::from_str(&reply).expect("it is JSON");
        assert_eq!(reply["status"], "success", "{line}");
        rental_id = reply["rental_id"].as_str().map_or(rental_id, str::to_owned);
    }
}

#[test]
fn sigterm_sigint_and_sighup_end_it_with_0_also_while_clients_keep_connections() {
    for signal in ["TERM", "INT", "HUP"] {
        let running = Running::start(ringer());
        assert_eq!(running.client("ci").get_numbers().status, 200);
        running.signal(signal);
        let (code, _, log) = running.wait();
        assert_eq!(code, Some(0), "{log}");
        assert!(log.contains(&format!("SIG{signal}: finishing the requests in flight")), "{log}");
    }
}

#[test]
fn flags_and_environment_variables_set_the_same_and_flags_win() {
    let mut by_environment = ringer();
    by_environment.env("RINGER_SCENARIO", "documentation").env("RINGER_ALLOWED_API_KEYS", "a,b");
    let running = Running::start(by_environment);
    assert_eq!(running.client("b").rent("US").json["number"], "+14155552671");
    assert_eq!(running.client("c").get_numbers().code(), "INVALID_API_KEY");

    let mut by_flag = ringer();
    by_flag.env("RINGER_SCENARIO", "documentation");
    by_flag.args(["serve", "--scenario", "happy-path", "--strict", "--clock", "per_poll:10s"]);
    let running = Running::start(by_flag);
    let client = running.client("ci");
    let id = client.rent("US").rental_id();
    assert_eq!(client.poll(&id).texts().len(), 1);
    assert_eq!(client.rent("us").code(), "INVALID_REQUEST");
}

#[test]
fn a_wrong_flag_ends_with_2_and_the_nearest_right_one() {
    for (arguments, said) in [
        (&["serve", "--scenario", "hapy-path"][..], "did you mean \"happy-path\"?"),
        (&["--clock", "frozn"], "did you mean frozen?"),
        (&["--scenaro", "x"], "--scenario"),
        (&["--port", "99999"], "99999"),
        (&["--host", "999.0.0.1"], "cannot listen on 999.0.0.1:7464"),
        (&["scenarios", "hapy-path"], "did you mean \"happy-path\"?"),
        (&["ready", "--url", "ftp://x"], "http://127.0.0.1:7464"),
        (&["--workers", "513"], "1..=512"),
        (&["--clock", "per_poll:0s"], "use frozen for a clock that stands still"),
        (&["--api-key", "a@b"], "leave it out"),
        (&["--host", "999.0.0.1"], "--host takes an address of this machine"),
        (&["sever"], "serve"),
    ] {
        let mut command = ringer();
        command.args(arguments);
        let (code, _, told) = run(command);
        assert_eq!(code, Some(2), "{arguments:?}: {told}");
        assert!(told.contains(said), "{arguments:?}: {told}");
    }
}

#[test]
fn scenarios_lists_all_and_tells_one_as_text_and_as_json() {
    let of = |arguments: &[&str]| {
        let mut command = ringer();
        command.arg("scenarios").args(arguments);
        let (code, stdout, stderr) = run(command);
        assert_eq!((code, stderr.as_str()), (Some(0), ""));
        stdout
    };
    let all = ringer::bundled_scenarios();
    let list = of(&[]);
    for scenario in &all {
        assert!(list.lines().any(|l| l.starts_with(&format!("{} ", scenario.name))), "{list}");
    }
    let lines: serde_json::Value = serde_json::from_str(&of(&["--json"])).expect("it is JSON");
    assert_eq!(lines.as_array().map(Vec::len), Some(all.len()));
    assert_eq!(lines[0]["name"], "happy-path");

    assert!(
        of(&["happy-path"]).contains("+8s  an SMS from the service"),
        "{}",
        of(&["happy-path"])
    );
    let whole: ringer::scenario::Scenario =
        serde_json::from_str(&of(&["happy-path", "--json"])).expect("it is a scenario");
    assert_eq!(whole, all[0]);
}

#[test]
fn health_tells_the_version_and_the_default_scenario() {
    let running = Running::start(ringer());
    let health = running.client("ci").get("/__admin/health").json;
    assert_eq!(
        (&health["status"], &health["default_scenario"]),
        (&"healthy".into(), &"happy-path".into())
    );
    assert_eq!(health["version"], env!("CARGO_PKG_VERSION"));
    assert!(health["uptime_seconds"].is_u64(), "{health}");
}

#[test]
fn a_ringer_with_scenarios_of_ones_own_is_five_lines() {
    let mut own = clean(Command::new(example()));
    own.args(["--scenario", "two-countries-one-code", "--clock", "per_poll:3s"]);
    let running = Running::start(own);
    let client = running.client("ci");
    let (silent, heard) = (client.rent("DE").rental_id(), client.rent("SE").rental_id());
    let told = client.poll(&heard);
    assert_eq!(told.json["messages"][0]["sender"], "Bank");
    assert!(told.texts()[0].starts_with("TAN "), "{told:?}");
    assert_eq!(client.poll(&silent).texts().len(), 0);

    let mut list = clean(Command::new(example()));
    list.arg("scenarios");
    let listed = run(list).1;
    let line = listed.lines().find(|line| line.starts_with("two-countries-one-code "));
    assert!(line.is_some_and(|line| line.contains("Germany never gets an SMS")), "{listed}");
}

#[test]
fn a_second_signal_ends_it_at_once_and_says_so() {
    let running = Running::start(ringer());
    let mut half = std::net::TcpStream::connect(running.address()).expect("it accepts");
    half.write_all(b"POST /rentNumber HTTP/1.1\r\nhost: a\r\ncontent-length: 9\r\n\r\n")
        .expect("it reads");
    running.client("ci").get_numbers();
    running.signal("TERM");
    // Once it listens no more, it waits for the half request: then the second signal counts.
    while std::net::TcpStream::connect(running.address()).is_ok() {}
    running.signal("INT");
    let (code, _, log) = running.wait();
    assert_eq!(code, Some(1), "{log}");
    assert!(log.contains("SIGINT again: stopping at once"), "{log}");
}

#[test]
fn health_answers_head_and_refuses_post_with_allow() {
    let running = Running::start(ringer());
    let url = format!("{}/__admin/health", running.url);
    let head = ureq::head(&url).call().expect("it answers");
    assert_eq!(head.status().as_u16(), 200);
    let refused = running.client("ci").post("/__admin/health", "text/plain", "");
    assert_eq!((refused.status, refused.allow.as_deref()), (405, Some("GET, HEAD")));
    assert_eq!(refused.json["status"], 405);
}
