//! A client of the control API that sends exactly what a test writes.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::Duration;

use ringer::Server;
use serde_json::Value;

use crate::document::{self, Exchange};

/// Nothing here takes so long; a test that waits for what never comes ends.
const PATIENCE: Duration = Duration::from_secs(30);

#[derive(Clone)]
pub(crate) struct Admin {
    address: String,
    headers: Vec<String>,
}

/// What came back.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) text: String,
    pub(crate) json: Value,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines.find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    /// Asserts that it is a problem document of this status. Gives what it says.
    #[track_caller]
    pub(crate) fn problem(&self, status: u16) -> String {
        assert_eq!(self.status, status, "{self:?}");
        assert_eq!(self.header("content-type"), Some("application/problem+json"), "{self:?}");
        assert_eq!(self.json["status"], status, "{self:?}");
        assert!(self.json["title"].as_str().is_some_and(|title| !title.is_empty()), "{self:?}");
        self.json["detail"].as_str().expect("a sentence").to_owned()
    }

    /// Asserts that it is a problem with this field. Gives what it says of it.
    #[track_caller]
    pub(crate) fn field(&self, path: &str) -> String {
        self.problem(400);
        let errors = self.json["errors"].as_array().expect("a list");
        let found = errors.iter().find(|error| error["path"] == path);
        let found = found.unwrap_or_else(|| panic!("no {path}: {}", self.text));
        found["message"].as_str().expect("a sentence").to_owned()
    }

    #[track_caller]
    pub(crate) fn ok(self) -> Value {
        assert_eq!(self.status, 200, "{self:?}");
        assert_eq!(self.header("content-type"), Some("application/json"), "{self:?}");
        self.json
    }

    #[track_caller]
    pub(crate) fn list(self) -> Vec<Value> {
        self.ok().as_array().expect("a bare array").clone()
    }
}

impl Admin {
    pub(crate) fn new(server: &Server) -> Self {
        let url = server.admin_url();
        Self::at(url.trim_start_matches("http://").trim_end_matches("/__admin"))
    }

    pub(crate) fn at(address: &str) -> Self {
        let headers = vec![format!("host: {address}")];
        Self { address: address.to_owned(), headers }
    }

    /// The same with one header more; another `host` takes the place of the usual one.
    pub(crate) fn with(&self, header: &str) -> Self {
        let mut changed = self.clone();
        changed
            .headers
            .retain(|known| !(header.starts_with("host:") && known.starts_with("host:")));
        changed.headers.push(header.to_owned());
        changed
    }

    fn send(&self, request: &str, body: &[u8], length: usize) -> TcpStream {
        let mut socket = TcpStream::connect(&self.address).expect("it accepts");
        socket.set_read_timeout(Some(PATIENCE)).expect("it can be set");
        let headers = self.headers.join("\r\n");
        let mut bytes = format!("{request}\r\n{headers}\r\nconnection: close\r\n").into_bytes();
        if length > 0 {
            bytes.extend_from_slice(format!("content-length: {length}\r\n").as_bytes());
        }
        bytes.extend_from_slice(b"\r\n");
        bytes.extend_from_slice(body);
        socket.write_all(&bytes).expect("it reads");
        socket
    }

    /// Sends a request to a path below `/__admin`.
    pub(crate) fn call(&self, method: &str, path: &str, body: impl AsRef<[u8]>) -> Answer {
        let body = body.as_ref();
        self.call_with_length(method, path, body, body.len())
    }

    /// The same with another `Content-Length`, after which nothing comes.
    pub(crate) fn call_with_length(
        &self,
        method: &str,
        path: &str,
        body: &[u8],
        length: usize,
    ) -> Answer {
        let request = format!("{method} /__admin{path} HTTP/1.1");
        let mut socket = self.send(&request, body, length);
        if body.len() != length {
            socket.shutdown(Shutdown::Write).expect("it is open");
        }
        let mut bytes = Vec::new();
        socket.read_to_end(&mut bytes).expect("it answers");
        let text = String::from_utf8(bytes).expect("it is text");
        let (head, text) = text.split_once("\r\n\r\n").unwrap_or_else(|| panic!("{text:?}"));
        let status: Option<u16> = head.split(' ').nth(1).and_then(|status| status.parse().ok());
        let json = serde_json::from_str(text).unwrap_or(Value::Null);
        let (head, text) = (head.to_owned(), text.to_owned());
        let headers = head.lines().filter_map(|line| line.split_once(": "));
        document::witness(&Exchange {
            address: self.address.clone(),
            method: method.to_owned(),
            target: format!("/__admin{path}"),
            sent: body.to_vec(),
            status: status.expect("a status"),
            headers: headers.map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
            body: text.clone(),
        });
        Answer { status: status.expect("a status"), head, text, json }
    }

    pub(crate) fn get(&self, path: &str) -> Answer {
        self.call("GET", path, "")
    }

    pub(crate) fn put(&self, path: &str, body: impl AsRef<[u8]>) -> Answer {
        self.call("PUT", path, body)
    }

    pub(crate) fn post(&self, path: &str, body: impl AsRef<[u8]>) -> Answer {
        self.call("POST", path, body)
    }

    pub(crate) fn patch(&self, path: &str, body: impl AsRef<[u8]>) -> Answer {
        self.call("PATCH", path, body)
    }

    pub(crate) fn delete(&self, path: &str) -> Answer {
        self.call("DELETE", path, "")
    }

    /// Sends a request, and leaves its reply to whoever reads.
    pub(crate) fn begin(&self, method: &str, path: &str, body: &str) -> TcpStream {
        let request = format!("{method} /__admin{path} HTTP/1.1");
        self.send(&request, body.as_bytes(), body.len())
    }

    /// Listens to the events of a path. From here on nothing is missed.
    pub(crate) fn listen(&self, path: &str) -> Events {
        let socket = self.send(&format!("GET /__admin{path} HTTP/1.1"), b"", 0);
        let mut events = Events { lines: BufReader::new(socket) };
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            assert_ne!(events.lines.read_line(&mut head).expect("it answers"), 0, "{head}");
        }
        let kind = "content-type: text/event-stream";
        assert!(head.starts_with("HTTP/1.1 200 ") && head.contains(kind), "{head}");
        events
    }
}

/// A reader of server-sent events.
pub(crate) struct Events {
    lines: BufReader<TcpStream>,
}

impl Iterator for Events {
    type Item = (String, Value);

    /// The next event and its data; `None` where the server has ended the stream.
    fn next(&mut self) -> Option<Self::Item> {
        let mut name = String::new();
        let mut silences = 0;
        loop {
            let mut line = String::new();
            if self.lines.read_line(&mut line).expect("it goes on") == 0 {
                return None;
            }
            // Comments and the lengths of chunks stand on lines of their own.
            if let Some(rest) = line.strip_prefix("event: ") {
                name = rest.trim().to_owned();
            } else if let Some(data) = line.strip_prefix("data: ") {
                return Some((name, serde_json::from_str(data).expect("JSON data")));
            } else if line.starts_with(':') {
                silences += 1;
                assert!(silences < 3, "nothing happens");
            }
        }
    }
}

impl Events {
    /// The next event of this name.
    pub(crate) fn until(&mut self, wanted: &str) -> Value {
        self.find(|(name, _)| name == wanted).expect("the stream goes on").1
    }
}
