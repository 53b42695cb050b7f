//! Guesses which country a wrong text means, for helpful error messages. A wrong guess misleads, so
//! when in doubt there is none.

use std::borrow::Cow;

use super::country::Country;

/// No country has a longer name. The limit bounds the work that a stranger's text can cause.
const MAX_BYTES: usize = 64;

/// How similar, from 0 to 1, a misspelt name must be: one mistake in four letters.
const SIMILAR_ENOUGH: f64 = 0.75;

/// The country that most people mean by a shared calling code, unless it is the first by code
/// anyway.
const CALLED_FIRST: [Country; 8] = [
    Country::US,
    Country::RU,
    Country::NO,
    Country::MA,
    Country::FI,
    Country::GP,
    Country::CW,
    Country::NF,
];

/// The countries where most SMS numbers are rented: the likely target of a typo in the second
/// letter. The first with the right first letter wins.
const COMMON: [Country; 24] = [
    Country::US,
    Country::GB,
    Country::DE,
    Country::FR,
    Country::ES,
    Country::IT,
    Country::NL,
    Country::PL,
    Country::SE,
    Country::UA,
    Country::RU,
    Country::IN,
    Country::BR,
    Country::CA,
    Country::AU,
    Country::TR,
    Country::KZ,
    Country::VN,
    Country::HK,
    Country::MX,
    Country::PH,
    Country::LT,
    Country::ZA,
    Country::JP,
];

/// Other names that people use, in lower case and without accents: former and formal names,
/// abbreviations, parts of a country, language codes and sports codes.
const OTHER_NAMES: &[(&str, Country)] = &[
    ("uae", Country::AE),
    ("emirates", Country::AE),
    ("bosnia", Country::BA),
    ("brasil", Country::BR),
    ("congo kinshasa", Country::CD),
    ("dr congo", Country::CD),
    ("drc", Country::CD),
    ("democratic republic congo", Country::CD),
    ("congo", Country::CG),
    ("republic congo", Country::CG),
    ("sui", Country::CH),
    ("ivory coast", Country::CI),
    ("peoples republic china", Country::CN),
    ("prc", Country::CN),
    ("cabo verde", Country::CV),
    ("cs", Country::CZ),
    ("czech republic", Country::CZ),
    ("ger", Country::DE),
    ("da", Country::DK),
    ("den", Country::DK),
    ("holland", Country::NL),
    ("ned", Country::NL),
    ("el", Country::GR),
    ("gre", Country::GR),
    ("en", Country::GB),
    ("eng", Country::GB),
    ("britain", Country::GB),
    ("england", Country::GB),
    ("great britain", Country::GB),
    ("great britain northern ireland", Country::GB),
    ("northern ireland", Country::GB),
    ("scotland", Country::GB),
    ("united kingdom great britain northern ireland", Country::GB),
    ("wales", Country::GB),
    ("hong kong sar china", Country::HK),
    ("cro", Country::HR),
    ("republic ireland", Country::IE),
    ("eire", Country::IE),
    ("ja", Country::JP),
    ("dprk", Country::KP),
    ("korea", Country::KR),
    ("republic korea", Country::KR),
    ("burma", Country::MM),
    ("macau", Country::MO),
    ("macao sar china", Country::MO),
    ("macedonia", Country::MK),
    ("por", Country::PT),
    ("russian federation", Country::RU),
    ("su", Country::RU),
    ("ksa", Country::SA),
    ("slovak republic", Country::SK),
    ("swaziland", Country::SZ),
    ("syrian arab republic", Country::SY),
    ("east timor", Country::TL),
    ("turkey", Country::TR),
    ("america", Country::US),
    ("united states america", Country::US),
    ("holy see", Country::VA),
    ("vatican", Country::VA),
    ("viet nam", Country::VN),
];

/// The country that `text` probably means.
pub(super) fn nearest(text: &str) -> Option<Country> {
    if text.len() > MAX_BYTES {
        return None;
    }
    let text = &text.trim().replace('.', "");
    (Country::read(text).map(|parsed| parsed.code))
        .or_else(|| by_alpha3(text))
        .or_else(|| by_calling_code(text))
        .or_else(|| by_name(&plain(text)))
        .or_else(|| by_first_letter(text))
}

fn by_alpha3(text: &str) -> Option<Country> {
    Country::all().find(|country| country.alpha3().eq_ignore_ascii_case(text))
}

/// `49`, `+49` or `0049`.
fn by_calling_code(text: &str) -> Option<Country> {
    let digits = text.strip_prefix('+').or_else(|| text.strip_prefix("00")).unwrap_or(text);
    let calling_code = digits.parse::<u16>().ok()?;
    (CALLED_FIRST.into_iter())
        .chain(Country::all())
        .find(|country| country.calling_code() == calling_code)
}

/// By the exact name, or else the most similar one. Short names are too similar to guess.
fn by_name(name: &str) -> Option<Country> {
    let official = Country::all().map(|country| (Cow::Owned(plain(country.name())), country));
    let others = OTHER_NAMES.iter().map(|&(other, country)| (Cow::Borrowed(other), country));
    let names: Vec<(Cow<'_, str>, _)> = official.chain(others).collect();
    if let Some(&(_, country)) = names.iter().find(|(known, _)| known == name) {
        return Some(country);
    }
    if name.len() < 4 {
        return None;
    }
    (names.iter())
        .filter(|(known, _)| known.len() >= 4)
        .map(|(known, country)| (similarity(known, name), *country))
        .filter(|&(similarity, _)| similarity >= SIMILAR_ENOUGH)
        .reduce(|best, next| if next.0 > best.0 { next } else { best })
        .map(|(_, country)| country)
}

/// How similar two names are. A missing, extra or wrong letter is one mistake, and so are two
/// swapped letters. Names of very different lengths, which most are, are not compared at all.
fn similarity(known: &str, name: &str) -> f64 {
    let (shorter, longer) = (known.len().min(name.len()), known.len().max(name.len()));
    if (shorter as f64) < SIMILAR_ENOUGH * longer as f64 {
        return 0.0;
    }
    1.0 - strsim::osa_distance(known, name) as f64 / longer as f64
}

/// By the first of two letters, if a common country has it.
fn by_first_letter(text: &str) -> Option<Country> {
    let &[first, second] = text.as_bytes() else {
        return None;
    };
    let first = first.to_ascii_uppercase();
    (COMMON.into_iter())
        .find(|country| second.is_ascii_alphabetic() && country.as_str().as_bytes()[0] == first)
}

/// A name without what people write in different ways: case, accents, punctuation, short words.
fn plain(name: &str) -> String {
    let letters: String = (name.chars())
        .filter(|&letter| letter != '\'' && letter != '’')
        .flat_map(char::to_lowercase)
        .map(|letter| match letter {
            'á' | 'ã' | 'å' => 'a',
            'ç' => 'c',
            'é' => 'e',
            'í' => 'i',
            'ó' | 'ô' => 'o',
            'ü' => 'u',
            letter if letter.is_alphanumeric() => letter,
            _ => ' ',
        })
        .collect();
    let words = letters.split_whitespace().filter(|word| !["the", "of", "and"].contains(word));
    let words: Vec<_> = words.map(|word| if word == "saint" { "st" } else { word }).collect();
    words.join(" ")
}
