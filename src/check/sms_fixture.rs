//! SMS on a rental: how one is sent, how it is waited for.

use std::os::unix::process::CommandExt;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process_group};
use serde_json::Value;

use super::case_outcome::{CaseFailure, NotPassed};
use super::exchange::HttpExchange;
use super::ledger::RentedNumber;
use super::options::SmsSource;
use super::real_time::Stopwatch;
use super::session::Session;

/// The shared rental once an SMS is there.
#[derive(Debug)]
pub(super) struct SmsFixture {
    pub(super) rental: Arc<RentedNumber>,
    /// What was sent, where it was sent by the command.
    pub(super) sent: Option<String>,
    /// The first reply that showed a message.
    pub(super) shown: HttpExchange,
    /// How long the SMS took, from the rental or from the command's end.
    pub(super) took: Duration,
}

impl SmsFixture {
    /// The messages of the first reply that showed one.
    pub(super) fn messages(&self) -> Vec<Value> {
        messages(&self.shown)
    }
}

/// The messages of a getSMS reply; none where there is no list.
pub(super) fn messages(read: &HttpExchange) -> Vec<Value> {
    read.reply.field("messages").as_array().cloned().unwrap_or_default()
}

impl Session<'_> {
    fn source(&self) -> Result<&SmsSource, NotPassed> {
        let none = || NotPassed::skipped("needs SMS: --sms-within or --sms-command");
        self.options.sms.as_ref().ok_or_else(none)
    }

    /// The shared rental with its first SMS. Made once.
    pub(super) fn first_inbox(&self) -> Result<Arc<SmsFixture>, NotPassed> {
        let mut inbox = self.inbox.lock();
        inbox.get_or_insert_with(|| self.fill_inbox().map(Arc::new)).clone()
    }

    /// The same, for the cases that are about something else.
    pub(super) fn inbox(&self) -> Result<Arc<SmsFixture>, NotPassed> {
        self.first_inbox().map_err(|not_passed| match not_passed {
            NotPassed::Failed(_) => NotPassed::skipped("no SMS arrived; sms-arrives tells why"),
            skipped => skipped,
        })
    }

    fn fill_inbox(&self) -> Result<SmsFixture, NotPassed> {
        let rental = self.rental()?;
        let watch = Stopwatch::start();
        let sent = match self.source()?.command.is_some() {
            true => Some(self.unique_text(1)),
            false => None,
        };
        if let Some(text) = &sent {
            self.send_sms(&rental, text)?;
        }
        let shown = self.wait_for(&rental, |messages| !messages.is_empty())?;
        Ok(SmsFixture { rental, sent, shown, took: watch.elapsed() })
    }

    /// Polls until the messages are as wanted.
    ///
    /// # Errors
    /// A failure by the last reply when they never are.
    pub(super) fn wait_for(
        &self,
        rental: &RentedNumber,
        is_wanted: impl Fn(&[Value]) -> bool,
    ) -> Result<HttpExchange, NotPassed> {
        let within = self.source()?.within();
        let watch = Stopwatch::start();
        loop {
            let read = self.poll(rental)?;
            read.success()?;
            if is_wanted(&messages(&read)) {
                return Ok(read);
            }
            let waited = watch.elapsed();
            if waited >= within {
                return Err(read.fails_as_shown(&format!("the SMS within {within:?}")));
            }
            self.stop.pause(poll_pause(waited).min(within - waited));
        }
    }

    /// Runs the command that sends an SMS to the number of a rental.
    pub(super) fn send_sms(&self, rental: &RentedNumber, text: &str) -> Result<(), NotPassed> {
        let source = self.source()?;
        let line = source.command.as_ref();
        let line = line.ok_or_else(|| NotPassed::skipped("needs --sms-command"))?;
        let number = rental.number().unwrap_or_default();
        self.run_command(line, number, text, source.within()).map_err(|why| {
            NotPassed::Failed(CaseFailure {
                expected: "a --sms-command that sends the SMS and ends with 0".into(),
                actual: why,
                request: format!("RINGER_NUMBER='{number}' RINGER_TEXT='{text}' sh -c …"),
            })
        })
    }

    fn run_command(
        &self,
        line: &str,
        number: &str,
        text: &str,
        within: Duration,
    ) -> Result<(), String> {
        let mut command = Command::new("sh");
        command.args(["-c", line]).env("RINGER_NUMBER", number).env("RINGER_TEXT", text);
        // A group of its own, so that all it has started can be ended; our stdout is the report's.
        command.stdin(Stdio::null()).stdout(Stdio::null()).process_group(0);
        let mut child = command.spawn().map_err(|error| format!("cannot run sh: {error}"))?;
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
        if let Some(group) = i32::try_from(child.id()).ok().and_then(Pid::from_raw) {
            let _ = kill_process_group(group, Signal::KILL);
        }
        let _ = child.wait();
        Err(format!("the command did not end within {within:?}"))
    }
}

/// Short at first, for a server nearby; long enough later not to be a burden.
pub(super) fn poll_pause(waited: Duration) -> Duration {
    (waited / 4).clamp(Duration::from_millis(10), Duration::from_secs(1))
}
