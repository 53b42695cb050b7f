//! The virtual clock.

use crate::sandbox::clock::{RealTime, VirtualClock};
use crate::scenario::*;

#[test]
fn a_scaled_clock_does_not_stop_after_a_hundred_years() {
    let fast = Clock::scaled(Rate::new(1_000_000.0).expect("it is in range"));
    let clock =
        VirtualClock::start(fast.starting_at(Timestamp::at("2026-01-01T00:00:00Z")), RealTime(0));
    assert_eq!(clock.now(RealTime(3_600_000_000)).to_string(), "2140-01-30T16:00:00Z");
}

#[test]
fn a_scaled_clock_shows_a_minute_for_every_second_and_a_realtime_one_a_second() {
    let (start, later) = (RealTime(1_800_000_000_000_000), RealTime(1_800_000_001_500_000));
    for (clock, passed) in [(Clock::scaled(Rate::default()), 90_000), (Clock::realtime(), 1_500)] {
        let clock = VirtualClock::start(clock, start);
        assert_eq!(clock.now(later).since(clock.now(start)), millis(passed));
    }
}
