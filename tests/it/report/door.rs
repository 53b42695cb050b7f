//! Requests that are refused at the door, and whose they are.

use serde_json::json;

use super::{Play, frozen_play};

/// Sends a request as a whole, and gives the status of the reply and its code.
fn send(play: &Play, head: &str, body: &str) -> String {
    let length = body.len();
    play.raw(&format!(
        "{head}\r\nhost: x\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n{body}"
    ))
}

const FORM: &str = "content-type: application/x-www-form-urlencoded";

#[test]
fn ten_requests_in_a_row_at_a_wrong_door_are_found_wherever_the_key_stands() {
    for (head, body, says) in [
        ("GET /getNumber?api_key=ci HTTP/1.1", "", "NOT_FOUND: GET /getNumber"),
        ("GET /v1/numbers?api_key=ci HTTP/1.1", "", "NOT_FOUND: GET /v1/numbers"),
        (
            "GET /rentNumber?api_key=ci&country=US HTTP/1.1",
            "",
            "METHOD_NOT_ALLOWED: GET /rentNumber",
        ),
        (&format!("PUT /cancelNumber HTTP/1.1\r\n{FORM}"), "api_key=ci", "METHOD_NOT_ALLOWED: PUT"),
        (
            "POST /rentNumber HTTP/1.1\r\ncontent-type: text/plain",
            "{\"api_key\": \"ci\"}",
            "UNSUPPORTED_MEDIA_TYPE: POST /rentNumber",
        ),
        ("POST /rentNumbers HTTP/1.1\r\ncontent-type: application/xml", "api_key=ci", "NOT_FOUND"),
    ] {
        let play = frozen_play("happy-path");
        for _ in 0..9 {
            send(&play, head, body);
        }
        assert_eq!(play.found(), [""; 0], "{head}");
        send(&play, head, body);
        assert_eq!(play.found(), ["warning wrong-door"], "{head}");
        let finding = play.finding("wrong-door");
        assert!(finding["advice"].to_string().contains(says), "{finding}");
        assert_eq!(finding["evidence"].as_array().map(Vec::len), Some(10));
    }
}

#[test]
fn wrong_doors_with_something_else_between_or_of_another_key_are_not_a_row() {
    let play = frozen_play("happy-path");
    for nth in 0..18 {
        if nth == 9 {
            play.client.get_numbers();
        }
        send(&play, "GET /getNumber?api_key=ci HTTP/1.1", "");
    }
    for _ in 0..20 {
        send(&play, "GET /getNumber?api_key=nobody HTTP/1.1", "");
        send(&play, "GET /getNumber HTTP/1.1", "");
    }
    assert_eq!(play.found(), [""; 0]);
    assert_eq!(play.client.get("/__admin/sandboxes/nobody").status, 404, "nothing is made of it");
}

#[test]
fn a_stray_request_is_in_the_journal_and_changes_nothing() {
    let play = frozen_play("happy-path");
    send(&play, "GET /v1/getSMS?api_key=ci HTTP/1.1", "");
    play.client.get("/__admin/sandboxes/ci/requests");
    let list = play.client.get("/__admin/sandboxes/ci/requests").json;
    let entry = &list[0];
    assert_eq!(entry["path"], "/v1/getSMS", "{list}");
    assert_eq!(entry["endpoint"], json!(null));
    assert_eq!((&entry["status"], &entry["code"]), (&json!(404), &json!("NOT_FOUND")));
    let shown = play.client.get("/__admin/sandboxes/ci/requests/1").json;
    assert_eq!(shown["asked"], json!(null), "{shown}");
    assert!(shown["explanation"].to_string().contains("did you mean"), "{shown}");
    play.client.rent("US");
    let capsule = play.client.get("/__admin/sandboxes/ci/capsule").json;
    assert_eq!(capsule["complete"], true);
    assert_eq!(capsule["steps"].as_array().map(Vec::len), Some(1), "{capsule}");
    assert_eq!(capsule["steps"][0]["seq"], 2);
}

#[test]
fn a_key_that_stands_only_in_the_url_of_a_post_is_told_to_its_sandbox() {
    for (head, body) in [
        ("POST /rentNumber?api_key=ci&country=US HTTP/1.1".to_owned(), ""),
        (format!("POST /rentNumber?api_key=ci HTTP/1.1\r\n{FORM}"), "country=US"),
    ] {
        let play = frozen_play("happy-path");
        let reply = send(&play, &head, body);
        let nobody = send(&play, &head.replace("=ci", "=nobody"), body);
        let without_date = |reply: &str| {
            let lines = reply.lines().filter(|line| !line.starts_with("date:"));
            lines.collect::<Vec<_>>().join("\n")
        };
        assert_eq!(without_date(&reply), without_date(&nobody), "the reply is the same");
        assert!(reply.contains("401") && reply.contains("MISSING_API_KEY"), "{reply}");
        assert_eq!(play.found(), ["error key-in-wrong-place"], "{head}");
        let entry = &play.finding("key-in-wrong-place")["evidence"][0];
        assert_eq!(entry["endpoint"], "rentNumber");
        assert_eq!(entry["code"], "MISSING_API_KEY");
        assert_eq!(play.sandbox.rentals().live(), 0);
    }
}
