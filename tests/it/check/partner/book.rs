//! What the partner knows: its countries, its rentals, their messages.

/// A country on offer.
pub(super) struct Line {
    pub(super) code: &'static str,
    pub(super) name: &'static str,
    /// All but the last three digits of its numbers.
    pub(super) prefix: &'static str,
    pub(super) cents: u32,
    pub(super) stock: u32,
    next: u32,
}

pub(super) struct Rental {
    pub(super) id: String,
    /// Which account it is of.
    pub(super) owner: usize,
    pub(super) line: usize,
    pub(super) number: String,
    pub(super) is_live: bool,
    /// What was paid back so far, in cents.
    pub(super) refunded: u32,
    pub(super) inbox: Vec<Sms>,
}

#[derive(Clone)]
pub(super) struct Sms {
    pub(super) text: String,
    pub(super) at: i64,
}

pub(super) struct Book {
    pub(super) lines: Vec<Line>,
    pub(super) rentals: Vec<Rental>,
}

impl Book {
    pub(super) fn new(whole_prices: bool) -> Self {
        let line = |code, name, prefix, cents| {
            let cents = if whole_prices { 100 } else { cents };
            Line { code, name, prefix, cents, stock: 40, next: 0 }
        };
        let lines = vec![
            line("DE", "Deutschland", "+4930231259", 120),
            line("US", "United States of America", "+12025550", 50),
            line("GB", "Great Britain", "+447700900", 75),
        ];
        Self { lines, rentals: Vec::new() }
    }

    /// The next number of a country: each has its turn before one comes again.
    pub(super) fn next_number(&mut self, line: usize) -> String {
        let line = &mut self.lines[line];
        line.next += 1;
        format!("{}{:03}", line.prefix, 100 + line.next % 100)
    }

    pub(super) fn find(&self, id: &str) -> Option<usize> {
        self.rentals.iter().position(|rental| rental.id == id)
    }
}
