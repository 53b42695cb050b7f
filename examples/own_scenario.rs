//! A `ringer` of your own: the whole command line, with your scenarios beside the bundled ones.
//!
//! ```text
//! cargo run --example own_scenario -- --scenario two-countries-one-code
//! ```

use ringer::scenario::*;

fn two_countries_one_code() -> Scenario {
    scenario("two-countries-one-code")
        .summary("Germany never gets an SMS, Sweden gets one after 3 s")
        .catches("a client that does not try another country")
        .country(country(Country::DE).available(10).price(cents(8)))
        .country(country(Country::SE).available(10).price(cents(10)))
        .script(steps().for_country(Country::DE))
        .script(steps().sms(seconds(3), sms().sender("Bank").text("TAN {code}").code("###-###")))
}

fn main() -> std::process::ExitCode {
    ringer::cli::main_with([two_countries_one_code()])
}
