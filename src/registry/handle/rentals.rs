use super::Sandbox;
use crate::capsule::Change;
use crate::domain::money::Money;
use crate::domain::rental_id::RentalId;
use crate::domain::sms::Sms;
use crate::journal::JournalEntry;
use crate::journal::rental_view::RentalView;
use crate::registry::state::SandboxState;
use crate::sandbox::changes::NewSms;
use crate::sandbox::error::SandboxError;
use crate::sandbox::sms_content;

/// The rentals of a [`Sandbox`] and their messages.
///
/// ```
/// use ringer::{NewSms, Server};
/// use ringer::scenario::*;
///
/// let server = Server::builder().scenario("no-sms-expires").start()?;
/// let sandbox = server.sandbox("ci-1")?;
/// ureq::post(format!("{}/rentNumber", server.url()))
///     .send_form([("api_key", "ci-1"), ("country", "DE")])?;
///
/// let rental = &sandbox.rentals().list()[0];
/// sandbox.rentals().send_sms(rental.rental_id, NewSms::new("Acme", "Your code is 482913"))?;
/// assert_eq!(sandbox.rentals().messages()[0].text, "Your code is 482913");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct SandboxRentals<'a>(pub(super) &'a Sandbox);

/// Which rentals a page has, in the order of renting.
#[derive(Clone, Copy, Debug)]
pub(crate) enum RentalQuery {
    /// At most this many, after this rental or from the first.
    After(Option<RentalId>, usize),
    /// The newest ones, this many.
    Last(usize),
}

#[derive(Debug)]
pub(crate) struct RentalPage {
    pub rentals: Vec<RentalView>,
    pub has_more: bool,
}

/// A page ends once it has about this many bytes of text.
const PAGE_BYTES: usize = 4 << 20;

impl SandboxRentals<'_> {
    /// All rentals that the sandbox still keeps, in the order of renting.
    #[must_use]
    pub fn list(&self) -> Vec<RentalView> {
        let mut all: Vec<RentalView> = Vec::new();
        loop {
            let last = all.last().map(|rental| rental.rental_id);
            let RentalPage { rentals, has_more } = self.page(RentalQuery::After(last, usize::MAX));
            all.extend(rentals);
            if !has_more {
                return all;
            }
        }
    }

    /// One rental, if the sandbox still keeps it.
    #[must_use]
    pub fn get(&self, rental_id: RentalId) -> Option<RentalView> {
        self.0.read(|reader| {
            let rental = reader.with(|state| {
                let rentals = state.machine.rentals();
                rentals.at(rentals.find(rental_id)?).cloned()
            })?;
            let snapshot = reader.with(|state| state.machine.snapshot());
            let entries = reader.entries(|entry| entry.rental_id == Some(rental_id));
            drop(reader);
            Some(RentalView::new(&snapshot, &rental, entries.iter()))
        })
    }

    /// The same, without the calls of its client in the timeline: quick, however long the journal.
    pub(crate) fn get_without_calls(&self, rental_id: RentalId) -> Option<RentalView> {
        self.0.with(|state, _| {
            let rentals = state.machine.rentals();
            let rental = rentals.at(rentals.find(rental_id)?)?;
            Some(RentalView::new(&state.machine.snapshot(), rental, std::iter::empty()))
        })
    }

    /// How many rentals are live.
    #[must_use]
    pub fn live(&self) -> u32 {
        self.0.with(|state, _| state.machine.rentals().live())
    }

    /// What the client has got back for all rentals together.
    #[must_use]
    pub fn refunded(&self) -> Money {
        self.0.with(|state, _| state.machine.totals().refunded)
    }

    /// The messages that have arrived, rental by rental, each with the code that a client should
    /// find in it.
    #[must_use]
    pub fn messages(&self) -> Vec<Sms> {
        self.0.with(|state, _| {
            let machine = &state.machine;
            let rentals = machine.rentals().all();
            rentals.flat_map(|r| sms_content::messages(r, machine.steps_of(r))).collect()
        })
    }

    /// Lets an SMS arrive at a rental, now or later.
    ///
    /// # Errors
    /// When the sandbox does not know the rental, or the rental takes no more messages.
    pub fn send_sms(&self, rental_id: RentalId, sms: NewSms) -> Result<(), SandboxError> {
        self.0.change(Change::Message { rental_id, sms }).map(drop)
    }

    pub(crate) fn page(&self, query: RentalQuery) -> RentalPage {
        self.0.read(|reader| {
            let (after, limit) = match query {
                RentalQuery::After(after, limit) => (after, limit),
                RentalQuery::Last(count) => (reader.with(|state| before_last(state, count)), count),
            };
            let mut rentals = reader.rentals(after, limit.saturating_add(1));
            let mut has_more = rentals.len() > limit;
            rentals.truncate(limit);
            let snapshot = reader.with(|state| state.machine.snapshot());
            let ids: foldhash::HashSet<RentalId> =
                rentals.iter().map(|rental| snapshot.id(rental)).collect();
            let entries =
                reader.entries(|entry| entry.rental_id.is_some_and(|id| ids.contains(&id)));
            drop(reader);
            let mut calls: foldhash::HashMap<RentalId, Vec<&JournalEntry>> =
                foldhash::HashMap::default();
            for entry in &entries {
                if let Some(id) = entry.rental_id {
                    calls.entry(id).or_default().push(entry);
                }
            }
            // If there is no room for all of the newest, the oldest of them are left out.
            let is_last = matches!(query, RentalQuery::Last(_));
            if is_last {
                rentals.reverse();
            }
            let (mut views, mut bytes) = (Vec::with_capacity(rentals.len()), 0);
            for rental in &rentals {
                if bytes > PAGE_BYTES {
                    has_more = true;
                    break;
                }
                let calls = calls.get(&snapshot.id(rental)).map_or(&[][..], Vec::as_slice);
                let view = RentalView::new(&snapshot, rental, calls.iter().copied());
                bytes += view.text_bytes();
                views.push(view);
            }
            if is_last {
                views.reverse();
            }
            RentalPage { rentals: views, has_more }
        })
    }
}

/// The rental before the newest `count` ones.
fn before_last(state: &SandboxState, count: usize) -> Option<RentalId> {
    let rentals = state.machine.rentals();
    rentals.all().rev().nth(count).map(|rental| rentals.id(rental.serial))
}
