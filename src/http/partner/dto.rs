//! The bodies of the replies: exactly the documented fields, in the documented order, in the shape
//! that the scenario chooses. The comments on them appear in the OpenAPI document.

use jiff::tz::Offset;
use schemars::JsonSchema;
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use crate::domain::country::Country;
use crate::domain::error_code::ErrorCode;
use crate::domain::money::Money;
use crate::domain::phone_number::PhoneNumber;
use crate::domain::rental_id::RentalId;
use crate::domain::sms::Sms;
use crate::domain::timestamp::Timestamp;
use crate::scenario::shape::Shape;
use crate::scenario::{NoMessages, TimeStyle};

/// An undocumented field, which a shape may add to each object.
pub(super) type ExtraField = Option<&'static str>;

const EXTRA: &str = "a field that the documentation does not know";

pub(super) fn extra(shape: Shape) -> ExtraField {
    shape.extra_field.then_some(EXTRA)
}

/// The numbers on offer.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Numbers", deny_unknown_fields)]
pub(crate) struct NumbersDto {
    #[schemars(extend("const" = "success"))]
    pub(super) status: &'static str,
    /// One item for each country on offer.
    pub(super) numbers: Vec<CountryDto>,
    #[schemars(skip)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) extra: ExtraField,
}

/// The numbers of one country.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "NumbersOfCountry", deny_unknown_fields)]
pub(super) struct CountryDto {
    pub(super) country: Country,
    /// Its English name.
    pub(super) country_name: &'static str,
    /// How many can be rented; a country is listed even at 0.
    pub(super) available: u32,
    /// The price of a rental, in US dollars.
    #[schemars(with = "Money")]
    pub(super) price_per_sms: ShapedMoney,
    #[schemars(skip)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) extra: ExtraField,
}

/// A rented number.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Rented", deny_unknown_fields)]
pub(crate) struct RentalDto {
    #[schemars(extend("const" = "success"))]
    pub(super) status: &'static str,
    /// The number, which now receives SMS.
    #[schemars(with = "PhoneNumber")]
    pub(super) number: ShapedNumber,
    /// Identifies the rental in getSMS and cancelNumber.
    pub(super) rental_id: RentalId,
    /// When the rental ends.
    #[schemars(with = "Timestamp")]
    pub(super) expires_at: ShapedTime,
    pub(super) country: Country,
    #[schemars(skip)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) extra: ExtraField,
}

/// The messages that a rented number has received.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Received", deny_unknown_fields)]
#[schemars(extend("required" = ["status", "messages", "number"]))]
pub(crate) struct MessagesDto<'a> {
    #[schemars(extend("const" = "success"))]
    pub(super) status: &'static str,
    /// Oldest first; empty until the first one arrives.
    #[serde(skip_serializing_if = "ShapedMessages::are_absent")]
    #[schemars(with = "Vec<SmsDto<'_>>")]
    pub(super) messages: ShapedMessages<'a>,
    /// The rented number.
    #[schemars(with = "PhoneNumber")]
    pub(super) number: ShapedNumber,
    #[schemars(skip)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) extra: ExtraField,
}

/// An SMS.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Sms", deny_unknown_fields)]
pub(super) struct SmsDto<'a> {
    /// A name, a short code, a number, or empty.
    sender: &'a str,
    text: &'a str,
    #[schemars(with = "Timestamp")]
    received_at: ShapedTime,
    #[schemars(skip)]
    #[serde(skip_serializing_if = "Option::is_none")]
    extra: ExtraField,
}

/// A cancelled rental.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Cancelled", deny_unknown_fields)]
pub(crate) struct CancellationDto {
    #[schemars(extend("const" = "success"))]
    pub(super) status: &'static str,
    /// A sentence for people.
    pub(super) message: &'static str,
    pub(super) rental_id: RentalId,
    /// The refund in US dollars: nothing once an SMS has arrived.
    #[schemars(with = "Money")]
    pub(super) refund_amount: ShapedMoney,
    #[schemars(skip)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) extra: ExtraField,
}

/// An error.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Error", deny_unknown_fields)]
pub(crate) struct ErrorDto<'a> {
    #[schemars(extend("const" = "error"))]
    pub(super) status: &'static str,
    /// The error, for programs.
    #[schemars(with = "ErrorCode")]
    pub(super) code: &'static str,
    /// What is wrong and what to do, for people.
    pub(super) message: &'a str,
    #[schemars(skip)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) extra: ExtraField,
}

pub(super) struct ShapedMoney(pub(super) Money, pub(super) Shape);

impl Serialize for ShapedMoney {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(money, shape) = self;
        if shape.price_as_string {
            serializer.collect_str(money)
        } else {
            money.serialize(serializer)
        }
    }
}

pub(super) struct ShapedNumber(pub(super) PhoneNumber, pub(super) Shape);

impl Serialize for ShapedNumber {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(number, shape) = self;
        if shape.number_without_plus {
            serializer.serialize_str(number.to_string().trim_start_matches('+'))
        } else {
            number.serialize(serializer)
        }
    }
}

pub(super) struct ShapedTime(pub(super) Timestamp, pub(super) Shape);

impl ShapedTime {
    /// The time by the clock that the replies show, which may be skewed.
    pub(super) fn shown(&self) -> Timestamp {
        let Self(at, shape) = self;
        Timestamp::from_unix_millis(at.as_unix_millis().saturating_add(shape.skew_millis))
    }
}

impl Serialize for ShapedTime {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let at = self.shown();
        // Every timestamp of ours is in jiff's range.
        let fine = || jiff::Timestamp::from_millisecond(at.as_unix_millis()).unwrap_or_default();
        match self.1.timestamps {
            TimeStyle::Utc => at.serialize(serializer),
            TimeStyle::Naive => serializer.serialize_str(at.to_string().trim_end_matches('Z')),
            TimeStyle::Offset => {
                let whole = jiff::Timestamp::from_second(fine().as_second()).unwrap_or_default();
                serializer.collect_str(&whole.display_with_offset(Offset::constant(2)))
            }
            TimeStyle::Nanoseconds => serializer.collect_str(&format_args!("{:.9}", fine())),
        }
    }
}

pub(super) struct ShapedMessages<'a>(pub(super) &'a [Sms], pub(super) Shape);

impl ShapedMessages<'_> {
    fn are_absent(&self) -> bool {
        self.0.is_empty() && self.1.no_messages == NoMessages::Absent
    }
}

impl Serialize for ShapedMessages<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(messages, shape) = self;
        match shape.no_messages {
            NoMessages::Null if messages.is_empty() => return serializer.serialize_none(),
            NoMessages::Object if messages.is_empty() => {
                return serializer.serialize_map(Some(0))?.end();
            }
            _ => {}
        }
        let written = messages.iter().map(|sms| SmsDto {
            sender: &sms.sender,
            text: &sms.text,
            received_at: ShapedTime(sms.received_at, *shape),
            extra: extra(*shape),
        });
        if shape.newest_first {
            serializer.collect_seq(written.rev())
        } else {
            serializer.collect_seq(written)
        }
    }
}
