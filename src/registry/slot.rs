//! A sandbox in the registry: its state behind a mutex, and figures that can be read without it.

use std::ops::{Deref, DerefMut};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, AtomicUsize, Ordering};

use parking_lot::{Mutex, MutexGuard};

use super::memory::Memory;
use super::state::SandboxState;
use crate::domain::api_key::ApiKey;
use crate::sandbox::clock::RealTime;
use crate::sandbox::config::SandboxConfig;

#[derive(Debug)]
pub(super) struct SandboxSlot {
    pub(super) key: ApiKey,
    pub(super) config: Arc<SandboxConfig>,
    state: Mutex<SandboxState>,
    figures: CachedStats,
    memory: Arc<Memory>,
}

/// The figures as of the last time somebody held the mutex.
#[derive(Debug, Default)]
struct CachedStats {
    /// The last call, in microseconds of real time.
    entered_at: AtomicU64,
    live_rentals: AtomicU32,
    /// Until when a live rental is certain to exist if nobody ends it, in microseconds of real
    /// time.
    busy_until: AtomicU64,
    /// When the next planned event is due, in microseconds of real time.
    due_at: AtomicU64,
    bytes: AtomicUsize,
    /// Whether it holds so much that a call may take long.
    is_large: AtomicBool,
}

/// The total is updated in steps of this size, not for each byte.
const BYTES_UNIT: usize = 4 * 1_024;
/// With fewer rentals and planned events than this, nothing takes long.
const LARGE: usize = 2_000;
const NEVER: u64 = u64::MAX;

impl SandboxSlot {
    pub(super) fn new(state: SandboxState) -> Arc<Self> {
        let (key, config) = (state.key.clone(), Arc::clone(&state.config));
        let (figures, memory) = (CachedStats::default(), Arc::clone(&state.shared.memory));
        let slot = Self { key, config, state: Mutex::new(state), figures, memory };
        // Locked once, so that the figures are right from the start.
        drop(slot.lock());
        Arc::new(slot)
    }

    pub(super) fn lock(&self) -> SandboxGuard<'_> {
        SandboxGuard { slot: self, state: self.state.lock() }
    }

    /// When a client last called.
    pub(super) fn entered_at(&self) -> RealTime {
        RealTime(self.figures.entered_at.load(Ordering::Relaxed))
    }

    pub(super) fn live_rentals(&self) -> u32 {
        self.figures.live_rentals.load(Ordering::Relaxed)
    }

    /// Whether it has a live rental, as far as the figures tell.
    pub(super) fn is_busy(&self, now: RealTime) -> bool {
        self.figures.busy_until.load(Ordering::Relaxed) > now.0
    }

    /// Whether a planned event is due.
    pub(super) fn is_due(&self, now: RealTime) -> bool {
        self.figures.due_at.load(Ordering::Relaxed) <= now.0
    }

    /// Roughly its size in memory.
    pub(super) fn bytes(&self) -> usize {
        self.figures.bytes.load(Ordering::Relaxed)
    }

    /// Whether it holds so much that a call may take long.
    pub(super) fn is_large(&self) -> bool {
        self.figures.is_large.load(Ordering::Relaxed)
    }

    fn update(&self, state: &SandboxState) {
        let CachedStats { entered_at, live_rentals, busy_until, due_at, bytes, is_large } =
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

/// The locked state. The figures are updated when it is unlocked.
pub(super) struct SandboxGuard<'a> {
    slot: &'a SandboxSlot,
    state: MutexGuard<'a, SandboxState>,
}

impl SandboxGuard<'_> {
    /// Lets others take the mutex, if any wait for it.
    pub(super) fn yield_lock(&mut self) {
        self.slot.update(&self.state);
        // And threads that wait for this core.
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
