//! Section by section, what the documentation and our rulings say of the four endpoints.

use serde_json::json;

use crate::support::{Client, frozen, start};

const JSON: &str = "application/json";
const FORM: &str = "application/x-www-form-urlencoded";

#[test]
fn every_reply_has_exactly_the_documented_fields_in_the_documented_order() {
    let server = start(frozen());
    let client = Client::new(&server, "ci");
    let numbers = client.get("/getNumbers?api_key=ci&country=GB");
    assert_eq!(
        numbers.text,
        r#"{"status":"success","numbers":[{"country":"GB","country_name":"United Kingdom","available":3200,"price_per_sms":0.06}]}"#
    );
    let rented = client.rent("GB");
    let (id, number) = (rented.rental_id(), rented.json["number"].as_str().unwrap_or_default());
    assert_eq!(
        rented.text,
        format!(
            r#"{{"status":"success","number":"{number}","rental_id":"{id}","expires_at":"2026-01-01T00:20:00Z","country":"GB"}}"#
        )
    );
    assert_eq!(
        client.poll(&id).text,
        format!(r#"{{"status":"success","messages":[],"number":"{number}"}}"#)
    );
    assert_eq!(
        client.cancel(&id).text,
        format!(
            r#"{{"status":"success","message":"Number rental cancelled successfully","rental_id":"{id}","refund_amount":0.06}}"#
        )
    );
}

#[test]
fn a_post_is_read_as_json_as_a_form_and_as_multipart() {
    let server = start(frozen());
    let client = Client::new(&server, "ci");
    let multipart = "--XX\r\nContent-Disposition: form-data; name=\"api_key\"\r\n\r\nci\r\n\
                     --XX\r\nContent-Disposition: form-data; name=\"country\"\r\n\r\nDE\r\n--XX--\r\n";
    for (content_type, body) in [
        (JSON, r#"{"api_key":"ci","country":"DE"}"#),
        (
            "Application/JSON; charset=utf-8",
            "\u{feff}{\"api_key\":\"ci\",\"country\":\"\\u0044E\"}",
        ),
        (FORM, "api_key=ci&country=DE"),
        (FORM, "country=%44%45&api_key=ci"),
        ("multipart/form-data; boundary=XX", multipart),
    ] {
        let rented = client.post("/rentNumber", content_type, body);
        assert_eq!((rented.status, &rented.json["country"]), (200, &json!("DE")), "{content_type}");
    }
    assert_eq!(client.get_numbers().available("DE"), 1_495);
}

#[test]
fn a_post_in_any_other_encoding_is_415_and_the_message_lists_the_three() {
    let server = start(frozen());
    let client = Client::new(&server, "ci");
    for content_type in ["text/plain", "application/xml", "application/jsonp", ""] {
        let refused = client.post("/rentNumber", content_type, r#"{"api_key":"ci"}"#);
        assert_eq!((refused.status, refused.code()), (415, "UNSUPPORTED_MEDIA_TYPE"));
        for right in [JSON, FORM, "multipart/form-data"] {
            assert!(refused.message().contains(right), "{}", refused.message());
        }
    }
}

#[test]
fn a_key_in_the_wrong_place_is_missing_and_the_message_says_where_it_was_found() {
    let server = start(frozen());
    let client = Client::new(&server, "ci");
    let refused = client.post("/rentNumber?api_key=ci", JSON, r#"{"country":"DE"}"#);
    assert_eq!((refused.status, refused.code()), (401, "MISSING_API_KEY"));
    assert!(refused.message().contains("found in the query string"), "{}", refused.message());

    let empty = client.post("/cancelNumber?api_key=ci&rental_id=rent_1", FORM, "");
    assert_eq!(empty.code(), "MISSING_API_KEY");
    assert!(empty.message().contains("found in the query string"), "{}", empty.message());

    let refused = client.get_with_body("/getNumbers", FORM, "api_key=ci");
    assert_eq!((refused.status, refused.code()), (401, "MISSING_API_KEY"));
    assert!(refused.message().contains("found in the body"), "{}", refused.message());

    let refused = client.get_with_header("/getNumbers", "Authorization", "Bearer ci");
    assert_eq!(refused.code(), "MISSING_API_KEY");
    assert!(refused.message().contains("Authorization header"), "{}", refused.message());

    let json_as_form = client.post("/rentNumber", FORM, r#"{"api_key":"ci","country":"DE"}"#);
    assert_eq!(json_as_form.code(), "MISSING_API_KEY");
    assert!(json_as_form.message().contains("send Content-Type: application/json"));

    let refused = client.get("/getNumbers?apikey=ci");
    assert!(refused.message().contains(r#""apikey" was sent"#), "{}", refused.message());
}

#[test]
fn an_empty_key_is_missing_and_a_long_or_dirty_one_is_invalid() {
    let server = start(frozen());
    let client = Client::new(&server, "ci");
    assert_eq!(client.get("/getNumbers").code(), "MISSING_API_KEY");
    assert_eq!(client.get("/getNumbers?api_key=").code(), "MISSING_API_KEY");
    let key = "k".repeat(128);
    assert_eq!(client.get(&format!("/getNumbers?api_key={key}")).status, 200);
    assert_eq!(client.get(&format!("/getNumbers?api_key={key}k")).code(), "INVALID_API_KEY");
    assert_eq!(client.get("/getNumbers?api_key=a%0Ab").code(), "INVALID_API_KEY");
    assert_eq!(client.get("/getNumbers?api_key=@slow-sms").code(), "INVALID_API_KEY");
}

#[test]
fn a_parameter_that_is_doubled_mistyped_empty_too_long_or_not_utf8_is_named() {
    let server = start(frozen());
    let client = Client::new(&server, "ci");
    let long = "x".repeat(129);
    let bodies = [
        (FORM, "api_key=ci&country=DE&country=GB".to_owned(), "country was sent more than once"),
        (FORM, "api_key=ci&api_key=ci&country=GB".into(), "api_key was sent more than once"),
        (JSON, r#"{"api_key":"ci","country":"DE","country":"DE"}"#.into(), "country was sent more"),
        (
            JSON,
            r#"{"api_key":"ci","country":49}"#.into(),
            "country must be a string, not the number 49",
        ),
        (JSON, r#"{"api_key":"ci","country":null}"#.into(), "country must be a string, not null"),
        (
            JSON,
            r#"{"api_key":"ci","country":["DE"]}"#.into(),
            "country must be a string, not an array",
        ),
        (
            JSON,
            r#"{"api_key":"ci","country":"DE","service":{"a":{}}}"#.into(),
            "service must be a string",
        ),
        (
            JSON,
            r#"{"api_key":true,"country":"DE"}"#.into(),
            "api_key must be a string; put it in quotes",
        ),
        (FORM, "api_key=ci&country=".into(), "country is empty"),
        (FORM, "api_key=ci&country=DE&service=".into(), "service is empty"),
        (
            FORM,
            format!("api_key=ci&country=DE&service={long}"),
            "service has 129 characters; the limit is 64",
        ),
        (
            FORM,
            format!("api_key=ci&country=DE&service={}", &long[..65]),
            "service has 65 characters",
        ),
        (FORM, format!("api_key=ci&country={long}"), "country has 129 characters"),
        (FORM, "api_key=ci&country=%FF%FE".into(), "country is not UTF-8"),
        (FORM, "api_key=ci".into(), "country is missing"),
        (
            FORM,
            "api_key=ci&Country=DE".into(),
            r#""Country" was sent, but the parameter is called "country""#,
        ),
    ];
    for (content_type, body, said) in bodies {
        let refused = client.post("/rentNumber", content_type, &body);
        assert_eq!((refused.status, refused.code()), (400, "INVALID_REQUEST"), "{body}");
        assert!(refused.message().contains(said), "{body}: {}", refused.message());
    }
    let raw = client.post("/rentNumber", FORM, &b"api_key=ci&country=\xff"[..]);
    assert!(raw.message().contains("country is not UTF-8"), "{}", raw.message());
    for (query, said) in [
        ("api_key=ci&rental_id=rent_1&rental_id=rent_2", "rental_id was sent more than once"),
        ("api_key=ci&rental_id=", "rental_id is empty"),
        ("api_key=ci&rental_id=%80", "rental_id is not UTF-8"),
        ("api_key=ci", "rental_id is missing"),
        (
            "api_key=ci&id=rent_1",
            "rental_id is missing: \"id\" was sent, which getSMS does not know",
        ),
        (
            "api_key=ci&rentalId=rent_1",
            r#""rentalId" was sent, but the parameter is called "rental_id""#,
        ),
    ] {
        let refused = client.get(&format!("/getSMS?{query}"));
        assert_eq!((refused.status, refused.code()), (400, "INVALID_REQUEST"), "{query}");
        assert!(refused.message().contains(said), "{query}: {}", refused.message());
    }
}

#[test]
fn a_body_that_is_not_what_its_type_says_is_invalid_and_one_over_16_kib_is_413() {
    let server = start(frozen());
    let client = Client::new(&server, "ci");
    for (content_type, body) in [
        (JSON, &b"{\"api_key\":\"ci\""[..]),
        (JSON, b"[]"),
        (JSON, b"\"ci\""),
        (JSON, b"{\"api_key\":\"\xff\"}"),
        (JSON, b"{\"api_key\":\"\\ud800\"}"),
        (JSON, b"{} trailing"),
        (JSON, "[".repeat(10_000).as_bytes()),
        ("multipart/form-data", b"--XX--"),
        ("multipart/form-data; boundary=XX", b"nonsense"),
    ] {
        let refused = client.post("/rentNumber", content_type, body);
        let shown = String::from_utf8_lossy(&body[..body.len().min(40)]).into_owned();
        assert_eq!((refused.status, refused.code()), (400, "INVALID_REQUEST"), "{shown}");
    }
    let call = r#"{"api_key":"ci","country":"DE"}"#;
    let padded = |size: usize| call.to_owned() + &" ".repeat(size - call.len());
    assert_eq!(client.post("/rentNumber", JSON, padded(16_384)).status, 200);
    for size in [16_385, 5_000_000] {
        let refused = client.post("/rentNumber", JSON, padded(size));
        assert_eq!((refused.status, refused.code()), (413, "PAYLOAD_TOO_LARGE"), "{size}");
    }
}

#[test]
fn a_country_is_an_iso_code_and_the_message_has_the_nearest_one() {
    let server = start(frozen());
    let client = Client::new(&server, "ci");
    for (country, nearest) in [("USA", "US"), ("Germany", "DE"), ("%2B49", "DE"), ("England", "GB")]
    {
        let refused = client.get(&format!("/getNumbers?api_key=ci&country={country}"));
        assert_eq!((refused.status, refused.code()), (400, "UNKNOWN_COUNTRY"), "{country}");
        assert!(
            refused.message().contains(&format!("did you mean {nearest}")),
            "{}",
            refused.message()
        );
    }
    assert_eq!(client.rent("XX").code(), "UNKNOWN_COUNTRY");
}

#[test]
fn a_country_that_is_not_offered_lists_nothing_and_rents_nothing() {
    let server = start(frozen());
    let client = Client::new(&server, "ci");
    let listing = client.get("/getNumbers?api_key=ci&country=JP");
    assert_eq!(listing.text, r#"{"status":"success","numbers":[]}"#);
    let refused = client.rent("JP");
    assert_eq!((refused.status, refused.code()), (409, "NO_NUMBERS"));
}

#[test]
fn what_is_written_otherwise_is_accepted_and_noted_unless_strict() {
    let server = start(frozen());
    let client = Client::new(&server, "ci");
    assert_eq!(client.rent("de").json["country"], "DE");
    assert_eq!(client.rent("UK").json["country"], "GB");
    let body = json!({"api_key": "ci", "country": "DE", "countri": "GB", "rental_id": "rent_1"});
    assert_eq!(client.post_json("/rentNumber", &body).status, 200);
    assert_eq!(client.get("/getNumbers?api_key=ci&service=telegram").status, 200);
    let misplaced = client.post("/rentNumber?service=x", FORM, "api_key=ci&country=DE");
    assert_eq!(misplaced.status, 200);
    let journal = server.sandbox("ci").expect("the key is good").journal().entries();
    let lints: Vec<Vec<&str>> =
        journal.iter().map(|entry| entry.lints.iter().map(|lint| lint.id()).collect()).collect();
    let unknown = "unknown-parameter";
    let misplaced = "parameter-in-wrong-place";
    let expected = [
        vec!["lower-case-country"],
        vec!["uk-for-gb"],
        vec![unknown, unknown],
        vec![unknown],
        vec![misplaced],
    ];
    assert_eq!(lints, expected);

    let strict = start(frozen().strict(true));
    let client = Client::new(&strict, "ci");
    assert!(client.rent("de").message().contains(r#"it is written "DE""#));
    assert!(client.rent("UK").message().contains(r#""GB""#));
    let refused = client.post_json("/rentNumber", &body);
    assert_eq!((refused.status, refused.code()), (400, "INVALID_REQUEST"));
    assert_eq!(client.rent("DE").status, 200);
}

#[test]
fn an_unknown_path_is_404_and_a_wrong_method_405_with_allow() {
    let server = start(frozen());
    let client = Client::new(&server, "ci");
    for (path, nearest) in
        [("/getnumbers", "/getNumbers"), ("/getSMS/", "/getSMS"), ("/rent", "/rentNumber")]
    {
        let refused = client.get(path);
        assert_eq!((refused.status, refused.code()), (404, "NOT_FOUND"));
        assert!(
            refused.message().contains(&format!("did you mean {nearest}?")),
            "{}",
            refused.message()
        );
    }
    assert_eq!(client.get("/").code(), "NOT_FOUND");
    let refused = client.get("/rentNumber?api_key=ci&country=DE");
    assert_eq!((refused.status, refused.code()), (405, "METHOD_NOT_ALLOWED"));
    assert_eq!(refused.allow.as_deref(), Some("POST"));
    let refused = client.post("/getSMS", FORM, "api_key=ci&rental_id=rent_1");
    assert_eq!((refused.status, refused.allow.as_deref()), (405, Some("GET")));
}

#[test]
fn a_rental_id_that_was_never_given_out_is_404_whatever_it_looks_like() {
    let server = start(frozen());
    let client = Client::new(&server, "ci");
    for id in ["rent_1", "rent_", "rent_01", "12345", "rent_99999999999999999999999", "rent_1%20"] {
        let refused = client.poll(id);
        assert_eq!((refused.status, refused.code()), (404, "RENTAL_NOT_FOUND"), "{id}");
    }
    assert_eq!(client.cancel("rent_1").code(), "RENTAL_NOT_FOUND");
}

#[test]
fn a_retry_of_rent_number_rents_a_second_number() {
    let server = start(frozen());
    let client = Client::new(&server, "ci");
    let (first, second) = (client.rent("US"), client.rent("US"));
    assert_ne!(first.json["number"], second.json["number"]);
    assert_ne!(first.rental_id(), second.rental_id());
}

#[test]
fn a_message_shows_how_a_name_differs_from_the_parameter_that_it_looks_like() {
    let server = start(frozen());
    let client = Client::new(&server, "ci");
    for (name, shown) in [
        ("country[]", r#""country[]""#),
        ("country[0]", r#""country[0]""#),
        ("rental[country]", r#""rental[country]""#),
        ("country%20", r#""country ""#),
        ("+country", r#"" country""#),
        ("country%0A", r#""country\n""#),
        ("%EF%BB%BFcountry", r#""\u{feff}country""#),
        ("coun%E2%80%8Btry", r#""coun\u{200b}try""#),
        ("country%C2%A0", r#""country\u{a0}""#),
        ("%D1%81ountry", r#""\u{441}ountry""#),
        ("%22country%22", r#""\"country\"""#),
    ] {
        let refused = client.post("/rentNumber", FORM, format!("api_key=ci&{name}=DE"));
        assert!(
            refused.message().contains(&format!(": {shown} was sent")),
            "{}",
            refused.message()
        );
    }
    let refused = client.post("/rentNumber", FORM, "%EF%BB%BFapi_key=ci&country=DE");
    assert_eq!(refused.code(), "MISSING_API_KEY");
    let said = r#""\u{feff}api_key" was sent, but the parameter is called "api_key""#;
    assert!(refused.message().contains(said), "{}", refused.message());
}

#[test]
fn a_message_never_shows_a_value_that_stands_in_a_name() {
    let server = start(frozen());
    let client = Client::new(&server, "ci");
    for body in [
        r#"{"api_key":"hush-hush","country":"DE"}"#,
        r#""api_key":"hush-hush""#,
        "<api_key>hush-hush</api_key>",
        "api_key hush-hush",
        "api_key: hush-hush",
        "'api_key' 'hush-hush'",
        "api_key\thush-hush",
    ] {
        let refused = client.post("/rentNumber", FORM, body);
        assert_eq!(refused.code(), "MISSING_API_KEY", "{body}");
        assert!(!refused.text.contains("hush"), "{}", refused.text);
        let refused = client.post("/rentNumber", FORM, format!("api_key=ci&{body}"));
        assert_eq!(refused.code(), "INVALID_REQUEST", "{body}");
        assert!(!refused.text.contains("hush"), "{}", refused.text);
    }
    let remarks: Vec<String> = (server.sandbox("ci").expect("the key is good").journal().entries())
        .iter()
        .flat_map(|entry| entry.lints.iter().map(ToString::to_string))
        .collect();
    assert!(remarks.iter().any(|remark| remark.contains("api_key")), "{remarks:?}");
    assert!(!remarks.iter().any(|remark| remark.contains("hush")), "{remarks:?}");
}
