//! A proxy that answers with a web page.

use ringer::scenario::*;

/// rentNumber and getSMS each fail twice at a proxy, and work from the third call on.
pub(crate) fn cdn_html_error() -> Scenario {
    let page = |code| Effect::status(code, BodyKind::Html);
    scenario("cdn-html-error")
        .summary("rentNumber and getSMS each fail with a web page, 502 then 504; later calls work")
        .catches("a client that crashes because it parses every reply as JSON")
        .countries(usual_countries())
        .fault(fault([Endpoint::RentNumber], page(502)).nth([1]))
        .fault(fault([Endpoint::RentNumber], page(504)).nth([2]))
        .fault(fault([Endpoint::GetSms], page(502)).nth([1]))
        .fault(fault([Endpoint::GetSms], page(504)).nth([2]))
        .script(steps().sms(seconds(8), sms()))
        .expects(Milestone::status(Endpoint::RentNumber, 502).hint("rent a number"))
}
