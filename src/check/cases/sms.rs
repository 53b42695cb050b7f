//! getSMS once an SMS has arrived.

use std::time::Duration;

use serde_json::Value;

use super::{SMS, SMS_COMMAND, SMS_COMMAND_AND_OTHER_KEY, must, should};
use crate::check::case::{Subject::Reading, TestCase};
use crate::check::case_outcome::{NotPassed, Verdict};
use crate::check::exchange::HttpExchange;
use crate::check::fixtures::{Fixtures, SmsFixture};
use crate::check::real_time;
use crate::check::request::Account;
use crate::check::session::Session;
use crate::check::timestamps::ParsedTimestamp;
use crate::domain::virtual_duration::VirtualDuration;

const RETRIEVES: &str = "Retrieves SMS messages received on a rented number.";

pub(super) const CASES: &[TestCase] = &[
    must(Reading, "sms-arrives", "an SMS to a rented number is shown")
        .documented(RETRIEVES)
        .needs(SMS)
        .check(|fixtures| fixtures.first_sms().map(drop)),
    must(Reading, "sms-has-a-sender", "sender is a string")
        .documented(r#""sender": "Facebook""#)
        .with_sms(|_, sms| each(sms, "sender", "a string", Value::is_string)),
    must(Reading, "sms-has-a-text", "text is a non-empty string")
        .documented(r#""text": "Your verification code is: 123456""#)
        .with_sms(|_, sms| {
            each(sms, "text", "a non-empty string", |text| {
                text.as_str().is_some_and(|text| !text.is_empty())
            })
        }),
    must(Reading, "sms-has-a-received-at", "received_at is an RFC 3339 time")
        .documented(r#""received_at": "2023-06-15T15:25:30Z""#)
        .with_sms(|_, sms| {
            let expected = "RFC 3339, such as \"2023-06-15T15:25:30Z\"";
            each(sms, "received_at", expected, |time| parse_time(time).is_some())
        }),
    should(Reading, "sms-time-has-a-zone", "received_at has a time zone")
        .ruled("times are RFC 3339 with their zone, best in UTC with Z")
        .with_sms(|_, sms| {
            each(sms, "received_at", "with Z or an offset at its end", |time| {
                // Another case judges what is not a time at all.
                parse_time(time).is_none_or(|time| time.has_zone)
            })
        }),
    should(Reading, "sms-time-is-true", "received_at is about when the SMS arrived")
        .ruled("received_at is within half an hour of the truth, so not in another time zone")
        .with_sms(|_, sms| {
            let slack = VirtualDuration::seconds(1_800);
            let (earliest, latest) = (sms.rental.requested_at, real_time::now().plus(slack));
            let expected = format!("received_at: between {earliest} and {latest}, give or take");
            let is_right = |message: &Value| {
                let time = parse_time(&message["received_at"]).filter(|time| time.has_zone);
                time.is_none_or(|time| time.at.plus(slack) >= earliest && time.at <= latest)
            };
            sms.shown.require(sms.messages().iter().all(is_right), &expected)
        }),
    must(Reading, "sms-text-is-what-was-sent", "text is exactly what was sent")
        .documented(RETRIEVES)
        .needs(SMS_COMMAND)
        .with_sms(|_, sms| {
            let sent = sms.sent.as_deref().unwrap_or_default();
            let is_right = sms.messages().iter().any(|message| message["text"] == sent);
            sms.shown.require(is_right, &format!("text: {sent:?}"))
        }),
    must(Reading, "sms-stays", "reading a message does not remove it")
        .documented(RETRIEVES)
        .with_sms(|fixtures, sms| {
            for _ in 0..2 {
                let again = fixtures.session.read(&sms.rental)?;
                again.require_success()?;
                has_all(&again, sms.messages())?;
            }
            Ok(())
        }),
    should(Reading, "sms-is-shown-once", "a message is shown once, however often it is read")
        .ruled("reading changes nothing")
        .needs(SMS_COMMAND)
        .with_sms(|fixtures, sms| {
            let sent = sms.sent.as_deref().unwrap_or_default();
            for _ in 0..2 {
                let read = fixtures.session.read(&sms.rental)?;
                let same = read.messages().iter().filter(|message| message["text"] == sent);
                read.require(same.count() <= 1, &format!("{sent:?} once"))?;
            }
            Ok(())
        }),
    must(Reading, "second-sms-joins-the-first", "a second SMS is shown beside the first")
        .documented(r#""messages": [{…}]: Retrieves SMS messages received on a rented number."#)
        .needs(SMS_COMMAND)
        .with_sms(|fixtures, sms| {
            let (shown, _) = receive_another(&fixtures.session, sms, 2)?;
            has_all(&shown, sms.messages())
        }),
    must(Reading, "sms-reaches-no-other-rental", "an SMS reaches only the rental of its number")
        .documented(RETRIEVES)
        .needs(SMS_COMMAND)
        .with_sms(|fixtures, sms| {
            let session = &fixtures.session;
            let neighbour = fixtures.another_rental()?;
            let (_, sent) = receive_another(session, sms, 3).map_err(not_shown)?;
            let read = session.read(&neighbour)?;
            session.release(&neighbour);
            let number = sms.rental.number().unwrap_or("?");
            let expected = format!("no message that was sent to {number}");
            read.require(!has_text(read.messages(), &sent), &expected)
        }),
    must(Reading, "sms-reaches-no-other-account", "an SMS reaches only the account of its rental")
        .documented("All API requests require authentication using your API key")
        .needs(SMS_COMMAND_AND_OTHER_KEY)
        .with_sms(|fixtures, sms| {
            let session = &fixtures.session;
            let stranger = session.rent_in(&sms.rental.country, Account::Other)?;
            let (_, sent) = receive_another(session, sms, 5).map_err(not_shown)?;
            let read = session.read(&stranger)?;
            session.release(&stranger);
            let expected = "no message of a rental of another account";
            read.require(!has_text(read.messages(), &sent), expected)
        }),
    must(Reading, "new-rental-has-no-old-messages", "a new rental shows no messages of an old one")
        .documented(RETRIEVES)
        .with_sms(|fixtures, sms| {
            let old = sms.messages();
            if !has_some(&read_new_rental(fixtures)?, old) {
                return Ok(());
            }
            // It may be an equal message, received in the same second. A second later it cannot.
            fixtures.session.stop.pause(Duration::from_millis(1_100));
            let second = read_new_rental(fixtures)?;
            let expected = "no message that another rental received before this one was made";
            second.require(!has_some(&second, old), expected)
        }),
];

fn parse_time(time: &Value) -> Option<ParsedTimestamp> {
    time.as_str().and_then(ParsedTimestamp::parse)
}

fn each(
    sms: &SmsFixture,
    name: &str,
    expected: &str,
    is_right: impl Fn(&Value) -> bool,
) -> Verdict {
    sms.shown.require_each(sms.messages(), name, expected, is_right)
}

/// What a new rental shows at once.
fn read_new_rental(fixtures: &Fixtures<'_>) -> Result<HttpExchange, NotPassed> {
    let rental = fixtures.another_rental()?;
    let read = fixtures.session.read(&rental);
    fixtures.session.release(&rental);
    read
}

/// Sends another SMS. Returns the reply that shows it, with its text as shown, which another case
/// compares with what was sent.
fn receive_another(
    session: &Session<'_>,
    sms: &SmsFixture,
    serial: u32,
) -> Result<(HttpExchange, Value), NotPassed> {
    let before = session.read(&sms.rental)?;
    let before = before.messages();
    let text = Value::from(session.unique_text(serial));
    session.send_sms(&sms.rental, text.as_str().unwrap_or_default())?;
    let shown = session.wait_for_sms(&sms.rental, |messages| {
        messages.len() > before.len() || has_text(messages, &text)
    })?;
    let now = shown.messages();
    let is_new = |message: &&Value| !before.iter().any(|old| is_same(message, old));
    let new = now.iter().find(|message| message["text"] == text);
    let new = new.or_else(|| now.iter().find(is_new)).or(now.last());
    let as_shown = new.map_or(Value::Null, |message| message["text"].clone());
    Ok((shown, as_shown))
}

fn not_shown(not_passed: NotPassed) -> NotPassed {
    not_passed.into_skip("the SMS was not shown; second-sms-joins-the-first tells why")
}

fn has_text(messages: &[Value], text: &Value) -> bool {
    messages.iter().any(|message| message["text"] == *text)
}

/// Compares the documented fields only: others may differ from reply to reply.
fn is_same(one: &Value, other: &Value) -> bool {
    ["sender", "text", "received_at"].iter().all(|name| one[*name] == other[*name])
}

fn has_some(read: &HttpExchange, old: &[Value]) -> bool {
    read.messages().iter().any(|message| old.iter().any(|old| is_same(message, old)))
}

/// Fails unless every wanted message is shown.
pub(super) fn has_all(read: &HttpExchange, wanted: &[Value]) -> Verdict {
    let is_shown = |wanted: &&Value| {
        read.messages().iter().any(|message| {
            // A server may write a time differently in each reply.
            message["text"] == wanted["text"] && message["sender"] == wanted["sender"]
        })
    };
    let missing = wanted.iter().find(|wanted| !is_shown(wanted));
    let expected = |missing| format!("the message that was shown before: {missing}");
    missing.map_or(Ok(()), |missing| Err(read.unexpected(&expected(missing))))
}
