//! Codes as platforms really write them, among years and numbers that look like codes.

use ringer::scenario::*;

/// Ten kinds of text. A rental whose service names a kind gets that kind, and `any-kind` gets one of
/// all. Any other rental gets one of the first four.
pub(crate) fn tricky_codes() -> Scenario {
    let one = |text, code| steps().sms(seconds(8), sms().text(text).code(code));
    let zero = one("(c) 2026 {service}: {code} is your code. Lost? Call +12025550123.", "0#####");
    let dashed = one("In 2026 as in 2025, {number} signs in with {code}.", "###-###");
    let spaced = one("Your code, requested 2026-01-01 at 10:30, is {code}.", "## ## ##");
    let letters = one("{code} is your {service} code. Help: 0800 123456 (2026).", "G-??##?");
    // A number of the code's own length before it.
    let order = one("Order 482915 is ready. To collect it, show the code {code}.", "######");
    // The last line is for the browser: WebOTP.
    let web_otp = one(
        "Account 204881 at {service}: your code is {code}.\n\n@login.example.com #{code}",
        "######",
    );
    // Nothing separates the code from the words.
    let chinese =
        one("【{service}】您于2026年1月1日登录，验证码为{code}请在5分钟内输入。", "######");
    let japanese =
        one("2026年1月1日に{service}から届いた認証コード{code}を入力してください。", "######");
    // Digits that are none of 0 to 9.
    let arabic = one("في عام ٢٠٢٦، رمز التحقق من {service} هو {code}.", "٠٠٠٠٠٠");
    let persian = one("در سال ۱۴۰۴، کد تأیید {service} شما {code} است.", "۰۰۰۰۰۰");
    let kinds = [
        ("leading-zero", zero),
        ("dashed", dashed),
        ("spaced", spaced),
        ("letters", letters),
        ("order-number", order),
        ("web-otp", web_otp),
        ("chinese", chinese),
        ("japanese", japanese),
        ("arabic-digits", arabic),
        ("persian-digits", persian),
    ];
    let drawn = |kinds: &[(&str, Steps)]| {
        Script::weighted(kinds.iter().map(|(_, steps)| (1, steps.clone())))
    };
    let (any_kind, any_other) = (drawn(&kinds).for_service("any-kind"), drawn(&kinds[..4]));
    let scenario = scenario("tricky-codes")
        .summary("codes like 012345, 123-456, 12 34 56 and G-AB12C among years and phone numbers")
        .catches("a code parsed as an integer, or the first digits taken for the code")
        .countries(usual_countries());
    kinds
        .into_iter()
        .fold(scenario, |scenario, (service, steps)| scenario.script(steps.for_service(service)))
        .script(any_kind)
        .script(any_other)
        .expects(Milestone::sms_read().hint("poll for 8 s after the rental"))
}
