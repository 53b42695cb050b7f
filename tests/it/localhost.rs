//! `localhost` is both 127.0.0.1 and ::1, for whoever listens there and for whoever asks.

use std::net::{Ipv6Addr, TcpListener};

use ringer::{Server, StartError};

use crate::process::{Running, ringer};
use crate::support::{Client, start};

fn has_ipv6() -> bool {
    TcpListener::bind((Ipv6Addr::LOCALHOST, 0)).is_ok()
}

#[test]
fn a_server_on_localhost_answers_in_both_families_on_one_port() {
    let server = start(Server::builder().host("localhost"));
    assert!(server.url().starts_with("http://127.0.0.1:"), "{}", server.url());
    assert_eq!(server.admin_token(), None, "nobody else reaches it");
    let url = server.url().replace("127.0.0.1", "[::1]");
    for url in [server.url(), url].iter().take(if has_ipv6() { 2 } else { 1 }) {
        assert_eq!(Client::at(url, "ci").get_numbers().status, 200, "{url}");
        assert_eq!(Client::at(url, "ci").get("/__admin/sandboxes").status, 200, "{url}");
    }
    // Both lead to the same sandboxes.
    let sandboxes = Client::new(&server, "ci").get("/__admin/sandboxes").json;
    assert_eq!(sandboxes.as_array().map(Vec::len), Some(1), "{sandboxes}");
}

#[test]
fn the_control_api_on_localhost_answers_in_both_families_too() {
    let server = start(Server::builder().admin_address("LocalHost", 0));
    assert_eq!(server.admin_token(), None, "nobody else reaches it");
    let url = server.admin_url().trim_end_matches("/__admin").to_owned();
    let other = url.replace("127.0.0.1", "[::1]");
    for url in [url, other].iter().take(if has_ipv6() { 2 } else { 1 }) {
        assert_eq!(Client::at(url, "ci").get("/__admin/sandboxes").status, 200, "{url}");
    }
}

#[test]
fn a_port_taken_in_one_address_family_is_not_free() {
    let Ok(taken) = TcpListener::bind((Ipv6Addr::LOCALHOST, 0)) else {
        // There is one family only, and nothing to hold.
        return assert!(!has_ipv6());
    };
    let port = taken.local_addr().expect("it is bound").port();
    let failed = Server::builder().host("localhost").port(port).start();
    let Err(StartError::Listen { source, .. }) = failed else { panic!("{failed:?}") };
    assert_eq!(source.kind(), std::io::ErrorKind::AddrInUse);
}

#[test]
fn the_command_says_where_it_is_and_stops_in_both_families() {
    let mut command = ringer();
    command.args(["--host", "localhost"]);
    let running = Running::start(command);
    let address = running.address();
    assert!(address.starts_with("127.0.0.1:"), "{address}");
    assert_eq!(running.client("ci").get_numbers().status, 200);
    running.signal("TERM");
    assert_eq!(running.wait().0, Some(0));
    for address in [address.clone(), address.replace("127.0.0.1", "[::1]")] {
        assert!(std::net::TcpStream::connect(&address).is_err(), "{address}");
    }
}
