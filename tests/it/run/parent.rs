//! `ringer run` as the parent of whatever its command starts.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Command, Stdio};

use super::ends::Begun;
use super::run_shell;
use crate::process::{clean, ringer, run};

#[test]
#[cfg(target_os = "linux")]
fn an_orphan_is_gone_as_soon_as_it_has_ended_while_the_command_runs() {
    // The shell waits for a process that is not its child any more, by its id.
    let script = "id=$(sleep 600 >/dev/null & echo $!); kill $id
        while kill -0 $id 2>/dev/null; do :; done; echo gone; exit 6";
    let (code, said, told) = run(run_shell(&[], script));
    assert_eq!((code, said.as_str()), (Some(6), "gone\n"), "{told}");
}

#[test]
#[cfg(target_os = "linux")]
fn the_code_of_the_command_is_its_own_however_many_orphans_end_beside_it() {
    let orphans = "i=0; while [ $i -lt 200 ]; do (true & exit 3); i=$((i + 1)); done";
    for code in [0, 7] {
        let (ended, _, told) = run(run_shell(&[], &format!("{orphans}; exit {code}")));
        assert_eq!(ended, Some(code), "{told}");
    }
}

#[test]
fn a_second_signal_ends_a_command_that_ignores_the_first() {
    let deaf = "trap '' INT TERM; echo up; while :; do sleep 0.1; done";
    for (first, second) in [("INT", "TERM"), ("TERM", "INT")] {
        let begun = Begun::start(run_shell(&[], deaf));
        begun.signal(first);
        begun.signal(second);
        let (code, _, told) = begun.wait();
        assert_eq!(code, Some(137), "{told}");
        assert!(told.contains(" is passed on to the command; a second one kills it"), "{told}");
        assert!(told.contains(" again: killing the command"), "{told}");
        assert!(told.contains("ringer: no request came"), "the report comes all the same: {told}");
    }
    // The same one twice, by somebody who presses Ctrl-C until it helps.
    let mut begun = Begun::start(run_shell(&[], deaf));
    while begun.child.try_wait().expect("it is ours").is_none() {
        begun.signal("INT");
    }
    assert_eq!(begun.wait().0, Some(137));
}

#[test]
fn a_second_signal_ends_what_the_command_has_started_too() {
    let deaf = "trap '' INT TERM; setsid sh -c 'echo up; sleep 60; echo survived' & wait; wait";
    let begun = Begun::start(run_shell(&[], deaf));
    begun.signal("INT");
    begun.signal("TERM");
    let (code, rest, told) = begun.wait();
    assert_eq!((code, rest.as_str()), (Some(137), ""), "{told}");
}

#[test]
fn one_order_that_is_sent_to_the_process_and_its_group_is_no_second_signal() {
    let script = "trap 'sleep 0.1; exit 7' TERM; echo up; while :; do sleep 600 & wait; done";
    let begun = Begun::start(run_shell(&[], script));
    let id = begun.child.id().to_string();
    let sent = Command::new("kill").args(["-s", "TERM", &id, &id, &id, &id]).status();
    assert!(sent.expect("kill runs").success());
    let (code, _, told) = begun.wait();
    assert_eq!(code, Some(7), "{told}");
}

#[test]
#[cfg(target_os = "linux")]
fn at_a_terminal_a_second_ctrl_c_ends_a_command_that_ignores_the_first() {
    // It tells of each Ctrl-C a while later: signals that come together count as one.
    let deaf = "trap \"sleep 0.3; echo told\" INT; echo up; while :; do sleep 0.1; done";
    let line = format!("exec {} run -- sh -c '{deaf}'", env!("CARGO_BIN_EXE_ringer"));
    let mut terminal = clean(Command::new("script"));
    terminal.args(["-qec", &line, "/dev/null"]);
    terminal.stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = terminal.spawn().expect("it runs");
    let mut screen = BufReader::new(child.stdout.take().expect("it is piped"));
    let mut keyboard = child.stdin.take().expect("it is piped");
    let mut shown = String::new();
    for waits_for in ["up", "told"] {
        while !shown.ends_with(&format!("{waits_for}\r\n")) {
            assert_ne!(screen.read_line(&mut shown).expect("it is text"), 0, "{shown}");
        }
        keyboard.write_all(b"\x03").expect("the terminal reads");
    }
    let _ = screen.read_to_string(&mut shown);
    // What was said may have been lost: a terminal drops what it has not shown yet at each Ctrl-C.
    assert_eq!(child.wait().expect("it ends").code(), Some(137), "{shown}");
}

/// Scripts that would say so if they outlived `ringer run`.
const LASTING: [&str; 3] = [
    "echo up; sleep 60; echo survived",
    "(trap '' TERM HUP; echo up; sleep 60; echo survived) & wait",
    "setsid sh -c 'echo up; sleep 60; echo survived' & wait",
];

#[test]
#[cfg(target_os = "linux")]
fn the_command_and_all_that_it_has_started_die_with_a_run_that_is_killed_hard() {
    for script in LASTING {
        let begun = Begun::start(run_shell(&[], script));
        assert_eq!(begun.first, "up");
        begun.signal("KILL");
        let (code, rest, _) = begun.wait();
        assert_eq!((code, rest.as_str()), (None, ""), "{script}");
    }
}

#[test]
#[cfg(target_os = "linux")]
fn an_orphan_of_the_command_dies_with_a_run_that_is_killed_hard() {
    let script = "(setsid sh -c 'echo up; sleep 60; echo survived' &); sleep 60";
    let begun = Begun::start(run_shell(&[], script));
    begun.signal("KILL");
    assert_eq!(begun.wait().1, "");
}

#[test]
#[cfg(target_os = "linux")]
fn it_does_not_matter_how_soon_a_run_is_killed() {
    for _ in 0..20 {
        let mut command = run_shell(&[], "sleep 60; echo survived");
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().expect("it runs");
        child.kill().expect("it is ours");
        let mut said = String::new();
        let mut stdout = child.stdout.take().expect("it is piped");
        stdout.read_to_string(&mut said).expect("it is text");
        child.wait().expect("it ends");
        assert_eq!(said, "");
    }
}

#[test]
#[cfg(target_os = "linux")]
fn a_run_inside_a_run_dies_with_it_and_so_does_its_command() {
    let inner = format!("{} run -- sh -c '{}'", env!("CARGO_BIN_EXE_ringer"), LASTING[0]);
    let begun = Begun::start(run_shell(&[], &inner));
    assert_eq!(begun.first, "up");
    begun.signal("KILL");
    assert_eq!(begun.wait().1, "");
}

#[test]
#[cfg(target_os = "linux")]
fn a_run_that_ends_leaves_other_runs_alone() {
    let mut other = Begun::start(run_shell(&[], "echo up; sleep 60; echo survived"));
    assert_eq!(other.first, "up");
    assert_eq!(run(run_shell(&[], "true")).0, Some(0));
    assert!(other.child.try_wait().expect("it is ours").is_none());
    other.signal("TERM");
    assert_eq!(other.wait().0, Some(143));
}

#[test]
fn no_proxy_is_asked_for_the_server_and_what_was_excepted_before_still_is() {
    let told = |variables: &[(&str, &str)]| {
        let mut command = run_shell(&[], "echo \"$NO_PROXY\"; echo \"$no_proxy\"");
        command.env_remove("NO_PROXY").env_remove("no_proxy").envs(variables.iter().copied());
        let (code, said, told) = run(command);
        assert_eq!(code, Some(0), "{told}");
        said.lines().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(told(&[]), ["127.0.0.1", "127.0.0.1"]);
    let of = "db.internal,.example.com";
    let with = "db.internal,.example.com,127.0.0.1";
    assert_eq!(told(&[("NO_PROXY", of)]), [with, with]);
    assert_eq!(told(&[("no_proxy", of)]), [with, with]);
    assert_eq!(told(&[("NO_PROXY", "a"), ("no_proxy", "b")]), ["a,127.0.0.1", "b,127.0.0.1"]);
    assert_eq!(told(&[("NO_PROXY", "127.0.0.1, x")]), ["127.0.0.1, x", "127.0.0.1, x"]);
    assert_eq!(told(&[("NO_PROXY", "*")]), ["*", "*"]);

    // A client that honours proxies reaches the server past one that does not answer.
    let script = "curl -fsS \"$RINGER_URL/getNumbers?api_key=$RINGER_API_KEY\"";
    let mut command = run_shell(&[], script);
    command.env("http_proxy", "http://127.0.0.1:1").env("ALL_PROXY", "http://127.0.0.1:1");
    command.env_remove("NO_PROXY").env_remove("no_proxy");
    let (code, said, told) = run(command);
    assert_eq!(code, Some(0), "{told}");
    assert!(said.contains("\"status\":\"success\""), "{said}");
}

#[test]
fn an_address_of_ipv6_is_excepted_with_and_without_brackets() {
    let mut command = ringer();
    command.env("RINGER_ALLOW_EMPTY", "true");
    command.args(["run", "--host", "::1", "--", "printenv", "NO_PROXY"]);
    command.env("NO_PROXY", "a").env_remove("no_proxy");
    let (code, said, told) = run(command);
    if told.contains("cannot listen on ::1") {
        // This machine has no such address.
        return assert!(std::net::TcpListener::bind("[::1]:0").is_err(), "{told}");
    }
    assert_eq!((code, said.as_str()), (Some(0), "a,::1,[::1]\n"), "{told}");
}
