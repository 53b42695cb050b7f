//! The bundled scenarios, in their documented order: a file a scenario, each written as a user
//! would write it in a crate of their own.

pub mod cancel_after_sms_refused;
pub mod cancel_refund;
pub mod documentation;
pub mod double_cancel_refused;
pub mod duplicate_sms;
pub mod early_cancel_denied;
pub mod ghost_stock;
pub mod happy_path;
pub mod late_sms_after_expiry;
pub mod multipart_scrambled;
pub mod no_sms_expires;
pub mod odd_senders;
pub mod out_of_stock;
pub mod restock;
pub mod same_code_resent;
pub mod slow_sms;
pub mod stale_stock;
pub mod tricky_codes;
pub mod two_sms_second_good;
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
        multipart_scrambled::multipart_scrambled(),
        tricky_codes::tricky_codes(),
        unicode_rtl::unicode_rtl(),
        odd_senders::odd_senders(),
        late_sms_after_expiry::late_sms_after_expiry(),
    ]
}
