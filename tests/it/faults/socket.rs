//! A client that sees every byte, and how a connection ends.

use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use ringer::Sandbox;
use ringer::Server;
use ringer::scenario::{Effect, FaultRule};
use serde_json::Value;

/// How a connection ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// In good order: a FIN.
    Closed,
    /// By a TCP reset.
    Reset,
}

/// A reply as it came, byte for byte.
#[derive(Clone, Debug)]
pub(super) struct Raw {
    pub(super) status: u16,
    pub(super) head: String,
    pub(super) body: String,
}

impl Raw {
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        let prefix = format!("{name}: ");
        self.head.lines().find_map(|line| line.strip_prefix(&prefix))
    }

    pub(super) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// A reply whose body need not be whole.
    pub(super) fn of(bytes: &[u8]) -> Self {
        let text = String::from_utf8(bytes.to_vec()).expect("the reply is text");
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or_else(|| panic!("{text:?}"));
        let status = head.get(9..12).and_then(|status| status.parse().ok());
        assert!(head.starts_with("HTTP/1.1 "), "{head}");
        Self { status: status.expect("a status"), head: head.to_owned(), body: body.to_owned() }
    }
}

/// A connection of a client.
pub(super) struct Socket {
    stream: TcpStream,
    unread: Vec<u8>,
}

impl Socket {
    pub(super) fn open(server: &Server) -> Self {
        Self::at(server.address())
    }

    pub(super) fn at(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).expect("the server accepts");
        // Nothing takes that long: a test that waits so long has failed.
        stream.set_read_timeout(Some(Duration::from_secs(20))).expect("it can be set");
        Self { stream, unread: Vec::new() }
    }

    pub(super) fn send(&mut self, request: &str) {
        self.stream.write_all(request.as_bytes()).expect("the server reads");
    }

    pub(super) fn say_no_more(&self) {
        self.stream.shutdown(Shutdown::Write).expect("it is open");
    }

    pub(super) fn port(&self) -> u16 {
        self.stream.local_addr().expect("it is open").port()
    }

    /// Reads once; `None` at the end.
    fn read(&mut self) -> Result<(), End> {
        let mut buffer = [0; 65_536];
        match self.stream.read(&mut buffer) {
            Ok(0) => Err(End::Closed),
            Ok(read) => {
                self.unread.extend_from_slice(&buffer[..read]);
                Ok(())
            }
            Err(error) if error.kind() == ErrorKind::ConnectionReset => Err(End::Reset),
            Err(error) => panic!("{error} after {:?}", String::from_utf8_lossy(&self.unread)),
        }
    }

    /// The next reply, which has a length and comes whole, and in how many reads it came.
    pub(super) fn reply_in_pieces(&mut self) -> (Raw, usize) {
        let mut reads = 0;
        loop {
            if let Some(end) = self.unread.windows(4).position(|part| part == b"\r\n\r\n") {
                let head = Raw::of(&self.unread[..end + 4]);
                let length = head.header("content-length").expect("it has a length");
                let whole = end + 4 + length.parse::<usize>().expect("it is a number");
                if self.unread.len() >= whole {
                    let reply: Vec<u8> = self.unread.drain(..whole).collect();
                    return (Raw::of(&reply), reads);
                }
            }
            if let Err(end) = self.read() {
                panic!("{end:?} in {:?}", String::from_utf8_lossy(&self.unread));
            }
            reads += 1;
        }
    }

    pub(super) fn reply(&mut self) -> Raw {
        self.reply_in_pieces().0
    }

    /// What has come once this is among it.
    pub(super) fn so_far(&mut self, mark: &[u8]) -> String {
        while !self.unread.windows(mark.len()).any(|part| part == mark) {
            assert_eq!(self.read(), Ok(()));
        }
        String::from_utf8_lossy(&self.unread).into_owned()
    }

    /// All that still comes, and how it ends.
    pub(super) fn rest(&mut self) -> (Vec<u8>, End) {
        loop {
            if let Err(end) = self.read() {
                return (std::mem::take(&mut self.unread), end);
            }
        }
    }

    /// Whether nothing comes, no end either, for as long as this.
    pub(super) fn is_silent_for(&mut self, span: Duration) -> bool {
        self.stream.set_read_timeout(Some(span)).expect("it can be set");
        let read = self.stream.read(&mut [0; 1]);
        self.stream.set_read_timeout(Some(Duration::from_secs(20))).expect("it can be set");
        matches!(read, Err(error) if error.kind() == ErrorKind::WouldBlock)
    }
}

/// Opens a connection, sends this, and reads to the end.
pub(super) fn exchange(server: &Server, request: &str) -> (Vec<u8>, End) {
    let mut socket = Socket::open(server);
    socket.send(request);
    socket.rest()
}

/// A GET and a POST that are answered, both with and without keep-alive.
pub(super) fn requests(key: &str) -> [String; 4] {
    let close = "connection: close\r\n";
    [get_numbers(key, ""), get_numbers(key, close), rent(key, ""), rent(key, close)]
}

pub(super) fn get_numbers(key: &str, headers: &str) -> String {
    format!("GET /getNumbers?api_key={key} HTTP/1.1\r\nhost: a\r\n{headers}\r\n")
}

pub(super) fn rent(key: &str, headers: &str) -> String {
    post("/rentNumber", headers, &format!(r#"{{"api_key":"{key}","country":"US"}}"#))
}

pub(super) fn cancel(key: &str, rental_id: &str) -> String {
    let body = format!(r#"{{"api_key":"{key}","rental_id":"{rental_id}"}}"#);
    post("/cancelNumber", "", &body)
}

fn post(path: &str, headers: &str, body: &str) -> String {
    format!(
        "POST {path} HTTP/1.1\r\nhost: a\r\n{headers}content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
}

pub(super) fn sandbox(server: &Server, key: &str) -> Sandbox {
    server.sandbox(key).expect("the key is good")
}

/// The sandbox of this key, with this rule.
pub(super) fn with_fault(server: &Server, key: &str, rule: FaultRule) -> Sandbox {
    let sandbox = sandbox(server, key);
    sandbox.faults().add(rule).expect("there is room");
    sandbox
}

/// All that can happen on the wire after which a connection is over, but a hang.
pub(super) fn ends() -> [Effect; 5] {
    use ringer::scenario::*;
    [
        Effect::connection_reset_by_peer(),
        Effect::empty_response(),
        Effect::random_data_then_close(),
        Effect::truncated_body(0.5),
        Effect::malformed_response_chunk(),
    ]
}

/// All of it.
pub(super) fn all_wire_faults() -> Vec<Effect> {
    use ringer::scenario::*;
    [ends().as_slice(), &[Effect::dribble(real_millis(40)), Effect::hang()]].concat()
}

/// Waits until a condition holds that no event announces: looks at it again and again, but leaves
/// the processor to the server in between. Fails where it never holds.
pub(crate) fn until(what: &str, holds: impl Fn() -> bool) {
    for _ in 0..10_000 {
        if holds() {
            return;
        }
        std::thread::park_timeout(Duration::from_millis(2));
    }
    panic!("never: {what}");
}

#[expect(clippy::disallowed_methods, reason = "a test measures what a client would")]
pub(crate) fn now() -> Instant {
    Instant::now()
}
