//! What a run is to do.

use std::time::Duration;

use super::base_url::BaseUrl;
use super::key::Key;
use crate::domain::country::Country;
use crate::domain::real_duration::RealDuration;

/// What a run is to do. Start with [`Options::new`], and change what is to be otherwise.
#[derive(Clone, Debug)]
pub struct Options {
    /// Where the server is.
    pub base_url: BaseUrl,
    /// The account that is used, and pays.
    pub api_key: Key,
    /// A second account. Without it, the cases that need one are skipped.
    pub other_api_key: Option<Key>,
    /// Where to rent; the first listed with stock unless said.
    pub country: Option<Country>,
    /// Where SMS come from. Without it, the cases that need one are skipped.
    pub sms: Option<SmsSource>,
    /// How long each reply may take from the connection to its last byte; more than nothing.
    pub timeout: RealDuration,
    /// How long to wait where the server puts a cancel off.
    pub cancel_within: RealDuration,
    /// How many rentals may be made.
    pub max_rentals: usize,
    /// Whether nothing may be rented.
    pub read_only: bool,
    /// The slugs of the cases that are run; all of them where it is empty.
    pub only: Vec<&'static str>,
    /// Certificates to trust instead of those of the web, in PEM.
    pub trusted: Vec<ureq::tls::Certificate<'static>>,
}

impl Options {
    /// The usual run: at most 20 rentals, 10 s for each reply, 30 s for a cancel that is put off,
    /// no SMS, no second account.
    #[must_use]
    pub fn new(base_url: BaseUrl, api_key: Key) -> Self {
        Self {
            base_url,
            api_key,
            other_api_key: None,
            country: None,
            sms: None,
            timeout: RealDuration::millis(10_000),
            cancel_within: RealDuration::millis(30_000),
            max_rentals: 20,
            read_only: false,
            only: Vec::new(),
            trusted: Vec::new(),
        }
    }
}

/// Where SMS come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SmsSource {
    /// How long an SMS may take, from the rental or from the command's end.
    pub within: RealDuration,
    /// A line for `sh -c` that sends `$RINGER_TEXT` to `$RINGER_NUMBER`. Without one, the SMS are
    /// expected to come by themselves.
    pub command: Option<String>,
}

impl SmsSource {
    pub(super) fn within(&self) -> Duration {
        self.within.to_std()
    }
}
