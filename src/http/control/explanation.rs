//! Explains a request of the journal in sentences, as things stand now.

use crate::domain::real_duration::RealDuration;
use crate::domain::timestamp::Timestamp;
use crate::journal::JournalEntry;
use crate::journal::rental_view::RentalView;
use crate::sandbox::command::Reply;
use crate::sandbox::faults::FaultAction;
use crate::sandbox::outcome::CallOutcome;
use crate::sandbox::rental::EndedBy;

/// `rental`: the one that the request named or made, as it is now; `None` if it is forgotten.
pub(super) fn explain(entry: &JournalEntry, rental: Option<&RentalView>) -> String {
    let Some(outcome) = entry.outcome.as_deref() else {
        return "The client disconnected before the request took effect.".into();
    };
    let answer = match &outcome.answer {
        Ok(reply) => done(reply, entry, rental),
        Err(refusal) => sentence(&refusal.message),
    };
    let mut told = match &outcome.override_action {
        None => answer,
        Some(strike) => struck(strike, outcome) + &effect(strike, outcome, &answer),
    };
    if outcome.delay > RealDuration::ZERO {
        told += &format!(" The reply was delayed by {}.", outcome.delay);
    }
    if outcome.client_disconnected.get() {
        told += " The client disconnected before the reply was sent.";
    }
    told
}

fn done(reply: &Reply, entry: &JournalEntry, rental: Option<&RentalView>) -> String {
    match reply {
        Reply::Numbers(listing) => match listing.lines.len() {
            1 => "One country was listed.".into(),
            count => format!("{count} countries were listed."),
        },
        Reply::Rented { number, rental_id, expires_at, .. } => {
            let rented = format!("{number} was rented as {rental_id}.");
            match rental.and_then(ending) {
                Some((_, ending)) => format!("{rented} {ending}."),
                None => format!(
                    "{rented} Poll getSMS with it until the SMS arrives, or cancel it. It expires at \
                     {expires_at}."
                ),
            }
        }
        Reply::Messages(inbox) => match inbox.messages.len() {
            0 => nothing_arrived(entry, rental),
            1 => "The SMS has arrived.".into(),
            count => format!("{count} SMS have arrived."),
        },
        Reply::Cancelled { rental_id, refund } => {
            format!("{rental_id} is cancelled; {refund} USD was refunded.")
        }
    }
}

/// When and how a rental ended, if it has.
fn ending(rental: &RentalView) -> Option<(Timestamp, String)> {
    let (at, by) = (rental.ended_at?, rental.ended_by?);
    let how = match by {
        EndedBy::Cancel => "The rental was cancelled",
        EndedBy::Revocation => "The partner took the number back",
        EndedBy::Expiry => "The rental expired",
    };
    Some((at, format!("{how} at {at}")))
}

/// Explains a getSMS without messages, by what has happened until now.
fn nothing_arrived(entry: &JournalEntry, rental: Option<&RentalView>) -> String {
    let Some(rental) = rental else { return "No SMS had arrived.".into() };
    let arrived = rental.messages.iter().map(|sms| sms.received_at).find(|at| *at >= entry.at);
    let is_to_come = rental.scheduled.iter().any(|event| event.event == "sms");
    match (arrived, ending(rental)) {
        (Some(at), _) => format!("No SMS had arrived yet; one came at {at}."),
        (None, None) => format!(
            "No SMS has arrived yet; poll again. The rental expires at {}.",
            rental.expires_at
        ),
        (None, Some((_, ending))) if is_to_come => {
            format!("No SMS had arrived. {ending}; a late SMS is still to come.")
        }
        (None, Some((at, ending))) if at <= entry.at => {
            format!("{ending} without an SMS: nothing will come.")
        }
        (None, Some((_, ending))) => {
            format!("No SMS had arrived yet. {ending} without one: nothing will come.")
        }
    }
}

/// What a fault did to the call or its reply.
fn struck(strike: &FaultAction, outcome: &CallOutcome) -> String {
    let by = outcome.fault.map_or_else(|| "A fault".to_owned(), |id| format!("The rule {id}"));
    match strike {
        FaultAction::Refuse(refusal) => sentence(&refusal.message),
        FaultAction::Status(status, ..) => format!("{by} answered {}.", status.get()),
        FaultAction::Redirect(redirect) => {
            format!("{by} redirected the request ({}) to the same path.", redirect.status())
        }
        FaultAction::Wire(fault, _) => format!("{by} struck: {}.", fault.meaning()),
    }
}

/// Whether the call took effect nevertheless.
fn effect(strike: &FaultAction, outcome: &CallOutcome, answer: &str) -> String {
    match (strike, &outcome.answer) {
        (FaultAction::Refuse(_) | FaultAction::Redirect(_), _) => String::new(),
        (_, Ok(_)) => format!(" The call took effect nevertheless: {answer}"),
        (_, Err(_)) => " The call had no effect.".into(),
    }
}

/// Makes a sentence of an error message.
fn sentence(message: &str) -> String {
    let mut letters = message.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    let end = if message.ends_with(['.', '?', '!', ')']) { "" } else { "." };
    format!("{first}{}{end}", letters.as_str())
}
