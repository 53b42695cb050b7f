//! What a run may do.

use super::base_url::BaseUrl;
use super::certificates::Certificates;
use super::key::Key;
use crate::domain::country::Country;
use crate::domain::real_duration::RealDuration;

#[derive(Clone, Debug)]
pub(crate) struct Options {
    pub(crate) base_url: BaseUrl,
    /// The account that rents and pays.
    pub(crate) api_key: Key,
    /// A second account. Without it, the cases that need one are skipped.
    pub(crate) other_api_key: Option<Key>,
    /// Where to rent. `None`: the first country that is listed with stock.
    pub(crate) country: Option<Country>,
    /// Where SMS come from. `None`: the cases that need one are skipped.
    pub(crate) sms: Option<SmsSource>,
    /// How long a reply may take, from connecting to its last byte. Not zero.
    pub(crate) timeout: RealDuration,
    /// How long to wait if the server postpones a cancel.
    pub(crate) cancel_within: RealDuration,
    pub(crate) max_rentals: usize,
    /// Rent nothing.
    pub(crate) read_only: bool,
    /// The slugs of the cases to run. Empty: all.
    pub(crate) only: Vec<&'static str>,
    /// Trusted instead of the public certificate authorities.
    pub(crate) trusted: Option<Certificates>,
}

/// Where SMS come from.
#[derive(Clone, Debug)]
pub(crate) struct SmsSource {
    /// How long an SMS may take to arrive after the rental, or after the command has ended.
    pub(crate) within: RealDuration,
    /// Passed to `sh -c` to send `$RINGER_TEXT` to `$RINGER_NUMBER`. `None`: SMS arrive by
    /// themselves.
    pub(crate) command: Option<String>,
}
