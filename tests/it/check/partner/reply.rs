//! Replies, written by hand.

use std::io::Write;
use std::net::TcpStream;

/// A reply before it is sent.
pub(super) struct Reply {
    pub(super) status: u16,
    pub(super) kind: &'static str,
    pub(super) body: String,
}

impl Reply {
    pub(super) fn success(fields: &str) -> Self {
        let body = format!("{{\n  {fields},\n  \"status\": \"success\"\n}}\n");
        Self { status: 200, kind: "application/json; charset=utf-8", body }
    }

    pub(super) fn error(status: u16, number: u8, why: &str) -> Self {
        let why = quoted(why);
        let body = format!(
            "{{\n  \"error\": {why},\n  \"error_code\": \"E{number:02}\",\n  \"status\": \"failed\"\n}}\n"
        );
        Self { status, kind: "application/json; charset=utf-8", body }
    }

    pub(super) fn write(&self, stream: &mut TcpStream) {
        let Self { status, kind, body } = self;
        let head = format!(
            "HTTP/1.1 {status} -\r\nServer: switchboard/3\r\nContent-Type: {kind}\r\n\
             Content-Length: {}\r\nConnection: close\r\n\r\n",
            body.len()
        );
        let _ = stream.write_all((head + body).as_bytes());
    }
}

/// A text as a JSON string.
pub(super) fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
