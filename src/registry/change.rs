//! Changes of a sandbox from outside. The control API, a Rust test and a replay all make them here.

use super::event_bus::Update;
use super::state::SandboxState;
use crate::capsule::Change;
use crate::domain::timestamp::Timestamp;
use crate::sandbox::clock::RealTime;
use crate::sandbox::error::SandboxError;
use crate::sandbox::faults::FaultId;

impl SandboxState {
    /// Makes a change, writes it to the change log and publishes it. Returns the fault rule that was
    /// added, if one was.
    ///
    /// The caller has caught up with the clock, and does so again after moving it.
    pub(super) fn change(
        &mut self,
        mut change: Change,
        real: RealTime,
    ) -> Result<Option<FaultId>, SandboxError> {
        if let Change::Clock(clock) = &mut change {
            // The log keeps the time itself.
            *clock = clock.resolved(real.to_timestamp());
        }
        let (mut event, mut fault) = (None, None);
        match &change {
            Change::Advance { by } => self.machine.move_clock_by(*by, real),
            Change::AdvanceTo { moment } => {
                self.check_not_past(moment.0)?;
                self.machine.move_clock_to(moment.0, real);
            }
            Change::AdvanceToNext => while self.machine.move_clock_to_next(real).is_err() {},
            Change::Clock(clock) => {
                let start = clock.start().map(|start| start.resolve(real.to_timestamp()));
                start.map_or(Ok(()), |moment| self.check_not_past(moment))?;
                self.machine.change_clock(*clock, real);
            }
            Change::Stock { country, available, price } => {
                event = Some(self.machine.set_stock(*country, *available, *price)?);
            }
            Change::Message { rental_id, sms } => {
                self.check_room_for_change()?;
                event = self.machine.send_sms(*rental_id, sms.clone())?;
            }
            Change::AddFault(rule) => {
                self.check_room_for_change()?;
                fault = Some((self.machine.add_fault((**rule).clone())?, "added"));
            }
            Change::RemoveFault { id } => {
                self.machine.remove_fault(*id)?;
                fault = Some((*id, "removed"));
            }
            // Decided when the call arrived.
            Change::Hold { .. } => {}
            Change::Resume => self.machine.resume_clock(real),
        }
        self.note(change, real);
        self.tell(event.as_slice());
        if let Some((id, what)) = fault {
            self.publish(self.machine.now(), || Update::Fault { id, what });
        }
        Ok(fault.map(|(id, _)| id))
    }

    /// Compares whole seconds, which is all that a client sees of the clock.
    fn check_not_past(&self, moment: Timestamp) -> Result<(), SandboxError> {
        let seconds = |moment: Timestamp| moment.as_unix_millis().div_euclid(1_000);
        let now = self.machine.now();
        if seconds(moment) < seconds(now) {
            return Err(SandboxError::PastMoment { moment, now });
        }
        Ok(())
    }

    fn check_room_for_change(&self) -> Result<(), SandboxError> {
        self.check_room().map_err(|refusal| SandboxError::Conflict(refusal.message))
    }
}
