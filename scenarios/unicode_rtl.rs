//! A message in Arabic, right to left, with emoji: one character too long for a single SMS.

use ringer::scenario::*;

/// One SMS after 8 s: 71 UCS-2 characters, where 70 would fit, with invisible marks of direction.
pub(crate) fn unicode_rtl() -> Scenario {
    let text = "\u{200F}رمز التحقق الخاص بك هو \u{2066}{code}\u{2069} 🔐 \
                صالح لعشر دقائق. لا تشاركه مع أحد ✅";
    scenario("unicode-rtl")
        .summary("one SMS after 8 s in Arabic with bidi marks and emoji, 71 UCS-2 characters")
        .catches("a text cut by bytes, or a code not found next to invisible marks")
        .countries(usual_countries())
        .script(steps().sms(seconds(8), sms().text(text)))
        .expects(Milestone::sms_read().hint("poll for 8 s after the rental"))
}
