//! How much a scenario may say, so that no rental of it has a getSMS reply beyond measure.
//!
//! Texts are filled differently for each rental. What is counted here is the most that they can
//! become.

use std::ops::{Add, Range};

use super::Scenario;
use super::rental::RentalPolicy;
use super::script::{Action, SmsTemplate, Step};
use super::sms_text::{CodePattern, Piece, SmsText};
use crate::domain::service::Service;

impl Scenario {
    /// The most characters of an SMS, and of its sender.
    pub const MAX_SMS_CHARS: usize = 1_600;
    /// The most characters of the code that a client should find in an SMS.
    pub const MAX_EXPECTED_CODE_CHARS: usize = 64;
    /// The most bytes of the getSMS reply of one rental.
    pub const MAX_REPLY_BYTES: usize = 1_024 * 1_024;
    /// The most entries of a list in a scenario: countries, changes of stock, scripts, variants,
    /// steps, fault rules. A rental keeps its place in some of them in two bytes.
    pub const MAX_ENTRIES: usize = 1_000;
    /// The most numbers that all countries list together. Every sandbox copies them.
    pub const MAX_LISTED_NUMBERS: usize = 10_000;
}

/// How long a text is, or may become.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct TextLength {
    /// In characters.
    pub(crate) chars: usize,
    /// In bytes, as part of a JSON string.
    pub(crate) bytes: usize,
}

impl TextLength {
    /// The first letter of a service is written as a capital, which may be three characters.
    const SERVICE: Self = Self::at_most(Service::MAX_CHARS + 2, 6);
    /// E.164: a plus and 15 digits.
    const NUMBER: Self = Self::at_most(16, 1);
    /// A sender and a wording of ours, without the service and the code.
    const SENDER: Self = Self::at_most(11, 4);
    const WORDING: Self = Self::at_most(128, 1);

    const fn at_most(chars: usize, bytes_of_char: usize) -> Self {
        Self { chars, bytes: chars * bytes_of_char }
    }

    /// The length of a text that stands for itself.
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
    /// How long its sender and its text may become, where it carries a code like this.
    pub(super) fn longest(&self, code: &CodePattern) -> (TextLength, TextLength) {
        let made_up = || TextLength::WORDING + TextLength::SERVICE + TextLength::of(code.as_str());
        let text = self.text.as_ref().map_or_else(made_up, |text| TextLength::of_text(text, code));
        (self.sender.as_deref().map_or(TextLength::SENDER, TextLength::of), text)
    }

    /// The code that it carries, where the SMS before has this one.
    pub(super) fn carries<'a>(&'a self, before: Option<&'a CodePattern>) -> &'a CodePattern {
        before.filter(|_| self.same_code).unwrap_or(&self.code)
    }

    fn reply_bytes(&self, code: &CodePattern) -> usize {
        let (sender, text) = self.longest(code);
        message_bytes(sender, text)
    }
}

/// How many bytes a message takes in a getSMS reply of any shape, with its date and the names of its
/// fields.
pub(crate) const fn message_bytes(sender: TextLength, text: TextLength) -> usize {
    160 + sender.bytes + text.bytes
}

/// How many bytes the getSMS reply of a rental that lives through these steps may have at the most.
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
