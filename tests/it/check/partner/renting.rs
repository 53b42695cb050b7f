//! rentNumber.

use std::sync::atomic::Ordering;

use super::book::Rental;
use super::defect::Defect::*;
use super::params::Params;
use super::reply::{Reply, quoted};
use super::service::{A_MOMENT, Service, now, pause};

impl Service {
    pub(super) fn rent(&self, account: usize, params: &Params) -> Result<Reply, Reply> {
        if self.has(NothingCanBeRented) {
            return Err(Reply::error(409, 5, "come back tomorrow"));
        }
        if self.has(RentsTogetherBreak) {
            if self.is_renting.swap(true, Ordering::SeqCst) {
                return Err(Reply::error(500, 99, "deadlock"));
            }
            pause(A_MOMENT);
            self.is_renting.store(false, Ordering::SeqCst);
        }
        let mut state = self.state();
        let found = params.text("country").map(|code| self.line(&state.book, code));
        let line = match found {
            Some(_) if self.has(CountryOfARentalIgnored) => 0,
            Some(Some(line)) => line,
            Some(None) if self.has(UnlistedCountryIsRented) => 0,
            None if self.has(MissingCountryIsRented) => 0,
            Some(None) => return Err(Reply::error(404, 4, "we are not in that country")),
            None => return Err(Reply::error(422, 6, "in which country?")),
        };
        if state.book.lines[line].stock == 0 {
            return Err(Reply::error(409, 7, "none is left"));
        }
        let stock = state.book.lines[line].stock;
        let number = if self.has(RentsRace) || self.has(NumberGivenTwice) {
            let first =
                state.book.rentals.iter().find(|rental| rental.is_live && rental.line == line);
            let twin =
                first.map(|rental| rental.number.clone()).filter(|_| self.has(NumberGivenTwice));
            twin.unwrap_or_else(|| {
                let taken = |number: &String| {
                    state
                        .book
                        .rentals
                        .iter()
                        .any(|rental| rental.is_live && rental.number == *number)
                };
                let line = &state.book.lines[line];
                let all = (100..200).map(|n| format!("{}{n:03}", line.prefix));
                all.into_iter().find(|number| !taken(number)).expect("a hundred are enough")
            })
        } else {
            state.book.next_number(line)
        };
        if self.has(RentsRace) || self.has(StockLosesCount) {
            drop(state);
            pause(A_MOMENT);
            state = self.state();
        }
        let line_stock = &mut state.book.lines[line].stock;
        match self.defect {
            Some(StockStandsStill) => {}
            Some(StockLosesCount) => *line_stock = stock - 1,
            Some(StockFallsByTwo) => *line_stock = stock.saturating_sub(2),
            _ => *line_stock -= 1,
        }
        let serial = state.book.rentals.len() as u64;
        let id = match self.defect {
            Some(IdGivenTwice) => format!("L-{:07X}", 0xABCDEF + serial / 2),
            Some(IdIsANumber) => (48_151_623 + serial).to_string(),
            _ => format!("L-{:07X}", (serial + 17).wrapping_mul(2_654_435_761) % 0x0fff_ffff),
        };
        let expires = now() + 600;
        let inbox = match self.defect {
            Some(OldMessagesStay) => {
                let before = state.book.rentals.iter().filter(|rental| rental.line == line);
                before.flat_map(|rental| rental.inbox.clone()).collect()
            }
            _ => Vec::new(),
        };
        let shown = self.shown_number(&number);
        let country = self.shown_code(state.book.lines[line].code);
        state.book.rentals.push(Rental {
            id: id.clone(),
            owner: account,
            line,
            number,
            is_live: true,
            refunded: 0,
            inbox,
        });
        let mut fields = Vec::new();
        match self.defect {
            Some(CountryIsNotRepeated) => {}
            _ => fields.push(format!("\"country\": {}", quoted(&country))),
        }
        match self.defect {
            Some(ExpiryIsMissing) => {}
            Some(ExpiryIsAnEpoch) => fields.push(format!("\"expires_at\": {expires}")),
            Some(ExpiryIsLocalStyle) => fields.push(r#""expires_at": "24.12.2030 18:00""#.into()),
            Some(ExpiryHasNoZone) => {
                let time = self.time(expires);
                fields.push(format!("\"expires_at\": \"{}\"", time.trim_end_matches('Z')));
            }
            Some(ExpiryIsOver) => {
                fields.push(format!("\"expires_at\": \"{}\"", self.time(expires - 3_600)));
            }
            _ => fields.push(format!("\"expires_at\": \"{}\"", self.time(expires))),
        }
        match self.defect {
            Some(NumberIsMissing) => {}
            _ => fields.push(format!("\"number\": {}", quoted(&shown))),
        }
        match self.defect {
            Some(IdIsMissing) => {}
            Some(IdIsANumber) => fields.push(format!("\"rental_id\": {id}")),
            _ => fields.push(format!("\"rental_id\": {}", quoted(&id))),
        }
        Ok(Reply::success(&fields.join(",\n  ")))
    }

    pub(super) fn shown_number(&self, number: &str) -> String {
        match self.defect {
            Some(NumberHasNoPlus) => number.trim_start_matches('+').to_owned(),
            Some(NumberHasSpaces) => format!("{} {}", &number[..4], &number[4..]),
            Some(NumberIsNational) => format!("0{}", &number[3..]),
            Some(NumberIsFromElsewhere) => format!("+7999{}", &number[6..]),
            _ => number.to_owned(),
        }
    }
}
