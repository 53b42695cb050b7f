//! getSMS, and how messages arrive.

use serde_json::Value;

use super::book::{Book, Rental, Sms};
use super::defect::Defect::*;
use super::params::Params;
use super::reply::{Reply, quoted};
use super::service::{Service, now};

impl Service {
    /// The rental that the caller names.
    pub(super) fn named(
        &self,
        book: &Book,
        account: usize,
        params: &Params,
    ) -> Result<usize, Reply> {
        let id = match params.value("rental_id") {
            Some(Value::String(text)) if !text.is_empty() => text.clone(),
            Some(Value::Number(number)) if self.has(IdIsANumber) => number.to_string(),
            _ => String::new(),
        };
        if id.is_empty() {
            return match book.rentals.len().checked_sub(1) {
                Some(last) if self.has(MissingIdIsTheLast) => Ok(last),
                _ => Err(Reply::error(422, 8, "which rental?")),
            };
        }
        let found = match self.defect {
            Some(IdComparedByItsStart) => {
                book.rentals.iter().position(|rental| id.starts_with(&rental.id))
            }
            _ => book.find(&id),
        };
        let found = found.ok_or_else(|| Reply::error(404, 9, "no such rental"))?;
        let is_ours = book.rentals[found].owner == account;
        match is_ours || self.has(EverybodyCancels) || self.has(EverybodyReads) {
            true => Ok(found),
            false => Err(Reply::error(404, 9, "no such rental")),
        }
    }

    pub(super) fn get_sms(&self, account: usize, params: &Params) -> Result<Reply, Reply> {
        let mut state = self.state();
        let found = self.named(&state.book, account, params);
        if found.is_err() && self.has(UnknownRentalIsEmpty) && params.text("rental_id").is_some() {
            return Ok(Reply::success(r#""messages": [], "number": "+4930231259100""#));
        }
        let found = found?;
        if state.book.rentals[found].owner != account && !self.has(EverybodyReads) {
            return Err(Reply::error(404, 9, "no such rental"));
        }
        let rental = &mut state.book.rentals[found];
        if !rental.is_live && self.has(ReadAfterCancelBreaks) {
            return Err(Reply::error(500, 99, "null pointer"));
        }
        if !rental.is_live && self.rulings.forgets_cancelled {
            return Err(Reply::error(410, 10, "that is over"));
        }
        if rental.inbox.is_empty() && self.has(NothingToReadIsAnError) {
            return Err(Reply::error(404, 11, "no messages yet"));
        }
        let mut inbox = rental.inbox.clone();
        match self.defect {
            Some(MessagesVanish) => rental.inbox.clear(),
            Some(MessagesPileUp) => rental.inbox.extend(inbox.first().cloned()),
            Some(OnlyTheLastMessage) => drop(inbox.drain(..inbox.len().saturating_sub(1))),
            Some(MessagesGoneAfterCancel) if !rental.is_live => inbox.clear(),
            _ => {}
        }
        let messages: Vec<String> = inbox.iter().map(|sms| self.message(sms)).collect();
        let list = match self.defect {
            Some(NoMessagesIsNull) if messages.is_empty() => "\"messages\": null".into(),
            Some(NoMessagesIsAnObject) if messages.is_empty() => "\"messages\": {}".into(),
            Some(NoMessagesIsAbsent) if messages.is_empty() => "\"count\": 0".into(),
            Some(OneMessageIsNoList) if messages.len() == 1 => {
                format!("\"messages\": {}", messages[0])
            }
            _ => format!("\"messages\": [{}]", messages.join(", ")),
        };
        let number = match self.defect {
            Some(ReadTellsNoNumber) => String::new(),
            Some(ReadTellsAnotherNumber) => ", \"number\": \"+4930231259000\"".into(),
            _ => format!(", \"number\": {}", quoted(&self.shown_number(&rental.number))),
        };
        Ok(Reply::success(&(list + &number)))
    }

    pub(super) fn message(&self, sms: &Sms) -> String {
        let at = match self.defect {
            Some(ReceivedAtIsAnEpoch) => sms.at.to_string(),
            Some(ReceivedAtHasNoZone) => quoted(self.time(sms.at).trim_end_matches('Z')),
            Some(ReceivedAtIsLocalTime) => quoted(&self.time(sms.at + 2 * 3_600)),
            _ => quoted(&self.time(sms.at)),
        };
        let sender = if self.has(SenderIsMissing) { "null".into() } else { quoted("Switch") };
        let text = match self.defect {
            Some(TextIsMissing) => "null".into(),
            Some(TextIsCut) => quoted(&sms.text.chars().take(20).collect::<String>()),
            Some(TextIsInCapitals) => quoted(&sms.text.to_uppercase()),
            Some(TextLosesZeros) => quoted(&sms.text.replace(" 0", " ")),
            _ => quoted(&sms.text),
        };
        format!(r#"{{"received_at": {at}, "text": {text}, "sender": {sender}}}"#)
    }

    /// Delivers the SMS that have arrived in the mailbox.
    pub(super) fn fetch_mail(&self) {
        let mut state = self.state();
        let mail = std::fs::read_to_string(&self.mailbox).unwrap_or_default();
        let Some(end) = mail.rfind('\n').map(|end| end + 1) else { return };
        let new = mail[state.read..end].to_owned();
        state.read = end;
        for (number, text) in new.lines().filter_map(|line| line.split_once('\t')) {
            self.receive(&mut state.book, number, text);
        }
    }

    pub(super) fn receive(&self, book: &mut Book, number: &str, text: &str) {
        if self.has(MessagesAreLost) {
            return;
        }
        let called = |rental: &Rental| self.shown_number(&rental.number) == number;
        let owner = book.rentals.iter().rev().find(|rental| called(rental)).map(|one| one.owner);
        let sms = Sms { text: text.to_owned(), at: now() };
        for rental in &mut book.rentals {
            let is_for_it = match self.defect {
                Some(MessagesReachAllRentals) => Some(rental.owner) == owner && rental.is_live,
                Some(MessagesReachAllAccounts) => rental.is_live,
                Some(CancelledStillReceives) => called(rental),
                _ => called(rental) && rental.is_live,
            };
            if is_for_it {
                rental.inbox.push(sms.clone());
            }
        }
    }
}
