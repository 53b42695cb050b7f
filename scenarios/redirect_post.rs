//! Redirects after which a POST may lose its body.

use ringer::scenario::*;

/// The first rentNumber is 301, the second 308, both to the same path.
pub(crate) fn redirect_post() -> Scenario {
    scenario("redirect-post")
        .summary("the first rentNumber is redirected by 301, the second by 308; later ones work")
        .catches("a POST that is followed as a GET, or without its body")
        .countries(usual_countries())
        .fault(fault([Endpoint::RentNumber], Effect::redirect(Redirect::MovedPermanently)).nth([1]))
        .fault(fault([Endpoint::RentNumber], Effect::redirect(Redirect::Permanent)).nth([2]))
        .script(steps().sms(seconds(8), sms()))
        .expects(Milestone::redirect(Endpoint::RentNumber).hint("rent a number"))
}
