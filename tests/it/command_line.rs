//! The `ringer` command as a user types it.

use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use crate::support::Client;

fn ringer() -> Command {
    clean(Command::new(env!("CARGO_BIN_EXE_ringer")))
}

/// The example of a user's own `ringer`, which cargo builds beside the tests.
fn example() -> PathBuf {
    let target = Path::new(env!("CARGO_BIN_EXE_ringer")).parent().expect("it is in a folder");
    let example = target.join("examples").join("own_scenario");
    assert!(example.is_file(), "`cargo test` builds the examples, `cargo test --test it` does not");
    example
}

/// A command that no setting of whoever runs the tests reaches.
fn clean(mut command: Command) -> Command {
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("RINGER_")) {
        command.env_remove(name);
    }
    command
}

fn run(mut command: Command) -> (Option<i32>, String, String) {
    let Output { status, stdout, stderr } = command.output().expect("it runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("it prints text");
    (status.code(), text(stdout), text(stderr))
}

/// A server process; it is killed where a test fails.
struct Running {
    child: Child,
    stdout: BufReader<std::process::ChildStdout>,
    url: String,
    greeting: String,
}

impl Running {
    fn start(mut command: Command) -> Self {
        command.args(["--port", "0"]).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("it runs");
        let mut stdout = BufReader::new(child.stdout.take().expect("it is piped"));
        let mut greeting = String::new();
        while !greeting.ends_with("Ready.\n") {
            assert_ne!(stdout.read_line(&mut greeting).expect("it is text"), 0, "{greeting}");
        }
        let first = greeting.lines().next().unwrap_or_default();
        let url = first.strip_prefix("ringer listening on ").expect("the first line").to_owned();
        Self { child, stdout, url, greeting }
    }

    fn client(&self, key: &str) -> Client {
        Client::at(&self.url, key)
    }

    fn signal(&self, name: &str) {
        let id = self.child.id().to_string();
        let sent = Command::new("kill").args(["-s", name, &id]).status().expect("kill runs");
        assert!(sent.success());
    }

    /// Waits for the end; gives the exit code, what stdout said last, and the log.
    fn wait(mut self) -> (Option<i32>, String, String) {
        let mut log = String::new();
        let mut stderr = self.child.stderr.take().expect("it is piped");
        stderr.read_to_string(&mut log).expect("it is text");
        let mut rest = String::new();
        self.stdout.read_to_string(&mut rest).expect("it is text");
        (self.child.wait().expect("it ends").code(), rest, log)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

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
fn sigterm_and_sigint_end_it_with_0_also_while_clients_keep_connections() {
    for signal in ["TERM", "INT"] {
        let running = Running::start(ringer());
        assert_eq!(running.client("ci").get_numbers().status, 200);
        running.signal(signal);
        let (code, _, log) = running.wait();
        assert_eq!(code, Some(0), "{log}");
        assert!(log.contains(&format!("SIG{signal}: answering what is in flight")), "{log}");
    }
}

#[test]
fn the_log_has_one_line_a_request_with_the_reason_of_a_refusal_and_no_key() {
    let secret = "sk-secret-0123456789";
    let running = Running::start(ringer());
    let client = running.client(secret);
    let id = client.rent_for("DE", "a\nb").rental_id();
    client.poll(&id);
    client.cancel(&id);
    client.rent("XX");
    running.client(&format!("{secret}@p4ssw0rd")).get_numbers();
    client.get(&format!("/getNumbers?api_key={secret}{}", "x".repeat(200)));
    client.get(&format!("/{secret}"));
    running.signal("TERM");
    let (_, _, log) = running.wait();
    let lines: Vec<&str> = log.lines().collect();
    assert_eq!(lines.len(), 8, "{log}");
    for (line, said) in lines.iter().zip([
        "POST /rentNumber country=DE service=\"a\\nb\" -> 200 rent_",
        "-> 200 no SMS yet",
        "-> 200 refund 0.08",
        "POST /rentNumber -> 400 UNKNOWN_COUNTRY: country \"XX\" is not",
        "GET /getNumbers -> 401 INVALID_API_KEY: ",
        "GET /getNumbers -> 401 INVALID_API_KEY: api_key has 220 bytes",
    ]) {
        assert!(line.contains(said), "{said} in {line}");
    }
    assert!(lines[0].contains(" sk…"), "{}", lines[0]);
    for hidden in ["secret", "p4ssw0rd"] {
        let in_key = lines[..6].iter().any(|line| line.contains(hidden));
        assert!(!in_key, "{hidden} in {log}");
    }
}

#[test]
fn the_log_can_be_switched_off_and_a_wrong_filter_is_explained() {
    let mut quiet = ringer();
    quiet.env("RINGER_LOG", "off");
    let running = Running::start(quiet);
    running.client("ci").get_numbers();
    running.signal("TERM");
    assert_eq!(running.wait(), (Some(0), String::new(), String::new()));

    let mut wrong = ringer();
    wrong.args(["--log", "loud"]);
    let (code, _, told) = run(wrong);
    assert_eq!(code, Some(2));
    assert!(told.contains("--log \"loud\" is no filter"), "{told}");
}

#[test]
fn flags_and_environment_variables_set_the_same_and_flags_win() {
    let mut by_environment = ringer();
    by_environment.env("RINGER_SCENARIO", "documentation").env("RINGER_API_KEY", "a,b");
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
    let all = ringer::scenarios::all();
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
fn ready_waits_for_a_server_and_says_why_it_gave_up() {
    let running = Running::start(ringer());
    let mut ready = ringer();
    ready.args(["ready", "--url", &format!("{}/", running.url), "--timeout", "30s"]);
    assert_eq!(run(ready), (Some(0), String::new(), String::new()));

    let nobody = std::net::TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr());
    let url = format!("http://{}", nobody.expect("a free port"));
    let mut ready = ringer();
    ready.args(["ready", "--url", &url, "--timeout", "50ms"]);
    let (code, _, told) = run(ready);
    assert_eq!(code, Some(1));
    assert!(told.contains(&format!("{url} was not ready within 50ms")), "{told}");
}

#[test]
fn ready_goes_on_asking_a_server_that_is_not_ready_yet() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("it is bound");
    let mut ready = ringer();
    ready.args(["ready", "--url", &format!("http://{address}"), "--timeout", "30s"]);
    let mut waiting = ready.spawn().expect("it runs");
    drop(listener.accept().expect("it asks"));
    for status in ["503 Service Unavailable", "200 OK"] {
        let (mut socket, _) = listener.accept().expect("it asks again");
        let _ = socket.read(&mut [0; 1_024]).expect("it sends a request");
        let reply = format!("HTTP/1.1 {status}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
        socket.write_all(reply.as_bytes()).expect("it reads");
    }
    assert_eq!(waiting.wait().expect("it ends").code(), Some(0));
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
