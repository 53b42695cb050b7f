//! The partner's data: countries, rentals, messages.

/// A country that is listed.
pub(super) struct Line {
    pub(super) code: &'static str,
    pub(super) name: &'static str,
    /// Its numbers without their last three digits.
    pub(super) prefix: &'static str,
    pub(super) cents: u32,
    pub(super) stock: u32,
    next: u32,
}

pub(super) struct Rental {
    pub(super) id: String,
    /// The index of its account.
    pub(super) owner: usize,
    pub(super) line: usize,
    pub(super) number: String,
    pub(super) is_live: bool,
    /// In cents.
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

    /// The next number of a country, in turn.
    pub(super) fn next_number(&mut self, line: usize) -> String {
        let line = &mut self.lines[line];
        line.next += 1;
        format!("{}{:03}", line.prefix, 100 + line.next % 100)
    }

    pub(super) fn find(&self, id: &str) -> Option<usize> {
        self.rentals.iter().position(|rental| rental.id == id)
    }
}
