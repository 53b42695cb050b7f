//! cancelNumber.

use super::defect::Defect::*;
use super::params::Params;
use super::reply::{Reply, quoted};
use super::service::{A_MOMENT, Service, dollars, pause};

impl Service {
    pub(super) fn cancel(&self, account: usize, params: &Params) -> Result<Reply, Reply> {
        let state = self.state();
        let found = self.named(&state.book, account, params);
        if found.is_err()
            && self.has(UnknownRentalIsCancelled)
            && params.text("rental_id").is_some()
        {
            return Ok(Reply::success(
                r#""message": "done", "rental_id": "L-0", "refund_amount": 0.0"#,
            ));
        }
        let found = found?;
        if state.book.rentals[found].owner != account && !self.has(EverybodyCancels) {
            return Err(Reply::error(404, 9, "no such rental"));
        }
        if self.has(NothingCanBeCancelled) {
            return Err(Reply::error(409, 12, "not now"));
        }
        let (was_live, is_sold) = {
            let rental = &state.book.rentals[found];
            (rental.is_live, !rental.inbox.is_empty())
        };
        if is_sold && self.rulings.sold_stays_sold {
            return Err(Reply::error(409, 13, "an SMS has come"));
        }
        if !was_live && self.has(SecondCancelBreaks) {
            return Err(Reply::error(500, 99, "row is gone"));
        }
        if !was_live && self.rulings.cancels_once {
            return Err(Reply::error(409, 14, "it is cancelled"));
        }
        let mut state = state;
        if self.has(CancelsRace) {
            drop(state);
            pause(A_MOMENT);
            state = self.state();
        }
        let line = state.book.rentals[found].line;
        let price = state.book.lines[line].cents;
        let ends = was_live || self.has(CancelRestocksEachTime);
        if ends && !is_sold && !self.has(StockStandsStill) && !self.has(CancelDoesNotRestock) {
            state.book.lines[line].stock += 1;
        }
        for (at, rental) in state.book.rentals.iter_mut().enumerate() {
            let is_it = at == found || (self.has(CancelEndsAll) && rental.owner == account);
            rental.is_live &= !is_it;
        }
        let rental = &mut state.book.rentals[found];
        let pays = (was_live || self.has(CancelPaysEachTime) || self.has(CancelsRace)) && !is_sold;
        if pays {
            rental.refunded += price;
        }
        let refund = match self.defect {
            Some(RefundIsText) => format!("\"{}\"", dollars(rental.refunded)),
            Some(RefundIsMissing) => "null".into(),
            Some(RefundIsNegative) => format!("-{}", dollars(price)),
            Some(RefundIsTooMuch) => dollars(price * 2),
            _ => dollars(rental.refunded),
        };
        let id = match self.defect {
            Some(CancelTellsNoId) => "null".into(),
            Some(CancelTellsAnotherId) => quoted("L-0000000"),
            Some(IdIsANumber) => rental.id.clone(),
            _ => quoted(&rental.id),
        };
        let message = if self.has(CancelTellsNothing) { "null" } else { "\"done\"" };
        Ok(Reply::success(&format!(
            "\"refund_amount\": {refund}, \"rental_id\": {id}, \"message\": {message}"
        )))
    }
}
