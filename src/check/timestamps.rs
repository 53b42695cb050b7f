//! Times as a server writes them.

use crate::domain::timestamp::Timestamp;

/// A time that was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ParsedTimestamp {
    /// The moment; in UTC where no zone was said.
    pub(super) at: Timestamp,
    pub(super) has_zone: bool,
}

impl ParsedTimestamp {
    /// Reads RFC 3339, and the same without its zone; `None` for anything else.
    pub(super) fn read(text: &str) -> Option<Self> {
        const SHAPE: &[u8] = b"0000-00-00T00:00:00";
        let (head, rest) = text.split_at_checked(SHAPE.len())?;
        let fits = |(shape, byte): (&u8, u8)| match shape {
            b'0' => byte.is_ascii_digit(),
            b'T' => matches!(byte, b'T' | b't' | b' '),
            other => *other == byte,
        };
        if !SHAPE.iter().zip(head.bytes()).all(fits) {
            return None;
        }
        let zone = match rest.strip_prefix('.') {
            Some(fraction) => {
                let zone = fraction.trim_start_matches(|c: char| c.is_ascii_digit());
                (zone.len() < fraction.len()).then_some(zone)?
            }
            None => rest,
        };
        let has_zone = !zone.is_empty();
        if has_zone && !is_zone(zone) {
            return None;
        }
        // The fraction says nothing that is asked for, and may be longer than can be kept.
        let whole = format!("{head}{}", if has_zone { zone } else { "Z" });
        Some(Self { at: whole.parse().ok()?, has_zone })
    }
}

fn is_zone(zone: &str) -> bool {
    let fits = |shape: u8, byte: u8| match shape {
        b'+' => matches!(byte, b'+' | b'-'),
        b'0' => byte.is_ascii_digit(),
        other => other == byte,
    };
    let is_offset = zone.len() == 6 && b"+00:00".iter().zip(zone.bytes()).all(|(s, b)| fits(*s, b));
    matches!(zone, "Z" | "z") || is_offset
}
