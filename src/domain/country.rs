//! A country as the partner API names it: an ISO 3166-1 alpha-2 code.
//!
//! How one is read from text, and what is said of a wrong one, stands in `country_parse`.

use std::fmt;

use serde::{Serialize, Serializer};

use super::country_table::{COUNTRIES, Row, TABLE, countries};

/// One of the 249 officially assigned ISO 3166-1 alpha-2 codes, or one of the ten that ISO leaves to
/// its users and that stand for an error on demand (our ruling): see [`Country::is_on_demand`].
///
/// It is a position in the table of countries, so that everything known of a country is one look
/// away. The order is that of the codes, the ten last.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Country(u16);

/// Where the country of two letters stands in the table: every request is parsed, so it is one look
/// and no search.
static BY_LETTERS: [[u16; 26]; 26] = {
    let mut by_letters = [[NO_COUNTRY; 26]; 26];
    let mut position = 0;
    while position < TABLE.len() {
        let letters = TABLE[position].alpha2.as_bytes();
        by_letters[(letters[0] - b'A') as usize][(letters[1] - b'A') as usize] = position as u16;
        position += 1;
    }
    by_letters
};

/// Stands in [`BY_LETTERS`] for letters that are no code; the table has fewer rows.
const NO_COUNTRY: u16 = u16::MAX;

macro_rules! constants {
    ($($alpha2:ident $_alpha3:ident $_code:literal $_len:literal $name:literal;)*) => {
        /// Counts the rows: a variant's number is the position of its row.
        #[repr(u16)]
        enum Position { $($alpha2),* }

        /// A constant for every code.
        impl Country {
            $(
                #[doc = $name]
                pub const $alpha2: Self = Self(Position::$alpha2 as u16);
            )*
        }
    };
}

countries!(constants);

/// A code that was accepted, with what is to be noted about how it was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ParsedCountry {
    /// The country that was meant.
    pub code: Country,
    /// Set when a strict server might have refused the text.
    pub lint: Option<CountryLint>,
}

/// A way of writing a country that is understood, but is not what the documentation shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CountryLint {
    /// `us` or `Us` for `US`.
    LowerCase,
    /// `UK`, in any case. ISO reserves it for the United Kingdom, whose code is `GB`.
    UkForGb,
}

impl Country {
    /// Reads a code as forgivingly as our ruling allows; `None` for what is no code.
    pub(super) fn read(text: &str) -> Option<ParsedCountry> {
        let letters: [u8; 2] = text.as_bytes().try_into().ok()?;
        let upper = letters.map(|letter| letter.to_ascii_uppercase());
        if &upper == b"UK" {
            return Some(ParsedCountry { code: Self::GB, lint: Some(CountryLint::UkForGb) });
        }
        let [first, second] = upper.map(|letter| usize::from(letter.wrapping_sub(b'A')));
        let position = *BY_LETTERS.get(first)?.get(second)?;
        if position == NO_COUNTRY {
            return None;
        }
        let lint = (upper != letters).then_some(CountryLint::LowerCase);
        Some(ParsedCountry { code: Self(position), lint })
    }

    /// Every country of ISO 3166-1, in the order of the codes.
    pub fn all() -> impl Iterator<Item = Self> {
        (0..u16::MAX).take(COUNTRIES).map(Self)
    }

    /// The codes that stand for an error on demand.
    pub fn on_demand() -> impl Iterator<Item = Self> {
        (0..u16::MAX).take(TABLE.len()).skip(COUNTRIES).map(Self)
    }

    /// Whether it is no country but an error on demand, such as `XN`.
    #[must_use]
    pub const fn is_on_demand(self) -> bool {
        self.0 as usize >= COUNTRIES
    }

    /// The country whose numbers it has: its own, and those of the US where it is none.
    pub(super) const fn numbered_as(self) -> Self {
        if self.is_on_demand() { Self::US } else { self }
    }

    /// Where the country stands in [`all`](Self::all), for tables that run beside it.
    pub(super) const fn position(self) -> usize {
        self.0 as usize
    }

    fn row(self) -> &'static Row {
        &TABLE[self.position()]
    }

    /// The two upper-case letters.
    pub fn as_str(self) -> &'static str {
        self.row().alpha2
    }

    /// The ISO 3166-1 alpha-3 code, which clients send by mistake.
    pub(super) fn alpha3(self) -> &'static str {
        self.row().alpha3
    }

    /// The English short name, as in `country_name` of getNumbers: `United States`.
    pub fn name(self) -> &'static str {
        self.row().name
    }

    /// The ITU E.164 calling code without `+`. Countries share some: 1 is the code of the US,
    /// Canada and 23 more.
    pub fn calling_code(self) -> u16 {
        self.row().calling_code
    }

    /// How many digits a mobile number has after the calling code.
    pub(super) fn mobile_len(self) -> u32 {
        self.row().mobile_len
    }
}

impl fmt::Display for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for Country {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}
