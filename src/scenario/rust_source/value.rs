//! Values as Rust writes them.

use super::layout::Expression;
use crate::domain::country::Country;
use crate::domain::money::Money;
use crate::domain::real_duration::RealDuration;
use crate::domain::virtual_duration::VirtualDuration;
use crate::scenario::clock::{Clock, ClockStart, Rate};

pub(super) fn country(country: Country) -> Expression {
    Expression::text(format!("Country::{}", country.as_str()))
}

/// A number, with `_` between each three digits.
pub(super) fn whole(number: u64) -> Expression {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push('_');
        }
        text.push(digit);
    }
    Expression::text(text)
}

pub(super) fn virtual_length(length: VirtualDuration) -> Expression {
    of_millis(length.as_millis(), ["millis", "seconds"])
}

pub(super) fn real(length: RealDuration) -> Expression {
    of_millis(length.as_millis().into(), ["real_millis", "real_seconds"])
}

fn of_millis(millis: u64, [in_millis, in_seconds]: [&str; 2]) -> Expression {
    let (name, number) = match millis.is_multiple_of(1_000) {
        true => (in_seconds, millis / 1_000),
        false => (in_millis, millis),
    };
    Expression::call(name, [whole(number)])
}

/// An amount of money.
pub(super) fn amount(amount: Money) -> Expression {
    let units = amount.as_ten_thousandths();
    let small = |units: u64| u32::try_from(units).ok();
    match (small(units / 100), small(units)) {
        (Some(cents), _) if units.is_multiple_of(100) => {
            Expression::call("cents", [whole(cents.into())])
        }
        (_, Some(units)) => Expression::call("Money::ten_thousandths", [whole(units.into())]),
        _ => Expression::string(&amount.to_string())
            .method("parse", [])
            .method("expect", [Expression::string("it is an amount")]),
    }
}

pub(super) fn clock(clock: &Clock) -> Expression {
    let mut built = match clock {
        Clock::Realtime { .. } => Expression::call("Clock::realtime", []),
        Clock::Frozen { .. } => Expression::call("Clock::frozen", []),
        Clock::PerPoll { step, .. } => Expression::call("Clock::per_poll", [virtual_length(*step)]),
        Clock::Scaled { rate, .. } if *rate == Rate::default() => {
            Expression::text("Clock::scaled(Rate::default())")
        }
        Clock::Scaled { rate, .. } => {
            let rate =
                Expression::call("Rate::new", [Expression::text(format!("{:?}", rate.factor()))])
                    .method("expect", [Expression::string("it is above 0")]);
            Expression::call("Clock::scaled", [rate])
        }
    };
    match clock.start() {
        None => {}
        Some(ClockStart::At(at)) => {
            let at = Expression::call("Timestamp::at", [Expression::string(&at.to_string())]);
            built = built.method("starting_at", [at]);
        }
        Some(ClockStart::Now) => built = built.method("starting_now", []),
    }
    built
}
