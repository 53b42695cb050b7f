//! What the documentation shows, to the letter.

use ringer::scenario::*;

/// The published examples. The clock stands at the moment of the documented rental; once it is
/// moved to 15:25:30, the documented SMS is there.
#[must_use]
pub(crate) fn documentation() -> Scenario {
    scenario("documentation")
        .summary("the published examples, value for value, with the clock frozen at 15:10:45")
        .catches("a misread documentation")
        .clock(Clock::frozen().starting_at(Timestamp::at("2023-06-15T15:10:45Z")))
        .country(
            country(Country::US)
                .available(5_000)
                .price(cents(5))
                .numbers(Numbers::listed(["+14155552671"])),
        )
        .country(country(Country::GB).available(3_200).price(cents(6)))
        .rental(rental().first_rental_id(12_345))
        .script(steps().sms(
            minutes(14) + seconds(45),
            sms().sender("Facebook").text("Your verification code is: {code}").code("123456"),
        ))
}
