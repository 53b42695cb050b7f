//! What the log says, and what it never says.

use std::io::{Read, Write};

use crate::process::{Running, ringer, run};

#[test]
fn the_log_has_one_line_a_request_with_the_reason_of_a_refusal_and_no_key() {
    let secret = "sk-secret-0123456789";
    let running = Running::start(ringer());
    let client = running.client(secret);
    let id = client.rent_for("DE", "a\nb").rental_id();
    client.poll(&id);
    client.cancel(&id);
    client.rent("XX");
    running.client(&format!("{secret}@p4ssw0rd")).get_numbers();
    client.get(&format!("/getNumbers?api_key={secret}{}", "x".repeat(200)));
    client.get(&format!("/getNumbers&api_key={secret}"));
    client.get(&format!("/getNumbers?{secret}=1"));
    client.get(&format!("/getNumbers?api_key={secret}&{secret}=1"));
    client.rent_for("DE", secret);
    let form = "application/x-www-form-urlencoded";
    client.post("/rentNumber", form, format!("api_key:{secret}"));
    client.post("/rentNumber", form, format!("api_key%3D{secret}"));
    client.post("/rentNumber", "application/json", format!("\"api_key {secret}\""));
    let number = "98765432109876";
    client.post("/rentNumber", "application/json", format!("{{\"api_key\":{number}}}"));
    let quoted = running.client("quote%22secret%22quote");
    quoted.get("/getSMS?api_key=quote%22secret%22quote&rental_id=quote%22secret%22quote");
    running.signal("TERM");
    let (_, _, log) = running.wait();
    let lines: Vec<&str> = log.lines().collect();
    assert_eq!(lines.len(), 18, "{log}");
    assert!(lines[0].contains("is new: scenario happy-path, clock realtime"), "{}", lines[0]);
    for (line, said) in lines[1..].iter().zip([
        "POST /rentNumber country=DE service=\"a\\nb\" -> 200 rent_",
        "-> 200 no SMS yet",
        "-> 200 refund 0.08",
        "POST /rentNumber -> 400 UNKNOWN_COUNTRY: country \"XX\" is not",
        "GET /getNumbers -> 401 INVALID_API_KEY: ",
        "GET /getNumbers -> 401 INVALID_API_KEY: api_key has 220 bytes",
    ]) {
        assert!(line.contains(said), "{said} in {line}");
    }
    assert!(lines[0].contains(" sk…"), "{}", lines[0]);
    for hidden in ["secret", "p4ssw0rd", number] {
        assert!(!log.contains(hidden), "{hidden} in {log}");
    }
}

#[test]
fn the_greeting_does_not_repeat_a_key_that_was_given() {
    let mut command = ringer();
    command.env("RINGER_ALLOWED_API_KEYS", "supersecretkey");
    let running = Running::start(command);
    assert!(!running.greeting.contains("supersecret"), "{}", running.greeting);
    assert_eq!(running.client("supersecretkey").get_numbers().status, 200);
}

#[test]
fn the_log_can_be_switched_off_and_a_wrong_filter_is_explained() {
    let mut quiet = ringer();
    quiet.env("RINGER_LOG", "off");
    let running = Running::start(quiet);
    running.client("ci").get_numbers();
    running.signal("TERM");
    assert_eq!(running.wait(), (Some(0), String::new(), String::new()));

    let mut wrong = ringer();
    wrong.args(["--log", "loud"]);
    let (code, _, told) = run(wrong);
    assert_eq!(code, Some(2));
    assert!(told.contains("--log \"loud\" is not a filter"), "{told}");
}

#[test]
fn a_log_that_nobody_reads_blocks_neither_requests_nor_the_shutdown() {
    let running = Running::start(ringer());
    let mut socket = std::net::TcpStream::connect(running.address()).expect("it accepts");
    let get = b"GET /getNumbers?api_key=ci&country=US HTTP/1.1\r\nhost: a\r\n\r\n";
    // More lines than a pipe holds, and nobody reads stderr.
    for _ in 0..2_000 {
        socket.write_all(get).expect("it reads");
        let read = socket.read(&mut [0; 1_024]).expect("it answers");
        assert!(read > 0);
    }
    running.signal("TERM");
    assert_eq!(running.wait_without_reading(), Some(0));
}
