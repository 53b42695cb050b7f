//! A client that hears exactly what comes over the wire, be it good HTTP or not.

use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use ringer::Server;
use serde_json::Value;

/// A client that opens a connection for each request and asks for it to be closed.
#[derive(Clone)]
pub(super) struct Socket {
    address: SocketAddr,
    key: String,
    timeout: Duration,
}

/// What was heard until the connection ended, or nothing came for too long.
#[derive(Debug)]
pub(super) struct Heard {
    text: String,
    /// In how many reads it came.
    pub(super) pieces: usize,
    /// How it ended, if not in good order.
    pub(super) error: Option<ErrorKind>,
}

impl Socket {
    pub(super) fn new(server: &Server, key: &str) -> Self {
        Self { address: server.address(), key: key.to_owned(), timeout: Duration::from_secs(10) }
    }

    /// How long it waits for the next bytes.
    pub(super) fn read_timeout(mut self, millis: u64) -> Self {
        self.timeout = Duration::from_millis(millis);
        self
    }

    fn exchange(&self, head: &str, body: &str) -> Heard {
        let mut stream = TcpStream::connect(self.address).expect("the server accepts");
        stream.set_read_timeout(Some(self.timeout)).expect("a timeout above 0");
        let request = format!("{head}host: partner\r\nconnection: close\r\n\r\n{body}");
        stream.write_all(request.as_bytes()).expect("the server reads");
        let (mut bytes, mut pieces, mut buffer) = (Vec::new(), 0, [0; 4_096]);
        let error = loop {
            match stream.read(&mut buffer) {
                Ok(0) => break None,
                Ok(read) => bytes.extend_from_slice(&buffer[..read]),
                Err(error) => break Some(error.kind()),
            }
            pieces += 1;
        };
        Heard { text: String::from_utf8_lossy(&bytes).into_owned(), pieces, error }
    }

    /// `parameters` begins with `&` where there are any.
    pub(super) fn get(&self, path: &str, parameters: &str) -> Heard {
        self.exchange(&format!("GET {path}?api_key={}{parameters} HTTP/1.1\r\n", self.key), "")
    }

    pub(super) fn post(&self, path: &str, parameters: &str) -> Heard {
        self.post_body(path, &format!("api_key={}{parameters}", self.key))
    }

    /// Sends this and not even a key.
    pub(super) fn post_body(&self, path: &str, body: &str) -> Heard {
        let length = body.len();
        let form = "content-type: application/x-www-form-urlencoded";
        let head = format!("POST {path} HTTP/1.1\r\n{form}\r\ncontent-length: {length}\r\n");
        self.exchange(&head, body)
    }

    pub(super) fn rent(&self, country: &str) -> Heard {
        self.post("/rentNumber", &format!("&country={country}"))
    }

    pub(super) fn poll(&self, rental_id: &str) -> Heard {
        self.get("/getSMS", &format!("&rental_id={rental_id}"))
    }

    pub(super) fn cancel(&self, rental_id: &str) -> Heard {
        self.post("/cancelNumber", &format!("&rental_id={rental_id}"))
    }
}

impl Heard {
    fn head_and_body(&self) -> (&str, &str) {
        self.text.split_once("\r\n\r\n").unwrap_or((&self.text, ""))
    }

    /// None where nothing came that is HTTP.
    pub(super) fn status(&self) -> Option<u16> {
        self.text.strip_prefix("HTTP/1.1 ")?.get(..3)?.parse().ok()
    }

    pub(super) fn header(&self, name: &str) -> Option<&str> {
        let mut lines = self.head_and_body().0.lines().skip(1);
        lines.find_map(|line| {
            let (known, value) = line.split_once(": ")?;
            known.eq_ignore_ascii_case(name).then_some(value)
        })
    }

    pub(super) fn body(&self) -> &str {
        self.head_and_body().1
    }

    /// How long the head says that the body is.
    pub(super) fn announced(&self) -> usize {
        let length = self.header("content-length").expect("its length is announced");
        length.parse().expect("a number")
    }

    pub(super) fn json(&self) -> Result<Value, serde_json::Error> {
        serde_json::from_str(self.body())
    }

    /// The `code` of an error; empty where there is none.
    pub(super) fn code(&self) -> String {
        let json = self.json().unwrap_or_default();
        json["code"].as_str().unwrap_or_default().to_owned()
    }

    /// The `rental_id`, where it is told.
    pub(super) fn rental_id(&self) -> Option<String> {
        Some(self.json().ok()?["rental_id"].as_str()?.to_owned())
    }
}
