//! A proxy that answers with a web page.

use ringer::scenario::*;

/// rentNumber and getSMS each fail twice at a proxy, and work from the third call on.
#[must_use]
pub(crate) fn cdn_html_error() -> Scenario {
    let page = |code| Effect::status(code, BodyKind::Html);
    scenario("cdn-html-error")
        .summary("502, then 504, each a web page, at rentNumber and at getSMS; then all is well")
        .catches("a client that parses every reply as JSON, and crashes")
        .countries(usual_countries())
        .fault(fault([Endpoint::RentNumber], page(502)).nth([1]))
        .fault(fault([Endpoint::RentNumber], page(504)).nth([2]))
        .fault(fault([Endpoint::GetSms], page(502)).nth([1]))
        .fault(fault([Endpoint::GetSms], page(504)).nth([2]))
        .script(steps().sms(seconds(8), sms()))
}
