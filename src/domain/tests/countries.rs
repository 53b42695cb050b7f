//! Country codes: accepted, accepted with a lint, or refused with a guess.

use crate::domain::country::{Country, CountryLint, ParsedCountry};
use crate::domain::country_parse::UnknownCountry;

fn nearest(text: &str) -> Option<Country> {
    Country::parse(text).expect_err(text).nearest
}

#[test]
fn every_assigned_code_parses_to_itself_and_there_are_249_in_alphabetical_order() {
    let all: Vec<_> = Country::all().collect();
    assert_eq!(all.len(), 249);
    assert!(all.is_sorted_by(|a, b| a < b && a.as_str() < b.as_str()));
    for code in all {
        let parsed = Country::parse(code.as_str());
        assert_eq!(parsed, Ok(ParsedCountry { code, lint: None }));
        assert_eq!(Country::try_from(code.as_str()), Ok(code));
        assert_eq!(code.to_string(), code.as_str());
        assert!(!code.name().is_empty());
        assert!((1..=998).contains(&code.calling_code()), "{code}");
    }
}

#[test]
fn no_two_letters_outside_the_table_are_a_code_except_uk_and_the_ten_on_demand() {
    let letters = || 'A'..='Z';
    let accepted = letters()
        .flat_map(|first| letters().map(move |second| format!("{first}{second}")))
        .filter(|text| Country::read(text).is_some());
    assert_eq!(accepted.count(), 249 + 1 + 10);
}

#[test]
fn countries_have_the_names_and_calling_codes_that_partners_write() {
    let facts = |code: Country| (code.as_str(), code.name(), code.calling_code());
    assert_eq!(facts(Country::US), ("US", "United States", 1));
    assert_eq!(facts(Country::GB), ("GB", "United Kingdom", 44));
    assert_eq!(facts(Country::DE), ("DE", "Germany", 49));
    assert_eq!(facts(Country::HK), ("HK", "Hong Kong", 852));
    for shares_the_code_of_the_us in
        [Country::CA, Country::DO, Country::JM, Country::PR, Country::UM]
    {
        assert_eq!(shares_the_code_of_the_us.calling_code(), 1);
    }
    for (code, calling_code) in [
        (Country::AX, 358),
        (Country::BV, 47),
        (Country::AQ, 672),
        (Country::TF, 262),
        (Country::GS, 500),
    ] {
        assert_eq!(code.calling_code(), calling_code, "{code}");
    }
}

#[test]
fn no_calling_code_is_a_prefix_of_another() {
    for a in Country::all() {
        for b in Country::all() {
            let (a, b) = (a.calling_code().to_string(), b.calling_code().to_string());
            assert!(a == b || !a.starts_with(&b), "{a} {b}");
        }
    }
}

#[test]
fn a_code_in_lower_or_mixed_case_is_accepted_with_a_lint() {
    for text in ["us", "Us", "uS"] {
        let lint = Some(CountryLint::LowerCase);
        assert_eq!(Country::parse(text), Ok(ParsedCountry { code: Country::US, lint }));
    }
}

#[test]
fn uk_is_accepted_for_gb_with_its_own_lint_in_any_case() {
    for text in ["UK", "uk", "Uk"] {
        let lint = Some(CountryLint::UkForGb);
        assert_eq!(Country::parse(text), Ok(ParsedCountry { code: Country::GB, lint }));
    }
}

#[test]
fn other_text_is_refused_without_a_panic() {
    let long = "Germany ".repeat(10_000);
    for text in
        ["", " ", "U", "é", "日", "\0\0", "US ", " US", "USA", "U1", "++", "99999999999", &long]
    {
        assert!(Country::parse(text).is_err(), "{text:?}");
    }
}

#[test]
fn user_assigned_codes_are_not_guessed_to_mean_another() {
    for text in ["XA", "XC", "XZ", "ZZ1", "??"] {
        assert_eq!(nearest(text), None, "{text}");
    }
}

#[test]
fn a_refused_text_comes_with_the_country_that_it_probably_means() {
    for (text, code) in [
        (" DE ", "DE"),
        ("us\n", "US"),
        ("USA", "US"),
        ("deu", "DE"),
        ("GBR", "GB"),
        ("Germany", "DE"),
        ("germany", "DE"),
        ("United States", "US"),
        ("United States of America", "US"),
        ("the united states", "US"),
        ("England", "GB"),
        ("Great Britain", "GB"),
        ("Russia", "RU"),
        ("Russian Federation", "RU"),
        ("South Korea", "KR"),
        ("Republic of Korea", "KR"),
        ("Ivory Coast", "CI"),
        ("Cote d'Ivoire", "CI"),
        ("Côte d’Ivoire", "CI"),
        ("Turkey", "TR"),
        ("Saint Lucia", "LC"),
        ("Trinidad and Tobago", "TT"),
        ("U.S.A", "US"),
        ("Gemrany", "DE"),
        ("Untied Kingdom", "GB"),
        ("Phillipines", "PH"),
        ("49", "DE"),
        ("+49", "DE"),
        ("0049", "DE"),
        ("1", "US"),
        ("+44", "GB"),
        ("7", "RU"),
        ("+971", "AE"),
        ("EN", "GB"),
        ("JA", "JP"),
        ("UX", "US"),
        ("DF", "DE"),
    ] {
        assert_eq!(nearest(text).map(Country::as_str), Some(code), "{text:?}");
    }
}

#[test]
fn there_is_no_far_fetched_guess() {
    for text in ["Atlantis", "everywhere", "abc", "all", "telegram", "123456", "+999", "Q7"] {
        assert_eq!(nearest(text), None, "{text:?}");
    }
}

#[test]
fn the_message_names_the_nearest_code_or_shows_examples() {
    assert_eq!(
        UnknownCountry { nearest: Some(Country::DE) }.to_string(),
        "not an ISO 3166-1 alpha-2 country code; did you mean DE (Germany)?"
    );
    assert_eq!(
        UnknownCountry { nearest: None }.to_string(),
        "not an ISO 3166-1 alpha-2 country code, such as US, GB or DE"
    );
}

#[test]
fn strict_parsing_refuses_what_lenient_parsing_only_notes() {
    for (text, code) in [("us", Country::US), ("UK", Country::GB)] {
        assert_eq!(Country::try_from(text), Err(UnknownCountry { nearest: Some(code) }));
    }
}

#[test]
fn a_country_is_its_two_letters_in_json_and_a_wrong_one_is_explained() {
    assert_eq!(serde_json::to_string(&Country::DE).unwrap(), r#""DE""#);
    assert_eq!(serde_json::from_str::<Country>(r#""DE""#).unwrap(), Country::DE);

    let explain = |json| serde_json::from_str::<Country>(json).unwrap_err().to_string();
    assert!(explain(r#""Germany""#).contains(r#""Germany" is not"#));
    assert!(explain(r#""Germany""#).contains("did you mean DE"));
    assert!(explain("49").contains("expected an ISO 3166-1 alpha-2 country code"));
}
