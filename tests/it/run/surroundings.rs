//! What a command finds: the environment, the server, its own input and output.

use std::collections::HashMap;
use std::io::Write;
use std::process::Stdio;

use super::{FINE, run_shell};
use crate::process::{ringer, run};
use crate::support::Client;

/// The variables that a command is given.
fn variables(flags: &[&str]) -> HashMap<String, String> {
    let (code, stdout, told) = run(run_shell(flags, "env | grep ^RINGER_"));
    assert_eq!(code, Some(0), "{told}");
    let pairs = stdout.lines().filter_map(|line| line.split_once('='));
    pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

#[test]
fn the_command_is_told_where_the_server_is_and_which_key_to_use() {
    let told = variables(&[]);
    let url = &told["RINGER_URL"];
    assert!(url.starts_with("http://127.0.0.1:") && !url.ends_with(":7464"), "{url}");
    assert_eq!(told["RINGER_ADMIN_URL"], format!("{url}/__admin"));
    assert_eq!(told["RINGER_API_KEY"], "ringer-run");
    assert_eq!(told["RINGER_RUN_ID"].len(), 32);
    assert_eq!(told["RINGER_ALLOW_EMPTY"], "true", "which this test sets");
    assert_eq!(told.len(), 5, "no token where none is needed: {told:?}");

    let told = variables(&["--api-key", "first", "--api-key", "second"]);
    assert_eq!(told["RINGER_API_KEY"], "first");
    let told = variables(&["--admin-addr", "127.0.0.1:0"]);
    assert_ne!(told["RINGER_ADMIN_URL"], format!("{}/__admin", told["RINGER_URL"]));
}

#[test]
fn a_token_is_handed_on_whether_it_was_given_or_made_up() {
    assert_eq!(variables(&["--admin-token", "t0ken"])["RINGER_ADMIN_TOKEN"], "t0ken");
    let ask = "curl -s -o /dev/null -w '%{http_code} ' \"$RINGER_ADMIN_URL/sandboxes\"
        curl -s -w ' %{http_code}' \"$RINGER_ADMIN_URL/sandboxes\" \
            -H \"Authorization: Bearer $RINGER_ADMIN_TOKEN\"";
    for flags in [&["--admin-token", "t0ken"], &["--host", "0.0.0.0"]] {
        let (code, stdout, told) = run(run_shell(flags, ask));
        assert_eq!((code, stdout.as_str()), (Some(0), "401 [] 200"), "{flags:?}: {told}");
    }
    let told = variables(&["--host", "0.0.0.0"]);
    assert!(told["RINGER_URL"].starts_with("http://127.0.0.1:"), "{told:?}");
    assert_eq!(told["RINGER_ADMIN_TOKEN"].len(), 32, "{told:?}");
}

#[test]
fn runs_beside_each_other_take_ports_of_their_own_and_a_port_that_is_said_is_taken() {
    let inner = format!("{} run -- printenv RINGER_URL", env!("CARGO_BIN_EXE_ringer"));
    let (code, stdout, told) = run(run_shell(&[], &format!("printenv RINGER_URL; {inner}")));
    assert_eq!(code, Some(0), "{told}");
    let urls: Vec<&str> = stdout.lines().collect();
    assert_eq!(urls.len(), 2, "{stdout}");
    assert_ne!(urls[0], urls[1]);

    let free = std::net::TcpListener::bind("127.0.0.1:0").and_then(|it| it.local_addr());
    let port = free.expect("a free port").port().to_string();
    let (_, stdout, _) = run(run_shell(&["--port", &port], "printenv RINGER_URL"));
    assert_eq!(stdout, format!("http://127.0.0.1:{port}\n"));
}

#[test]
fn the_flags_of_the_server_hold() {
    let script = "curl -fsS \"$RINGER_URL/rentNumber\" -d api_key=\"$RINGER_API_KEY\" -d country=US
        curl -sS \"$RINGER_URL/getNumbers?api_key=stranger\"";
    let flags =
        ["--scenario", "documentation", "--api-key", "docs", "--fail-on", "never", "--seed", "3"];
    let (code, stdout, told) = run(run_shell(&flags, script));
    assert_eq!(code, Some(0), "{told}");
    assert!(stdout.contains("+14155552671") && stdout.contains("INVALID_API_KEY"), "{stdout}");
    assert!(told.contains(" on documentation: "), "{told}");
}

#[test]
fn input_and_output_are_the_commands_own_and_the_report_comes_after_on_stderr() {
    let script = format!("cat; printf 'a\\nb\\377'; echo first >&2; {FINE}; echo last >&2");
    let mut command = run_shell(&[], &script);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("it runs");
    child.stdin.take().expect("it is piped").write_all(b"read ").expect("it reads");
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(output.stdout, b"read a\nb\xff");
    let told = String::from_utf8(output.stderr).expect("it is text");
    assert!(told.starts_with("first\nlast\n\nringer-run on happy-path: "), "{told}");
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn arguments_reach_the_command_as_they_are_also_those_that_look_like_flags() {
    let mut command = ringer();
    command.args(["run", "--", "printf", "%s.", "--fail-on", "a b", "", "--", "*"]);
    assert_eq!(run(command).1, "--fail-on.a b..--.*.");
}

#[test]
fn a_command_that_stops_the_server_by_itself_still_gets_its_report() {
    let script = format!("{FINE}; curl -fsS -o /dev/null -X POST \"$RINGER_ADMIN_URL/shutdown\"");
    let (code, _, told) = run(run_shell(&[], &script));
    assert_eq!(code, Some(0), "{told}");
    assert!(told.contains("  getNumbers    1 success\n"), "{told}");
}

#[test]
fn the_server_is_gone_when_the_command_is() {
    let (_, stdout, _) = run(run_shell(&[], "printenv RINGER_URL"));
    let address = stdout.trim().trim_start_matches("http://").to_owned();
    assert!(std::net::TcpStream::connect(address).is_err(), "something listens there still");
}

#[test]
fn a_server_that_is_known_by_its_variables_can_be_used_by_any_client() {
    let mut command = run_shell(&[], "printenv RINGER_URL; read line; exit 3");
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("it runs");
    let mut stdout = std::io::BufReader::new(child.stdout.take().expect("it is piped"));
    let mut url = String::new();
    std::io::BufRead::read_line(&mut stdout, &mut url).expect("it is text");
    assert_eq!(Client::at(url.trim(), "mine").get_numbers().status, 200);
    drop(child.stdin.take());
    assert_eq!(child.wait().expect("it ends").code(), Some(3));
}
