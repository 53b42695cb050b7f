//! `ringer check`: what it says about right and wrong servers, and what it leaves behind.

mod command;
mod defects;
mod docs;
mod hostile;
mod itself;
mod money;
mod partner;
mod reports;
mod stub;
mod tls;

use std::process::Command;

use ringer::scenario::*;
use ringer::{Server, ServerBuilder};
use serde_json::Value;

use crate::process::{ringer, run};
use crate::support::Client;

const KEY: &str = "check-key-one";
const OTHER_KEY: &str = "check-key-two";

/// A server that admits two accounts, and on which half a minute passes in a second.
fn server() -> ServerBuilder {
    let rate = Rate::new(30.0).expect("a rate");
    Server::builder().clock(Clock::scaled(rate)).api_key(KEY).api_key(OTHER_KEY)
}

/// How many rentals are live at a `ringer` server.
fn live_rentals(url: &str) -> usize {
    let rentals = Client::at(url, KEY).get(&format!("/__admin/sandboxes/{KEY}/rentals")).json;
    let rentals = rentals.as_array().expect("a list of rentals");
    rentals.iter().filter(|rental| rental["state"] == "live").count()
}

/// A `ringer check`.
struct Check(Command);

impl Check {
    /// With one account, without SMS. It waits no longer than a server on this machine needs.
    fn of(url: &str) -> Self {
        let mut command = ringer();
        command.arg("check").env("RINGER_BASE_URL", url).env("RINGER_API_KEY", KEY);
        command.env("RINGER_CHECK_TIMEOUT", "5s").env("RINGER_CANCEL_WITHIN", "0s");
        Self(command)
    }

    /// With a second account and SMS that arrive by themselves.
    fn of_everything(url: &str) -> Self {
        let mut check = Self::of(url);
        check.0.env("RINGER_OTHER_API_KEY", OTHER_KEY).env("RINGER_SMS_WITHIN", "5s");
        check
    }

    fn with(mut self, arguments: &[&str]) -> Self {
        self.0.args(arguments);
        self
    }

    /// Runs it; returns the exit code, stdout and stderr.
    fn run(self) -> (Option<i32>, String, String) {
        run(self.0)
    }

    /// Runs it; returns the report.
    #[track_caller]
    fn report(self) -> Report {
        self.try_report().unwrap_or_else(|error| panic!("{error}"))
    }

    /// Runs it; returns the report, or why it was impossible.
    fn try_report(self) -> Result<Report, String> {
        let (code, stdout, stderr) = self.with(&["--report", "json"]).run();
        match code {
            Some(0 | 1) => Ok(Report(serde_json::from_str(&stdout).expect("it is JSON"))),
            _ => Err(stderr),
        }
    }

    /// Runs it against a server that it cannot check; returns what it says.
    #[track_caller]
    fn setup_error(self) -> String {
        self.try_report().err().expect("there is nothing to check")
    }
}

/// The JSON report of a run.
struct Report(Value);

impl Report {
    fn cases(&self) -> &[Value] {
        self.0["cases"].as_array().expect("a list")
    }

    #[track_caller]
    fn case(&self, slug: &str) -> &Value {
        self.cases().iter().find(|case| case["slug"] == slug).expect("it ran")
    }

    /// The slugs of the cases that failed, with their failures.
    fn failures(&self) -> Vec<(&str, String)> {
        let failed = self.cases().iter().filter(|case| case["outcome"] == "failed");
        failed.map(|case| (slug(case), case["failure"].to_string())).collect()
    }

    /// The slugs of the cases of a level that failed.
    fn failed(&self, level: &str) -> Vec<&str> {
        let failed = |case: &&Value| case["outcome"] == "failed" && case["level"] == level;
        self.cases().iter().filter(failed).map(slug).collect()
    }

    /// The slugs of the cases that were skipped, with the reasons.
    fn skips(&self) -> Vec<(&str, &str)> {
        let why = |case| Some((slug(case), case["skipped"].as_str()?));
        self.cases().iter().filter_map(why).collect()
    }

    fn passed(&self) -> usize {
        self.cases().iter().filter(|case| case["outcome"] == "passed").count()
    }

    /// How many rentals the run made and cancelled.
    fn rentals(&self) -> (u64, u64) {
        let count = |name: &str| self.0["rentals"][name].as_u64().expect("a count");
        (count("made"), count("cancelled"))
    }

    fn not_cancelled(&self) -> &[Value] {
        self.0["rentals"]["not_cancelled"].as_array().expect("a list")
    }

    fn lost(&self) -> &[Value] {
        self.0["rentals"]["lost"].as_array().expect("a list")
    }
}

fn slug(case: &Value) -> &str {
    case["slug"].as_str().expect("a slug")
}
