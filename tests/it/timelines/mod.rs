//! What holds for every bundled scenario as a piece of data, and for the story told of it.

mod faults;

use std::collections::BTreeSet;

use ringer::bundled_scenarios as all;
use ringer::scenario::*;

/// The library in its documented order.
const DOCUMENTED: [&str; 34] = [
    "happy-path",
    "documentation",
    "slow-sms",
    "no-sms-expires",
    "cancel-refund",
    "early-cancel-denied",
    "cancel-after-sms-refused",
    "double-cancel-refused",
    "out-of-stock",
    "ghost-stock",
    "stale-stock",
    "restock",
    "two-sms-second-good",
    "same-code-resent",
    "duplicate-sms",
    "out-of-order",
    "multipart-scrambled",
    "tricky-codes",
    "unicode-rtl",
    "odd-senders",
    "late-sms-after-expiry",
    "sms-during-cancel",
    "rent-timeout-but-rented",
    "rent-reply-lost",
    "truncated-json",
    "cdn-html-error",
    "rate-limited",
    "maintenance-window",
    "type-drift",
    "time-chaos",
    "errors-as-200",
    "redirect-post",
    "slow-network",
    "flaky-soup",
];

/// The moments of a story, timeline by timeline.
fn timelines(story: &str) -> Vec<Vec<(VirtualDuration, &str)>> {
    let mut timelines = Vec::new();
    for line in story.lines() {
        if line.ends_with("counted from rentNumber:") {
            timelines.push(Vec::new());
        } else if let Some((at, what)) =
            line.trim_start().strip_prefix('+').and_then(|line| line.split_once("  "))
        {
            let at = at.parse().unwrap_or_else(|reason| panic!("{line:?}: {reason}"));
            timelines.last_mut().expect("a timeline has a title").push((at, what));
        }
    }
    timelines
}

#[test]
fn the_bundled_scenarios_stand_in_their_documented_order() {
    let names: Vec<String> = all().into_iter().map(|scenario| scenario.name).collect();
    assert_eq!(names, DOCUMENTED);
}

#[test]
fn each_scenario_has_a_file_of_its_own_name_and_a_story_line_at_its_head() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios");
    let files: BTreeSet<String> = std::fs::read_dir(folder)
        .expect("the folder of the scenarios")
        .map(|file| file.expect("a file").file_name().into_string().expect("a plain name"))
        .filter(|file| file != "mod.rs")
        .collect();
    let named: BTreeSet<String> =
        all().iter().map(|scenario| scenario.name.replace('-', "_") + ".rs").collect();
    assert_eq!(files, named);
    for file in files {
        let text = std::fs::read_to_string(format!("{folder}/{file}")).expect("a text");
        assert!(text.starts_with("//! "), "{file} begins with its story");
        assert!(text.contains("use ringer::scenario::*;"), "{file} is written as a user's");
    }
}

#[test]
fn each_scenario_makes_sense_and_says_what_it_is_for() {
    for scenario in all() {
        assert_eq!(scenario.validate(), Ok(()), "{}", scenario.name);
        for sentence in [&scenario.summary, &scenario.catches] {
            assert!(!sentence.is_empty(), "{}", scenario.name);
            assert!(!sentence.ends_with('.'), "{}: {sentence:?} is put into a line", scenario.name);
        }
    }
}

#[test]
fn each_scenario_survives_the_way_through_json_unchanged() {
    for scenario in all() {
        let json = serde_json::to_value(&scenario).expect("a scenario is plain data");
        let back: Scenario = serde_json::from_value(json.clone()).expect("what was written");
        assert_eq!(back, scenario);
        assert_eq!(serde_json::to_value(&back).expect("plain data"), json);
    }
}

#[test]
fn each_story_names_the_time_of_each_sms_and_of_the_end_in_the_order_of_time() {
    for scenario in all().into_iter().filter(|scenario| scenario.name != "ghost-stock") {
        let story = scenario.timeline();
        let timelines = timelines(&story);
        assert!(!timelines.is_empty(), "{story}");
        for timeline in &timelines {
            assert!(timeline.is_sorted_by_key(|(at, _)| *at), "{story}");
            let end = (scenario.rental.time_to_live, "the rental expires");
            let tells = |(at, what): (VirtualDuration, &str)| {
                timeline.iter().any(|(then, told)| *then == at && told.contains(what))
            };
            assert!(tells(end), "{story}");
        }
        for step in scenario.scripts.iter().flat_map(|s| &s.variants).flat_map(|v| &v.steps.0) {
            let told = timelines.iter().flatten().any(|(at, what)| {
                *at == step.after && (what.contains("an SMS from") || what.contains("SMS arrives"))
            });
            assert!(told, "{} is not told in\n{story}", step.after);
        }
    }
}

#[test]
fn each_story_tells_what_is_on_offer_and_what_happens_to_it() {
    for scenario in all() {
        let story = scenario.timeline();
        assert!(story.starts_with(&format!("{}: {}\n", scenario.name, scenario.summary)));
        assert!(story.contains(&format!("\nCatches: {}.\n", scenario.catches)));
        for offer in &scenario.countries {
            let line = story.lines().find(|line| line.contains(offer.country.name()));
            let line = line.unwrap_or_else(|| panic!("{} in\n{story}", offer.country));
            assert!(line.contains(&format!("{} at {}", offer.available, offer.price_per_sms)));
        }
    }
}

#[test]
fn where_nothing_can_be_rented_the_story_says_so_instead_of_telling_a_rental() {
    let ghosts: Vec<String> = all()
        .iter()
        .filter(|scenario| timelines(&scenario.timeline()).is_empty())
        .map(|scenario| scenario.name.clone())
        .collect();
    assert_eq!(ghosts, ["ghost-stock"]);
    let story = all().into_iter().find(|s| s.name == "ghost-stock").expect("bundled").timeline();
    assert!(story.contains("the listing always says 7"), "{story}");
    assert!(story.ends_with("Nothing can be rented: rentNumber is always NO_NUMBERS.\n"));
}

#[test]
fn a_late_sms_is_told_after_the_end_and_one_beyond_the_grace_not_at_all() {
    let late = |grace| {
        scenario("late")
            .country(country(Country::US).available(1))
            .rental(rental().late_sms_grace(grace))
            .script(
                steps()
                    .sms(seconds(8), sms().text("hi"))
                    .expire(seconds(30))
                    .sms(seconds(40), sms()),
            )
    };
    let last = |story: &str| {
        let timeline = timelines(story).remove(0);
        timeline.iter().map(|(at, what)| format!("{at}: {what}")).collect::<Vec<_>>()
    };
    let told = last(&late(seconds(11)).timeline());
    assert_eq!(
        told[1..],
        [
            "8s: an SMS from the service: \"hi\", without a code",
            "8s: the number is sold: cancelNumber pays back 0.00 from now on",
            "30s: the rental expires before its time; nothing is paid back; \
             getSMS still shows what came",
            "40s: late, shown and not charged: an SMS from the service, with a code like ######",
            "24h30s: the rental is forgotten: RENTAL_NOT_FOUND",
        ]
    );
    let told = last(&late(seconds(10)).timeline());
    assert!(!told.iter().any(|line| line.contains("late")), "{told:?}");
}

#[test]
fn a_story_is_in_the_order_of_time_whatever_its_lines_are_about() {
    let scenario = scenario("order")
        .country(country(Country::US).available(1))
        .rental(rental().early_cancel_denied(seconds(20)))
        .script(steps().sms(seconds(8), sms()).sms(seconds(30), sms()));
    let story = scenario.timeline();
    let moments: Vec<String> = timelines(&story)[0].iter().map(|(at, _)| at.to_string()).collect();
    assert_eq!(moments, ["0s", "8s", "8s", "20s", "30s", "20m", "24h20m"], "{story}");
    assert!(story.contains("+20s  cancelNumber is allowed\n"), "after a sale without a refund");
}

#[test]
fn a_story_tells_the_terms_and_each_script_once_with_its_share() {
    let quick = || steps().sms(seconds(3), sms());
    let scenario = scenario("terms")
        .country(
            country(Country::GB)
                .available(2)
                .price(cents(6))
                .numbers(Numbers::Mobile)
                .drain_at(seconds(9), 1),
        )
        .rental(
            rental()
                .max_active(2)
                .balance(cents(100))
                .second_cancel_refused()
                .early_cancel_denied(seconds(5))
                .after_end(AfterEnd::Gone),
        )
        .script(quick().for_country(Country::GB))
        .script(
            Script::weighted([(3, quick()), (1, steps().revoke(seconds(60)))]).for_service("bot"),
        );
    let story = scenario.timeline();
    for line in [
        "  GB  United Kingdom       2 at 0.06; mobile numbers",
        "      9s after the start the stock loses 1",
        "  with 2 live rentals, one more is TOO_MANY_ACTIVE_RENTALS",
        "  the balance is 1.00; beyond it, INSUFFICIENT_BALANCE",
        "  a second cancelNumber is ALREADY_CANCELLED",
        "A rental in GB, counted from rentNumber:",
        "A rental with service=bot, 3 in 4: as a rental in GB",
        "A rental with service=bot, 1 in 4, counted from rentNumber:",
        "Any other rental, counted from rentNumber:",
        "       +5s  cancelNumber is allowed",
        "       +5s  cancelNumber is allowed, and pays back the price",
        "       +1m  the partner takes the number back; the price is paid back; \
         getSMS is RENTAL_CANCELLED",
        "      +20m  the rental expires; nothing is paid back; getSMS is RENTAL_EXPIRED",
    ] {
        assert!(story.lines().any(|told| told == line), "{line:?} is not in\n{story}");
    }
}
