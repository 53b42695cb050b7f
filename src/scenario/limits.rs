//! Limits of a scenario, so that the getSMS reply of a rental cannot grow without bound.
//!
//! Placeholders are filled differently for each rental; what counts is the longest possible text.

use std::ops::{Add, Range};

use super::rental::RentalPolicy;
use super::script::{Action, SmsTemplate, Step};
use super::sms_text::{CodePattern, Piece, SmsText};
use super::{Milestone, Scenario};
use crate::domain::service::Service;

impl Scenario {
    /// The most characters of an SMS, and of its sender.
    pub const MAX_SMS_CHARS: usize = 1_600;
    /// The most characters of the code that a client is to find in an SMS.
    pub const MAX_EXPECTED_CODE_CHARS: usize = 64;
    /// The most bytes of the getSMS reply of one rental.
    pub const MAX_REPLY_BYTES: usize = 1_024 * 1_024;
    /// The most entries of each list in a scenario: countries, stock changes, scripts, variants,
    /// steps, fault rules. A rental stores its index into some of them in two bytes.
    pub const MAX_ENTRIES: usize = 1_000;
    /// The most numbers that all countries together list. Every sandbox copies them.
    pub const MAX_LISTED_NUMBERS: usize = 10_000;
}

impl Milestone {
    /// The most characters of a hint.
    pub const MAX_HINT_CHARS: usize = 500;
}

/// The length of a text, or the most that it may become.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct TextLength {
    pub(crate) chars: usize,
    /// As part of a JSON string.
    pub(crate) bytes: usize,
}

impl TextLength {
    /// The first letter of a service becomes a capital, which may be three characters.
    const SERVICE: Self = Self::at_most(Service::MAX_CHARS + 2, 6);
    /// E.164: a plus and 15 digits.
    const NUMBER: Self = Self::at_most(16, 1);
    /// A made-up sender and text, without the service and the code.
    const SENDER: Self = Self::at_most(11, 4);
    const WORDING: Self = Self::at_most(128, 1);

    const fn at_most(chars: usize, bytes_of_char: usize) -> Self {
        Self { chars, bytes: chars * bytes_of_char }
    }

    /// The length of a text without placeholders.
    pub(crate) fn of(text: &str) -> Self {
        text.chars().map(Self::of_char).fold(Self::default(), Self::add)
    }

    fn of_char(c: char) -> Self {
        let bytes = match c {
            '"' | '\\' | '\n' | '\r' | '\t' | '\u{8}' | '\u{c}' => 2,
            '\0'..'\u{20}' => 6,
            c => c.len_utf8(),
        };
        Self { chars: 1, bytes }
    }

    /// A digit and a letter are as long as what stands for them in the pattern.
    fn of_code(code: &CodePattern, part: &Range<usize>) -> Self {
        let part = code.as_str().chars().take(part.end).skip(part.start);
        part.map(Self::of_char).fold(Self::default(), Self::add)
    }

    fn of_text(text: &SmsText, code: &CodePattern) -> Self {
        let pieces = text.pieces().iter().map(|piece| match piece {
            Piece::Literal(literal) => Self::of(literal),
            Piece::Code(part) => Self::of_code(code, part.as_ref().unwrap_or(&(0..usize::MAX))),
            Piece::Service => Self::SERVICE,
            Piece::Number => Self::NUMBER,
        });
        pieces.fold(Self::default(), Self::add)
    }
}

impl Add for TextLength {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self { chars: self.chars + other.chars, bytes: self.bytes + other.bytes }
    }
}

impl SmsTemplate {
    /// How long its sender and its text may become with this code.
    pub(super) fn longest(&self, code: &CodePattern) -> (TextLength, TextLength) {
        let made_up = || TextLength::WORDING + TextLength::SERVICE + TextLength::of(code.as_str());
        let text = self.text.as_ref().map_or_else(made_up, |text| TextLength::of_text(text, code));
        (self.sender.as_deref().map_or(TextLength::SENDER, TextLength::of), text)
    }

    /// The code that it carries after an SMS with the code `before`.
    pub(super) fn carries<'a>(&'a self, before: Option<&'a CodePattern>) -> &'a CodePattern {
        before.filter(|_| self.same_code).unwrap_or(&self.code)
    }

    fn reply_bytes(&self, code: &CodePattern) -> usize {
        let (sender, text) = self.longest(code);
        message_bytes(sender, text)
    }
}

/// The bytes of a message in a getSMS reply of any shape, date and field names included.
pub(crate) const fn message_bytes(sender: TextLength, text: TextLength) -> usize {
    160 + sender.bytes + text.bytes
}

/// The most bytes that the getSMS reply of a rental with these steps may have.
pub(crate) fn reply_bytes(steps: &[Step], terms: &RentalPolicy) -> usize {
    const WITHOUT_MESSAGES: usize = 160;
    let (mut code, mut last) = (None, 0);
    let steps = steps.iter().map(|step| match &step.action {
        Action::Sms(sms) => {
            let carried = sms.carries(code);
            (code, last) = (Some(carried), sms.reply_bytes(carried));
            last
        }
        Action::Duplicate => last,
        Action::Expire | Action::Revoke => 0,
    });
    let steps: usize = steps.sum();
    let at_cancel = terms.sms_during_cancel.as_ref().map_or(0, |sms| sms.reply_bytes(&sms.code));
    WITHOUT_MESSAGES + steps + at_cancel
}
