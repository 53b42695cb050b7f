//! Runs the cases one after the other.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::base_url::BaseUrl;
use super::case::{CaseResult, Level, Need, TestCase};
use super::case_outcome::{CaseFailure, CaseOutcome};
use super::cleanup::{RentalSummary, cancel_rentals};
use super::fixtures::Fixtures;
use super::observer::RunObserver;
use super::options::Options;
use super::session::redacted;
use super::setup_error::SetupError;
use super::stop_token::StopToken;
use super::{cases, setup};

/// The results of a run.
#[derive(Clone, Debug)]
pub(crate) struct Run {
    pub(super) base_url: BaseUrl,
    /// In the order in which the cases ran.
    pub(super) results: Vec<CaseResult>,
    pub(super) rentals: RentalSummary,
    pub(super) is_interrupted: bool,
}

impl Run {
    /// How many cases of a level failed.
    pub(super) fn failed(&self, level: Level) -> usize {
        let of_level = self.results.iter().filter(|result| result.case.level == level);
        of_level.filter(|result| result.failure().is_some()).count()
    }

    pub(super) fn passed(&self) -> usize {
        self.results.iter().filter(|result| result.outcome == CaseOutcome::Passed).count()
    }

    pub(super) fn skipped(&self) -> usize {
        self.results.iter().filter(|result| result.skipped().is_some()).count()
    }

    /// Whether the run ended normally, and no case failed that is at least as binding as `level`.
    pub(crate) fn is_clean(&self, level: Level) -> bool {
        let fails = |result: &CaseResult| result.fails_at(level);
        !self.is_interrupted && !self.results.iter().any(fails)
    }
}

/// Checks a server. Cancels every rental it makes before it returns, even if a case panics.
///
/// # Errors
/// When there is nothing to check: the server does not reply, refuses the key or has nothing to
/// rent, or every case was skipped.
pub(crate) fn run(
    options: &Options,
    observer: &mut dyn RunObserver,
    stop: &StopToken,
) -> Result<Run, SetupError> {
    let fixtures = Fixtures::new(setup::open(options, stop)?);
    let mut cases = cases::all();
    cases.retain(|case| options.only.is_empty() || options.only.contains(&case.slug));
    let mut results: Vec<CaseResult> = Vec::with_capacity(cases.len());
    for (index, case) in cases.iter().enumerate() {
        observer.case_started(case, index + 1, cases.len());
        let result = CaseResult { case: *case, outcome: judge(&fixtures, case) };
        observer.case_finished(&result);
        results.push(result);
    }
    let live = fixtures.session.ledger.live().len();
    if live > 0 {
        observer.cleanup_started(live);
    }
    let rentals = cancel_rentals(&fixtures.session);
    if results.iter().all(|result| result.skipped().is_some()) {
        let why = results.first().and_then(CaseResult::skipped).unwrap_or_default();
        return Err(SetupError::NothingRan { why: why.to_owned() });
    }
    let base_url = options.base_url.clone();
    Ok(Run { base_url, results, rentals, is_interrupted: stop.is_stopped() })
}

fn judge(fixtures: &Fixtures<'_>, case: &TestCase) -> CaseOutcome {
    let options = fixtures.session.options;
    let mut needs = case.check.needs().iter().chain(case.needs);
    if let Some(why) = needs.find_map(|need| missing(options, *need)) {
        return CaseOutcome::Skipped(why.into());
    }
    // A case that panics must not keep the rentals from being cancelled.
    match catch_unwind(AssertUnwindSafe(|| case.check.run(fixtures))) {
        Ok(verdict) => without_keys(options, verdict.into()),
        Err(_) => CaseOutcome::Failed(CaseFailure {
            expected: "a case that ends".into(),
            actual: "the case panicked, which is a bug of `ringer check`, not of the server".into(),
            request: String::new(),
        }),
    }
}

/// The server may have repeated a key anywhere.
fn without_keys(options: &Options, outcome: CaseOutcome) -> CaseOutcome {
    match outcome {
        CaseOutcome::Passed => CaseOutcome::Passed,
        CaseOutcome::Skipped(why) => CaseOutcome::Skipped(redacted(options, &why)),
        CaseOutcome::Failed(failure) => CaseOutcome::Failed(CaseFailure {
            expected: redacted(options, &failure.expected),
            actual: redacted(options, &failure.actual),
            ..failure
        }),
    }
}

fn missing(options: &Options, need: Need) -> Option<&'static str> {
    let (is_missing, why) = match need {
        Need::Rental => (options.read_only, "needs a rental, and --read-only rents nothing"),
        Need::Sms => (options.sms_within().is_none(), "needs SMS: --sms-within or --sms-command"),
        Need::SmsCommand => {
            let why = "needs SMS that can be sent at will: --sms-command";
            (options.sms_command.is_none(), why)
        }
        Need::OtherKey => {
            (options.other_api_key.is_none(), "needs a second account: --other-api-key")
        }
    };
    is_missing.then_some(why)
}
