//! The life of a rental: how it stands, what happened to it and what is still due, as data and in
//! plain sentences.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::Serialize;

use super::JournalEntry;
use super::timeline::tell_calls;
use crate::domain::country::Country;
use crate::domain::money::Money;
use crate::domain::phone_number::PhoneNumber;
use crate::domain::rental_id::RentalId;
use crate::domain::service::Service;
use crate::domain::sms::Sms;
use crate::domain::timestamp::Timestamp;
use crate::sandbox::content;
use crate::sandbox::rental::{EndedBy, Rental, RentalStatus};
use crate::sandbox::snapshot::Snapshot;
use crate::scenario::Action;

/// How a rental stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "RentalState")]
pub enum Stage {
    /// It can receive SMS and be cancelled.
    Live,
    /// It is over, and an SMS had arrived.
    Sold,
    /// It was cancelled, by the client or the partner, before an SMS.
    Cancelled,
    /// Its time was over before an SMS.
    Expired,
}

impl Stage {
    /// How this rental stands.
    #[must_use]
    pub const fn of(rental: &Rental) -> Self {
        match rental.state {
            RentalStatus::Live => Self::Live,
            RentalStatus::Ended { .. } if rental.has_sms => Self::Sold,
            RentalStatus::Ended { by: EndedBy::Expiry, .. } => Self::Expired,
            RentalStatus::Ended { .. } => Self::Cancelled,
        }
    }
}

/// A rental, all that is known of it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "Rental")]
pub struct RentalView {
    /// Its name.
    pub rental_id: RentalId,
    /// How it stands.
    pub state: Stage,
    /// The number.
    pub number: PhoneNumber,
    /// Where.
    pub country: Country,
    /// What for.
    pub service: Option<Service>,
    /// What it cost.
    pub price: Money,
    /// What was paid back.
    pub refund: Money,
    /// When it began.
    pub rented_at: Timestamp,
    /// When its time is over.
    pub expires_at: Timestamp,
    /// When it ended, if it has.
    pub ended_at: Option<Timestamp>,
    /// What arrived, oldest first.
    pub messages: Vec<Message>,
    /// What is still due, in order.
    pub scheduled: Vec<Scheduled>,
    /// What happened and what will, in plain sentences.
    pub timeline: Vec<String>,
}

impl RentalView {
    /// About how many bytes its texts have.
    #[must_use]
    pub fn text_bytes(&self) -> usize {
        let sms = self.messages.iter().map(|sms| sms.sender.len() + sms.text.len()).sum::<usize>();
        sms + self.timeline.iter().map(String::len).sum::<usize>()
    }
}

/// A message, and what a client should find in it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "RentalMessage")]
pub struct Message {
    /// Who it is from.
    pub sender: String,
    /// What it says.
    pub text: String,
    /// What it is dated with.
    pub received_at: Timestamp,
    /// The code, as the text shows it; none in a decoy.
    pub expected_code: Option<String>,
}

impl From<Sms> for Message {
    fn from(sms: Sms) -> Self {
        let Sms { sender, text, received_at, expected_code } = sms;
        Self { sender, text, received_at, expected_code }
    }
}

/// Something that is still due.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
pub struct Scheduled {
    /// When.
    pub at: Timestamp,
    /// What: `sms`, `expiry` or `revocation`.
    pub event: &'static str,
}

/// The life of a rental; `entries` is the journal of its sandbox.
pub(crate) fn rental_view<'a>(
    sandbox: &Snapshot,
    rental: &Rental,
    entries: impl Iterator<Item = &'a JournalEntry>,
) -> RentalView {
    let rental_id = sandbox.id(rental);
    let expires_at = rental.rented_at.plus(sandbox.scenario().rental.time_to_live);
    let (ended_at, refund) = match rental.state {
        RentalStatus::Live => (None, Money::ZERO),
        RentalStatus::Ended { at, refund, .. } => (Some(at), refund),
    };
    let scheduled = scheduled(sandbox, rental, expires_at);
    let messages = content::messages(rental, sandbox.steps_of(rental));
    let own = entries.filter(|entry| entry.rental_id == Some(rental_id));
    RentalView {
        rental_id,
        state: Stage::of(rental),
        number: rental.number,
        country: sandbox.scenario().countries[usize::from(rental.offer)].country,
        service: rental.service.clone(),
        price: rental.price,
        refund,
        rented_at: rental.rented_at,
        expires_at,
        ended_at,
        timeline: timeline(sandbox, rental, &messages, &scheduled, own),
        messages: messages.into_iter().map(Message::from).collect(),
        scheduled,
    }
}

fn scheduled(sandbox: &Snapshot, rental: &Rental, expires_at: Timestamp) -> Vec<Scheduled> {
    let grace = sandbox.scenario().rental.late_sms_grace;
    let last = match rental.state {
        RentalStatus::Live => expires_at.plus(grace),
        RentalStatus::Ended { at, .. } => at.plus(grace),
    };
    let steps = sandbox.steps_of(rental).iter().skip(usize::from(rental.played));
    let steps = steps.map(|step| Scheduled {
        at: rental.rented_at.plus(step.after),
        event: match step.action {
            Action::Sms(_) | Action::Duplicate => "sms",
            Action::Expire => "expiry",
            Action::Revoke => "revocation",
        },
    });
    let extra = rental.extra.iter().flat_map(|extra| extra.iter()).filter(|extra| !extra.arrived);
    let extra = extra.map(|extra| Scheduled { at: extra.sms.received_at, event: "sms" });
    let mut due: Vec<Scheduled> =
        steps.chain(extra).filter(|due| due.at < last && due.at >= sandbox.now()).collect();
    if rental.state == RentalStatus::Live {
        due.push(Scheduled { at: expires_at, event: "expiry" });
    }
    due.sort_by_key(|due| due.at);
    due
}

fn timeline<'a>(
    sandbox: &Snapshot,
    rental: &Rental,
    messages: &[Sms],
    scheduled: &[Scheduled],
    entries: impl Iterator<Item = &'a JournalEntry>,
) -> Vec<String> {
    let after = |at: Timestamp| at.since(rental.rented_at);
    let service = rental.service.as_ref().map(|s| format!(" for {}", s.as_str()));
    let mut lines = vec![(
        rental.rented_at,
        format!(
            "{} was rented{} for {} USD",
            rental.number,
            service.unwrap_or_default(),
            rental.price
        ),
    )];
    for sms in messages {
        let code = match &sms.expected_code {
            Some(code) => format!("the code is {code}"),
            None => "no code is expected of it".into(),
        };
        let (sender, text) = (shortened(&sms.sender), shortened(&sms.text));
        lines.push((sms.received_at, format!("an SMS arrived from {sender:?}: {text:?}; {code}")));
    }
    let entries: Vec<&JournalEntry> = entries.collect();
    tell_calls(&entries, &mut lines);
    if let RentalStatus::Ended { at, by, refund } = rental.state {
        let (what, who) = match by {
            EndedBy::Cancel => ("the rental was cancelled", "you cancelled"),
            EndedBy::Revocation => ("the partner took the number back", "it was taken back"),
            EndedBy::Expiry => ("the rental expired", "it expired"),
        };
        lines.push((at, format!("{what}; {refund} USD was paid back")));
        let steps = sandbox.steps_of(rental).iter().skip(usize::from(rental.played));
        let steps = steps.filter(|step| matches!(step.action, Action::Sms(_) | Action::Duplicate));
        let extra = rental.extra.iter().flat_map(|extra| extra.iter());
        let extra = extra.filter(|extra| !extra.arrived).map(|extra| extra.sms.received_at);
        for due in steps.map(|step| rental.rented_at.plus(step.after)).chain(extra) {
            if scheduled.iter().all(|scheduled| scheduled.at != due) {
                let (due_after, ended) = (after(due), after(at));
                lines.push((due, format!("an SMS was due at +{due_after}; {who} at +{ended}")));
            }
        }
    }
    for due in scheduled {
        let what = match due.event {
            "sms" => "an SMS will arrive",
            "revocation" => "the partner will take the number back",
            _ => "the rental will expire, unless it is cancelled before",
        };
        lines.push((due.at, what.into()));
    }
    lines.sort_by_key(|(at, _)| *at);
    lines.into_iter().map(|(at, line)| format!("+{}: {line}", after(at))).collect()
}

/// What one line of a story has room for; `messages` has all of it.
fn shortened(text: &str) -> Cow<'_, str> {
    const MOST_CHARS: usize = 160;
    match text.char_indices().nth(MOST_CHARS) {
        Some((end, _)) => Cow::Owned(format!("{}…", &text[..end])),
        None => Cow::Borrowed(text),
    }
}
