use std::panic::catch_unwind;

use ringer::scenario::seconds;

use super::naive::poll_for;
use super::{assert_comes_through, assert_kept_for_24_hours, expected_codes, play, play_carefully};

#[test]
fn the_text_is_one_ucs_2_character_too_long_and_cannot_be_cut_by_bytes() {
    let (_server, client, sandbox) = play("unicode-rtl");
    let id = client.rent("DE").rental_id();
    sandbox.clock().advance(seconds(7));
    assert!(client.poll(&id).texts().is_empty());
    sandbox.clock().advance(seconds(1));

    let text = client.poll(&id).texts().remove(0);
    assert_eq!(text.encode_utf16().count(), 71, "70 would fit into one SMS");
    assert!(text.len() > text.chars().count(), "bytes, characters and UTF-16 units all differ");
    assert!(text.chars().count() < text.encode_utf16().count());
    let cuts = (0..text.len()).filter(|end| text.get(..*end).is_none()).count();
    assert!(cuts * 3 > text.len(), "a client that slices by bytes cuts a character: {cuts}");

    let code = &expected_codes(&sandbox)[0];
    assert_eq!(code.len(), 6);
    assert!(code.bytes().all(|byte| byte.is_ascii_digit()));
    assert!(text.starts_with('\u{200F}'), "a right-to-left mark");
    assert!(text.contains(&format!("\u{2066}{code}\u{2069}")), "isolated from the Arabic");
    let by_words = text.split_whitespace().find(|word| *word == code);
    assert_eq!(by_words, None, "a client that splits at spaces finds no word that is the code");
    assert!(text.contains('\u{1F510}'), "an emoji beyond the basic plane");

    sandbox.clock().advance(seconds(1_192));
    assert_eq!(client.cancel(&id).code(), "RENTAL_EXPIRED");
    assert_eq!(client.get_numbers().available("DE"), 1_499);
    assert_kept_for_24_hours(&client, &sandbox, &id);
}

#[test]
fn a_client_that_cuts_the_text_by_bytes_crashes() {
    let (_server, client, sandbox) = play("unicode-rtl");
    let id = client.rent("DE").rental_id();
    let text = poll_for(&client, &sandbox, &id, 60).remove(0);
    let shown = |bytes: usize| catch_unwind(|| text[..bytes].len()).is_ok();
    assert!(!shown(40) && !shown(100), "at 40, a column's width, and at 100: {text}");
}

#[test]
fn a_client_that_looks_for_a_word_of_digits_finds_no_code() {
    let (_server, client, sandbox) = play("unicode-rtl");
    let id = client.rent("DE").rental_id();
    let text = poll_for(&client, &sandbox, &id, 60).remove(0);
    let words = text.split(' ').map(|word| word.trim_matches(|c: char| c.is_ascii_punctuation()));
    let is_code = |word: &&str| word.len() == 6 && word.bytes().all(|b| b.is_ascii_digit());
    let found = words.into_iter().find(is_code);
    assert_eq!((found, expected_codes(&sandbox)[0].len()), (None, 6), "{text}");
}

#[test]
fn a_careful_client_finds_it_between_the_marks() {
    let (_server, mut client, sandbox) = play_carefully("unicode-rtl");
    let outcome = client.verify(&["DE"], "telegram");
    assert_comes_through("unicode-rtl", &outcome, &sandbox);
    assert!(outcome.inbox.messages[0].text.starts_with('\u{200F}'), "a right-to-left mark");
}
