//! The phone numbers of a country.

use std::collections::{HashSet, VecDeque};
use std::sync::Arc;

use rand::rngs::ChaCha8Rng;
use rand::{Rng, RngExt};

use super::schedule::shrink;
use crate::domain::country::Country;
use crate::domain::number_plan::{self, NumberKind};
use crate::domain::phone_number::PhoneNumber;
use crate::scenario::Numbers;

/// The index of a number, to give it back.
pub(super) type NumberSlot = u32;

/// Hands out each number of a country to one rental at a time, in constant time.
///
/// Slots are numbered: first the numbers that the scenario lists, then the ranges reserved for
/// fiction in a shuffled order, then the fallback of the number plan. `take` prefers fresh slots of
/// the first two, then the slot that came back longest ago, then the fallback.
#[derive(Debug)]
pub(super) struct NumberPool {
    country: Country,
    kind: NumberKind,
    listed: Vec<PhoneNumber>,
    /// The numbers that any pool of the sandbox lists; only that pool hands them out.
    reserved: Arc<HashSet<PhoneNumber>>,
    shuffle: Shuffle,
    fresh: NumberSlot,
    returned: VecDeque<NumberSlot>,
}

impl NumberPool {
    pub(super) fn new(
        country: Country,
        numbers: &Numbers,
        reserved: Arc<HashSet<PhoneNumber>>,
        rng: &mut ChaCha8Rng,
    ) -> Self {
        let (kind, listed) = match numbers {
            Numbers::Any => (NumberKind::Any, Vec::new()),
            Numbers::Mobile => (NumberKind::Mobile, Vec::new()),
            Numbers::Listed(listed) => (NumberKind::Any, listed.clone()),
        };
        let shuffle = Shuffle::new(number_plan::reserved_len(country, kind), rng);
        Self { country, kind, listed, reserved, shuffle, fresh: 0, returned: VecDeque::new() }
    }

    pub(super) fn take(&mut self) -> (PhoneNumber, NumberSlot) {
        let best = self.listed.len() as u64 + self.shuffle.len;
        if u64::from(self.fresh) >= best
            && let Some(slot) = self.returned.pop_front()
        {
            shrink(&mut self.returned);
            return (self.number(slot), slot);
        }
        loop {
            let slot = self.fresh;
            self.fresh += 1;
            let number = self.number(slot);
            if (slot as usize) < self.listed.len() || !self.reserved.contains(&number) {
                return (number, slot);
            }
        }
    }

    pub(super) fn give_back(&mut self, slot: NumberSlot) {
        self.returned.push_back(slot);
    }

    fn number(&self, slot: NumberSlot) -> PhoneNumber {
        if let Some(number) = self.listed.get(slot as usize) {
            return *number;
        }
        let index = u64::from(slot) - self.listed.len() as u64;
        number_plan::nth(self.country, self.kind, self.shuffle.apply(index))
    }
}

/// A fixed permutation of `0..len`: multiplies by a factor coprime to `len`, and rotates.
#[derive(Debug)]
struct Shuffle {
    len: u64,
    factor: u64,
    turn: u64,
}

impl Shuffle {
    fn new(len: u64, rng: &mut impl Rng) -> Self {
        if len < 2 {
            return Self { len, factor: 1, turn: 0 };
        }
        let turn = rng.random_range(0..len);
        let mut factor = rng.random_range(1..len);
        while greatest_common_divisor(factor, len) != 1 {
            factor = factor % (len - 1) + 1;
        }
        Self { len, factor, turn }
    }

    fn apply(&self, index: u64) -> u64 {
        if index < self.len { (index * self.factor + self.turn) % self.len } else { index }
    }
}

fn greatest_common_divisor(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { greatest_common_divisor(b, a % b) }
}
