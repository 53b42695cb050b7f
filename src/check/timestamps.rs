//! Times as a server writes them.

use crate::domain::timestamp::Timestamp;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ParsedTimestamp {
    /// Read as UTC if there is no zone.
    pub(super) at: Timestamp,
    pub(super) has_zone: bool,
}

impl ParsedTimestamp {
    /// Parses RFC 3339, with or without a UTC offset; `None` for anything else.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (head, rest) = text.split_at_checked("0000-00-00T00:00:00".len())?;
        if !has_shape(head, "0000-00-00T00:00:00") {
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
        if has_zone && !matches!(zone, "Z" | "z") && !has_shape(zone, "+00:00") {
            return None;
        }
        // No case needs the fraction, which may be longer than a `Timestamp` can hold.
        let whole = format!("{head}{}", if has_zone { zone } else { "Z" });
        Some(Self { at: whole.parse().ok()?, has_zone })
    }
}

/// Whether a text has digits for the zeros of a shape, and the other characters as they are.
fn has_shape(text: &str, shape: &str) -> bool {
    let fits = |(shape, byte): (u8, u8)| match shape {
        b'0' => byte.is_ascii_digit(),
        b'T' => matches!(byte, b'T' | b't' | b' '),
        b'+' => matches!(byte, b'+' | b'-'),
        other => other == byte,
    };
    text.len() == shape.len() && shape.bytes().zip(text.bytes()).all(fits)
}

#[cfg(test)]
mod tests {
    use super::ParsedTimestamp;

    #[test]
    fn rfc_3339_is_read_with_or_without_its_zone() {
        let parse =
            |text| ParsedTimestamp::parse(text).map(|time| (time.at.to_string(), time.has_zone));
        let time = "2026-01-01T10:00:00Z".to_owned();
        assert_eq!(parse("2026-01-01T10:00:00Z"), Some((time.clone(), true)));
        assert_eq!(parse("2026-01-01T12:00:00.123456789012+02:00"), Some((time.clone(), true)));
        assert_eq!(parse("2026-01-01 10:00:00"), Some((time, false)));
        for wrong in
            ["", "now", "01.01.2026 10:00", "2026-01-01T10:00:00.Z", "2026-01-01T10:00:00+2"]
        {
            assert_eq!(parse(wrong), None, "{wrong}");
        }
    }
}
