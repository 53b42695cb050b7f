//! As little HTTP as will do: one request at a time on a blocking connection.

use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use crate::{Error, Outcome};

pub(crate) const SUCCESS: &[u8] = br#""status":"success""#;
pub(crate) const RENTAL_ID: &[u8] = br#""rental_id":""#;
pub(crate) const NUMBER: &[u8] = br#""number":""#;

/// A server that is silent for so long will not answer at all.
const PATIENCE: Duration = Duration::from_secs(60);

pub(crate) struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

pub(crate) struct Reply<'a> {
    pub(crate) status: u16,
    pub(crate) body: &'a [u8],
}

impl Connection {
    pub(crate) fn open(address: SocketAddr) -> Outcome<Connection> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        Ok(Connection { stream, buffer: vec![0; 4096] })
    }

    pub(crate) fn send(&mut self, request: &[u8]) -> Outcome<()> {
        Ok(self.stream.write_all(request)?)
    }

    pub(crate) fn receive(&mut self) -> Outcome<Reply<'_>> {
        let mut filled = 0;
        let head = loop {
            filled += self.read_more(filled)?;
            if let Some(head) = Head::parse(&self.buffer[..filled])? {
                break head;
            }
        };
        let end = head.length + head.content_length;
        while filled < end {
            filled += self.read_more(filled)?;
        }
        if filled > end {
            return Err("more bytes came than content-length said".into());
        }
        Ok(Reply { status: head.status, body: &self.buffer[head.length..end] })
    }

    /// Waits so long for nothing to come.
    pub(crate) fn expect_silence(&mut self, length: Duration) -> Outcome<()> {
        self.stream.set_read_timeout(Some(length))?;
        match self.stream.read(&mut self.buffer) {
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {
                Ok(())
            }
            Err(error) => Err(error.into()),
            Ok(count) => Err(format!("{count} bytes came to a client that is to hang").into()),
        }
    }

    /// Sends a request and gives the body of its 200.
    pub(crate) fn call(&mut self, request: &[u8]) -> Outcome<&[u8]> {
        self.send(request)?;
        self.receive()?.successful()
    }

    fn read_more(&mut self, filled: usize) -> Outcome<usize> {
        if filled == self.buffer.len() {
            self.buffer.resize(filled * 2, 0);
        }
        match self.stream.read(&mut self.buffer[filled..])? {
            0 => Err("the server closed the connection".into()),
            count => Ok(count),
        }
    }
}

impl<'a> Reply<'a> {
    pub(crate) fn successful(self) -> Outcome<&'a [u8]> {
        if self.status != 200 || !contains(self.body, SUCCESS) {
            return Err(self.wrong("a success"));
        }
        Ok(self.body)
    }

    pub(crate) fn wrong(&self, expected: &str) -> Error {
        let body = String::from_utf8_lossy(self.body);
        format!("expected {expected}, got {} {body}", self.status).into()
    }
}

struct Head {
    status: u16,
    /// Up to and with the empty line.
    length: usize,
    content_length: usize,
}

impl Head {
    fn parse(received: &[u8]) -> Outcome<Option<Head>> {
        let Some(end) = find(received, b"\r\n\r\n") else {
            return Ok(None);
        };
        let head = std::str::from_utf8(&received[..end])?;
        let malformed = || format!("not a reply with a content-length: {head:?}");
        let status = head.get(9..12).and_then(|status| status.parse().ok());
        let content_length = head
            .split("\r\n")
            .filter_map(|line| line.split_once(':'))
            .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
            .and_then(|(_, value)| value.trim().parse().ok());
        Ok(Some(Head {
            status: status.ok_or_else(malformed)?,
            length: end + 4,
            content_length: content_length.ok_or_else(malformed)?,
        }))
    }
}

/// The text that follows `opening`, such as `"rental_id":"`, up to the closing quote.
pub(crate) fn text_field<'a>(body: &'a [u8], opening: &[u8]) -> Outcome<&'a str> {
    let field = find(body, opening).map(|at| &body[at + opening.len()..]);
    let text = field.and_then(|rest| rest.split(|&byte| byte == b'"').next());
    let missing = || {
        let (opening, body) = (String::from_utf8_lossy(opening), String::from_utf8_lossy(body));
        format!("no {opening} in {body}")
    };
    Ok(std::str::from_utf8(text.ok_or_else(missing)?)?)
}

pub(crate) fn contains(haystack: &[u8], needle: &[u8]) -> bool {
    find(haystack, needle).is_some()
}

/// Goes from one first byte to the next, which is several times quicker than `windows`.
pub(crate) fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    let mut from = 0;
    loop {
        let at = from + haystack[from..].iter().position(|byte| *byte == needle[0])?;
        if haystack[at..].starts_with(needle) {
            return Some(at);
        }
        from = at + 1;
    }
}
