//! Which numbers a rental gets: our ruling as data.
//!
//! A number must look real to a client's validation, yet never reach a real person. Regulators
//! reserve ranges for films and tests; these come first. After them, or in a country without any,
//! numbers continue from `+CC 000…`, which no plan assigns.

use super::country::Country;
use super::country_table::{COUNTRIES, TABLE};
use super::number_ranges::ReservedNumbers;
use super::phone_number::PhoneNumber;

pub(crate) use super::number_ranges::NumberKind;

/// The most digits of a number, calling code included.
const E164_DIGITS: u32 = 15;

/// How many numbers this country reserves for fiction.
pub(crate) fn reserved_len(country: Country, kind: NumberKind) -> u64 {
    ReservedNumbers::of(country, kind).len()
}

/// Whether libphonenumber accepts the numbers that the country reserves for fiction. It accepts
/// none of the numbers after them, in any country.
#[cfg(test)]
pub(crate) fn is_valid_range(country: Country, kind: NumberKind) -> bool {
    let refused = match kind {
        NumberKind::Any => country == Country::IE,
        NumberKind::Mobile => [Country::IE, Country::GB, Country::FR].contains(&country),
    };
    !refused && reserved_len(country, kind) > 0
}

/// How many different numbers [`nth`] knows for this country: those reserved for fiction and the
/// fallback. At least 100 million, far more than a sandbox can hold.
#[cfg(test)]
pub(crate) fn capacity(country: Country, kind: NumberKind) -> u64 {
    let fallback = Fallback::of(country);
    reserved_len(country, kind) + fallback.short.len + fallback.long.len
}

/// The number at `index` of this country: first each number reserved for fiction, then the
/// fallback, counting up.
///
/// Two indexes below [`capacity`] never give the same number, nor do two countries, not even with
/// the same calling code. Beyond it the fallback starts again, since E.164 has no more digits.
pub(crate) fn nth(country: Country, kind: NumberKind, index: u64) -> PhoneNumber {
    let digits = match ReservedNumbers::of(country, kind).get(index) {
        Ok(digits) => digits,
        Err(beyond) => Fallback::of(country).get(beyond),
    };
    PhoneNumber::from_digits(digits)
}

/// Numbers that no plan assigns: `+CC 000…`, first as long as a mobile number, then as long as
/// E.164 allows.
struct Fallback {
    short: Series,
    long: Series,
}

/// Every `step`th number from `first` on.
struct Series {
    first: u64,
    step: u64,
    len: u64,
}

impl Fallback {
    fn of(country: Country) -> Self {
        let calling_code = u64::from(country.calling_code());
        let code_len = calling_code.ilog10() + 1;
        let country = country.numbered_as();
        let turn = &TURNS[country.position()];
        let mobile_len = match country {
            // Tajik mobile numbers may begin with 00; they never have ten digits.
            Country::TJ => country.mobile_len() + 1,
            _ => country.mobile_len(),
        };
        // A national number is `lead`, in this many digits, followed by a count.
        let (lead, lead_len) = match country {
            // These have free-phone numbers that begin with 00 or 000, which validators also accept
            // with more zeros in front, but none that begins with 0001.
            Country::IN | Country::JP | Country::KR | Country::UY => (1, 4),
            _ => (0, 3),
        };
        let series = |national_len: u32| {
            let counted = 10_u64.pow(national_len - lead_len);
            Series {
                first: calling_code * 10_u64.pow(national_len) + lead * counted + turn.place,
                step: turn.sharers,
                len: counted / turn.sharers,
            }
        };
        Self { short: series(mobile_len), long: series(E164_DIGITS - code_len) }
    }

    fn get(&self, index: u64) -> u64 {
        match index.checked_sub(self.short.len) {
            None => self.short.get(index),
            Some(index) => self.long.get(index % self.long.len),
        }
    }
}

impl Series {
    fn get(&self, index: u64) -> u64 {
        self.first + index * self.step
    }
}

/// Countries that share a calling code take turns in the numbers after it.
struct Turn {
    /// How many countries before this one have the same calling code.
    place: u64,
    /// How many countries have the same calling code, this one included.
    sharers: u64,
}

/// The turn of each country, in the order of the table.
static TURNS: [Turn; COUNTRIES] = {
    let mut turns = [const { Turn { place: 0, sharers: 0 } }; COUNTRIES];
    let mut this = 0;
    while this < COUNTRIES {
        let mut other = 0;
        while other < COUNTRIES {
            if TABLE[other].calling_code == TABLE[this].calling_code {
                turns[this].sharers += 1;
                turns[this].place += (other < this) as u64;
            }
            other += 1;
        }
        this += 1;
    }
    turns
};
