//! What is due when.

use std::collections::VecDeque;

use crate::domain::timestamp::Timestamp;

/// Something that falls due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Due<E> {
    /// When.
    pub(super) at: Timestamp,
    /// Breaks ties: what was scheduled first comes first.
    seq: u64,
    /// What.
    pub(super) event: E,
}

impl<E> Due<E> {
    fn order(&self) -> (Timestamp, u64) {
        (self.at, self.seq)
    }
}

/// Events in the order they fall due, ties in the order they were scheduled.
///
/// Events come in few delays (SMS after 8 s, expiry after 20 min), and those of one delay come in
/// order already. So they are kept in *lanes*, each a queue in order: an event goes to the lane
/// whose last event is the latest that is not after it, or opens one. That makes adding and
/// taking cost the number of lanes, not of events, and needs no timer and no heap.
#[derive(Debug)]
pub(super) struct Schedule<E> {
    lanes: Vec<VecDeque<Due<E>>>,
    /// When the first event is due: most looks at the schedule end here.
    first_at: Option<Timestamp>,
    seq: u64,
    len: usize,
    /// How many of the events will do nothing; see [`Schedule::forget_one`].
    forgotten: usize,
}

impl<E> Default for Schedule<E> {
    fn default() -> Self {
        Self { lanes: Vec::new(), first_at: None, seq: 0, len: 0, forgotten: 0 }
    }
}

impl<E: Copy> Schedule<E> {
    /// Adds an event.
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

    /// Takes the first event that is due at `now` or before.
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

    /// The event due first.
    pub(super) fn first(&self) -> Option<&Due<E>> {
        self.first_lane().and_then(|index| self.lanes[index].front())
    }

    /// When the first event is due.
    pub(super) const fn first_at(&self) -> Option<Timestamp> {
        self.first_at
    }

    /// How many events are planned.
    pub(super) const fn len(&self) -> usize {
        self.len
    }

    fn first_lane(&self) -> Option<usize> {
        (0..self.lanes.len()).min_by_key(|index| self.lanes[*index].front().map(Due::order))
    }

    /// Notes that one event will do nothing. Once half of them are such, `is_wanted` decides
    /// which are dropped: so the room stays in proportion, at a constant cost for each event.
    pub(super) fn forget_one(&mut self, is_wanted: impl Fn(&Due<E>) -> bool) {
        const TOO_FEW_TO_MATTER: usize = 1_024;
        self.forgotten += 1;
        if self.forgotten < TOO_FEW_TO_MATTER || self.forgotten * 2 < self.len {
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

/// Gives memory back where a queue has become much shorter than it was, at a constant cost for each
/// item that is taken.
pub(super) fn shrink<T>(queue: &mut VecDeque<T>) {
    const TOO_FEW_TO_MATTER: usize = 1_024;
    if queue.capacity() > TOO_FEW_TO_MATTER && queue.len() < queue.capacity() / 4 {
        queue.shrink_to(queue.len() * 2);
    }
}
