//! Invariants of a sandbox, checked by property tests.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use crate::domain::money::Money;
use crate::domain::rental_id::RentalId;
use crate::sandbox::StateMachine;
use crate::sandbox::clock::RealTime;
use crate::sandbox::command::{Command, Reply};
use crate::sandbox::config::SandboxConfig;
use crate::sandbox::event::{EventKind, SandboxEvent};
use crate::sandbox::rental::RentalEnd;
use crate::sandbox::sms_content;
use crate::scenario::*;
use proptest::prelude::*;

/// The sandbox never looks at the real time under a frozen clock.
const REAL: RealTime = RealTime(0);
const BALANCE: Money = cents(1_000_000);
const COUNTRIES: [Country; 3] = [Country::US, Country::SE, Country::IE];

/// Few numbers and many fates: all that can happen to a rental, in every mix.
fn world() -> Scenario {
    let fates = [
        steps(),
        steps().sms(seconds(8), sms()),
        steps().sms(seconds(6), sms().decoy()).sms(seconds(300), sms()).duplicate(seconds(301)),
        steps().expire(seconds(50)),
        steps().revoke(seconds(100)),
        steps().sms(seconds(20), sms()).revoke(seconds(30)).sms(seconds(40), sms()),
        steps().sms(seconds(1_205), sms()),
    ];
    scenario("law")
        .country(country(Country::US).available(4).price(cents(5)).refill_at(seconds(300), REFILL))
        // Sweden keeps 95 numbers for fiction, and one of them is listed.
        .country(
            country(Country::SE)
                .available(300)
                .price(cents(10))
                .numbers(Numbers::listed(["+46701740650"])),
        )
        .country(country(Country::IE).available(30).price(cents(9)))
        .rental(rental().late_sms_grace(seconds(60)).balance(BALANCE))
        .script(Script::weighted(fates.map(|fate| (1, fate))))
}

const REFILL: u32 = 3;

fn sandbox(seed: u64) -> StateMachine {
    let config = SandboxConfig::for_test(world(), Clock::frozen(), seed);
    StateMachine::new(&config, Arc::clone(&config.scenario), REAL)
}

/// What a client, or the time, does next.
#[derive(Clone, Debug)]
enum Act {
    Rent {
        country: usize,
        times: u8,
    },
    /// The rental that was made `ago` rentals before the last.
    Poll {
        ago: usize,
    },
    Cancel {
        ago: usize,
    },
    Advance {
        millis: u64,
    },
}

fn acts() -> impl Strategy<Value = Vec<Act>> {
    let act = prop_oneof![
        2 => (0..COUNTRIES.len(), 1..4_u8).prop_map(|(country, times)| Act::Rent { country, times }),
        1 => (80..130_u8).prop_map(|times| Act::Rent { country: 1, times }),
        // Also so far apart that what is kept of one makes room for the other.
        4 => prop_oneof![0..12_usize, 60..70_usize].prop_map(|ago| Act::Poll { ago }),
        3 => (0..12_usize).prop_map(|ago| Act::Cancel { ago }),
        4 => prop_oneof![0..60_000_u64, 200_000..1_300_000_u64].prop_map(|millis| Act::Advance { millis }),
    ];
    prop::collection::vec(act, 1..40)
}

/// What a bookkeeper knows who sees only replies and events.
#[derive(Debug, Default)]
struct Totals {
    made: Vec<RentalId>,
    /// Country, number, and whether an SMS came.
    live: HashMap<RentalId, (Country, String, bool)>,
    sold: BTreeMap<Country, u32>,
    refunds: HashMap<RentalId, Money>,
    spent: Money,
    refills: u32,
}

impl Totals {
    fn price(country: Country) -> Money {
        world()
            .countries
            .iter()
            .find(|offer| offer.country == country)
            .expect("offered")
            .price_per_sms
    }

    fn end(&mut self, id: RentalId) -> Money {
        let (country, _, has_sms) = self.live.remove(&id).expect("only a live rental ends");
        let refund = if has_sms { Money::ZERO } else { Self::price(country) };
        *self.sold.entry(country).or_default() += u32::from(has_sms);
        assert_eq!(self.refunds.insert(id, refund), None, "a rental ends once");
        refund
    }

    fn note(&mut self, events: Vec<SandboxEvent>) {
        for event in events {
            match event.kind {
                EventKind::Sms { rental_id } => {
                    if let Some((.., has_sms)) = self.live.get_mut(&rental_id) {
                        *has_sms = true;
                    }
                }
                EventKind::Expiry { rental_id } | EventKind::Revocation { rental_id } => {
                    self.end(rental_id);
                }
                EventKind::Stock { .. } => self.refills += REFILL,
            }
        }
    }

    fn ago(&self, ago: usize) -> Option<RentalId> {
        self.made.iter().rev().nth(ago).copied()
    }
}

/// Does what `act` says. Gives all that was answered and all that happened.
fn perform(sandbox: &mut StateMachine, totals: &mut Totals, act: &Act) -> String {
    match act {
        Act::Rent { country, times } => (0..*times)
            .map(|_| {
                let country = COUNTRIES[*country];
                let reply = sandbox.apply(&Command::RentNumber { country, service: None });
                if let Ok(Reply::Rented { number, rental_id, .. }) = &reply {
                    totals.made.push(*rental_id);
                    totals.spent = totals.spent + Totals::price(country);
                    totals.live.insert(*rental_id, (country, number.to_string(), false));
                }
                format!("{reply:?}\n")
            })
            .collect(),
        Act::Poll { ago } => match totals.ago(*ago) {
            Some(rental_id) => {
                let reply = sandbox.apply(&Command::GetSms { rental_id });
                if let Ok(Reply::Messages(inbox)) = &reply {
                    let rentals = sandbox.rentals();
                    let slot = rentals.find(rental_id).and_then(|slot| rentals.at(slot));
                    let rental = slot.expect("what was read is kept");
                    let arrived = sms_content::messages(rental, sandbox.steps_of(rental));
                    assert_eq!(inbox.number, rental.number);
                    assert_eq!(inbox.messages, arrived, "what is read is what has arrived");
                }
                format!("{reply:?}")
            }
            None => String::new(),
        },
        Act::Cancel { ago } => {
            let Some(rental_id) = totals.ago(*ago) else { return String::new() };
            let reply = sandbox.apply(&Command::CancelNumber { rental_id });
            if let Ok(Reply::Cancelled { refund, .. }) = &reply {
                let due = match totals.refunds.get(&rental_id) {
                    Some(paid) => *paid,
                    None => totals.end(rental_id),
                };
                assert_eq!(*refund, due, "what a cancel tells is what was paid, once");
            }
            format!("{reply:?}")
        }
        Act::Advance { millis: by } => {
            let events = sandbox.advance(millis(*by), REAL);
            totals.note(events.clone());
            format!("{events:?}")
        }
    }
}

fn available(sandbox: &mut StateMachine) -> BTreeMap<Country, u32> {
    match sandbox.apply(&Command::GetNumbers { country: None }) {
        Ok(Reply::Numbers(listing)) => {
            listing.lines.iter().map(|line| (line.country, line.available)).collect()
        }
        other => panic!("getNumbers is never refused: {other:?}"),
    }
}

fn replay(seed: u64, acts: &[Act]) -> Vec<String> {
    let (mut sandbox, mut totals) = (sandbox(seed), Totals::default());
    acts.iter().map(|act| perform(&mut sandbox, &mut totals, act)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_number_is_made_or_lost_at_any_moment(acts in acts(), seed: u64) {
        let (mut sandbox, mut totals) = (sandbox(seed), Totals::default());
        for act in &acts {
            perform(&mut sandbox, &mut totals, act);
            let available = available(&mut sandbox);
            for offer in &world().countries {
                let country = offer.country;
                let live = totals.live.values().filter(|(at, ..)| *at == country).count() as u32;
                let sold = totals.sold.get(&country).copied().unwrap_or_default();
                let refills = if country == Country::US { totals.refills } else { 0 };
                prop_assert_eq!(
                    available[&country] + live + sold, offer.available + refills,
                    "{} after {:?}", country, act
                );
            }
            prop_assert_eq!(sandbox.rentals().live() as usize, totals.live.len());
        }
    }

    #[test]
    fn no_number_is_rented_to_two_at_a_time(acts in acts(), seed: u64) {
        let (mut sandbox, mut totals) = (sandbox(seed), Totals::default());
        for act in &acts {
            perform(&mut sandbox, &mut totals, act);
            let numbers: HashSet<&String> = totals.live.values().map(|(_, number, _)| number).collect();
            prop_assert_eq!(numbers.len(), totals.live.len(), "after {:?}", act);
        }
    }

    #[test]
    fn a_rental_is_paid_back_once_at_the_most_and_never_after_an_sms(acts in acts(), seed: u64) {
        let (mut sandbox, mut totals) = (sandbox(seed), Totals::default());
        for act in &acts {
            perform(&mut sandbox, &mut totals, act);
            let refunded = totals.refunds.values().fold(Money::ZERO, |sum, refund| sum + *refund);
            prop_assert_eq!(sandbox.totals().balance, Some(BALANCE - totals.spent + refunded), "after {:?}", act);
            for rental in sandbox.rentals().all() {
                if let Some(RentalEnd { refund, .. }) = rental.end {
                    prop_assert_eq!(rental.has_sms, refund == Money::ZERO, "a late SMS sells nothing");
                }
            }
        }
    }

    #[test]
    fn the_same_seed_and_commands_give_the_same_replies(acts in acts(), seed: u64) {
        prop_assert_eq!(replay(seed, &acts), replay(seed, &acts));
    }

    #[test]
    fn time_cut_into_pieces_leads_to_the_same_state(acts in acts(), seed: u64, pieces in 2..9_u64) {
        let mut events = [String::new(), String::new()];
        let mut worlds = [(sandbox(seed), Totals::default()), (sandbox(seed), Totals::default())];
        for act in &acts {
            for (index, (sandbox, totals)) in worlds.iter_mut().enumerate() {
                let cut = if index == 1 { pieces } else { 1 };
                match act {
                    Act::Advance { millis: by } => {
                        let by = by / pieces * pieces;
                        for _ in 0..cut {
                            let happened = sandbox.advance(millis(by / cut), REAL);
                            totals.note(happened.clone());
                            happened.iter().for_each(|event| events[index] += &format!("{event:?}\n"));
                        }
                    }
                    act => events[index] += &perform(sandbox, totals, act),
                }
            }
        }
        prop_assert_eq!(&events[0], &events[1]);
        let [(whole, _), (pieces, _)] = &mut worlds;
        prop_assert_eq!(available(whole), available(pieces));
    }
}

#[test]
fn more_are_rented_at_a_time_than_the_country_keeps_numbers_for_fiction() {
    let (mut sandbox, mut totals) = (sandbox(0), Totals::default());
    perform(&mut sandbox, &mut totals, &Act::Rent { country: 1, times: 255 });
    let numbers: HashSet<&String> = totals.live.values().map(|(_, number, _)| number).collect();
    assert_eq!(numbers.len(), 255);
    assert!(numbers.contains(&"+46701740650".to_owned()), "the listed one");
    let kept = numbers.iter().filter(|number| number.starts_with("+4670174")).count();
    assert_eq!(kept, 95, "all that Sweden keeps for fiction; the others are of its fallback");
}
