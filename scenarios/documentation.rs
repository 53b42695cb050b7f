//! The examples of the documentation, to the letter.

use ringer::scenario::*;

/// The clock is frozen at the moment of the documented rental. Once it is moved to 15:25:30, the
/// documented SMS is there.
pub(crate) fn documentation() -> Scenario {
    scenario("documentation")
        .summary("the published examples, value for value, with the clock frozen at 15:10:45")
        .catches("a client that misread the documentation")
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
        .expects(
            Milestone::sms_read()
                .hint("rent a number in US, advance the clock to 15:25:30, and poll"),
        )
}
