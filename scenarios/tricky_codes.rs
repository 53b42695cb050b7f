//! Codes as platforms really write them, among years and phone numbers that look like codes.

use ringer::scenario::*;

/// Four kinds of code. A rental whose service names a kind gets that kind, any other rental gets
/// one of the four.
pub(crate) fn tricky_codes() -> Scenario {
    let one = |text, code| steps().sms(seconds(8), sms().text(text).code(code));
    let zero = one("(c) 2026 {service}: {code} is your code. Lost? Call +12025550123.", "0#####");
    let dashed = one("In 2026 as in 2025, {number} signs in with {code}.", "###-###");
    let spaced = one("Your code, requested 2026-01-01 at 10:30, is {code}.", "## ## ##");
    let letters = one("{code} is your {service} code. Help: 0800 123456 (2026).", "G-??##?");
    scenario("tricky-codes")
        .summary("codes like 012345, 123-456, 12 34 56 and G-AB12C among years and phone numbers")
        .catches("a code parsed as an integer, or the first digits taken for the code")
        .countries(usual_countries())
        .script(zero.clone().for_service("leading-zero"))
        .script(dashed.clone().for_service("dashed"))
        .script(spaced.clone().for_service("spaced"))
        .script(letters.clone().for_service("letters"))
        .script(Script::weighted([(1, zero), (1, dashed), (1, spaced), (1, letters)]))
        .expects(Milestone::sms_read().hint("poll for 8 s after the rental"))
}
