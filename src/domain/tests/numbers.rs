//! Numbers pass a validator and belong to nobody. The crate `phonenumber`, a port of
//! libphonenumber, judges both.

use std::collections::HashSet;

use crate::domain::country::Country;
use crate::domain::number_plan::{NumberKind, capacity, is_valid_range, nth, reserved_len};
use crate::domain::phone_number::PhoneNumber;
use phonenumber::country::Id;
use proptest::prelude::*;

const KINDS: [NumberKind; 2] = [NumberKind::Any, NumberKind::Mobile];

/// Every country with every kind of number.
fn plans() -> impl Iterator<Item = (Country, NumberKind)> {
    Country::all().flat_map(|country| KINDS.map(|kind| (country, kind)))
}

/// The country of a valid number.
fn valid_in(number: PhoneNumber) -> Option<Id> {
    let number = phonenumber::parse(None, number.to_string()).ok()?;
    if number.is_valid() { number.country().id() } else { None }
}

fn is_valid(number: PhoneNumber) -> bool {
    phonenumber::parse(None, number.to_string()).is_ok_and(|number| number.is_valid())
}

/// All indexes of a short list; of a long one an even spread and both ends of every range.
fn sample(country: Country, kind: NumberKind) -> impl Iterator<Item = u64> {
    let len = reserved_len(country, kind);
    let range = if country.calling_code() == 1 { 100 } else { 1_000 };
    let is_end = move |index| [0, range - 1].contains(&(index % range)) || index + 1 == len;
    (0..len).filter(move |&index| len <= 100 || index % 397 == 0 || is_end(index))
}

/// Some of the indexes after the numbers reserved for fiction: the first, the last, a spread, and
/// those before powers of a hundred, where short numbers end and long ones begin.
fn fallback(country: Country, kind: NumberKind) -> impl Iterator<Item = u64> {
    let (start, end) = (reserved_len(country, kind), capacity(country, kind));
    let near_powers = (0..5).map(|exponent| 100_u64.pow(exponent) - 1);
    let spread = (1..3).map(move |part| (end - start) / 3 * part);
    let beyond = near_powers.chain(spread).map(move |beyond| start + beyond);
    beyond.chain([end - 1]).filter(move |&index| index < end)
}

#[test]
fn each_country_reserves_as_many_numbers_for_fiction_as_the_ruling_lists() {
    use NumberKind::{Any, Mobile};
    for (country, kind, len) in [
        (Country::GB, Any, 14_000),
        (Country::GB, Mobile, 1_000),
        (Country::DE, Any, 5_200),
        (Country::DE, Mobile, 200),
        (Country::FR, Any, 50_000),
        (Country::FR, Mobile, 10_000),
        (Country::SE, Any, 95),
        (Country::AU, Any, 80_000),
        (Country::IE, Any, 100_000),
        (Country::DO, Any, 300),
        (Country::JM, Any, 200),
        (Country::PR, Any, 200),
        (Country::US, Any, 35_600),
        (Country::CA, Any, 5_500),
        (Country::PL, Any, 0),
    ] {
        assert_eq!(reserved_len(country, kind), len, "{country} {kind:?}");
    }
}

#[test]
fn numbers_of_valid_ranges_pass_the_validator_and_belong_to_their_country() {
    for country in Country::all().filter(|&country| is_valid_range(country, NumberKind::Any)) {
        for index in sample(country, NumberKind::Any) {
            let number = nth(country, NumberKind::Any, index);
            let judged = valid_in(number);
            assert_eq!(
                judged.as_ref().map(Id::as_ref),
                Some(country.as_str()),
                "{index}: {number}"
            );
        }
    }
}

#[test]
fn every_german_mobile_number_passes_the_validator() {
    for index in 0..reserved_len(Country::DE, NumberKind::Mobile) {
        let number = nth(Country::DE, NumberKind::Mobile, index);
        assert_eq!(valid_in(number), Some(Id::DE), "{index}: {number}");
    }
}

#[test]
fn valid_mobile_numbers_are_among_those_of_any_kind() {
    for country in Country::all().filter(|&country| is_valid_range(country, NumberKind::Mobile)) {
        let list =
            |kind| (0..reserved_len(country, kind)).map(move |index| nth(country, kind, index));
        let any: HashSet<_> = list(NumberKind::Any).collect();
        assert!(list(NumberKind::Mobile).all(|number| any.contains(&number)), "{country}");
    }
}

#[test]
fn valid_ranges_are_those_of_the_countries_that_the_ruling_lists() {
    let with_valid = |wanted| {
        let valid =
            plans().filter(move |&(country, kind)| kind == wanted && is_valid_range(country, kind));
        valid.map(|(country, _)| country.as_str()).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(with_valid(NumberKind::Any), "AU CA DE DO FR GB JM PR SE US");
    assert_eq!(with_valid(NumberKind::Mobile), "AU CA DE DO JM PR SE US");
}

#[test]
fn irish_numbers_and_british_and_french_mobile_ones_are_reserved_for_fiction_but_do_not_pass() {
    for (country, kind) in [
        (Country::IE, NumberKind::Any),
        (Country::IE, NumberKind::Mobile),
        (Country::GB, NumberKind::Mobile),
        (Country::FR, NumberKind::Mobile),
    ] {
        assert!(reserved_len(country, kind) > 0);
        for index in sample(country, kind) {
            let number = nth(country, kind, index);
            assert!(!is_valid(number), "{country} {index}: {number}");
        }
    }
}

#[test]
fn after_those_reserved_for_fiction_no_number_of_any_country_passes_the_validator() {
    for country in Country::all() {
        for index in fallback(country, NumberKind::Any) {
            let number = nth(country, NumberKind::Any, index);
            assert!(!is_valid(number), "{country} {index}: {number}");
        }
    }
}

#[test]
fn no_fallback_number_is_a_free_phone_number_that_begins_with_zeros() {
    for country in [Country::IN, Country::JP, Country::KR, Country::TJ, Country::UY] {
        let step = capacity(country, NumberKind::Any) / 100;
        let of_mobile_length = (0..100).map(|part| 100 * part);
        let of_full_length = (0..100).map(|part| step * part);
        for index in of_mobile_length.chain(of_full_length) {
            let number = nth(country, NumberKind::Any, index);
            assert!(!is_valid(number), "{country} {index}: {number}");
        }
    }
}

#[test]
fn after_those_reserved_for_fiction_numbers_are_e164_and_begin_with_the_calling_code_and_000() {
    for (country, kind) in plans() {
        let start = format!("+{}000", country.calling_code());
        for index in fallback(country, kind) {
            let number = nth(country, kind, index);
            assert!(number.to_string().starts_with(&start), "{country} {index}: {number}");
            assert_eq!(PhoneNumber::parse(&number.to_string()), Ok(number));
        }
    }
}

#[test]
fn the_first_fallback_number_has_the_length_of_a_mobile_number() {
    for (country, first) in [
        (Country::PL, "+48000000000"),
        (Country::BR, "+5500000000000"),
        (Country::JP, "+810001000000"),
        (Country::DE, "+4900000000000"),
        (Country::AG, "+10000000000"),
    ] {
        let index = reserved_len(country, NumberKind::Any);
        assert_eq!(nth(country, NumberKind::Any, index).to_string(), first);
    }
}

#[test]
fn numbers_reserved_for_fiction_are_the_published_ranges_one_after_another() {
    use NumberKind::{Any, Mobile};
    // Each x stands for any digit.
    for (country, kind, ranges) in [
        (
            Country::GB,
            Any,
            "+442079460xxx +441134960xxx +441144960xxx +441164960xxx +441174960xxx +441184960xxx \
             +441214960xxx +441314960xxx +441414960xxx +441514960xxx +441614960xxx +442920180xxx \
             +441914980xxx +443069990xxx",
        ),
        (Country::GB, Mobile, "+447700900xxx"),
        (
            Country::DE,
            Any,
            "+493023125xxx +496990009xxx +494066969xxx +492214710xxx +498999998xxx \
             +4917139200xx +49176040690xx",
        ),
        (Country::DE, Mobile, "+4917139200xx +49176040690xx"),
        (Country::FR, Any, "+3319900xxxx +3326191xxxx +3335301xxxx +3346571xxxx +3353649xxxx"),
        (Country::FR, Mobile, "+3363998xxxx"),
        (
            Country::AU,
            Any,
            "+6125550xxxx +6127010xxxx +6135550xxxx +6137010xxxx +6175550xxxx +6177010xxxx \
             +6185550xxxx +6187010xxxx",
        ),
        (Country::IE, Any, "+3532091xxxxx"),
        (Country::DO, Any, "+180955501xx +182955501xx +184955501xx"),
        (Country::JM, Any, "+165855501xx +187655501xx"),
        (Country::PR, Any, "+178755501xx +193955501xx"),
    ] {
        let mut index = 0;
        for range in ranges.split_whitespace() {
            let fixed = range.trim_end_matches('x');
            let width = range.len() - fixed.len();
            for variable in 0..10_u64.pow(width as u32) {
                let number = nth(country, kind, index).to_string();
                assert_eq!(number, format!("{fixed}{variable:0width$}"), "{country} {index}");
                index += 1;
            }
        }
        assert_eq!(index, reserved_len(country, kind), "{country}");
    }
}

#[test]
fn the_swedish_numbers_run_from_605_to_699() {
    for index in 0..reserved_len(Country::SE, NumberKind::Any) {
        let number = nth(Country::SE, NumberKind::Any, index);
        assert_eq!(number.to_string(), format!("+46701740{}", 605 + index));
    }
}

#[test]
fn every_american_number_is_555_01xx_in_a_geographic_area_code() {
    for index in 0..reserved_len(Country::US, NumberKind::Any) {
        let digits = nth(Country::US, NumberKind::Any, index).digits().to_string();
        let (area, line) = (&digits[1..4], &digits[4..]);
        assert!(line.starts_with("55501"), "{digits}");
        let services = [
            "500", "521", "522", "533", "544", "566", "577", "588", "600", "700", "710", "800",
            "822", "833", "844", "855", "866", "877", "888", "900",
        ];
        assert!(!services.contains(&area) && !area.ends_with("11"), "{digits}");
    }
}

#[test]
fn no_two_countries_and_no_two_indexes_share_a_number_reserved_for_fiction() {
    let mut seen = HashSet::new();
    for country in Country::all() {
        for index in 0..reserved_len(country, NumberKind::Any) {
            let number = nth(country, NumberKind::Any, index);
            assert!(seen.insert(number), "{country} {index}: {number}");
        }
    }
}

#[test]
fn countries_of_one_calling_code_take_turns_so_their_fallback_numbers_differ() {
    let mut seen = HashSet::new();
    for country in Country::all() {
        for beyond in 0..1_000 {
            let index = reserved_len(country, NumberKind::Any) + beyond;
            let number = nth(country, NumberKind::Any, index);
            assert!(seen.insert(number), "{country} {index}: {number}");
        }
    }
}

#[test]
fn every_country_has_numbers_for_100_million_rentals_and_no_index_is_too_large() {
    for (country, kind) in plans() {
        assert!(capacity(country, kind) >= 100_000_000, "{country}");
        for index in [capacity(country, kind), u64::MAX - 1, u64::MAX] {
            let number = nth(country, kind, index);
            assert!(PhoneNumber::parse(&number.to_string()).is_ok(), "{country} {number}");
        }
    }
}

fn plan() -> impl Strategy<Value = (Country, NumberKind)> {
    prop::sample::select(plans().collect::<Vec<_>>())
}

/// An index within the capacity of any country, small ones and neighbours as likely as large ones.
fn index() -> impl Strategy<Value = u64> {
    prop_oneof![0..100_u64, 0..100_000_u64, 0..50_000_000_u64]
}

proptest! {
    #[test]
    fn two_indexes_of_a_country_never_give_one_number(
        (country, kind) in plan(), index in index(), distance in prop_oneof![1..9_u64, 1..50_000_000_u64],
    ) {
        for (a, b) in [(index, index + distance), (index, capacity(country, kind) - distance)] {
            prop_assert_eq!(a == b, nth(country, kind, a) == nth(country, kind, b));
        }
    }

    #[test]
    fn two_countries_never_give_one_number(
        (country, kind) in plan(), (other, other_kind) in plan(), a in index(), b in index(),
    ) {
        prop_assume!(country != other);
        prop_assert_ne!(nth(country, kind, a), nth(other, other_kind, b));
    }

    #[test]
    fn two_countries_of_one_calling_code_never_give_one_number_at_the_same_place(
        (country, kind) in plan(), index in index(),
    ) {
        let sharers = Country::all()
            .filter(|&other| other != country && other.calling_code() == country.calling_code());
        for other in sharers {
            let beyond = |country| nth(country, kind, reserved_len(country, kind) + index);
            prop_assert_ne!(beyond(country), beyond(other));
        }
    }

    #[test]
    fn no_rental_gets_the_number_of_the_documentation((country, kind) in plan(), index in any::<u64>()) {
        prop_assert_ne!(nth(country, kind, index).to_string(), "+14155552671");
        prop_assert_ne!(nth(country, kind, index % 100_000).to_string(), "+14155552671");
    }

    #[test]
    fn any_text_is_parsed_or_refused_without_a_panic(text in ".{0,20}") {
        if let Ok(number) = PhoneNumber::parse(&text) {
            prop_assert_eq!(number.to_string(), text);
        }
    }
}

#[test]
fn the_number_of_the_documentation_is_in_no_range_reserved_for_fiction() {
    let documented = PhoneNumber::parse("+14155552671").unwrap();
    for (country, kind) in plans() {
        let mut kept = (0..reserved_len(country, kind)).map(|index| nth(country, kind, index));
        assert!(kept.all(|number| number != documented), "{country}");
    }
}

#[test]
fn a_number_parses_only_as_plus_and_seven_to_fifteen_digits_that_begin_with_no_zero() {
    for text in ["+1234567", "+14155552671", "+123456789012345"] {
        assert_eq!(PhoneNumber::parse(text).unwrap().to_string(), text);
    }
    for text in [
        "",
        "+",
        "14155552671",
        "+123456",
        "+1234567890123456",
        "+04155552671",
        "++4155552671",
        "+1415555267a",
        "+1 415 555 2671",
        " +14155552671",
        "+14155552671 ",
        "+-4155552671",
        "+１４１５５５５２６７１",
        "0014155552671",
    ] {
        assert!(PhoneNumber::parse(text).is_err(), "{text:?}");
    }
}

#[test]
fn a_number_takes_eight_bytes_and_is_a_string_in_json() {
    assert_eq!(size_of::<PhoneNumber>(), 8);
    let number = PhoneNumber::parse("+14155552671").unwrap();
    assert_eq!(number.digits(), 14_155_552_671);
    assert_eq!(serde_json::to_string(&number).unwrap(), r#""+14155552671""#);
    assert_eq!(serde_json::from_str::<PhoneNumber>(r#""+14155552671""#).unwrap(), number);
    let refused = serde_json::from_str::<PhoneNumber>(r#""4155552671""#).unwrap_err();
    assert!(refused.to_string().contains("expected an E.164 number"), "{refused}");
}

#[test]
fn a_kind_of_number_is_in_snake_case_in_json() {
    assert_eq!(serde_json::to_string(&KINDS).unwrap(), r#"["any","mobile"]"#);
}
