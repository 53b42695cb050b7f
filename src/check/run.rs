//! Runs the cases, one after the other, and ends with what they came to.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::base_url::BaseUrl;
use super::case::{CaseResult, Level, Need, TestCase};
use super::case_outcome::{CaseFailure, CaseOutcome};
use super::cases;
use super::cleanup::RentalSummary;
use super::observer::RunObserver;
use super::options::Options;
use super::session::{Session, redacted};
use super::setup;
use super::setup_error::SetupError;
use super::stop_token::StopToken;

/// What a run came to.
#[derive(Clone, Debug)]
pub struct Run {
    /// The server.
    pub base_url: BaseUrl,
    /// The results, in the order in which the cases were run.
    pub results: Vec<CaseResult>,
    /// What became of the rentals.
    pub rentals: RentalSummary,
    /// Whether it was told to stop.
    pub is_interrupted: bool,
}

impl Run {
    /// The result of a case, by its slug.
    #[must_use]
    pub fn result(&self, slug: &str) -> Option<&CaseResult> {
        self.results.iter().find(|result| result.case.slug == slug)
    }

    /// The cases of a level that failed.
    pub fn failed(&self, level: Level) -> impl Iterator<Item = &CaseResult> {
        let of_level = self.results.iter().filter(move |result| result.case.level == level);
        of_level.filter(|result| result.failure().is_some())
    }

    /// How many cases passed.
    #[must_use]
    pub fn passed(&self) -> usize {
        self.results.iter().filter(|result| result.outcome == CaseOutcome::Passed).count()
    }

    /// How many cases were skipped.
    #[must_use]
    pub fn skipped(&self) -> usize {
        let is_skipped = |result: &&CaseResult| matches!(result.outcome, CaseOutcome::Skipped(_));
        self.results.iter().filter(is_skipped).count()
    }

    /// Whether the server did as it is held to: it ran to its end, and no case failed that is as
    /// binding as `level`.
    #[must_use]
    pub fn is_clean(&self, level: Level) -> bool {
        let failed = self.results.iter().filter(|result| result.failure().is_some());
        !self.is_interrupted && failed.map(|result| result.case.level).all(|failed| failed > level)
    }
}

/// Checks a server. What happens meanwhile is told to `progress`; `stop` ends it early.
///
/// Every rental that it makes is cancelled before it returns, also where a case panics.
///
/// # Errors
/// When there is nothing to check: nobody answers, the key is refused, nothing can be rented, or
/// every case was skipped.
pub fn run(
    options: &Options,
    progress: &mut dyn RunObserver,
    stop: &StopToken,
) -> Result<Run, SetupError> {
    let session = setup::open(options, stop)?;
    let mut cases = cases::all();
    cases.retain(|case| options.only.is_empty() || options.only.contains(&case.slug));
    let mut results: Vec<CaseResult> = Vec::with_capacity(cases.len());
    for (index, case) in cases.iter().enumerate() {
        progress.starts(case, index + 1, cases.len());
        let result = CaseResult { case: *case, outcome: judge(&session, case) };
        progress.ended(&result);
        results.push(result);
    }
    let live = session.ledger.live().len();
    if live > 0 {
        progress.cancels(live);
    }
    let rentals = session.close();
    let first_skip = |result: &CaseResult| match &result.outcome {
        CaseOutcome::Skipped(why) => Some(why.clone()),
        _ => None,
    };
    if results.iter().all(|result| first_skip(result).is_some()) {
        let why = results.first().and_then(first_skip).unwrap_or_default();
        return Err(SetupError::NothingRan { why });
    }
    let base_url = options.base_url.clone();
    Ok(Run { base_url, results, rentals, is_interrupted: stop.is_stopped() })
}

fn judge(session: &Session<'_>, case: &TestCase) -> CaseOutcome {
    if let Some(why) = case.needs.iter().find_map(|need| missing(session.options, *need)) {
        return CaseOutcome::Skipped(why.into());
    }
    // A case that breaks must not keep the rentals from being cancelled.
    match catch_unwind(AssertUnwindSafe(|| (case.check)(session))) {
        Ok(verdict) => without_keys(session, verdict.into()),
        Err(_) => CaseOutcome::Failed(CaseFailure {
            expected: "a case that comes to an end".into(),
            actual: "the case itself broke; that is a fault of `ringer check`, not of the server"
                .into(),
            request: String::new(),
        }),
    }
}

/// The server may have repeated a key anywhere.
fn without_keys(session: &Session<'_>, outcome: CaseOutcome) -> CaseOutcome {
    let plain = |text: String| redacted(session.options, &text);
    match outcome {
        CaseOutcome::Passed => CaseOutcome::Passed,
        CaseOutcome::Skipped(why) => CaseOutcome::Skipped(plain(why)),
        CaseOutcome::Failed(CaseFailure { expected, actual, request }) => {
            let (expected, actual) = (plain(expected), plain(actual));
            CaseOutcome::Failed(CaseFailure { expected, actual, request })
        }
    }
}

fn missing(options: &Options, need: Need) -> Option<&'static str> {
    let (is_missing, why) = match need {
        Need::Rental => (options.read_only, "needs a rental, and --read-only rents nothing"),
        Need::Sms => (options.sms.is_none(), "needs SMS: --sms-within or --sms-command"),
        Need::SmsCommand => {
            let command = options.sms.as_ref().and_then(|sms| sms.command.as_ref());
            (command.is_none(), "needs SMS that can be sent at will: --sms-command")
        }
        Need::OtherKey => {
            (options.other_api_key.is_none(), "needs a second account: --other-api-key")
        }
    };
    is_missing.then_some(why)
}
