//! How replies deviate from the documented ones.

use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::domain::schema::json_schema;
use crate::domain::serde_helpers;
use crate::domain::serde_helpers::choices;
use crate::domain::virtual_duration::VirtualDuration;

/// How replies deviate from the documented ones. All of it can be combined; left empty, nothing
/// deviates.
///
/// Where several ways are listed, the polls of a rental take them in turn, and so do the rentals.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default, expecting = "an object such as {\"price_as_string\": true}")]
pub struct ReplyShape {
    /// Prices and refunds are strings: `"0.05"`.
    pub price_as_string: bool,
    /// Numbers have no `+`.
    pub number_without_plus: bool,
    /// What getSMS says where there is no message.
    pub messages: Turns<NoMessages>,
    /// Messages stand newest first.
    pub newest_first: bool,
    /// How times are written.
    pub timestamps: Turns<TimeStyle>,
    /// How far the times are from those of the sandbox's clock: ahead, or with `-` behind.
    #[serde(skip_serializing_if = "Skew::is_none")]
    pub clock_skew: Skew,
    /// Errors come with HTTP 200.
    pub errors_as_200: bool,
    /// Every object has a field that the documentation does not know.
    pub extra_field: bool,
}

/// What getSMS says where there is no message.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum NoMessages {
    /// `"messages": []`, as documented.
    #[default]
    Array,
    /// `"messages": null`.
    Null,
    /// `"messages": {}`.
    Object,
    /// No field of that name.
    Absent,
}

choices!(NoMessages, "a way to say that there is no message": Array "array", Null "null", Object "object", Absent "absent");

impl NoMessages {
    const fn shown(self) -> &'static str {
        match self {
            Self::Array => "[]",
            Self::Null => "null",
            Self::Object => "{}",
            Self::Absent => "left out",
        }
    }
}

/// How a time is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TimeStyle {
    /// `2026-01-01T00:00:08Z`, as documented.
    #[default]
    Utc,
    /// `2026-01-01T00:00:08`: without a zone.
    Naive,
    /// `2026-01-01T02:00:08+02:00`: the same moment, elsewhere.
    Offset,
    /// `2026-01-01T00:00:08.000000000Z`.
    Nanoseconds,
}

choices!(TimeStyle, "a style of times": Utc "utc", Naive "naive", Offset "offset", Nanoseconds "nanoseconds");

impl TimeStyle {
    const fn shown(self) -> &'static str {
        match self {
            Self::Utc => "00:00:08Z",
            Self::Naive => "00:00:08",
            Self::Offset => "02:00:08+02:00",
            Self::Nanoseconds => "00:00:08.000000000Z",
        }
    }
}

/// One or more ways, taken in turn.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(transparent)]
#[schemars(rename = "{T}Turns")]
pub struct Turns<T>(#[schemars(length(min = 1))] Vec<T>);

impl<T: Copy + Default> Turns<T> {
    /// Takes a list.
    ///
    /// # Errors
    /// When it is empty.
    pub fn new(ways: impl Into<Vec<T>>) -> Result<Self, String> {
        let ways = ways.into();
        if ways.is_empty() {
            return Err("is empty; name at least one, or leave it out".into());
        }
        Ok(Self(ways))
    }

    /// The way whose turn it is, counted from 0.
    #[must_use]
    pub fn at(&self, turn: u32) -> T {
        let index = turn as usize % self.0.len().max(1);
        self.0.get(index).copied().unwrap_or_default()
    }

    /// All of them, in turn.
    pub fn iter(&self) -> impl Iterator<Item = T> {
        self.0.iter().copied()
    }
}

impl<T: Default> Default for Turns<T> {
    fn default() -> Self {
        Self(vec![T::default()])
    }
}

impl<'de, T: Deserialize<'de> + Copy + Default> Deserialize<'de> for Turns<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let ways: Vec<T> =
            serde_helpers::list(deserializer, "a list, of which each takes its turn")?;
        Self::new(ways).map_err(de::Error::custom)
    }
}

/// How far a clock is from another: ahead, or with `-` behind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Skew {
    behind: bool,
    by: VirtualDuration,
}

impl Skew {
    /// So far ahead.
    #[must_use]
    pub const fn ahead(by: VirtualDuration) -> Self {
        Self { behind: false, by }
    }

    /// So far behind.
    #[must_use]
    pub const fn behind(by: VirtualDuration) -> Self {
        // Where both show the same, neither is behind.
        Self { behind: by.as_millis() > 0, by }
    }

    /// Whether both clocks show the same.
    #[must_use]
    pub fn is_none(&self) -> bool {
        self.by == VirtualDuration::ZERO
    }

    /// In milliseconds, negative where it is behind.
    #[must_use]
    pub const fn as_millis(self) -> i64 {
        let by = self.by.as_millis() as i64;
        if self.behind { -by } else { by }
    }
}

impl fmt::Display for Skew {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", if self.behind { "-" } else { "" }, self.by)
    }
}

impl FromStr for Skew {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.strip_prefix('-') {
            Some(by) => by.parse().map(Self::behind),
            None => text.parse().map(Self::ahead),
        }
    }
}

impl Serialize for Skew {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Skew {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;

        impl de::Visitor<'_> for Visitor {
            type Value = Skew;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a duration such as \"90s\" or \"-90s\", or a number of seconds")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Skew, E> {
                text.parse().map_err(E::custom)
            }

            fn visit_u64<E: de::Error>(self, seconds: u64) -> Result<Skew, E> {
                self.visit_str(&seconds.to_string())
            }

            fn visit_i64<E: de::Error>(self, seconds: i64) -> Result<Skew, E> {
                self.visit_str(&seconds.to_string())
            }

            fn visit_f64<E: de::Error>(self, seconds: f64) -> Result<Skew, E> {
                self.visit_str(&seconds.to_string())
            }
        }

        deserializer.deserialize_any(Visitor)
    }
}

/// Begins a shape of replies: as documented.
#[must_use]
pub fn replies() -> ReplyShape {
    ReplyShape::default()
}

impl ReplyShape {
    /// Writes prices and refunds as strings.
    #[must_use]
    pub fn price_as_string(mut self) -> Self {
        self.price_as_string = true;
        self
    }

    /// Writes numbers without `+`.
    #[must_use]
    pub fn number_without_plus(mut self) -> Self {
        self.number_without_plus = true;
        self
    }

    /// Says in these ways, in turn, that there is no message.
    ///
    /// # Panics
    /// When the list is empty.
    #[must_use]
    #[track_caller]
    pub fn no_messages(mut self, ways: impl Into<Vec<NoMessages>>) -> Self {
        match Turns::new(ways) {
            Ok(turns) => self.messages = turns,
            Err(reason) => panic!("no_messages: {reason}"),
        }
        self
    }

    /// Puts the newest message first.
    #[must_use]
    pub fn newest_first(mut self) -> Self {
        self.newest_first = true;
        self
    }

    /// Writes times in these styles, in turn.
    ///
    /// # Panics
    /// When the list is empty.
    #[must_use]
    #[track_caller]
    pub fn timestamps(mut self, styles: impl Into<Vec<TimeStyle>>) -> Self {
        match Turns::new(styles) {
            Ok(turns) => self.timestamps = turns,
            Err(reason) => panic!("timestamps: {reason}"),
        }
        self
    }

    /// Shows times of a clock that is so far from the sandbox's.
    #[must_use]
    pub fn clock_skew(mut self, skew: Skew) -> Self {
        self.clock_skew = skew;
        self
    }

    /// Sends errors with HTTP 200.
    #[must_use]
    pub fn errors_as_200(mut self) -> Self {
        self.errors_as_200 = true;
        self
    }

    /// Adds a field that the documentation does not know to every object.
    #[must_use]
    pub fn extra_field(mut self) -> Self {
        self.extra_field = true;
        self
    }

    /// Each way in which replies deviate, as a sentence.
    #[must_use]
    pub fn deviations(&self) -> Vec<String> {
        let in_turn = |names: Vec<&str>| {
            names.join(", then ") + if names.len() > 1 { ", and so on" } else { "" }
        };
        let mut told = Vec::new();
        let mut tell = |is_so: bool, what: String| {
            if is_so {
                told.push(what);
            }
        };
        tell(self.price_as_string, "prices and refunds are strings: \"0.05\"".into());
        tell(self.number_without_plus, "numbers have no +".into());
        let ways = in_turn(self.messages.iter().map(NoMessages::shown).collect());
        tell(
            self.messages != Turns::default(),
            format!("where there are no messages, they are {ways}"),
        );
        tell(self.newest_first, "messages stand newest first".into());
        let styles = in_turn(self.timestamps.iter().map(TimeStyle::shown).collect());
        tell(self.timestamps != Turns::default(), format!("times are written like {styles}"));
        let Skew { behind, by } = self.clock_skew;
        let side = if behind { "behind" } else { "ahead of" };
        let skew = format!("times, also that of the header Date, are {by} {side} the clock");
        tell(!self.clock_skew.is_none(), skew);
        tell(self.errors_as_200, "errors come with HTTP 200".into());
        tell(
            self.extra_field,
            "every object has a field that the documentation does not know".into(),
        );
        told
    }

    /// The shape of the reply whose turn it is.
    #[must_use]
    pub fn at(&self, turn: u32) -> Shape {
        Shape {
            price_as_string: self.price_as_string,
            number_without_plus: self.number_without_plus,
            no_messages: self.messages.at(turn),
            newest_first: self.newest_first,
            timestamps: self.timestamps.at(turn),
            skew_millis: self.clock_skew.as_millis(),
            errors_as_200: self.errors_as_200,
            extra_field: self.extra_field,
        }
    }
}

/// The shape of one reply.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Shape {
    /// Prices and refunds are strings.
    pub price_as_string: bool,
    /// Numbers have no `+`.
    pub number_without_plus: bool,
    /// What is said where there is no message.
    pub no_messages: NoMessages,
    /// Messages stand newest first.
    pub newest_first: bool,
    /// How times are written.
    pub timestamps: TimeStyle,
    /// How far the times are ahead.
    pub skew_millis: i64,
    /// Errors come with HTTP 200.
    pub errors_as_200: bool,
    /// Every object has a field more.
    pub extra_field: bool,
}

json_schema!(Skew, "Skew": {
    "type": "string", "pattern": "^-?([0-9]+h)?([0-9]+m)?([0-9]+s)?([0-9]+ms)?$", "minLength": 2,
    "description": "How far a clock is ahead, or with `-` behind.",
}, read as {
    "oneOf": [
        {"type": "string", "pattern": "^-?[0-9]{1,9}(h|m|s|ms)$"},
        {"type": "number", "minimum": -3_153_600_000_i64, "maximum": 3_153_600_000_i64},
    ],
    "description": "How far a clock is ahead, or with `-` behind: `\"90s\"`, `\"-90s\"`, or a number of \
                    seconds.",
});

/// Reads one that is part of a scenario.
pub(super) fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<ReplyShape, D::Error> {
    serde_helpers::object(deserializer, "an object such as {\"price_as_string\": true}")
}
