//! `use ringer::scenario::*;` brings in what a scenario is written with, and little else.

use std::collections::BTreeSet;
use std::fs;

/// All names that the glob brings in.
const NAMES: &str = "
    Action AfterEnd BodyKind Clock ClockMode ClockStart CodePattern Country Delay Effect Endpoint Endpoints ErrorCode
    FaultRule FieldError Listing Milestone Money NoMessages Numbers Offer Phase PhoneNumber Rate RateLimit RealDuration
    Redirect RentalPolicy ReplyShape RetryAfterForm Scenario Script Service Skew SmsTemplate SmsText
    Step Steps StockChange StockEvent TimeStyle Timestamp Variant VirtualDuration WireFault
    cents country fault millis minutes rate_limit real_millis real_seconds rental replies scenario
    seconds sms steps usual_countries
";

/// The public names of a module's source.
fn public_names(source: &str) -> BTreeSet<String> {
    let lines = source.lines().filter(|line| !line.trim_start().starts_with("//"));
    let source: String = lines.map(|line| line.to_owned() + "\n").collect();
    let mut names = BTreeSet::new();
    for item in source.split("\npub ").skip(1) {
        let mut words = item.split(|c: char| !(c.is_alphanumeric() || "_*:".contains(c)));
        let kind = words.find(|word| *word != "const").unwrap_or_default();
        let path = item[kind.len()..].split(';').next().unwrap_or_default();
        if kind == "use" {
            let listed = path.rsplit_once("::{").map_or(path, |(_, listed)| listed);
            let last = |name: &str| name.rsplit("::").next().unwrap_or_default().to_owned();
            let listed = listed.trim_end_matches(['}', ' ']).split(',').map(str::trim).map(last);
            names.extend(listed.filter(|name| !name.is_empty()));
        } else {
            names.extend(words.find(|word| !word.is_empty()).map(str::to_owned));
        }
    }
    names
}

fn names_of_the_glob() -> BTreeSet<String> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/src/scenario/mod.rs");
    public_names(&fs::read_to_string(path).expect("it can be read"))
}

#[test]
fn the_glob_brings_in_these_names_and_no_others() {
    let listed: BTreeSet<String> = NAMES.split_whitespace().map(str::to_owned).collect();
    let brought = names_of_the_glob();
    let unlisted: Vec<_> = brought.difference(&listed).collect();
    let missing: Vec<_> = listed.difference(&brought).collect();
    assert!(unlisted.is_empty() && missing.is_empty(), "new: {unlisted:?}, gone: {missing:?}");
}

#[test]
fn the_glob_holds_no_countries_and_no_everyday_words() {
    let everyday = [
        "at",
        "delay",
        "dribble",
        "empty_response",
        "error",
        "hang",
        "number",
        "redirect",
        "status",
        "truncated_body",
        "GetNumbers",
        "RentNumber",
        "GetSms",
        "CancelNumber",
        "*",
    ];
    for name in names_of_the_glob() {
        let is_country = name.len() == 2 && name.chars().all(|c| c.is_ascii_uppercase());
        assert!(!is_country && !everyday.contains(&name.as_str()), "{name}");
    }
}

/// Names of a test's own. One that came in twice could not be used, so this would not compile.
mod own {
    pub(super) const DE: u32 = 1;
    pub(super) const US: u32 = 2;
    pub(super) fn error() -> u32 {
        4
    }
    pub(super) fn status() -> u32 {
        8
    }
    pub(super) fn at() -> u32 {
        16
    }
}

#[test]
fn a_test_may_have_names_of_its_own_beside_the_glob() {
    use own::*;
    use ringer::scenario::*;

    let offer = country(Country::DE).available(DE + US + error() + status() + at());
    assert_eq!(offer.available, 31);
}
