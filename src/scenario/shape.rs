//! How replies differ from the documented ones.

use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize};
use strum::{IntoStaticStr, VariantArray};

use crate::domain::schema::{DURATION_PATTERN, json_schema};
use crate::domain::serde_helpers::{self, json_names, json_to_string};
use crate::domain::virtual_duration::VirtualDuration;

/// How replies differ from the documented ones. All differences can be combined; by default there
/// are none.
///
/// If several values are listed, the polls of a rental take turns, and so do the rentals.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default, expecting = "an object such as {\"price_as_string\": true}")]
#[must_use]
pub struct ReplyShape {
    /// Prices and refunds are strings: `"0.05"`.
    pub price_as_string: bool,
    /// Numbers have no `+`.
    pub number_without_plus: bool,
    /// How getSMS says that there are no messages.
    pub messages: Turns<NoMessages>,
    /// Messages are sorted newest first.
    pub newest_first: bool,
    /// How times are written.
    pub timestamps: Turns<TimeStyle>,
    /// How far the times are ahead of the sandbox's clock, or with `-` behind it.
    #[serde(skip_serializing_if = "Skew::is_none")]
    pub clock_skew: Skew,
    /// Errors come with HTTP 200.
    pub errors_as_200: bool,
    /// Every object has an undocumented field.
    pub extra_field: bool,
}

/// How getSMS says that there are no messages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
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

json_names!(NoMessages, "a way to say that there is no message");

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
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum TimeStyle {
    /// `2026-01-01T00:00:08Z`, as documented.
    #[default]
    Utc,
    /// `2026-01-01T00:00:08`: without a zone.
    Naive,
    /// `2026-01-01T02:00:08+02:00`: the same moment in another zone.
    Offset,
    /// `2026-01-01T00:00:08.000000000Z`.
    Nanoseconds,
}

json_names!(TimeStyle, "a style of times");

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

/// One or more values that take turns.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(transparent)]
#[schemars(rename = "{T}Turns")]
pub struct Turns<T>(#[schemars(length(min = 1))] Vec<T>);

impl<T: Copy + Default> Turns<T> {
    fn new(ways: impl Into<Vec<T>>) -> Result<Self, String> {
        let ways = ways.into();
        if ways.is_empty() {
            return Err("is empty; name at least one, or leave it out".into());
        }
        Ok(Self(ways))
    }

    /// The value for this turn, counted from 0.
    pub(crate) fn at(&self, turn: u32) -> T {
        let index = turn as usize % self.0.len().max(1);
        self.0.get(index).copied().unwrap_or_default()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = T> {
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
        let ways: Vec<T> = serde_helpers::list(deserializer, "a list whose entries take turns")?;
        Self::new(ways).map_err(Error::custom)
    }
}

/// How far a clock is ahead of another, or with `-` behind it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Skew {
    behind: bool,
    by: VirtualDuration,
}

impl Skew {
    /// This far ahead.
    pub const fn ahead(by: VirtualDuration) -> Self {
        Self { behind: false, by }
    }

    /// This far behind.
    pub const fn behind(by: VirtualDuration) -> Self {
        // Clocks that show the same time have one form: neither is behind.
        Self { behind: by.as_millis() > 0, by }
    }

    pub(crate) fn is_none(&self) -> bool {
        self.by == VirtualDuration::ZERO
    }

    /// In milliseconds, negative if it is behind.
    pub(crate) const fn as_millis(self) -> i64 {
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

json_to_string!(Skew);

impl<'de> Deserialize<'de> for Skew {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let right = "a duration such as \"90s\" or \"-90s\", or a number of seconds";
        serde_helpers::text_or_number(deserializer, right)
    }
}

/// Starts with replies as documented.
pub fn replies() -> ReplyShape {
    ReplyShape::default()
}

impl ReplyShape {
    /// Writes prices and refunds as strings.
    pub fn price_as_string(mut self) -> Self {
        self.price_as_string = true;
        self
    }

    /// Writes numbers without `+`.
    pub fn number_without_plus(mut self) -> Self {
        self.number_without_plus = true;
        self
    }

    /// Says in these ways, in turn, that there are no messages.
    ///
    /// # Panics
    /// When the list is empty.
    #[track_caller]
    pub fn no_messages(mut self, ways: impl Into<Vec<NoMessages>>) -> Self {
        match Turns::new(ways) {
            Ok(turns) => self.messages = turns,
            Err(reason) => panic!("no_messages: {reason}"),
        }
        self
    }

    /// Puts the newest message first.
    pub fn newest_first(mut self) -> Self {
        self.newest_first = true;
        self
    }

    /// Writes times in these styles, in turn.
    ///
    /// # Panics
    /// When the list is empty.
    #[track_caller]
    pub fn timestamps(mut self, styles: impl Into<Vec<TimeStyle>>) -> Self {
        match Turns::new(styles) {
            Ok(turns) => self.timestamps = turns,
            Err(reason) => panic!("timestamps: {reason}"),
        }
        self
    }

    /// Shows times of a clock with this skew.
    pub fn clock_skew(mut self, skew: Skew) -> Self {
        self.clock_skew = skew;
        self
    }

    /// Sends errors with HTTP 200.
    pub fn errors_as_200(mut self) -> Self {
        self.errors_as_200 = true;
        self
    }

    /// Adds an undocumented field to every object.
    pub fn extra_field(mut self) -> Self {
        self.extra_field = true;
        self
    }

    /// Each difference from the documented replies, as a sentence.
    pub(crate) fn deviations(&self) -> Vec<String> {
        let in_turn = |names: Vec<&str>| {
            names.join(", then ") + if names.len() > 1 { ", and so on" } else { "" }
        };
        let mut sentences = Vec::new();
        let mut add = |applies: bool, sentence: String| {
            if applies {
                sentences.push(sentence);
            }
        };
        add(self.price_as_string, "prices and refunds are strings: \"0.05\"".into());
        add(self.number_without_plus, "numbers have no +".into());
        let ways = in_turn(self.messages.iter().map(NoMessages::shown).collect());
        add(self.messages != Turns::default(), format!("without messages, `messages` is {ways}"));
        add(self.newest_first, "messages are sorted newest first".into());
        let styles = in_turn(self.timestamps.iter().map(TimeStyle::shown).collect());
        add(self.timestamps != Turns::default(), format!("times are written like {styles}"));
        let Skew { behind, by } = self.clock_skew;
        let side = if behind { "behind" } else { "ahead of" };
        let skew = format!("times, the Date header included, are {by} {side} the clock");
        add(!self.clock_skew.is_none(), skew);
        add(self.errors_as_200, "errors come with HTTP 200".into());
        add(self.extra_field, "every object has an undocumented field".into());
        sentences
    }

    /// The shape of the reply with this turn.
    pub(crate) fn at(&self, turn: u32) -> Shape {
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
pub(crate) struct Shape {
    pub(crate) price_as_string: bool,
    pub(crate) number_without_plus: bool,
    pub(crate) no_messages: NoMessages,
    pub(crate) newest_first: bool,
    pub(crate) timestamps: TimeStyle,
    /// How far times are ahead; negative if they are behind.
    pub(crate) skew_millis: i64,
    pub(crate) errors_as_200: bool,
    pub(crate) extra_field: bool,
}

json_schema!(Skew, "Skew": {
    "type": "string", "pattern": "^-?([0-9]+h)?([0-9]+m)?([0-9]+s)?([0-9]+ms)?$", "minLength": 2,
    "description": "How far a clock is ahead, or with `-` behind.",
}, read as {
    "oneOf": [
        {"type": "string", "pattern": DURATION_PATTERN.replacen('^', "^-?", 1)},
        {"type": "number", "minimum": -3_153_600_000_i64, "maximum": 3_153_600_000_i64},
    ],
    "description": "How far a clock is ahead, or with `-` behind: `\"90s\"`, `\"-90s\"`, or a number of \
                    seconds.",
});

/// Reads one that is part of a scenario.
pub(super) fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<ReplyShape, D::Error> {
    serde_helpers::object(deserializer, "an object such as {\"price_as_string\": true}")
}
