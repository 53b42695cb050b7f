//! The bundled scenarios, in their documented order: a file a scenario, each written as a user
//! would write it in a crate of their own.

pub mod cancel_after_sms_refused;
pub mod cancel_refund;
pub mod cdn_html_error;
pub mod documentation;
pub mod double_cancel_refused;
pub mod duplicate_sms;
pub mod early_cancel_denied;
pub mod errors_as_200;
pub mod flaky_soup;
pub mod ghost_stock;
pub mod happy_path;
pub mod late_sms_after_expiry;
pub mod maintenance_window;
pub mod multipart_scrambled;
pub mod no_sms_expires;
pub mod odd_senders;
pub mod out_of_order;
pub mod out_of_stock;
pub mod rate_limited;
pub mod redirect_post;
pub mod rent_reply_lost;
pub mod rent_timeout_but_rented;
pub mod restock;
pub mod same_code_resent;
pub mod slow_network;
pub mod slow_sms;
pub mod sms_during_cancel;
pub mod stale_stock;
pub mod time_chaos;
pub mod tricky_codes;
pub mod truncated_json;
pub mod two_sms_second_good;
pub mod type_drift;
pub mod unicode_rtl;

use ringer::scenario::Scenario;

/// All of them, in their documented order.
#[must_use]
pub fn all() -> Vec<Scenario> {
    vec![
        happy_path::happy_path(),
        documentation::documentation(),
        slow_sms::slow_sms(),
        no_sms_expires::no_sms_expires(),
        cancel_refund::cancel_refund(),
        early_cancel_denied::early_cancel_denied(),
        cancel_after_sms_refused::cancel_after_sms_refused(),
        double_cancel_refused::double_cancel_refused(),
        out_of_stock::out_of_stock(),
        ghost_stock::ghost_stock(),
        stale_stock::stale_stock(),
        restock::restock(),
        two_sms_second_good::two_sms_second_good(),
        same_code_resent::same_code_resent(),
        duplicate_sms::duplicate_sms(),
        out_of_order::out_of_order(),
        multipart_scrambled::multipart_scrambled(),
        tricky_codes::tricky_codes(),
        unicode_rtl::unicode_rtl(),
        odd_senders::odd_senders(),
        late_sms_after_expiry::late_sms_after_expiry(),
        sms_during_cancel::sms_during_cancel(),
        rent_timeout_but_rented::rent_timeout_but_rented(),
        rent_reply_lost::rent_reply_lost(),
        truncated_json::truncated_json(),
        cdn_html_error::cdn_html_error(),
        rate_limited::rate_limited(),
        maintenance_window::maintenance_window(),
        type_drift::type_drift(),
        time_chaos::time_chaos(),
        errors_as_200::errors_as_200(),
        redirect_post::redirect_post(),
        slow_network::slow_network(),
        flaky_soup::flaky_soup(),
    ]
}
