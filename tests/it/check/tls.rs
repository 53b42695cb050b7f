//! https: a certificate that is trusted, one that is not, and a server without TLS.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Arc;

use rustls::pki_types::PrivateKeyDer;
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use super::stub::serve;
use super::{Check, server};
use crate::support::start;

/// A server with a self-signed certificate. Returns its URL and the certificate in PEM.
fn https() -> (String, String) {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).expect("a certificate");
    let key = PrivateKeyDer::try_from(made.signing_key.serialize_der()).expect("a key");
    let config = ServerConfig::builder().with_no_client_auth();
    let config = config.with_single_cert(vec![made.cert.der().clone()], key).expect("they fit");
    let config = Arc::new(config);
    let url = serve(move |stream: TcpStream| {
        let connection = ServerConnection::new(Arc::clone(&config)).expect("a connection");
        let mut tls = StreamOwned::new(connection, stream);
        let mut byte = [0; 1];
        // A client that trusts it sends a request, which is refused.
        if std::io::Read::read(&mut tls, &mut byte).is_ok_and(|read| read > 0) {
            let body = r#"{"status":"error","code":"NO"}"#;
            let head = format!("HTTP/1.1 401 x\r\ncontent-length: {}\r\n\r\n", body.len());
            let _ = tls.write_all((head + body).as_bytes());
            let _ = tls.flush();
        }
    });
    (url.replace("http://127.0.0.1", "https://localhost"), pem(made.cert.der()))
}

fn pem(der: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for three in der.chunks(3) {
        let bits = three.iter().fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte));
        let bits = bits << (8 * (3 - three.len()));
        for place in 0..4 {
            let letter = char::from(LETTERS[(bits >> (18 - 6 * place) & 63) as usize]);
            text.push(if place > three.len() { '=' } else { letter });
        }
    }
    let lines: Vec<&str> =
        (0..text.len()).step_by(64).map(|at| &text[at..text.len().min(at + 64)]).collect();
    format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", lines.join("\n"))
}

#[test]
fn an_untrusted_certificate_is_refused_with_what_to_do() {
    let (url, _) = https();
    let error = Check::of(&url).setup_error();
    assert!(error.contains("certificate of the server is not trusted"), "{error}");
    assert!(error.contains("--ca-file"), "{error}");
}

#[test]
fn a_certificate_of_the_ca_file_is_trusted() {
    let (url, pem) = https();
    let file = std::env::temp_dir().join(format!("ringer-ca-{}.pem", std::process::id()));
    std::fs::write(&file, pem).expect("it can be written");
    let error = Check::of(&url).with(&["--ca-file", file.to_str().expect("a path")]).setup_error();
    let _ = std::fs::remove_file(&file);
    assert!(error.contains("refuses the key at every endpoint"), "past the certificate: {error}");
}

#[test]
fn https_to_a_server_without_tls_is_explained() {
    let plain = start(server());
    let garbled = serve(|mut stream| {
        let _ = stream.read(&mut [0; 1_024]);
        let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n");
    });
    for url in [plain.url(), garbled] {
        let error = Check::of(&url.replace("http://", "https://")).setup_error();
        assert!(error.contains("gave no reply to getNumbers"), "{error}");
    }
}
