//! Invariants of the pure core, checked by property tests.

mod clock;
mod invariants;
mod kept_rentals;
