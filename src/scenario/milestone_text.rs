//! A milestone in words: before it happened, and while it has not.

use std::fmt;

use super::milestone::{CallEnding, Milestone, MilestoneKind, MilestoneOutcome, StoryEvent};

impl fmt::Display for Milestone {
    /// `a getSMS call was refused with RATE_LIMITED, 2 times`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = self.count.get();
        if let MilestoneKind::Event(StoryEvent::SmsRead) = self.what
            && count > 1
        {
            return write!(f, "one getSMS reply showed {count} SMS");
        }
        write!(f, "{}", self.what.sentence(true))?;
        if count > 1 {
            write!(f, ", {count} times")?;
        }
        Ok(())
    }
}

impl Milestone {
    /// What is still missing after it happened so many times, and how a test gets there.
    pub(crate) fn missing(&self, seen: u64) -> String {
        let mut text = match (seen, self.what) {
            (0, what) => what.sentence(false),
            (_, MilestoneKind::Event(StoryEvent::SmsRead)) => {
                let count = self.count.get();
                format!("no getSMS reply showed {count} SMS, the fullest one {seen}")
            }
            _ => format!("only {seen} of {} times {}", self.count.get(), self.what.sentence(true)),
        };
        if let Some(first) = text.get_mut(..1) {
            first.make_ascii_uppercase();
        }
        if !self.hint.is_empty() {
            text += &format!(": {}", self.hint.trim_end_matches('.'));
        }
        text + "."
    }
}

impl MilestoneKind {
    /// `a getSMS call was redirected`, or `no getSMS call was redirected`.
    fn sentence(self, happened: bool) -> String {
        let article = if happened { "a" } else { "no" };
        match self {
            Self::Event(event) => {
                let article = match event {
                    StoryEvent::SmsArrived | StoryEvent::SmsRead if happened => "an",
                    _ => article,
                };
                format!("{article} {}", event.clause())
            }
            Self::Call(endpoint, ending) => {
                let endpoint = endpoint.map(|one| format!("{one} ")).unwrap_or_default();
                format!("{article} {endpoint}call {}", ending.clause())
            }
        }
    }
}

impl StoryEvent {
    const fn clause(self) -> &'static str {
        match self {
            Self::SmsArrived => "SMS arrived",
            Self::SmsRead => "SMS was read",
            Self::EmptyPoll => "getSMS reply was without an SMS",
            Self::Expiry => "rental expired",
            Self::Revocation => "number was taken back by the partner",
            Self::Fault => "call was struck by a fault",
            Self::Delay => "reply was delayed by a fault",
        }
    }
}

impl CallEnding {
    fn clause(self) -> String {
        match self {
            Self::Any => "was made".into(),
            Self::Refused(code) => format!("was refused with {}", code.as_str()),
            Self::Status(status) => format!("got the status {}", status.get()),
            Self::Outcome(MilestoneOutcome::Success) => "succeeded".into(),
            Self::Outcome(MilestoneOutcome::Redirect) => "was redirected".into(),
            Self::Outcome(MilestoneOutcome::SpoiltReply) => "got a damaged reply".into(),
            Self::Outcome(MilestoneOutcome::NoReply) => "went without a reply".into(),
        }
    }
}
