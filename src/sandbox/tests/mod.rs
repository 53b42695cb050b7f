//! Laws of the pure core, held against random lives of it.

mod clock;
mod kept_rentals;
mod laws;
