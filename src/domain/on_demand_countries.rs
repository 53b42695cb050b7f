//! Countries that are none: codes out of the range that ISO 3166-1 leaves to its users. Renting in
//! one shows a client an error that it cannot be made to show otherwise (our ruling).

use super::country::{Country, on_demand};
use super::country_table::Row;

macro_rules! on_demand_countries {
    ($($place:literal $alpha2:ident $name:literal;)*) => {
        pub(super) static ON_DEMAND: [Row; 10] = [$(
            // They have no numbers of their own: those of the US look right to every client.
            Row {
                alpha2: stringify!($alpha2),
                alpha3: "",
                calling_code: 1,
                mobile_len: 10,
                name: $name,
            },
        )*];

        $(
            #[doc = $name]
            pub const $alpha2: Country = on_demand($place);
        )*

        /// All of them.
        pub const ALL: [Country; 10] = [$($alpha2),*];
    };
}

on_demand_countries! {
    0 XN "On demand: none left";
    1 XG "On demand: ghost stock";
    2 XB "On demand: insufficient balance";
    3 XR "On demand: rate limited";
    4 XE "On demand: internal error";
    5 XM "On demand: maintenance";
    6 XT "On demand: the reply comes after 35 s";
    7 XH "On demand: hangs up without a reply";
    8 XS "On demand: no SMS ever";
    9 XL "On demand: SMS after 95 s";
}
