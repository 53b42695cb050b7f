//! A long SMS in three parts, which arrive in the order 2, 1, 3 with the same date. The code is
//! split between the first two.

use ringer::scenario::*;

/// Part 2 after 8 s, part 1 after 9 s, part 3 after 10 s.
pub(crate) fn multipart_scrambled() -> Scenario {
    let part = |text| sms().received_at(seconds(8)).text(text);
    scenario("multipart-scrambled")
        .summary("parts 2, 1 and 3 of one SMS after 8, 9 and 10 s, the code split between 1 and 2")
        .catches("a client that joins the parts in the order they arrive")
        .countries(usual_countries())
        .script(
            steps()
                .sms(seconds(8), part("(2/3) {code:3..}. It is good for ten minutes."))
                .sms(seconds(9), part("(1/3) Your {service} code is {code:0..3}").same_code())
                .sms(seconds(10), part("(3/3) Do not share it with anyone.")),
        )
        .expects(Milestone::sms_read().count(3).hint("poll for 10 s after the rental"))
}
