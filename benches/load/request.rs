//! The bytes of the four requests.

const HOST: &str = "host: 127.0.0.1\r\n";

pub(crate) fn get_numbers(key: &str) -> Vec<u8> {
    format!("GET /getNumbers?api_key={key} HTTP/1.1\r\n{HOST}\r\n").into_bytes()
}

pub(crate) fn rent(key: &str) -> Vec<u8> {
    post("/rentNumber", &format!(r#"{{"api_key":"{key}","country":"US"}}"#))
}

pub(crate) fn get_sms(key: &str, rental_id: &str) -> Vec<u8> {
    format!("GET /getSMS?api_key={key}&rental_id={rental_id} HTTP/1.1\r\n{HOST}\r\n").into_bytes()
}

pub(crate) fn cancel(key: &str, rental_id: &str) -> Vec<u8> {
    post("/cancelNumber", &format!(r#"{{"api_key":"{key}","rental_id":"{rental_id}"}}"#))
}

pub(crate) fn post(path: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!(
        "POST {path} HTTP/1.1\r\n{HOST}content-type: application/json\r\n\
         content-length: {length}\r\n\r\n{body}"
    )
    .into_bytes()
}
