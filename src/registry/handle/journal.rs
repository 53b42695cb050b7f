use super::Sandbox;
use crate::journal::JournalEntry;
use crate::journal::expectation::{Expectation, VerifyResult};
use crate::journal::rental_view::RentalView;

/// The journal of a [`Sandbox`]: the requests that clients sent, and what became of them.
///
/// ```
/// use ringer::Server;
///
/// let server = Server::builder().start()?;
/// ureq::get(format!("{}/getNumbers?api_key=ci-1", server.url())).call()?;
/// let sandbox = server.sandbox("ci-1")?;
/// assert_eq!(sandbox.journal().entries()[0].status, Some(200));
/// sandbox.journal().clear();
/// assert!(sandbox.journal().entries().is_empty());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct SandboxJournal<'a>(pub(super) &'a Sandbox);

impl SandboxJournal<'_> {
    /// All entries that the sandbox still keeps, oldest first.
    #[must_use]
    pub fn entries(&self) -> Vec<JournalEntry> {
        self.filter(|_| true)
    }

    /// Forgets all entries. The rentals stay as they are.
    pub fn clear(&self) {
        let forgotten = self.0.with(|state, _| {
            if let Some(channel) = state.channel.upgrade() {
                channel.verify_waits.look_again();
            }
            state.journal.clear()
        });
        // There may be many: dropped outside the lock.
        drop(forgotten);
    }

    /// The entries that `wanted` picks, oldest first.
    pub(crate) fn filter(&self, wanted: impl FnMut(&JournalEntry) -> bool) -> Vec<JournalEntry> {
        self.0.read(|reader| reader.entries(wanted))
    }

    /// The entry with this number, if it is still kept.
    pub(crate) fn entry(&self, seq: u64) -> Option<JournalEntry> {
        let before = seq.checked_sub(1)?;
        let next = self.0.with(|state, _| state.journal.after(before).next().cloned());
        next.filter(|entry| entry.seq == seq)
    }

    /// Compares the requests with an expectation.
    pub(crate) fn verify(&self, expectation: &Expectation) -> VerifyResult {
        self.0.read(|reader| {
            let entries = reader.entries(|_| true);
            expectation.judge(&entries, |id| {
                let own = entries.iter().filter(|entry| entry.rental_id == Some(id));
                let own: Vec<JournalEntry> = own.cloned().collect();
                let snapshot = reader.snapshot(&own);
                let view = |rental| RentalView::new(&snapshot, rental, own.iter()).timeline;
                snapshot.rental(id).map(view).unwrap_or_default()
            })
        })
    }
}
