//! The OpenAPI document is true: every reply that goes by in any test is held against it, and every
//! reply that it lists can be had.

mod book;
mod examples;
mod exchange;
mod excuse;
mod partner_tour;
mod tour;

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

pub(crate) use exchange::Exchange;

use book::BOOK;

/// Every client of these tests shows here what it got.
#[track_caller]
pub(crate) fn witness(exchange: &Exchange) {
    if let Err(wrong) = BOOK.check(exchange)
        && !excuse::excuses(&BOOK, exchange)
    {
        panic!("the document says otherwise: {wrong}\n{exchange:#?}");
    }
}

/// Each operation with each status that the document lists for it.
fn documented() -> BTreeSet<(String, u16)> {
    let operations = BOOK.operations().into_iter();
    let pairs = operations.flat_map(|(_, _, operation)| {
        let id = operation["operationId"].as_str().expect("an id").to_owned();
        let replies = operation["responses"].as_object().expect("replies").clone();
        let status = |status: String| status.parse().expect("a status");
        replies.into_iter().map(move |(text, _)| (id.clone(), status(text)))
    });
    pairs.collect()
}

#[test]
fn every_documented_reply_can_be_had_and_the_examples_are_what_came() {
    let tour = tour::all();
    let seen = tour.iter().map(|seen| (seen.operation.clone(), seen.exchange.status)).collect();
    let never: Vec<_> = documented().difference(&seen).cloned().collect();
    assert!(never.is_empty(), "nothing provokes {never:?}");
    let new: Vec<_> = seen.difference(&documented()).cloned().collect();
    assert!(new.is_empty(), "not documented: {new:?}");

    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src/http/openapi/examples.json");
    let right = serde_json::to_string_pretty(&examples::file(&tour)).expect("JSON") + "\n";
    if std::env::var_os("RINGER_UPDATE_DOCS").is_some() {
        fs::write(path, right).expect("it can be written");
    } else {
        let file = fs::read_to_string(path).expect("there are examples");
        assert_eq!(file, right, "RINGER_UPDATE_DOCS=1 cargo test writes the examples anew");
    }
}
