//! The control API of the command: its flags, its token, its own address, its log.

use super::Admin;
use crate::process::{Running, ringer, run};
use crate::support::Client;

fn serve(arguments: &[&str]) -> Running {
    let mut command = ringer();
    command.args(arguments);
    Running::start(command)
}

fn local(running: &Running) -> Admin {
    Admin::at(&running.address().replace("0.0.0.0", "127.0.0.1"))
}

#[test]
fn a_public_address_has_a_token_that_is_printed_once() {
    let running = serve(&["--host", "0.0.0.0"]);
    let told = running.greeting.split_once("its token, shown only here: ").expect("a token").1;
    let token = told.lines().next().unwrap_or_default().to_owned();
    assert_eq!((token.len(), running.greeting.matches(&token).count()), (32, 1));
    let admin = local(&running);
    assert_eq!(admin.get("/health").status, 200);
    admin.put("/sandboxes/ci", "").problem(401);
    let right = admin.with(&format!("authorization: Bearer {token}"));
    right.put("/sandboxes/ci", "").ok();
    right.post("/shutdown", "");
    let (code, rest, log) = running.wait();
    assert_eq!((code, rest.as_str()), (Some(0), ""));
    assert!(!log.contains(&token), "{log}");
    assert!(log.contains("anyone who reaches 0.0.0.0:"), "{log}");
}

#[test]
fn a_given_token_is_required_and_not_printed() {
    let running = serve(&["--admin-token", "s3cret-token"]);
    assert!(!running.greeting.contains("token"), "{}", running.greeting);
    local(&running).get("/sandboxes").problem(401);
    let right = local(&running).with("authorization: Bearer s3cret-token");
    assert_eq!(right.get("/sandboxes").status, 200);

    let running = serve(&[]);
    assert!(!running.greeting.contains("token"), "a loopback address needs none");
    assert_eq!(local(&running).get("/sandboxes").status, 200);

    for (arguments, says) in [
        (["--admin-token", ""], "--admin-token: must be visible ASCII"),
        (["--admin-token", "a b"], "without spaces"),
        (["--admin-addr", "7465"], "127.0.0.1:7465 is right"),
        (["--admin-addr", ":7465"], "is not HOST:PORT"),
    ] {
        let mut command = ringer();
        command.args(arguments);
        let (code, _, told) = run(command);
        assert_eq!(code, Some(2), "{told}");
        assert!(told.contains(says), "{arguments:?}: {told}");
    }
}

#[test]
fn an_address_of_its_own_removes_it_from_the_partner_address() {
    let running = serve(&["--admin-addr", "127.0.0.1:0"]);
    let told = running.greeting.split_once("control API: http://").expect("its URL").1;
    let address = told.lines().next().and_then(|url| url.strip_suffix("/__admin")).expect("a URL");
    assert_ne!(address, running.address());
    let admin = Admin::at(address);
    admin.put("/sandboxes/ci", r#"{"scenario": "slow-sms"}"#).ok();
    let client = running.client("ci");
    assert_eq!(client.rent("US").status, 200);
    assert_eq!(admin.get("/sandboxes/ci").ok()["active_rentals"], 1, "the sandboxes are the same");
    let gone = local(&running).get("/health");
    assert_eq!((gone.status, &gone.json["code"]), (404, &"NOT_FOUND".into()));
    let partner = Client::at(&format!("http://{address}"), "ci").get_numbers();
    assert_eq!((partner.status, partner.code()), (404, "NOT_FOUND"));
}

#[test]
fn its_own_address_points_to_the_partner_api() {
    for host in ["127.0.0.1", "0.0.0.0"] {
        let running = serve(&["--host", host, "--admin-addr", "127.0.0.1:0"]);
        let told = running.greeting.split_once("control API: http://").expect("its URL").1;
        let address = told.lines().next().and_then(|url| url.strip_suffix("/__admin"));
        let client = Client::at(&format!("http://{}", address.expect("a URL")), "ci");
        // Where it is is a question of the name that was asked for, if any address will do.
        let partner = running.url.replace("0.0.0.0", "127.0.0.1");
        let asked =
            [("/getNumbers", "/getNumbers"), ("/getSMS?x=1", "/getSMS"), ("/getsms", "/getSMS")];
        for (path, right) in asked {
            let reply = client.get(path);
            assert_eq!((reply.status, reply.code()), (404, "NOT_FOUND"), "{path}");
            assert!(reply.message().ends_with(&format!("{partner}{right}")), "{}", reply.message());
        }
        for path in ["/rentNumber", "/cancelNumber"] {
            let reply = client.post(path, "application/json", "{}");
            assert!(reply.message().ends_with(&format!("{partner}{path}")), "{}", reply.message());
        }
        assert_eq!(Client::at(&partner, "ci").get_numbers().status, 200);
        assert!(!Client::at(&partner, "ci").get("/getnumbers").message().contains("http:"));
    }
}

#[test]
fn flags_allow_host_names_and_pages() {
    let origin = "http://localhost:3000";
    let running = serve(&["--admin-host", "a.test,b.test", "--admin-cors-origin", origin]);
    for (host, status) in [("a.test", 200), ("b.test:80", 200), ("c.test", 403)] {
        let answer = local(&running).with(&format!("host: {host}")).get("/sandboxes");
        assert_eq!(answer.status, status, "{host}");
    }
    let page = local(&running).with(&format!("origin: {origin}"));
    let answer = page.put("/sandboxes/ci", "");
    assert_eq!((answer.status, answer.header("access-control-allow-origin")), (200, Some(origin)));
}

#[test]
fn the_log_has_no_keys_from_paths_of_the_control_api() {
    let secret = "topsecretkey42";
    for arguments in [&[][..], &["--admin-addr", "127.0.0.1:0"]] {
        let mut all = vec!["--log", "debug"];
        all.extend_from_slice(arguments);
        let running = serve(&all);
        let told = running.greeting.split_once("control API: http://").expect("its URL").1;
        let address = told.lines().next().and_then(|url| url.strip_suffix("/__admin"));
        // On the wrong address, too.
        for admin in [Admin::at(address.expect("a URL")), local(&running)] {
            for (method, path, body) in [
                ("PUT", "", ""),
                ("GET", "/rentals", ""),
                ("PUT", "/clock", r#"{"mode": "frozen"}"#),
                ("POST", "/clock/advance", r#"{"by": 1}"#),
                ("POST", "/faults", "{"),
                ("GET", "/nothing", ""),
                ("POST", "/reset", ""),
                ("DELETE", "", ""),
            ] {
                admin.call(method, &format!("/sandboxes/{secret}{path}"), body);
            }
        }
        running.signal("TERM");
        let (_, _, log) = running.wait();
        assert!(log.contains("to…"), "its tag: {log}");
        assert!(!log.contains("secretkey"), "{log}");
    }
}
