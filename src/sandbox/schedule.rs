//! The planned events of a sandbox.

use std::collections::VecDeque;

use crate::domain::timestamp::Timestamp;

/// A planned event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Due<E> {
    pub(super) at: Timestamp,
    /// Breaks ties: planned first, due first.
    seq: u64,
    pub(super) event: E,
}

impl<E> Due<E> {
    fn order(&self) -> (Timestamp, u64) {
        (self.at, self.seq)
    }
}

/// Planned events in the order they fall due, ties in the order they were planned.
///
/// There are few distinct delays (SMS after 8 s, expiry after 20 min), and events with the same
/// delay are planned in order. So they are kept in *lanes*, sorted queues: an event joins the lane
/// whose last event is the latest one not after it, or opens a new lane. Adding and taking cost the
/// number of lanes, not of events.
#[derive(Debug)]
pub(super) struct Schedule<E> {
    lanes: Vec<VecDeque<Due<E>>>,
    /// When the first event is due. Most lookups end here.
    first_at: Option<Timestamp>,
    seq: u64,
    len: usize,
    /// The number of void events; see [`Schedule::count_cancelled`].
    forgotten: usize,
}

impl<E> Default for Schedule<E> {
    fn default() -> Self {
        Self { lanes: Vec::new(), first_at: None, seq: 0, len: 0, forgotten: 0 }
    }
}

impl<E: Copy> Schedule<E> {
    pub(super) fn add(&mut self, at: Timestamp, event: E) {
        let due = Due { at, seq: self.seq, event };
        self.seq += 1;
        self.len += 1;
        if self.first_at.is_none_or(|first| at < first) {
            self.first_at = Some(at);
        }
        let fits = |lane: &VecDeque<Due<E>>| lane.back().map(|last| last.at).filter(|t| *t <= at);
        let best = (0..self.lanes.len())
            .filter_map(|index| fits(&self.lanes[index]).map(|last| (last, index)))
            .max_by_key(|(last, _)| *last);
        match best {
            Some((_, index)) => self.lanes[index].push_back(due),
            None => self.lanes.push(VecDeque::from([due])),
        }
    }

    /// Takes the first event that is due by `now`.
    pub(super) fn take_due(&mut self, now: Timestamp) -> Option<Due<E>> {
        if self.first_at.is_none_or(|first| first > now) {
            return None;
        }
        let index = self.first_lane()?;
        let lane = &mut self.lanes[index];
        let due = lane.pop_front();
        shrink(lane);
        if lane.is_empty() {
            self.lanes.swap_remove(index);
        }
        self.len -= 1;
        self.first_at = self.first_lane().and_then(|index| self.lanes[index].front()).map(|d| d.at);
        due
    }

    pub(super) fn first(&self) -> Option<&Due<E>> {
        self.first_lane().and_then(|index| self.lanes[index].front())
    }

    pub(super) const fn first_at(&self) -> Option<Timestamp> {
        self.first_at
    }

    pub(super) const fn len(&self) -> usize {
        self.len
    }

    fn first_lane(&self) -> Option<usize> {
        (0..self.lanes.len()).min_by_key(|index| self.lanes[*index].front().map(Due::order))
    }

    /// Notes that one event has become void. Once half of them are, drops those that `is_wanted`
    /// rejects: memory stays in proportion, at an amortized constant cost.
    pub(super) fn count_cancelled(&mut self, is_wanted: impl Fn(&Due<E>) -> bool) {
        const PRUNE_THRESHOLD: usize = 1_024;
        self.forgotten += 1;
        if self.forgotten < PRUNE_THRESHOLD || self.forgotten * 2 < self.len {
            return;
        }
        for lane in &mut self.lanes {
            lane.retain(&is_wanted);
            lane.shrink_to(lane.len() * 2);
        }
        self.lanes.retain(|lane| !lane.is_empty());
        self.len = self.lanes.iter().map(VecDeque::len).sum();
        self.forgotten = 0;
        self.first_at = self.first().map(|due| due.at);
    }
}

/// Gives memory back once a queue has shrunk, at an amortized constant cost.
pub(super) fn shrink<T>(queue: &mut VecDeque<T>) {
    const PRUNE_THRESHOLD: usize = 1_024;
    if queue.capacity() > PRUNE_THRESHOLD && queue.len() < queue.capacity() / 4 {
        queue.shrink_to(queue.len() * 2);
    }
}
