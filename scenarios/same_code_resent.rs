//! A user asks for the code again and gets the same one: the second SMS is a new message.

use ringer::scenario::*;

/// The same words with the same code after 8 s and after 40 s: two different SMS.
pub(crate) fn same_code_resent() -> Scenario {
    let code = sms().text("Your {service} code is {code}.");
    scenario("same-code-resent")
        .summary("the same code in an SMS after 8 s and in a new one after 40 s")
        .catches("a client that tells messages apart by their text, and misses the second")
        .countries(usual_countries())
        .script(steps().sms(seconds(8), code.clone()).sms(seconds(40), code.same_code()))
        .expects(Milestone::sms_read().count(2).hint("poll for 40 s after the rental"))
}
