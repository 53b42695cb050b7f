//! Wrong servers: one that does anything with a connection, and a proxy that changes what `ringer`
//! replies.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};

use serde_json::Value;

/// Serves each connection in its own thread, for as long as the test runs. Returns its URL.
pub(super) fn serve(connection: impl Fn(TcpStream) + Send + Sync + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("it is bound");
    let connection = std::sync::Arc::new(connection);
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let connection = std::sync::Arc::clone(&connection);
            std::thread::spawn(move || connection(stream));
        }
    });
    format!("http://{address}")
}

/// A request as it arrived.
#[derive(Debug)]
pub(super) struct Asked {
    pub(super) method: String,
    /// The path with its query.
    pub(super) target: String,
    pub(super) content_type: Option<String>,
    pub(super) body: Vec<u8>,
}

impl Asked {
    pub(super) fn is(&self, path: &str) -> bool {
        self.target.split('?').next() == Some(path)
    }

    /// Whether this text stands somewhere in it, percent-encoded or not.
    pub(super) fn has(&self, text: &str) -> bool {
        let plain = text.replace('-', "%2D");
        let body = String::from_utf8_lossy(&self.body);
        let all = [self.target.as_str(), &*body];
        all.iter().any(|part| part.contains(text) || part.contains(&plain))
    }

    /// Reads a request; `None` if the connection ends before.
    pub(super) fn read(stream: &mut TcpStream) -> Option<Self> {
        let mut bytes = Vec::new();
        let mut buffer = [0; 8_192];
        let end = loop {
            if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
                break end + 4;
            }
            let read = stream.read(&mut buffer).ok().filter(|read| *read > 0)?;
            bytes.extend_from_slice(&buffer[..read]);
        };
        let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
        let header = |name: &str| {
            head.lines().find_map(|line| {
                let (found, value) = line.split_once(':')?;
                found.eq_ignore_ascii_case(name).then(|| value.trim().to_owned())
            })
        };
        let length: usize =
            header("content-length").map_or(0, |text| text.parse().expect("a length"));
        while bytes.len() < end + length {
            let read = stream.read(&mut buffer).ok().filter(|read| *read > 0)?;
            bytes.extend_from_slice(&buffer[..read]);
        }
        let mut first = head.split(' ').map(str::to_owned);
        let (method, target) = (first.next()?, first.next()?);
        let content_type = header("content-type");
        Some(Self { method, target, content_type, body: bytes[end..].to_vec() })
    }
}

/// A reply before it is sent.
#[derive(Clone, Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) content_type: String,
    pub(super) json: Value,
}

impl Answer {
    pub(super) fn is_success(&self) -> bool {
        self.json["status"] == "success"
    }

    pub(super) fn write(&self, stream: &mut TcpStream) {
        let body = self.json.to_string();
        let (status, kind, length) = (self.status, &self.content_type, body.len());
        let head = format!(
            "HTTP/1.1 {status} x\r\ncontent-type: {kind}\r\ncontent-length: {length}\r\n\
             connection: close\r\n\r\n"
        );
        let _ = stream.write_all((head + &body).as_bytes());
    }
}

/// Sends a request to a server and returns its answer.
pub(super) fn forward(upstream: &str, asked: &Asked) -> Answer {
    let config = ureq::Agent::config_builder().http_status_as_error(false).build();
    let agent = ureq::Agent::new_with_config(config);
    let url = format!("{upstream}{}", asked.target);
    let mut request = ureq::http::Request::builder().method(asked.method.as_str()).uri(url);
    if let Some(kind) = &asked.content_type {
        request = request.header("content-type", kind);
    }
    let request = request.body(asked.body.clone()).expect("a request");
    let mut reply = agent.run(request).expect("the server answers");
    let text = reply.body_mut().read_to_string().expect("it is text");
    Answer {
        status: reply.status().as_u16(),
        content_type: "application/json".to_owned(),
        json: serde_json::from_str(&text).unwrap_or(Value::Null),
    }
}

/// A proxy that changes the answers of a server. Returns its URL.
pub(super) fn change(
    upstream: &str,
    changed: impl Fn(&Asked, Answer) -> Answer + Send + Sync + 'static,
) -> String {
    let upstream = upstream.to_owned();
    serve(move |mut stream| {
        if let Some(asked) = Asked::read(&mut stream) {
            changed(&asked, forward(&upstream, &asked)).write(&mut stream);
        }
    })
}
