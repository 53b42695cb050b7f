//! Several reports as one.

use std::iter::Sum;
use std::ops::Add;

use super::{Audit, Report};

impl<'a> Sum<&'a Report> for Report {
    /// How all of them did together. Fault rules are numbered by sandbox: those that never fired
    /// are told by each report alone.
    fn sum<I: Iterator<Item = &'a Report>>(reports: I) -> Self {
        let mut all = Self::default();
        for report in reports {
            all.findings.extend(report.findings.iter().cloned());
            all.audit = all.audit + report.audit;
            for met in &report.coverage {
                let same = |known: &&mut super::coverage::Met| {
                    (known.endpoint, known.outcome) == (met.endpoint, met.outcome)
                };
                match all.coverage.iter_mut().find(same) {
                    Some(known) => known.count += met.count,
                    None => all.coverage.push(*met),
                }
            }
        }
        all.findings.sort_by_key(|finding| finding.severity);
        all.coverage.sort_by_key(|met| met.endpoint);
        all
    }
}

impl Add for Audit {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        let balance = match (self.balance, other.balance) {
            (Some(one), Some(another)) => Some(one + another),
            (one, another) => one.or(another),
        };
        Self {
            rentals: self.rentals + other.rentals,
            sold: self.sold + other.sold,
            cancelled: self.cancelled + other.cancelled,
            expired: self.expired + other.expired,
            live: self.live + other.live,
            charged: self.charged + other.charged,
            refunded: self.refunded + other.refunded,
            balance,
        }
    }
}
