//! Sends an SMS to a rental and waits for it.

use std::process::{Command, Stdio};
use std::time::Duration;

use rustix::process::Signal;
use serde_json::Value;

use super::case_outcome::{CaseFailure, NotPassed};
use super::exchange::HttpExchange;
use super::ledger::RentedNumber;
use super::real_time::{self, Stopwatch};
use super::session::Session;
use crate::process_group::ProcessGroup;

impl Session<'_> {
    fn sms_within(&self) -> Result<Duration, NotPassed> {
        let none = || NotPassed::skipped("needs SMS: --sms-within or --sms-command");
        self.options.sms_within().ok_or_else(none)
    }

    /// A text that no other run sends, in characters that every network carries.
    pub(super) fn unique_text(&self, serial: u32) -> String {
        let (process, millis) = (std::process::id(), real_time::now().as_unix_millis());
        let code = (millis + i64::from(serial)) % 100_000;
        format!("ringer check {process}-{millis}-{serial}: your code is 0{code:05}")
    }

    /// Polls until `is_wanted` accepts the messages.
    ///
    /// # Errors
    /// Fails, quoting the last reply, if they do not arrive in time.
    pub(super) fn wait_for_sms(
        &self,
        rental: &RentedNumber,
        is_wanted: impl Fn(&[Value]) -> bool,
    ) -> Result<HttpExchange, NotPassed> {
        let within = self.sms_within()?;
        let watch = Stopwatch::start();
        loop {
            let read = self.read(rental)?;
            read.require_success()?;
            if is_wanted(read.messages()) {
                return Ok(read);
            }
            let waited = watch.elapsed();
            if waited >= within {
                return Err(read.unexpected(&format!("the SMS within {within:?}")));
            }
            self.stop.pause(poll_pause(waited).min(within - waited));
        }
    }

    /// Runs `--sms-command` for the number of a rental. A skip if there is none.
    pub(super) fn send_sms(&self, rental: &RentedNumber, text: &str) -> Result<(), NotPassed> {
        let command = self.options.sms_command.as_ref();
        let command = command.ok_or_else(|| NotPassed::skipped("needs --sms-command"))?;
        let number = rental.number().unwrap_or_default();
        self.run_sms_command(command, number, text).map_err(|why| {
            NotPassed::Failed(CaseFailure {
                expected: "an --sms-command that sends the SMS and exits with 0".into(),
                actual: why,
                request: format!("RINGER_NUMBER='{number}' RINGER_TEXT='{text}' sh -c …"),
            })
        })
    }

    fn run_sms_command(&self, line: &str, number: &str, text: &str) -> Result<(), String> {
        let within = self.options.sms_within().unwrap_or_default();
        let mut command = Command::new("sh");
        command.args(["-c", line]).env("RINGER_NUMBER", number).env("RINGER_TEXT", text);
        // Our stdout belongs to the report.
        command.stdin(Stdio::null()).stdout(Stdio::null());
        let spawned = ProcessGroup::spawn(&mut command);
        let (mut child, group) = spawned.map_err(|error| format!("cannot run sh: {error}"))?;
        let watch = Stopwatch::start();
        loop {
            match child.try_wait() {
                Ok(Some(status)) if status.success() => return Ok(()),
                Ok(Some(status)) => return Err(format!("the command ended with {status}")),
                Ok(None) if watch.elapsed() < within && !self.stop.is_stopped() => {
                    self.stop.pause(Duration::from_millis(5));
                }
                _ => break,
            }
        }
        group.signal(Signal::KILL);
        let _ = child.wait();
        Err(format!("the command did not end within {within:?}"))
    }
}

/// Short at first, for a server nearby; longer later, to be no burden.
pub(super) fn poll_pause(waited: Duration) -> Duration {
    (waited / 4).clamp(Duration::from_millis(10), Duration::from_secs(1))
}
