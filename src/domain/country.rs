//! A country as the partner API names it: an ISO 3166-1 alpha-2 code.
//!
//! `country_parse` reads one from text and explains what is wrong with it.

use std::fmt;

use super::country_table::{COUNTRIES, Row, TABLE, countries};
use super::serde_helpers::json_to_string;

/// One of the 249 assigned ISO 3166-1 alpha-2 codes, or one of ten user-assigned codes that stand
/// for an error on demand (our ruling): see [`Country::is_on_demand`].
///
/// Stored as a position in the table of countries: all that is known of a country is one lookup
/// away. Ordered by code, the ten last.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Country(u16);

/// The position of each pair of letters in the table: parsing a request takes one lookup, no
/// search.
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

/// Marks pairs of letters in [`BY_LETTERS`] that are no code. The table has fewer rows.
const NO_COUNTRY: u16 = u16::MAX;

macro_rules! constants {
    ($($alpha2:ident $_alpha3:ident $_code:literal $_len:literal $name:literal;)*) => {
        /// Numbers the rows of the table.
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

/// An accepted code, with a remark on how it was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ParsedCountry {
    pub code: Country,
    /// Set if a strict server might have refused the text.
    pub lint: Option<CountryLint>,
}

/// A way of writing a country that is accepted, but differs from the documentation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CountryLint {
    /// `us` or `Us` for `US`.
    LowerCase,
    /// `UK`, in any case. ISO only reserves it; the United Kingdom's code is `GB`.
    UkForGb,
}

impl Country {
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

    /// All countries of ISO 3166-1, ordered by code.
    pub fn all() -> impl Iterator<Item = Self> {
        (0..u16::MAX).take(COUNTRIES).map(Self)
    }

    /// The codes that stand for an error on demand.
    pub fn on_demand() -> impl Iterator<Item = Self> {
        (0..u16::MAX).take(TABLE.len()).skip(COUNTRIES).map(Self)
    }

    /// Whether it stands for an error on demand, such as `XN`, instead of a country.
    pub const fn is_on_demand(self) -> bool {
        self.0 as usize >= COUNTRIES
    }

    /// The country whose numbers it has: itself, or the US for an error on demand.
    pub(super) const fn numbered_as(self) -> Self {
        if self.is_on_demand() { Self::US } else { self }
    }

    /// Its index in [`all`](Self::all), for tables that run parallel to it.
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

    /// The English short name, the `country_name` of getNumbers: `United States`.
    pub fn name(self) -> &'static str {
        self.row().name
    }

    /// The ITU E.164 calling code without `+`. Countries share some: the US, Canada and 23 others
    /// have 1.
    pub fn calling_code(self) -> u16 {
        self.row().calling_code
    }

    /// How many digits a mobile number has after its calling code.
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

json_to_string!(Country);
