//! getSMS, once an SMS is there.

use std::time::Duration;

use serde_json::Value;

use super::{SMS, SMS_AND_OTHER_KEY, SMS_COMMAND, must, should};
use crate::check::case::{Subject::Reading, TestCase};
use crate::check::case_outcome::NotPassed;
use crate::check::exchange::HttpExchange;
use crate::check::real_time;
use crate::check::request::Account;
use crate::check::session::Session;
use crate::check::sms_fixture::{SmsFixture, messages};
use crate::check::timestamps::ParsedTimestamp;
use crate::domain::virtual_duration::VirtualDuration;

pub(super) const CASES: &[TestCase] = &[
    must(Reading, "sms-arrives", "an SMS to a rented number is shown")
        .says("Retrieves SMS messages received on a rented number.")
        .needs(SMS)
        .check(|session| session.first_inbox().map(drop)),
    must(Reading, "sms-has-a-sender", "sender is a text")
        .says(r#""sender": "Facebook""#)
        .needs(SMS)
        .check(|session| each(session, "sender", "a text", Value::is_string)),
    must(Reading, "sms-has-a-text", "text is a text that is not empty")
        .says(r#""text": "Your verification code is: 123456""#)
        .needs(SMS)
        .check(|session| {
            each(session, "text", "a text that is not empty", |text| {
                text.as_str().is_some_and(|text| !text.is_empty())
            })
        }),
    must(Reading, "sms-has-a-received-at", "received_at is an RFC 3339 time")
        .says(r#""received_at": "2023-06-15T15:25:30Z""#)
        .needs(SMS)
        .check(|session| {
            each(session, "received_at", "RFC 3339, such as \"2023-06-15T15:25:30Z\"", |time| {
                time.as_str().is_some_and(|time| ParsedTimestamp::read(time).is_some())
            })
        }),
    should(Reading, "sms-time-has-a-zone", "received_at says its zone")
        .rules("times are RFC 3339 with their zone, best in UTC with Z")
        .needs(SMS)
        .check(|session| {
            each(session, "received_at", "with Z or an offset at its end", |time| {
                // What is no time at all is another case's affair.
                time.as_str().and_then(ParsedTimestamp::read).is_none_or(|moment| moment.has_zone)
            })
        }),
    should(Reading, "sms-time-is-true", "received_at is about the time at which it came")
        .rules("received_at is within half an hour of the truth: not in another zone")
        .needs(SMS)
        .check(|session| {
            let inbox = session.inbox()?;
            let slack = VirtualDuration::seconds(1_800);
            let (earliest, latest) = (inbox.rental.asked_at, real_time::now().plus(slack));
            let right = format!("received_at: between {earliest} and {latest}, give or take");
            let read =
                |message: &Value| message["received_at"].as_str().and_then(ParsedTimestamp::read);
            let is_right = |message: &Value| {
                read(message)
                    .filter(|moment| moment.has_zone)
                    .is_none_or(|moment| moment.at.plus(slack) >= earliest && moment.at <= latest)
            };
            inbox.shown.require(inbox.messages().iter().all(is_right), &right)
        }),
    must(Reading, "sms-text-is-what-was-sent", "text is what was sent, to the letter")
        .says("Retrieves SMS messages received on a rented number.")
        .needs(SMS_COMMAND)
        .check(|session| {
            let inbox = session.inbox()?;
            let sent = inbox.sent.clone().unwrap_or_default();
            let shown = inbox.messages();
            let is_it = shown.iter().any(|message| message["text"] == sent.as_str());
            inbox.shown.require(is_it, &format!("text: {sent:?}"))
        }),
    must(Reading, "sms-stays", "a message does not vanish by being read")
        .says("Retrieves SMS messages received on a rented number.")
        .needs(SMS)
        .check(|session| {
            let inbox = session.inbox()?;
            for _ in 0..2 {
                let again = session.poll(&inbox.rental)?;
                again.success()?;
                has_all(&again, &inbox.messages())?;
            }
            Ok(())
        }),
    should(
        Reading,
        "sms-is-shown-once",
        "a message that was sent once is shown once, however often it is read",
    )
    .rules("reading changes nothing")
    .needs(SMS_COMMAND)
    .check(|session| {
        let inbox = session.inbox()?;
        let sent = inbox.sent.clone().unwrap_or_default();
        for _ in 0..2 {
            let read = session.poll(&inbox.rental)?;
            let shown = messages(&read);
            let count = shown.iter().filter(|message| message["text"] == sent.as_str()).count();
            read.require(count <= 1, &format!("{sent:?} once"))?;
        }
        Ok(())
    }),
    must(Reading, "second-sms-joins-the-first", "a second SMS is shown beside the first")
        .says(r#""messages": [{…}]: Retrieves SMS messages received on a rented number."#)
        .needs(SMS_COMMAND)
        .check(|session| {
            let inbox = session.inbox()?;
            let (shown, _) = one_more(session, &inbox, 2)?;
            has_all(&shown, &inbox.messages())
        }),
    must(
        Reading,
        "sms-reaches-no-other-rental",
        "an SMS is shown at the rental of its number only",
    )
    .says("Retrieves SMS messages received on a rented number.")
    .needs(SMS_COMMAND)
    .check(|session| {
        let inbox = session.inbox()?;
        let neighbour = session.another()?;
        let (_, sent) = one_more(session, &inbox, 3).map_err(never_came)?;
        let read = session.poll(&neighbour)?;
        session.release(&neighbour);
        let right = format!("no message that was sent to {}", inbox.rental.number().unwrap_or("?"));
        read.require(!has_text(&messages(&read), &sent), &right)
    }),
    must(
        Reading,
        "sms-reaches-no-other-account",
        "an SMS is shown to the account that rents its number only",
    )
    .says("All API requests require authentication using your API key")
    .needs(SMS_AND_OTHER_KEY)
    .check(|session| {
        let inbox = session.inbox()?;
        let stranger = session.rent_in(&inbox.rental.country, Account::Other)?;
        let (_, sent) = one_more(session, &inbox, 5).map_err(never_came)?;
        let read = session.poll(&stranger)?;
        session.release(&stranger);
        let right = "no message of a rental of another account";
        read.require(!has_text(&messages(&read), &sent), right)
    }),
    must(
        Reading,
        "new-rental-has-no-old-messages",
        "a new rental does not show messages of another",
    )
    .says("Retrieves SMS messages received on a rented number.")
    .needs(SMS)
    .check(|session| {
        let old = session.inbox()?.messages();
        let first = session.poll_once()?;
        if !has_some(&first, &old) {
            return Ok(());
        }
        // It may be the like of it, received in the same second. A second later it cannot be.
        session.stop.pause(Duration::from_millis(1_100));
        let second = session.poll_once()?;
        let right = "no message that was received on another rental, before this one was made";
        second.require(!has_some(&second, &old), right)
    }),
];

fn each(
    session: &Session<'_>,
    name: &str,
    right: &str,
    is_right: impl Fn(&Value) -> bool,
) -> Result<(), NotPassed> {
    let inbox = session.inbox()?;
    let messages = inbox.messages();
    let Some(wrong) = messages.iter().find(|message| !is_right(&message[name])) else {
        return Ok(());
    };
    let actual = format!("{} in {wrong}", inbox.shown.shown_of(name, &wrong[name]));
    Err(inbox.shown.fails(&format!("{name}: {right}"), actual))
}

/// Sends one more SMS. Gives the reply that showed it, and its text as it was shown: that it is
/// what was sent is another case's affair.
fn one_more(
    session: &Session<'_>,
    inbox: &SmsFixture,
    serial: u32,
) -> Result<(HttpExchange, Value), NotPassed> {
    let before = messages(&session.poll(&inbox.rental)?);
    let text = Value::from(session.unique_text(serial));
    session.send_sms(&inbox.rental, text.as_str().unwrap_or_default())?;
    let shown = session.wait_for(&inbox.rental, |messages| {
        messages.len() > before.len() || has_text(messages, &text)
    })?;
    let now = messages(&shown);
    let is_new = |message: &&Value| !before.iter().any(|old| is_same(message, old));
    let new = now.iter().find(|message| message["text"] == text);
    let new = new.or_else(|| now.iter().find(is_new)).or(now.last());
    let as_shown = new.map_or(Value::Null, |message| message["text"].clone());
    Ok((shown, as_shown))
}

fn never_came(not_passed: NotPassed) -> NotPassed {
    match not_passed {
        NotPassed::Failed(_) => {
            NotPassed::skipped("the SMS was not shown; second-sms-joins-the-first tells why")
        }
        skipped => skipped,
    }
}

fn has_text(messages: &[Value], text: &Value) -> bool {
    messages.iter().any(|message| message["text"] == *text)
}

/// By all that the documentation says of a message: a server may add what changes.
fn is_same(one: &Value, other: &Value) -> bool {
    ["sender", "text", "received_at"].iter().all(|name| one[*name] == other[*name])
}

fn has_some(read: &HttpExchange, old: &[Value]) -> bool {
    messages(read).iter().any(|message| old.iter().any(|old| is_same(message, old)))
}

/// The case fails unless each of these is shown.
pub(super) fn has_all(read: &HttpExchange, wanted: &[Value]) -> Result<(), NotPassed> {
    let shown = messages(read);
    let is_shown = |wanted: &Value| {
        shown.iter().any(|message| {
            // How a time is written may change from reply to reply.
            message["text"] == wanted["text"] && message["sender"] == wanted["sender"]
        })
    };
    match wanted.iter().find(|wanted| !is_shown(wanted)) {
        None => Ok(()),
        Some(gone) => {
            Err(read.fails_as_shown(&format!("the message that was shown before: {gone}")))
        }
    }
}
