//! What the vocabulary can say beyond the bundled scenarios.

use std::panic::{UnwindSafe, catch_unwind};

use ringer::registry::SandboxHandle;
use ringer::sandbox::event::{Event, Happening};
use ringer::scenario::check::Problem;
use ringer::scenario::*;
use ringer::server::Server;

use crate::support::{Client, frozen, start};

fn play(scenario: Scenario) -> (Server, Client, SandboxHandle) {
    play_with_seed(scenario, 0)
}

fn play_with_seed(scenario: Scenario, seed: u64) -> (Server, Client, SandboxHandle) {
    let server = start(frozen().scenario(scenario).seed(seed));
    let client = Client::new(&server, "ci");
    let sandbox = server.sandbox("ci").expect("the key is good");
    (server, client, sandbox)
}

fn plenty() -> Scenario {
    scenario("mine").country(country(US).available(5_000).price(cents(5)))
}

fn says(text: &str) -> Steps {
    steps().sms(seconds(8), sms().text(text))
}

mod scripts {
    use super::*;

    /// What the SMS of so many rentals say, in the order of renting.
    fn drawn(seed: u64, rentals: usize) -> Vec<String> {
        let variants = [(6, says("six")), (3, says("three")), (1, says("one")), (0, says("none"))];
        let (_server, client, sandbox) =
            play_with_seed(plenty().script(Script::weighted(variants)), seed);
        for _ in 0..rentals {
            assert_eq!(client.rent("US").status, 200);
        }
        sandbox.advance(seconds(8));
        sandbox.messages().into_iter().map(|sms| sms.text).collect()
    }

    #[test]
    fn variants_are_drawn_near_their_weights_and_the_same_way_with_the_same_seed() {
        let texts = drawn(7, 1_000);
        assert_eq!(texts.len(), 1_000);
        for (text, weight) in [("six", 600), ("three", 300), ("one", 100), ("none", 0_usize)] {
            let share = texts.iter().filter(|drawn| *drawn == text).count();
            // Three standard deviations, and exactly none of what has no weight.
            assert!(share.abs_diff(weight) <= weight.min(46), "{text} was drawn {share} times");
        }
        assert_eq!(drawn(7, 100), texts[..100], "a prefix of the same draws");
        assert_ne!(drawn(8, 100), texts[..100], "another seed draws otherwise");
    }

    #[test]
    fn the_first_script_that_fits_country_and_service_plays() {
        let scenario = plenty()
            .country(country(GB).available(10))
            .script(says("both").for_country(GB).for_service("Telegram"))
            .script(says("country").for_country(GB))
            .script(says("service").for_service("telegram"));
        let (_server, client, sandbox) = play(scenario);
        let ids = [
            client.rent_for("GB", "TELEGRAM").rental_id(),
            client.rent_for("GB", "viber").rental_id(),
            client.rent("GB").rental_id(),
            client.rent_for("US", "telegram").rental_id(),
            client.rent("US").rental_id(),
        ];
        sandbox.advance(seconds(8));
        let texts = ids.map(|id| client.poll(&id).texts().remove(0));
        assert_eq!(texts[..4], ["both", "country", "country", "service"]);
        let usual = sandbox.messages()[4].clone();
        let code = usual.expected_code.expect("where no script fits, the usual SMS comes");
        assert!(texts[4].contains(&code));
    }

    #[test]
    fn an_early_expiry_ends_the_rental_with_a_refund_and_what_was_to_come_never_comes() {
        let fate = steps().expire(seconds(30)).sms(seconds(40), sms());
        let (_server, client, sandbox) = play(plenty().script(fate));
        let id = client.rent("US").rental_id();
        sandbox.advance(seconds(29));
        assert_eq!(sandbox.live_rentals(), 1);
        sandbox.advance(seconds(1));
        assert_eq!((sandbox.live_rentals(), client.get_numbers().available("US")), (0, 5_000));
        assert_eq!(sandbox.refunded().to_string(), "0.05");
        assert_eq!(client.cancel(&id).code(), "RENTAL_EXPIRED");
        sandbox.advance(seconds(1_170));
        assert!(client.poll(&id).texts().is_empty());
        assert_eq!(sandbox.refunded().to_string(), "0.05", "its planned expiry does nothing more");
        assert_eq!(client.get_numbers().available("US"), 5_000);
    }

    #[test]
    fn a_revoked_number_is_refunded_and_back_in_stock_and_a_cancel_afterwards_tells_the_refund() {
        let (_server, client, sandbox) = play(plenty().script(steps().revoke(seconds(60))));
        let id = client.rent("US").rental_id();
        sandbox.advance(seconds(59));
        assert_eq!((sandbox.live_rentals(), client.get_numbers().available("US")), (1, 4_999));
        let events = sandbox.advance(seconds(1));
        assert!(matches!(events[..], [Event { what: Happening::Revocation { .. }, .. }]));
        assert_eq!((sandbox.live_rentals(), client.get_numbers().available("US")), (0, 5_000));
        assert_eq!(client.cancel(&id).refund(), "0.05", "it was cancelled, only not by the client");
        assert_eq!(sandbox.refunded().to_string(), "0.05");
    }

    #[test]
    fn a_number_revoked_after_its_sms_is_sold_all_the_same() {
        let fate = says("hello").revoke(seconds(60));
        let (_server, client, sandbox) = play(plenty().script(fate));
        let id = client.rent("US").rental_id();
        sandbox.advance(seconds(60));
        assert_eq!((sandbox.live_rentals(), client.get_numbers().available("US")), (0, 4_999));
        assert_eq!(client.cancel(&id).refund(), "0.00");
        assert_eq!(client.poll(&id).texts(), ["hello"]);
    }

    #[test]
    fn a_late_sms_comes_within_the_grace_and_not_at_its_last_moment() {
        let late = |grace| {
            let terms = rental().late_sms_grace(grace).time_to_live(seconds(20));
            let fate = steps().expire(seconds(10)).sms(seconds(15), sms());
            let (_server, client, sandbox) = play(plenty().rental(terms).script(fate));
            let id = client.rent("US").rental_id();
            sandbox.advance(seconds(15));
            client.poll(&id).texts().len()
        };
        assert_eq!(late(seconds(0)), 0);
        assert_eq!(late(seconds(5)), 0);
        assert_eq!(late(millis(5_001)), 1);
    }

    #[test]
    fn a_decoy_may_show_digits_and_no_code_is_expected_of_it() {
        let decoy = sms().text("Your order {code} was sent.").decoy();
        let (_server, client, sandbox) = play(plenty().script(steps().sms(seconds(8), decoy)));
        client.rent("US").rental_id();
        sandbox.advance(seconds(8));
        let message = sandbox.messages().remove(0);
        assert!(message.text.contains(|c: char| c.is_ascii_digit()), "{}", message.text);
        assert_eq!(message.expected_code, None);
    }

    #[test]
    fn messages_are_shown_by_their_date_and_not_by_their_arrival() {
        let fate = steps()
            .sms(seconds(8), sms().text("newer"))
            .sms(seconds(20), sms().text("older").received_at(seconds(5)));
        let (_server, client, sandbox) = play(plenty().script(fate));
        let id = client.rent("US").rental_id();
        sandbox.advance(seconds(8));
        assert_eq!(client.poll(&id).texts(), ["newer"]);
        sandbox.advance(seconds(12));
        assert_eq!(client.poll(&id).texts(), ["older", "newer"], "oldest first");
    }

    #[test]
    fn each_placeholder_stands_for_what_it_names() {
        let text = "{service} to {number}: {code:..3}-{code:3..} = {code}, {code:9..}{{}}";
        let (_server, client, sandbox) = play(plenty().script(says(text)));
        let rented = client.rent_for("US", "paypal");
        sandbox.advance(seconds(8));
        let code = sandbox.messages()[0].expected_code.clone().expect("it shows its code");
        let number = rented.json["number"].as_str().expect("a number");
        let (left, right) = code.split_at(3);
        assert_eq!(
            client.poll(&rented.rental_id()).texts(),
            [format!("PayPal to {number}: {left}-{right} = {code}, {{}}")]
        );
    }
}

mod terms {
    use super::*;

    #[test]
    fn beyond_the_active_limit_a_rental_is_refused_until_one_ends() {
        let (_server, client, sandbox) =
            play(plenty().rental(rental().max_active(2)).script(steps()));
        let ids = [(); 2].map(|()| client.rent("US").rental_id());
        let refused = client.rent("US");
        assert_eq!((refused.status, refused.code()), (429, "TOO_MANY_ACTIVE_RENTALS"));
        assert_eq!(refused.retry_after, None, "waiting does not mend it");
        assert_eq!(client.get_numbers().available("US"), 4_998, "a refusal takes no number");

        assert_eq!(client.cancel(&ids[0]).status, 200);
        assert_eq!(client.rent("US").status, 200);
        assert_eq!(client.rent("US").code(), "TOO_MANY_ACTIVE_RENTALS");
        sandbox.advance(seconds(1_200));
        assert_eq!(client.rent("US").status, 200);
    }

    #[test]
    fn a_rental_beyond_the_balance_is_refused_and_a_refund_restores_it() {
        let scenario = scenario("mine")
            .country(country(US).available(10).price(cents(5)))
            .country(country(GB).available(10).price(cents(6)))
            .rental(rental().balance(cents(10)))
            .script(steps().for_country(GB))
            .script(says("sold"));
        let (_server, client, sandbox) = play(scenario);
        let refundable = client.rent("GB").rental_id();
        let refused = client.rent("US");
        assert_eq!((refused.status, refused.code()), (402, "INSUFFICIENT_BALANCE"));
        assert_eq!(refused.retry_after, None);
        assert!(refused.message().contains("0.04") && refused.message().contains("0.05"));
        assert_eq!(client.get_numbers().available("US"), 10, "a refusal takes no number");

        assert_eq!(client.cancel(&refundable).refund(), "0.06");
        assert_eq!(client.rent("US").status, 200);
        assert_eq!(client.rent("US").status, 200, "to the last cent");
        assert_eq!(client.rent("US").code(), "INSUFFICIENT_BALANCE");
        sandbox.advance(seconds(1_200));
        assert_eq!(client.rent("US").code(), "INSUFFICIENT_BALANCE", "what was sold is spent");
    }

    #[test]
    fn after_its_end_a_rental_can_be_gone() {
        let gone = rental().after_end(AfterEnd::Gone);
        let (_server, client, sandbox) = play(plenty().rental(gone));
        let [expired, cancelled] = [(); 2].map(|()| client.rent("US").rental_id());
        sandbox.advance(seconds(8));
        assert_eq!(client.cancel(&cancelled).refund(), "0.00");
        let reply = client.poll(&cancelled);
        assert_eq!((reply.status, reply.code()), (410, "RENTAL_CANCELLED"));
        sandbox.advance(seconds(1_191));
        assert_eq!(client.poll(&expired).texts().len(), 1);
        sandbox.advance(seconds(1));
        let reply = client.poll(&expired);
        assert_eq!((reply.status, reply.code()), (410, "RENTAL_EXPIRED"));
        sandbox.advance(seconds(24 * 3_600));
        assert_eq!(client.poll(&expired).code(), "RENTAL_NOT_FOUND");
    }

    #[test]
    fn a_rental_lives_as_long_as_its_terms_say() {
        let terms = rental().time_to_live(seconds(90)).first_rental_id(7);
        let (_server, client, sandbox) = play(plenty().rental(terms).script(steps()));
        let rented = client.rent("US");
        assert_eq!(rented.rental_id(), "rent_7");
        assert_eq!(rented.json["expires_at"], "2026-01-01T00:01:30Z");
        sandbox.advance(seconds(89));
        assert_eq!(sandbox.live_rentals(), 1);
        sandbox.advance(seconds(1));
        assert_eq!(sandbox.live_rentals(), 0);
    }

    #[test]
    fn an_early_cancel_is_denied_after_an_sms_too_and_then_pays_nothing_back() {
        let terms = rental().early_cancel_denied(seconds(60));
        let (_server, client, sandbox) = play(plenty().rental(terms));
        let id = client.rent("US").rental_id();
        sandbox.advance(seconds(59));
        assert_eq!(client.cancel(&id).retry_after, Some(1));
        sandbox.advance(seconds(1));
        assert_eq!(client.cancel(&id).refund(), "0.00");
    }
}

mod stock {
    use super::*;

    #[test]
    fn a_stock_is_set_drained_and_refilled_at_its_times() {
        let offer = country(DE)
            .available(10)
            .set_at(seconds(10), 4)
            .drain_at(seconds(20), 1)
            .drain_at(seconds(30), 99)
            .refill_at(seconds(40), 6);
        let (_server, client, sandbox) = play(scenario("mine").country(offer).script(steps()));
        let id = client.rent("DE").rental_id();
        let mut seen = vec![client.get_numbers().available("DE")];
        for _ in 0..4 {
            sandbox.advance(seconds(9));
            let before = client.get_numbers().available("DE");
            assert_eq!(Some(&before), seen.last(), "a second before");
            let events = sandbox.advance(seconds(1));
            seen.push(client.get_numbers().available("DE"));
            let told = events[0].what;
            let available = u32::try_from(seen[seen.len() - 1]).expect("a small count");
            assert_eq!(told, Happening::Stock { country: DE, available });
        }
        assert_eq!(seen, [9, 4, 3, 0, 6]);
        assert_eq!(client.cancel(&id).status, 200);
        assert_eq!(client.get_numbers().available("DE"), 7, "a number comes back on top");
    }

    #[test]
    fn stock_that_is_due_at_one_moment_changes_in_the_order_of_writing() {
        let offer = country(DE).set_at(seconds(5), 1).refill_at(seconds(5), 2);
        let (_server, client, sandbox) = play(scenario("mine").country(offer));
        sandbox.advance(seconds(5));
        assert_eq!(client.get_numbers().available("DE"), 3);
    }

    #[test]
    fn mobile_numbers_come_from_the_british_range_for_them() {
        let offer = |numbers| country(GB).available(1_001).numbers(numbers);
        let (_server, client, _sandbox) =
            play(scenario("mine").country(offer(Numbers::Mobile)).script(steps()));
        let rented = client.rent("GB");
        let number = rented.json["number"].as_str().expect("a number");
        assert!(number.starts_with("+447700900") && number.len() == 13, "{number}");

        let (_server, client, _sandbox) = play(scenario("mine").country(offer(Numbers::Any)));
        let rented = client.rent("GB");
        let number = rented.json["number"].as_str().expect("a number");
        assert!(!number.starts_with("+447700"), "{number}");
    }

    #[test]
    fn listed_numbers_come_first_in_their_order_and_never_a_second_time() {
        let listed = vec![number("+46701740699"), number("+46701740605")];
        let offer = country(SE).available(95).numbers(Numbers::Listed(listed));
        let (_server, client, _sandbox) = play(scenario("mine").country(offer));
        let numbers: Vec<String> = (0..95)
            .map(|_| client.rent("SE").json["number"].as_str().expect("a number").to_owned())
            .collect();
        assert_eq!(numbers[..2], ["+46701740699", "+46701740605"]);
        let different: std::collections::HashSet<&String> = numbers.iter().collect();
        assert_eq!(different.len(), 95, "though both stand in the range kept for fiction");
    }
}

mod mistakes {
    use super::*;

    fn problems(scenario: &Scenario) -> Vec<String> {
        let problems = scenario.check().expect_err("it makes no sense");
        problems.iter().map(ToString::to_string).collect()
    }

    #[track_caller]
    fn one_problem(scenario: Scenario, path: &str, message: &str) {
        let problems = scenario.check().expect_err("it makes no sense");
        let [Problem { path: at, message: says }] = &problems[..] else {
            panic!("one problem is expected: {problems:?}")
        };
        assert_eq!(at, path);
        assert!(says.contains(message), "{says:?} does not say {message:?}");
    }

    #[test]
    fn check_names_the_path_of_each_kind_of_problem_and_what_would_be_right() {
        let named = |name: &str| scenario(name).country(country(US));
        for name in ["", "No", "a_b", "a b", &"x".repeat(65)] {
            one_problem(named(name), "name", "lower-case letters, digits and -");
        }
        one_problem(scenario("empty"), "countries", "add at least one country");
        one_problem(plenty().country(country(US)), "countries[1].country", "US is offered twice");
        let stock = country(GB).set_at(seconds(1), 0).drain_at(seconds(2), 0);
        one_problem(plenty().country(stock), "countries[1].stock[1].change", "a count above 0");
        let stock = country(GB).refill_at(seconds(2), 0);
        one_problem(plenty().country(stock), "countries[1].stock[0].change", "changes nothing");
        let twice = vec![number("+12025550123"), number("+12025550123")];
        one_problem(
            plenty().country(country(CA).numbers(Numbers::Listed(twice))),
            "countries[1].numbers.listed[1]",
            "+12025550123 is listed twice",
        );
        one_problem(
            plenty().rental(rental().time_to_live(seconds(0))),
            "rental.time_to_live",
            "longer than 0s",
        );
        one_problem(plenty().rental(rental().max_active(0)), "rental.max_active", "1 or more");
        one_problem(plenty().clock(Clock::per_poll(seconds(0))), "clock.step", "use frozen");
    }

    #[test]
    fn check_names_the_path_of_each_kind_of_problem_in_a_script() {
        one_problem(
            plenty().script(says("a")).script(says("b").for_country(US)),
            "scripts[1]",
            "scripts[0] takes all its rentals",
        );
        one_problem(
            plenty().script(says("a").for_service("x")).script(says("b").for_service("x")),
            "scripts[1]",
            "never plays",
        );
        one_problem(
            plenty().script(Script::weighted([(0, steps())])),
            "scripts[0].variants",
            "a weight above 0",
        );
        one_problem(plenty().script(Script::weighted([])), "scripts[0].variants", "a weight above");
        let late = steps().sms(seconds(1_200), sms());
        one_problem(
            plenty().script(late.clone()),
            "scripts[0].variants[0].steps[0].after",
            "past the rental's life and grace",
        );
        let grace = rental().late_sms_grace(seconds(1));
        assert_eq!(plenty().rental(grace).script(late).check(), Ok(()));
        one_problem(
            plenty().script(steps().duplicate(seconds(1)).sms(seconds(2), sms())),
            "scripts[0].variants[0].steps[0].action",
            "no SMS before it to repeat",
        );
        one_problem(
            plenty().script(Script::weighted([
                (1, says("a")),
                (1, steps().sms(seconds(1), sms().same_code())),
            ])),
            "scripts[0].variants[1].steps[0].action",
            "no SMS before it",
        );
        // The builder sorts; JSON can be out of order.
        let mut backwards = says("a").sms(seconds(9), sms());
        backwards.0.swap(0, 1);
        one_problem(
            plenty().script(backwards),
            "scripts[0].variants[0].steps[1]",
            "order them by time",
        );
    }

    #[test]
    fn check_tells_all_problems_at_once_in_the_order_of_the_fields() {
        let scenario = scenario("Bad").rental(rental().max_active(0)).script(Script::weighted([]));
        let problems = problems(&scenario);
        let paths: Vec<&str> =
            problems.iter().filter_map(|problem| problem.split(": ").next()).collect();
        assert_eq!(paths, ["name", "countries", "rental.max_active", "scripts[0].variants"]);
    }

    #[test]
    fn a_span_of_days_is_written_so_that_it_can_be_read_again() {
        for span in [seconds(86_400), minutes(3 * 24 * 60 + 1), millis(90_061_001), millis(0)] {
            assert_eq!(span.to_string().parse(), Ok(span), "{span}");
        }
        assert_eq!(seconds(90_061).to_string(), "25h1m1s");
    }

    #[test]
    fn a_server_refuses_to_start_on_a_scenario_that_makes_no_sense() {
        let refused = frozen().scenario(scenario("empty")).start().expect_err("it makes no sense");
        let message = refused.to_string();
        assert!(message.contains("\"empty\"") && message.contains("countries:"), "{message}");
    }

    #[track_caller]
    fn panic_of<T>(make: impl FnOnce() -> T + UnwindSafe) -> String {
        let Err(payload) = catch_unwind(make) else { panic!("no panic") };
        payload.downcast_ref::<String>().expect("a formatted message").clone()
    }

    #[test]
    fn a_mistake_in_the_text_of_a_scenario_panics_with_what_would_be_right() {
        let text = |text: &'static str| panic_of(move || sms().text(text));
        let message = text("Your code is {kode}");
        assert!(message.starts_with("text(\"Your code is {kode}\"): {kode} is not a placeholder"));
        for placeholder in ["{code}", "{code:0..3}", "{service}", "{number}", "{{"] {
            assert!(message.contains(placeholder), "{placeholder} in {message}");
        }
        assert!(text("{code:3..3}").contains("{code:3..3} is not a placeholder"));
        assert!(text("{code:a..}").contains("is not a placeholder"));
        assert!(text("{code").contains("{code is never closed"), "{}", text("{code"));
        assert!(text("code}").contains("write }} for a brace"));

        assert!(panic_of(|| sms().code("")).contains("1 to 32 characters, not 0"));
        assert!(panic_of(|| sms().code(&"#".repeat(33))).contains("not 33"));
        assert!(panic_of(|| steps().for_service(" ")).contains("name a platform"));
        assert!(panic_of(|| at("2026-13-01T00:00:00Z")).starts_with("at(\"2026-13-01"));
        assert!(panic_of(|| number("4155552671")).contains("+12025550123"));
    }
}
