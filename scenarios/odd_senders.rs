//! Who an SMS is from: a name, a short code, a number, or nobody.

use ringer::scenario::*;

/// Four kinds of sender. A rental whose service names a kind gets that kind, any other rental gets
/// one of the four.
pub(crate) fn odd_senders() -> Scenario {
    let from = |sender| steps().sms(seconds(8), sms().sender(sender));
    let (name, short, number, nobody) =
        (from("Facebook"), from("68849"), from("+12025550123"), from(""));
    scenario("odd-senders")
        .summary("one SMS after 8 s from Facebook, 68849, +12025550123 or an empty sender")
        .catches("a client that expects the sender to be a phone number")
        .countries(usual_countries())
        .script(name.clone().for_service("name"))
        .script(short.clone().for_service("short-code"))
        .script(number.clone().for_service("number"))
        .script(nobody.clone().for_service("nobody"))
        .script(Script::weighted([(1, name), (1, short), (1, number), (1, nobody)]))
        .expects(Milestone::sms_read().hint("poll for 8 s after the rental"))
}
