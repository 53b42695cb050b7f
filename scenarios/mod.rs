//! The bundled scenarios, one file each, written as users write theirs in crates of their own.

pub(crate) mod cancel_after_sms_refused;
pub(crate) mod cancel_refund;
pub(crate) mod cdn_html_error;
pub(crate) mod documentation;
pub(crate) mod double_cancel_refused;
pub(crate) mod duplicate_sms;
pub(crate) mod early_cancel_denied;
pub(crate) mod errors_as_200;
pub(crate) mod flaky_soup;
pub(crate) mod ghost_stock;
pub(crate) mod happy_path;
pub(crate) mod late_sms_after_expiry;
pub(crate) mod maintenance_window;
pub(crate) mod multipart_scrambled;
pub(crate) mod no_sms_expires;
pub(crate) mod odd_senders;
pub(crate) mod out_of_order;
pub(crate) mod out_of_stock;
pub(crate) mod rate_limited;
pub(crate) mod redirect_post;
pub(crate) mod rent_reply_lost;
pub(crate) mod rent_timeout_but_rented;
pub(crate) mod restock;
pub(crate) mod same_code_resent;
pub(crate) mod slow_network;
pub(crate) mod slow_sms;
pub(crate) mod sms_during_cancel;
pub(crate) mod stale_stock;
pub(crate) mod time_chaos;
pub(crate) mod tricky_codes;
pub(crate) mod truncated_json;
pub(crate) mod two_sms_second_good;
pub(crate) mod type_drift;
pub(crate) mod unicode_rtl;

use ringer::scenario::Scenario;

/// All of them, in their documented order.
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
