//! Accounts for the memory of the sandboxes.
//!
//! The sum of their estimated sizes is kept below a share of the budget. The rest of the budget is
//! for the process itself and for what the allocator loses.

use std::fmt;
use std::str::FromStr;
use std::sync::atomic::{AtomicUsize, Ordering};

/// An amount of memory: a whole number with a unit, such as `512MiB`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct MemorySize(usize);

const UNITS: [(&str, usize); 4] = [("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30), ("B", 1)];

impl MemorySize {
    /// The default budget of a server.
    pub const DEFAULT: Self = Self(1 << 30);
    /// The smallest budget that a server can work with.
    pub const LEAST: Self = Self(32 << 20);

    /// In bytes.
    #[must_use]
    pub const fn bytes(self) -> usize {
        self.0
    }
}

impl FromStr for MemorySize {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("{text:?} is not an amount of memory; 512MiB or 2GiB is right");
        let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
        let (number, unit) = text.split_at(digits);
        let factor = UNITS.iter().find(|(name, _)| name.eq_ignore_ascii_case(unit.trim()));
        let (_, factor) = factor.ok_or_else(wrong)?;
        let number: usize = number.parse().map_err(|_| wrong())?;
        let size = Self(number.checked_mul(*factor).ok_or_else(wrong)?);
        if size < Self::LEAST {
            return Err(format!(
                "{text} is too little to serve with; {} is the least",
                Self::LEAST
            ));
        }
        Ok(size)
    }
}

impl fmt::Display for MemorySize {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let whole = UNITS[..3].iter().rev().find(|(_, factor)| self.0.is_multiple_of(*factor));
        match whole {
            Some((unit, factor)) => write!(f, "{}{unit}", self.0 / factor),
            None => write!(f, "{}B", self.0),
        }
    }
}

/// The memory of all sandboxes together.
#[derive(Debug)]
pub(super) struct Memory {
    budget: MemorySize,
    used: AtomicUsize,
}

impl Memory {
    pub(super) const fn new(budget: MemorySize) -> Self {
        Self { budget, used: AtomicUsize::new(0) }
    }

    pub(super) const fn budget(&self) -> MemorySize {
        self.budget
    }

    /// Three quarters of the budget.
    const fn share(&self) -> usize {
        self.budget.bytes() / 4 * 3
    }

    /// Notes that a sandbox has changed its size.
    pub(super) fn change(&self, before: usize, after: usize) {
        if after >= before {
            self.used.fetch_add(after - before, Ordering::Relaxed);
        } else {
            self.used.fetch_sub(before - after, Ordering::Relaxed);
        }
    }

    pub(super) fn used(&self) -> usize {
        self.used.load(Ordering::Relaxed)
    }

    /// How many bytes must go. Sandboxes go before renting has to be refused.
    pub(super) fn excess(&self) -> usize {
        let (used, sixteenth) = (self.used(), self.share() / 16);
        if used <= sixteenth * 15 { 0 } else { used - sixteenth * 14 }
    }

    /// Whether a sandbox of this size may grow. Small ones may for longer, so that a large one does
    /// not keep the others from renting.
    pub(super) fn has_room_for(&self, bytes: usize) -> bool {
        const SMALL: usize = 1 << 20;
        let reserve = self.share() / 16;
        let limit = if bytes < SMALL { self.share() + reserve } else { self.share() };
        self.used() < limit
    }
}
