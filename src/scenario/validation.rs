//! Checks that the values of a scenario, each valid by itself, make sense together.

use std::collections::HashSet;
use std::fmt;

use super::limits::{self, TextLength};
use super::{CodePattern, Milestone, Numbers, Scenario, SmsTemplate, SmsText, StockChange};
use crate::scenario::script::{Action, Script};

/// What is wrong with a field of a scenario, or of another JSON document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// The path of the field in the JSON: `scripts[0].variants[1].weight`.
    pub path: String,
    /// What is wrong, and what would be right.
    pub message: String,
}

impl FieldError {
    /// If the message begins with a field in backticks, that field is appended to the path: so a
    /// part of a document, which does not know its own path, can say which of its fields is wrong.
    pub(super) fn at(path: String, message: String) -> Self {
        let field = message.strip_prefix('`').and_then(|rest| rest.split_once('`'));
        let path = match (field, path.as_str()) {
            (None, _) => path,
            (Some((field, _)), ".") => field.to_owned(),
            (Some((field, _)), path) => format!("{path}.{field}"),
        };
        Self { path, message }
    }
}

impl fmt::Display for FieldError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.path.as_str() {
            // The whole document.
            "." => f.write_str(&self.message),
            path => write!(f, "{path}: {}", self.message),
        }
    }
}

impl Scenario {
    /// Validates the scenario.
    ///
    /// # Errors
    /// Every problem, in the order of the fields.
    pub fn validate(&self) -> Result<(), Vec<FieldError>> {
        let mut problems = FieldErrors(Vec::new());
        self.check_name(&mut problems);
        self.check_countries(&mut problems);
        self.check_rental(&mut problems);
        problems.bound("scripts", self.scripts.len());
        for (index, script) in self.scripts.iter().enumerate() {
            self.check_script(index, script, &mut problems);
        }
        problems.bound("faults", self.faults.len());
        for (index, rule) in self.faults.iter().enumerate() {
            if let Err(message) = rule.check() {
                problems.0.push(FieldError::at(format!("faults[{index}]"), message));
            }
            if rule.ends_before_it_starts() {
                let message = "is over before `from`, so the rule never strikes; give a longer ttl";
                problems.add(&format!("faults[{index}].ttl"), message.into());
            }
        }
        problems.bound("expects", self.expects.len());
        for (index, milestone) in self.expects.iter().enumerate() {
            if milestone.hint.chars().count() > Milestone::MAX_HINT_CHARS {
                let message = format!("has more than {} characters", Milestone::MAX_HINT_CHARS);
                problems.add(&format!("expects[{index}].hint"), message);
            }
        }
        if problems.0.is_empty() { Ok(()) } else { Err(problems.0) }
    }

    fn check_name(&self, problems: &mut FieldErrors) {
        let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        if self.name.is_empty() || self.name.len() > 64 || !self.name.bytes().all(allowed) {
            problems.add(
                "name",
                format!("{:?} must be 1 to 64 lower-case letters, digits and -", self.name),
            );
        }
        if self.name == "schema" {
            problems.add("name", "\"schema\" is a path of the control API; choose another".into());
        }
    }

    fn check_countries(&self, problems: &mut FieldErrors) {
        problems.bound("countries", self.countries.len());
        if self.countries.is_empty() {
            problems.add("countries", "offers nothing; add at least one country".into());
        }
        let mut seen = HashSet::new();
        let mut listed_before = HashSet::new();
        for (index, offer) in self.countries.iter().enumerate() {
            if !seen.insert(offer.country) {
                let message = format!("{} is offered twice; keep one", offer.country);
                problems.add(&format!("countries[{index}].country"), message);
            }
            if let Numbers::Listed(listed) = &offer.numbers {
                for (at, number) in listed.iter().enumerate() {
                    if !listed_before.insert(number) {
                        let path = format!("countries[{index}].numbers.listed[{at}]");
                        problems.add(&path, format!("{number} is listed twice; keep one"));
                    }
                }
                if listed_before.len() > Scenario::MAX_LISTED_NUMBERS {
                    let message = format!(
                        "is number {} that the countries list together; at most {} are right",
                        listed_before.len(),
                        Scenario::MAX_LISTED_NUMBERS
                    );
                    problems.add(&format!("countries[{index}].numbers.listed"), message);
                }
            }
            problems.bound(&format!("countries[{index}].stock"), offer.stock.len());
            for (at, event) in offer.stock.iter().enumerate() {
                if matches!(event.change, StockChange::Drain(0) | StockChange::Refill(0)) {
                    let path = format!("countries[{index}].stock[{at}].change");
                    problems.add(&path, "changes nothing; give a count above 0".into());
                }
            }
        }
    }

    fn check_rental(&self, problems: &mut FieldErrors) {
        if self.rental.time_to_live.as_millis() == 0 {
            problems.add("rental.time_to_live", "a rental must live longer than 0s".into());
        }
        if self.rental.first_rental_id.is_some_and(|id| id.digits() > 1_000_000_000_000) {
            let message = "leaves no room to count up; at most 12 digits are right".into();
            problems.add("rental.first_rental_id", message);
        }
        if self.rental.max_active == Some(0) {
            problems.add("rental.max_active", "0 would allow no rental; give 1 or more".into());
        }
        if let super::Clock::PerPoll { step, .. } = self.clock
            && step.as_millis() == 0
        {
            problems.add("clock.step", "a step of 0s never moves the clock; use frozen".into());
        }
        if let Some(sms) = &self.rental.sms_during_cancel {
            problems.bound_sms("rental.sms_during_cancel", sms, &sms.code);
        }
    }

    fn check_script(&self, index: usize, script: &Script, problems: &mut FieldErrors) {
        let path = format!("scripts[{index}]");
        let hides = |earlier: &Script| {
            (earlier.country.is_none() || earlier.country == script.country)
                && earlier.service.as_ref().is_none_or(|service| {
                    script.service.as_ref().is_some_and(|other| other.is(service))
                })
        };
        if let Some(earlier) = self.scripts[..index].iter().position(hides) {
            let message = format!(
                "never plays: scripts[{earlier}] takes all its rentals; put it before that one"
            );
            problems.add(&path, message);
        }
        if script.variants.iter().map(|variant| u64::from(variant.weight)).sum::<u64>() == 0 {
            let message = "no variant has a weight above 0, so none can be drawn".into();
            problems.add(&format!("{path}.variants"), message);
        }
        problems.bound(&format!("{path}.variants"), script.variants.len());
        for (at, variant) in script.variants.iter().enumerate() {
            let path = format!("{path}.variants[{at}].steps");
            self.check_steps(&path, &variant.steps.0, problems);
        }
    }

    fn check_steps(&self, path: &str, steps: &[super::Step], problems: &mut FieldErrors) {
        let last = self.rental.time_to_live.as_millis() + self.rental.late_sms_grace.as_millis();
        problems.bound(path, steps.len());
        let mut before = None;
        let mut code = None;
        for (at, step) in steps.iter().enumerate() {
            let path = format!("{path}[{at}]");
            if before.is_some_and(|before| before > step.after) {
                problems.add(&path, "comes before the step above it; order them by time".into());
            }
            before = Some(step.after);
            if step.after.as_millis() >= last.max(1) {
                let message = format!(
                    "{} is after the rental's life and grace, so it never happens",
                    step.after
                );
                problems.add(&format!("{path}.after"), message);
            }
            let needs_sms = match &step.action {
                Action::Duplicate => true,
                Action::Sms(sms) => sms.same_code,
                Action::Expire | Action::Revoke => false,
            };
            if needs_sms && code.is_none() {
                problems.add(&format!("{path}.action"), "has no SMS before it to repeat".into());
            }
            if let Action::Sms(sms) = &step.action {
                let carried = sms.carries(code);
                problems.bound_sms(&format!("{path}.action.sms"), sms, carried);
                code = Some(carried);
            }
        }
        let bytes = limits::reply_bytes(steps, &self.rental);
        if bytes > Scenario::MAX_REPLY_BYTES {
            let most = Scenario::MAX_REPLY_BYTES;
            let message = format!(
                "may come to {bytes} bytes in one getSMS reply; at most {most} are right, so send \
                 fewer or shorter messages"
            );
            problems.add(path, message);
        }
    }
}

struct FieldErrors(Vec<FieldError>);

impl FieldErrors {
    fn add(&mut self, path: &str, message: String) {
        self.0.push(FieldError { path: path.to_owned(), message });
    }

    fn bound(&mut self, path: &str, length: usize) {
        let most = Scenario::MAX_ENTRIES;
        if length > most {
            self.add(path, format!("has {length} entries; at most {most} are right"));
        }
    }

    fn bound_sms(&mut self, path: &str, sms: &SmsTemplate, code: &CodePattern) {
        let (sender, text) = sms.longest(code);
        let most = Scenario::MAX_SMS_CHARS;
        for (field, TextLength { chars, .. }) in [("sender", sender), ("text", text)] {
            if chars > most {
                let message = format!(
                    "may have {chars} characters with placeholders filled; at most {most} are right"
                );
                self.add(&format!("{path}.{field}"), message);
            }
        }
        let length = code.as_str().chars().count();
        for part in sms.text.iter().flat_map(SmsText::parts_of_code) {
            if part.start >= length {
                let to = if part.end == usize::MAX { String::new() } else { part.end.to_string() };
                let message = format!(
                    "{{code:{}..{to}}} shows nothing of a code {:?}, which has {length} characters; \
                     {{code:0..{length}}} is all of it",
                    part.start,
                    code.as_str()
                );
                self.add(&format!("{path}.text"), message);
            }
        }
    }
}
