//! However a path is spelt and wherever the server listens, nobody gets in without the token.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};

use ringer::scenario::FaultRule;
use ringer::{Server, ServerBuilder};

use super::Admin;
use crate::document::BOOK;
use crate::support::{Client, frozen, start};

const TOKEN: &str = "s3cret";

/// A server with something in it to find and to spoil.
struct Prepared {
    /// Keeps it running.
    _server: Server,
    address: String,
    insider: Admin,
    rental_id: String,
}

impl Prepared {
    fn on(builder: ServerBuilder) -> Self {
        let server = start(builder);
        let callable =
            |url: &str| url.replace("//0.0.0.0:", "//127.0.0.1:").replace("//[::]:", "//[::1]:");
        let rental_id = Client::at(&callable(&server.url()), "ci").rent("US").rental_id();
        let rule = r#"{"where": ["getSMS"], "what": {"error": "MAINTENANCE"}}"#;
        let rule = FaultRule::from_json(rule).expect("a rule");
        server.sandbox("ci").expect("it is there").faults().add(rule).expect("there is room");
        let address = callable(&server.admin_url());
        let address = address.trim_start_matches("http://").trim_end_matches("/__admin").to_owned();
        let insider = Admin::at(&address);
        let insider = match server.admin_token() {
            Some(token) => insider.with(&format!("authorization: Bearer {token}")),
            None => insider,
        };
        Self { _server: server, address, insider, rental_id }
    }

    /// All that a call could have changed.
    fn state(&self) -> Vec<String> {
        let sandbox = ["", "/clock", "/countries", "/faults", "/requests", "/rentals", "/report"];
        let sandbox = sandbox.map(|path| format!("/sandboxes/ci{path}"));
        let paths = ["/sandboxes", "/scenarios"].map(str::to_owned).into_iter().chain(sandbox);
        paths.map(|path| self.insider.get(&path).ok().to_string()).collect()
    }

    /// Every operation that is not open to all: its method and a path of it.
    fn closed_operations(&self) -> Vec<(String, String)> {
        let operations = BOOK.operations().into_iter();
        let closed = operations.filter(|(_, _, operation)| operation["security"].is_array());
        let filled = closed.map(|(path, method, _)| {
            let path = path.replace("{key}", "ci").replace("{rental_id}", &self.rental_id);
            let path = path.replace("{fault_id}", "fault_1").replace("{country}", "US");
            (method, path.replace("{name}", "happy-path").replace("{seq}", "1"))
        });
        filled.collect()
    }
}

/// One who has no token, or not the right one.
struct Outsider {
    address: String,
    connection: BufReader<TcpStream>,
    headers: &'static str,
}

impl Outsider {
    fn at(address: &str, headers: &'static str) -> Self {
        let connection = BufReader::new(TcpStream::connect(address).expect("it accepts"));
        Self { address: address.to_owned(), connection, headers }
    }

    fn status(&mut self, method: &str, target: &str) -> u16 {
        let request =
            format!("{method} {target} HTTP/1.1\r\n{}content-length: 0\r\n\r\n", self.headers);
        self.connection.get_mut().write_all(request.as_bytes()).expect("it reads");
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            let read = self.connection.read_line(&mut head).expect("it answers");
            assert_ne!(read, 0, "{method} {target}: {head}");
        }
        let head = head.to_lowercase();
        let status = head[9..12].parse().expect("a status");
        assert!(status >= 400, "{method} {target} with {:?}: {head}", self.headers);
        let length = head.split_once("content-length: ").expect("a length").1;
        let length: usize = length.lines().next().and_then(|l| l.parse().ok()).expect("a number");
        if method != "HEAD" {
            self.connection.read_exact(&mut vec![0; length]).expect("the body");
        }
        if head.contains("connection: close") {
            *self = Self::at(&self.address, self.headers);
        }
        status
    }
}

/// The path with each of its characters percent-encoded in turn, then with all of them.
fn encoded(path: &str) -> Vec<String> {
    let hex = |c: char| format!("%{:02X}", u32::from(c));
    let all = path.chars().map(|c| if c == '/' { c.to_string() } else { hex(c) }).collect();
    let mut spellings = vec![all];
    for (at, c) in path.char_indices().filter(|(_, c)| *c != '/') {
        let (before, after) = (&path[..at], &path[at + 1..]);
        spellings.push(format!("{before}{}{after}", hex(c)));
        spellings.push(format!("{before}{}{after}", hex(c).to_lowercase()));
    }
    spellings.dedup();
    spellings
}

/// Spellings that some routers take for the path.
fn twisted(path: &str) -> Vec<String> {
    let mut spellings = vec![path.to_uppercase()];
    for ending in ["/", "//", "/.", "/..", ";x=1", "%00", "%20", ".", "%3fx", "%23x"] {
        spellings.push(format!("{path}{ending}"));
    }
    for (at, c) in path.char_indices() {
        let (before, after) = (&path[..at], &path[at + 1..]);
        if c == '/' {
            for slash in ["//", "/./", "/x/../", "/%2e/", "%2f", "%2F", "\\", "%5c", "/;/"] {
                spellings.push(format!("{before}{slash}{after}"));
            }
        } else if c.is_ascii_lowercase() {
            spellings.push(format!("{before}{}{after}", c.to_ascii_uppercase()));
            spellings.push(format!("{before}%25{:02x}{after}", u32::from(c)));
        }
    }
    // What does not begin with a slash cannot be read at all.
    spellings.retain(|target| target.starts_with('/'));
    spellings
}

/// Tries every operation in every spelling. Where a spelling means the path, the refusal is
/// `refused`.
fn storm(prepared: &Prepared, headers: &'static str, refused: u16) {
    let mut outsider = Outsider::at(&prepared.address, headers);
    let operations = prepared.closed_operations();
    assert!(operations.len() >= 30, "{}", operations.len());
    for (method, path) in operations {
        let same = encoded(&path).into_iter();
        let absolute = format!("http://evil.example{path}");
        for target in same.chain([path.clone(), format!("{path}?x=1"), absolute]) {
            assert_eq!(outsider.status(&method, &target), refused, "{method} {target}");
        }
        for target in twisted(&path) {
            let status = outsider.status(&method, &target);
            assert!(status == refused || status == 404, "{method} {target}: {status}");
        }
    }
}

fn nobody_gets_in(builder: ServerBuilder) {
    let prepared = Prepared::on(builder);
    let before = prepared.state();
    storm(&prepared, "host: 127.0.0.1\r\n", 401);
    storm(&prepared, "host: 127.0.0.1\r\nauthorization: Bearer wrong\r\n", 401);
    assert_eq!(prepared.state(), before);
}

#[test]
fn a_loopback_address_with_a_token_admits_nobody_else() {
    nobody_gets_in(frozen().admin_token(TOKEN));
}

#[test]
fn all_addresses_with_a_generated_token_admit_nobody_else() {
    nobody_gets_in(frozen().host("0.0.0.0"));
}

#[test]
fn all_addresses_of_both_families_admit_nobody_else() {
    if TcpListener::bind("[::1]:0").is_ok() {
        nobody_gets_in(frozen().host("::"));
    }
}

#[test]
fn an_address_of_the_control_api_alone_admits_nobody_else() {
    nobody_gets_in(frozen().admin_address("127.0.0.1", 0).admin_token(TOKEN));
    nobody_gets_in(frozen().admin_address("0.0.0.0", 0));
}

#[test]
fn a_page_whose_name_was_rebound_to_us_is_not_admitted() {
    let prepared = Prepared::on(frozen());
    let before = prepared.state();
    storm(&prepared, "host: evil.example\r\n", 403);
    // A target that names a host counts, and its Host does not.
    let mut outsider = Outsider::at(&prepared.address, "host: 127.0.0.1\r\n");
    assert_eq!(outsider.status("GET", "http://evil.example/__admin/sandboxes"), 403);
    assert_eq!(prepared.state(), before);
}

#[test]
fn the_partner_address_does_not_serve_a_control_api_that_has_its_own() {
    let server = start(frozen().admin_address("127.0.0.1", 0));
    let mut outsider = Outsider::at(&server.address().to_string(), "host: 127.0.0.1\r\n");
    for target in ["/__admin/sandboxes", "/%5f%5fadmin/sandboxes", "//__admin/sandboxes"] {
        assert_eq!(outsider.status("GET", target), 404, "{target}");
    }
}

#[test]
fn only_health_and_the_documents_need_no_token() {
    let operations = BOOK.operations().into_iter();
    let open = operations.filter(|(_, _, operation)| !operation["security"].is_array());
    let open = open.filter(|(_, _, operation)| operation["tags"][0] != "partner");
    let mut open: Vec<String> = open.map(|(path, ..)| path).collect();
    open.dedup();
    assert_eq!(open, ["/__admin/health", "/docs", "/openapi.json"]);
}

#[test]
fn no_method_and_no_request_target_bypasses_the_token() {
    let prepared = Prepared::on(frozen().admin_token(TOKEN));
    let before = prepared.state();
    let mut outsider = Outsider::at(&prepared.address, "host: 127.0.0.1\r\n");
    for method in ["HEAD", "OPTIONS", "TRACE", "CONNECT", "BREW", "get", "PROPFIND"] {
        for path in ["/__admin", "/__admin/", "/__admin/sandboxes", "/__admi%6e/shutdown"] {
            assert_eq!(outsider.status(method, path), 401, "{method} {path}");
        }
    }
    for target in ["*", "/", "//", "/%2f%2e%2e%2f__admin/sandboxes", "/docs/../__admin/sandboxes"] {
        assert_eq!(outsider.status("OPTIONS", target), 404, "{target}");
        assert_eq!(outsider.status("GET", target), 404, "{target}");
    }
    assert_eq!(prepared.state(), before);
}
