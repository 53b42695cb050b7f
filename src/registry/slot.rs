//! A sandbox in the registry: its state behind a mutex, and beside it the figures that others may
//! read without taking the mutex.

use std::ops::{Deref, DerefMut};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, AtomicUsize, Ordering};

use parking_lot::{Mutex, MutexGuard};

use super::memory::Memory;
use super::state::SandboxState;
use crate::domain::api_key::ApiKey;
use crate::sandbox::clock::RealTime;
use crate::sandbox::config::SandboxConfig;

/// A sandbox of the registry.
#[derive(Debug)]
pub(super) struct SandboxSlot {
    pub(super) key: ApiKey,
    pub(super) config: Arc<SandboxConfig>,
    state: Mutex<SandboxState>,
    figures: Figures,
    memory: Arc<Memory>,
}

/// What is known of a sandbox without its mutex: as it stood when somebody was last in it.
#[derive(Debug, Default)]
struct Figures {
    /// When a client was last in it, in microseconds of real time.
    entered_at: AtomicU64,
    live_rentals: AtomicU32,
    /// Until when it surely has a live rental that nobody ends, in microseconds of real time.
    busy_until: AtomicU64,
    /// When its next planned event is due, in microseconds of real time.
    due_at: AtomicU64,
    bytes: AtomicUsize,
    /// Whether it holds so much that a call may take long.
    is_large: AtomicBool,
}

/// The memory is told to others in this unit, so that they need not be told of each byte.
const BYTES_UNIT: usize = 4 * 1_024;
/// Rentals and planned events: with fewer than these, nothing takes long.
const LARGE: usize = 2_000;
const NEVER: u64 = u64::MAX;

impl SandboxSlot {
    pub(super) fn new(state: SandboxState) -> Arc<Self> {
        let (key, config) = (state.key.clone(), Arc::clone(&state.config));
        let (figures, memory) = (Figures::default(), Arc::clone(&state.shared.memory));
        let slot = Self { key, config, state: Mutex::new(state), figures, memory };
        // Taken once, so that the figures are right from the beginning.
        drop(slot.lock());
        Arc::new(slot)
    }

    pub(super) fn lock(&self) -> SandboxGuard<'_> {
        SandboxGuard { slot: self, state: self.state.lock() }
    }

    /// When a client was last in it.
    pub(super) fn entered_at(&self) -> RealTime {
        RealTime(self.figures.entered_at.load(Ordering::Relaxed))
    }

    pub(super) fn live_rentals(&self) -> u32 {
        self.figures.live_rentals.load(Ordering::Relaxed)
    }

    /// Whether it has a live rental at this time, as far as is known.
    pub(super) fn is_busy(&self, now: RealTime) -> bool {
        self.figures.busy_until.load(Ordering::Relaxed) > now.0
    }

    /// Whether a planned event is due.
    pub(super) fn is_due(&self, now: RealTime) -> bool {
        self.figures.due_at.load(Ordering::Relaxed) <= now.0
    }

    /// About how much memory it takes.
    pub(super) fn bytes(&self) -> usize {
        self.figures.bytes.load(Ordering::Relaxed)
    }

    /// Whether it holds so much that a call may take long.
    pub(super) fn is_large(&self) -> bool {
        self.figures.is_large.load(Ordering::Relaxed)
    }

    fn update(&self, state: &SandboxState) {
        let Figures { entered_at, live_rentals, busy_until, due_at, bytes, is_large } =
            &self.figures;
        let sandbox = &state.machine;
        let live = sandbox.rentals().live();
        let micros = |time: Option<RealTime>| time.map_or(NEVER, |time| time.0);
        entered_at.store(state.entered_at.0, Ordering::Relaxed);
        live_rentals.store(live, Ordering::Relaxed);
        let until = if live == 0 { 0 } else { micros(sandbox.last_expiry_in_real_time()) };
        busy_until.store(until, Ordering::Relaxed);
        due_at.store(micros(sandbox.next_due_in_real_time()), Ordering::Relaxed);
        is_large.store(sandbox.size() > LARGE, Ordering::Relaxed);
        let (before, now) = (bytes.load(Ordering::Relaxed), state.bytes());
        if before.abs_diff(now) >= BYTES_UNIT {
            bytes.store(now, Ordering::Relaxed);
            self.memory.change(before, now);
        }
    }
}

impl Drop for SandboxSlot {
    fn drop(&mut self) {
        self.memory.change(self.bytes(), 0);
    }
}

/// A sandbox whose mutex is held. Its figures are told when it is let go.
pub(super) struct SandboxGuard<'a> {
    slot: &'a SandboxSlot,
    state: MutexGuard<'a, SandboxState>,
}

impl SandboxGuard<'_> {
    /// Lets those in who wait for the mutex, if anybody does.
    pub(super) fn let_others_in(&mut self) {
        self.slot.update(&self.state);
        // Those too who wait for this core.
        MutexGuard::unlocked(&mut self.state, std::thread::yield_now);
    }
}

impl Deref for SandboxGuard<'_> {
    type Target = SandboxState;

    fn deref(&self) -> &SandboxState {
        &self.state
    }
}

impl DerefMut for SandboxGuard<'_> {
    fn deref_mut(&mut self) -> &mut SandboxState {
        &mut self.state
    }
}

impl Drop for SandboxGuard<'_> {
    fn drop(&mut self) {
        self.slot.update(&self.state);
    }
}
