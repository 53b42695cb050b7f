//! A key that looks like one of production opens nothing, and is shown and logged nowhere.

use super::caller::Caller;
use crate::process::{Running, ringer, run};
use crate::support::{frozen, start};

const KEYS: [&str; 7] = [
    "live_51Hs0mething",
    "LIVE_51Hs0mething",
    "sk_live_51Hs0mething",
    "Sk_Live_51Hs0mething",
    "prod_51Hs0mething",
    "PROD_51Hs0mething@slow-sms",
    "live_51Hs0mething@slow-sms",
];

#[test]
fn a_key_of_production_is_refused_with_the_reason_at_every_endpoint() {
    for magic in [true, false] {
        let server = start(frozen().on_demand_errors(magic));
        for key in KEYS {
            let client = Caller::new(&server, key);
            let replies =
                [client.list(), client.rent("US"), client.poll("rent_1"), client.cancel("rent_1")];
            for reply in replies {
                assert_eq!((reply.status, reply.code()), (401, "INVALID_API_KEY"), "{key}");
                let message = reply.json["message"].as_str().unwrap_or_default();
                assert!(message.contains("as production keys do"), "{message}");
                assert!(message.contains("check which environment"), "{message}");
                assert!(!reply.text.contains("51Hs0mething"), "{}", reply.text);
            }
            assert!(server.sandbox(key).is_err(), "it has no sandbox");
        }
        for key in ["alive_1", "live", "liv_e", "my_live_key", "sk_test_1", "production"] {
            assert_eq!(Caller::new(&server, key).list().status, 200, "{key}");
        }
    }
}

#[test]
fn a_key_of_production_is_never_logged_not_even_as_a_fingerprint() {
    for no_magic in [false, true] {
        let mut command = ringer();
        command.args(["--log", "debug"]);
        if no_magic {
            command.arg("--no-magic");
        }
        let running = Running::start(command);
        let mut lines = 0;
        for key in KEYS.into_iter().chain(["live_1"]) {
            let client = running.client(key);
            client.get_numbers();
            client.rent_for("US", key);
            client.poll(key);
            client.get(&format!("/getNumbers?api_key={key}&{key}=1"));
            client.post("/rentNumber", "text/plain", key);
            lines += 4;
        }
        running.signal("TERM");
        let (code, _, log) = running.wait();
        assert_eq!(code, Some(0));
        for hidden in ["51Hs0mething", "live_1"] {
            assert!(!log.contains(hidden), "{hidden} in {log}");
        }
        let told = log.lines().filter(|line| line.contains("(production key) ")).count();
        assert_eq!(told, lines, "{log}");
    }
}

#[test]
fn a_key_of_production_is_not_logged_where_it_stands_in_the_place_of_something_else() {
    let running = Running::start(ringer());
    let client = running.client("ci-1");
    for key in KEYS {
        client.rent_for("US", key);
        client.poll(key);
        client.get(&format!("/getNumbers?api_key=ci-1&country={key}"));
        client.get(&format!("/getNumbers?api_key=ci-1&country={key}.51Hs0mething~51Hs0mething"));
        client.get(&format!("/{key}"));
        client.get(&format!("/getNumbers/{key}"));
    }
    running.signal("TERM");
    let (_, _, log) = running.wait();
    assert!(log.contains("POST /rentNumber"), "{log}");
    assert!(!log.contains("51Hs0mething"), "{log}");
}

#[test]
fn a_server_that_is_to_admit_a_key_of_production_does_not_start_and_does_not_print_it() {
    for key in KEYS {
        let refused = frozen().api_key(key).start().expect_err("it must not start");
        let message = format!("{refused} {refused:?}");
        assert!(message.contains("api_key:") && message.contains("production"), "{message}");
        assert!(!message.contains("51Hs0mething"), "{message}");
    }
    let mut by_flag = ringer();
    by_flag.args(["--port", "0", "--api-key", KEYS[0]]);
    let mut by_variable = ringer();
    by_variable.args(["--port", "0", "--no-magic"]).env("RINGER_ALLOWED_API_KEYS", KEYS[2]);
    for command in [by_flag, by_variable] {
        let (code, stdout, stderr) = run(command);
        assert_eq!(code, Some(2), "{stderr}");
        assert!(stderr.contains("as production keys do"), "{stderr}");
        assert!(!stdout.contains("51Hs0mething") && !stderr.contains("51Hs0mething"), "{stderr}");
    }
}
