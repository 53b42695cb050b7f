//! What a run may do, as flags.

use std::str::FromStr;
use std::time::Duration;

use clap::builder::BoolishValueParser;
use clap::{ArgAction, Args};

use super::base_url::BaseUrl;
use super::cases;
use super::certificates::Certificates;
use super::key::Key;
use crate::domain::country::Country;
use crate::domain::real_duration::RealDuration;

#[derive(Args, Clone, Debug)]
pub(crate) struct Options {
    /// The part of the URL before /getNumbers, such as https://staging.example.com
    #[arg(long, env = "RINGER_BASE_URL", value_name = "URL")]
    pub(crate) base_url: BaseUrl,
    /// The key of the account that rents and pays
    #[arg(long, env = "RINGER_API_KEY", value_name = "KEY", hide_env_values = true)]
    pub(crate) api_key: Key,
    /// The key of a second account, for the cases about isolation
    #[arg(long, env = "RINGER_OTHER_API_KEY", value_name = "KEY", hide_env_values = true)]
    pub(crate) other_api_key: Option<Key>,
    /// Where to rent [default: the first country listed with stock]
    #[arg(long, env = "RINGER_COUNTRY", value_name = "CC", value_parser = country)]
    pub(super) country: Option<Country>,
    /// How long an SMS may take to arrive: by itself, or after --sms-command [default: no SMS; with
    /// --sms-command: 30s]
    #[arg(long, env = "RINGER_SMS_WITHIN", value_name = "SPAN", value_parser = positive)]
    sms_within: Option<RealDuration>,
    /// A shell command that sends $RINGER_TEXT to $RINGER_NUMBER
    #[arg(long, env = "RINGER_SMS_COMMAND", value_name = "CMD")]
    pub(super) sms_command: Option<String>,
    /// How long each reply may take, to its last byte
    #[arg(long, env = "RINGER_CHECK_TIMEOUT", value_name = "SPAN", default_value = "10s", value_parser = positive)]
    pub(super) timeout: RealDuration,
    /// How long to wait if the server postpones a cancel
    #[arg(long, env = "RINGER_CANCEL_WITHIN", value_name = "SPAN", default_value = "30s")]
    pub(super) cancel_within: RealDuration,
    /// How many rentals it may make; it cancels each of them
    #[arg(long, env = "RINGER_MAX_RENTALS", value_name = "N", default_value_t = 20)]
    pub(crate) max_rentals: u16,
    /// Rents nothing, and skips the cases that need a rental
    #[arg(long, env = "RINGER_READ_ONLY", action = ArgAction::SetTrue, value_parser = BoolishValueParser::new())]
    pub(super) read_only: bool,
    /// Runs only the case with this slug; repeatable
    #[arg(long, env = "RINGER_ONLY", value_name = "SLUG", value_delimiter = ',', value_parser = cases::slug)]
    pub(super) only: Vec<&'static str>,
    /// Trusts the certificates in this PEM file instead of the public authorities
    #[arg(long = "ca-file", env = "RINGER_CA_FILE", value_name = "FILE")]
    pub(super) trusted: Option<Certificates>,
}

impl Options {
    /// How long an SMS may take. `None` if there are no SMS.
    pub(super) fn sms_within(&self) -> Option<Duration> {
        let default = self.sms_command.as_ref().map(|_| Duration::from_secs(30));
        self.sms_within.map(RealDuration::to_std).or(default)
    }
}

fn country(text: &str) -> Result<Country, String> {
    Country::try_from(text).map_err(|unknown| format!("it is {unknown}"))
}

fn positive(text: &str) -> Result<RealDuration, String> {
    let duration = RealDuration::from_str(text)?;
    let error = || "it is zero; give a longer time, such as 10s".to_owned();
    if duration == RealDuration::ZERO { Err(error()) } else { Ok(duration) }
}
