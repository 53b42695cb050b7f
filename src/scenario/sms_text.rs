//! The text of an SMS and the look of its code.

use std::fmt;
use std::ops::Range;
use std::str::FromStr;

use serde::Serialize;

use crate::domain::schema::json_schema;
use crate::domain::serde_helpers::{json_from_str, json_to_string};

/// A text with placeholders.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SmsText {
    source: String,
    pieces: Vec<Piece>,
}

/// A part of an [`SmsText`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Piece {
    Literal(String),
    /// The code, or these characters of it.
    Code(Option<Range<usize>>),
    /// The display name of the service.
    Service,
    /// The rented number in E.164.
    Number,
}

impl SmsText {
    pub(crate) fn pieces(&self) -> &[Piece] {
        &self.pieces
    }

    /// The parts of the code that it shows, where it shows not all of it.
    pub(crate) fn parts_of_code(&self) -> impl Iterator<Item = &Range<usize>> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Code(part) => part.as_ref(),
            _ => None,
        })
    }

    pub(crate) fn shows_code(&self) -> bool {
        self.pieces.iter().any(|piece| matches!(piece, Piece::Code(_)))
    }

    /// Whether it shows only a part of the code.
    pub(crate) fn splits_code(&self) -> bool {
        self.pieces.iter().any(|piece| matches!(piece, Piece::Code(Some(_))))
    }
}

impl FromStr for SmsText {
    type Err = String;

    fn from_str(source: &str) -> Result<Self, Self::Err> {
        let mut pieces = Vec::new();
        let mut literal = String::new();
        let mut chars = source.chars().peekable();
        while let Some(c) = chars.next() {
            match c {
                '{' | '}' if chars.next_if_eq(&c).is_some() => literal.push(c),
                '{' => {
                    let name = name(&mut chars)?;
                    if !literal.is_empty() {
                        pieces.push(Piece::Literal(std::mem::take(&mut literal)));
                    }
                    pieces.push(placeholder(&name)?);
                }
                '}' => return Err("a } without its {; write }} for a brace".into()),
                c => literal.push(c),
            }
        }
        if !literal.is_empty() {
            pieces.push(Piece::Literal(literal));
        }
        Ok(Self { source: source.to_owned(), pieces })
    }
}

/// Takes the text before the next `}`, and the brace.
fn name(chars: &mut impl Iterator<Item = char>) -> Result<String, String> {
    let mut name = String::new();
    for c in chars {
        match c {
            '}' => return Ok(name),
            c => name.push(c),
        }
    }
    Err(format!("{{{name} is never closed; write {{{{ for a brace"))
}

fn placeholder(name: &str) -> Result<Piece, String> {
    let part = |range: &str| -> Option<Range<usize>> {
        let (from, to) = range.split_once("..")?;
        let to = if to.is_empty() { usize::MAX } else { to.parse().ok()? };
        let from = if from.is_empty() { 0 } else { from.parse().ok()? };
        (from < to).then_some(from..to)
    };
    match name {
        "code" => Ok(Piece::Code(None)),
        "service" => Ok(Piece::Service),
        "number" => Ok(Piece::Number),
        _ => name
            .strip_prefix("code:")
            .and_then(part)
            .map(|range| Piece::Code(Some(range)))
            .ok_or_else(|| {
                format!(
                    "{{{name}}} is not a placeholder; there are {{code}}, {{code:0..3}}, \
                     {{service}} and {{number}}, and {{{{ for a brace"
                )
            }),
    }
}

impl fmt::Display for SmsText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.source)
    }
}

json_from_str!(SmsText);
json_to_string!(SmsText);

/// What a code looks like: `#` is a digit, `?` a capital letter, `٠` an Arabic-Indic digit, `۰` a
/// Persian one; all else stands for itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct CodePattern(String);

impl CodePattern {
    /// The zeros of other scripts, each of which stands for a digit of its script.
    pub(crate) const OTHER_ZEROS: [char; 2] = ['\u{660}', '\u{6f0}'];

    /// Whether each SMS has a code of its own.
    pub(super) fn is_drawn(&self) -> bool {
        self.0.contains(['#', '?']) || self.0.contains(Self::OTHER_ZEROS)
    }

    /// The pattern as it was written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Default for CodePattern {
    /// Six digits.
    fn default() -> Self {
        Self("######".to_owned())
    }
}

impl FromStr for CodePattern {
    type Err = String;

    fn from_str(pattern: &str) -> Result<Self, Self::Err> {
        match pattern.chars().count() {
            1..=32 => Ok(Self(pattern.to_owned())),
            length => Err(format!(
                "a code has 1 to 32 characters, not {length}; \"######\" is six digits"
            )),
        }
    }
}

json_from_str!(CodePattern);

json_schema!(SmsText, "SmsText": {
    "type": "string",
    "description": "`{code}`, `{service}` and `{number}` stand for themselves, `{code:0..3}` for a part \
                    of the code, `{{` for a brace.",
});

json_schema!(CodePattern, "CodePattern": {
    "type": "string", "minLength": 1, "maxLength": 32,
    "description": "`#` is a digit, `?` a capital letter, `٠` an Arabic-Indic digit, `۰` a Persian one; \
                    all else stands for itself.",
});
