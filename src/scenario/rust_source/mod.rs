//! Writes a scenario as the Rust that builds it.

mod fault;
mod layout;
mod milestone;
mod value;

use super::offer::{Listing, Numbers, Offer, StockChange};
use super::rental::{AfterEnd, RentalPolicy};
use super::script::{Action, Script, SmsTemplate, Steps};
use super::shape::ReplyShape;
use super::sms_text::CodePattern;
use super::{Clock, Scenario, usual_countries};
use layout::Expression;
use value::{amount, clock, country, virtual_length, whole};

/// Words that a function must not be called: keywords of Rust, and the vocabulary, which it would hide.
const TAKEN: &str = "abstract as async await become box break const continue crate do dyn else enum \
    extern false final fn for gen if impl in let loop macro match mod move mut override priv pub ref \
    return self static struct super trait true try type typeof unsafe unsized use virtual where while \
    yield cents country fault main millis minutes rate_limit real_millis real_seconds rental replies \
    scenario seconds sms steps usual_countries";

impl Scenario {
    /// Writes it as the Rust that builds it: a file with a function of its name, formatted.
    #[must_use]
    pub fn to_rust(&self) -> String {
        format!("use ringer::scenario::*;\n\n{}", self.function())
    }

    fn function(&self) -> String {
        let mut name = self.name.replace('-', "_");
        let is_no_name = !name.starts_with(|c: char| c.is_ascii_lowercase());
        if is_no_name || TAKEN.split_whitespace().any(|word| word == name) {
            name = format!("scenario_{name}");
        }
        format!("pub fn {name}() -> Scenario {{\n    {}\n}}\n", self.expression().lay_out(4))
    }

    fn expression(&self) -> Expression {
        let mut built = Expression::call("scenario", [Expression::string(&self.name)]);
        for (name, text) in [("summary", &self.summary), ("catches", &self.catches)] {
            if !text.is_empty() {
                built = built.method(name, [Expression::string(text)]);
            }
        }
        if self.clock != Clock::default() {
            built = built.method("clock", [clock(&self.clock)]);
        }
        if self.countries == usual_countries() {
            built = built.method("countries", [Expression::call("usual_countries", [])]);
        } else {
            built = self.countries.iter().fold(built, |it, of| it.method("country", [offer(of)]));
        }
        if self.rental != RentalPolicy::default() {
            built = built.method("rental", [rental(&self.rental)]);
        }
        built = self.scripts.iter().fold(built, |it, of| it.method("script", [script(of)]));
        built = self.faults.iter().fold(built, |it, of| it.method("fault", [fault::rule(of)]));
        if self.shape != ReplyShape::default() {
            built = built.method("replies", [shape(&self.shape)]);
        }
        let expects = self.expects.iter();
        expects.fold(built, |it, of| it.method("expects", [milestone::milestone(of)]))
    }
}

fn offer(offer: &Offer) -> Expression {
    let mut built = Expression::call("country", [country(offer.country)]);
    if offer.available > 0 {
        built = built.method("available", [whole(offer.available.into())]);
    }
    if offer.price_per_sms != super::Money::ZERO {
        built = built.method("price", [amount(offer.price_per_sms)]);
    }
    for event in &offer.stock {
        let (name, count) = match event.change {
            StockChange::Set(count) => ("set_at", count),
            StockChange::Drain(count) => ("drain_at", count),
            StockChange::Refill(count) => ("refill_at", count),
        };
        built = built.method(name, [virtual_length(event.at), whole(count.into())]);
    }
    match offer.listing {
        Listing::Live => {}
        Listing::Stale(length) => {
            let stale = Expression::call("Listing::Stale", [virtual_length(length)]);
            built = built.method("listing", [stale]);
        }
        Listing::Fixed(count) => {
            let fixed = Expression::call("Listing::Fixed", [whole(count.into())]);
            built = built.method("listing", [fixed]);
        }
    }
    match &offer.numbers {
        Numbers::Any => {}
        Numbers::Mobile => built = built.method("numbers", [Expression::text("Numbers::Mobile")]),
        Numbers::Listed(listed) => {
            let listed = listed.iter().map(|number| Expression::string(&number.to_string()));
            let listed = Expression::call("Numbers::listed", [Expression::List(listed.collect())]);
            built = built.method("numbers", [listed]);
        }
    }
    built.method_if(offer.hidden, "hidden")
}

fn rental(terms: &RentalPolicy) -> Expression {
    let (mut built, usual) = (Expression::call("rental", []), RentalPolicy::default());
    if terms.time_to_live != usual.time_to_live {
        built = built.method("time_to_live", [virtual_length(terms.time_to_live)]);
    }
    if terms.early_cancel_denied != usual.early_cancel_denied {
        built = built.method("early_cancel_denied", [virtual_length(terms.early_cancel_denied)]);
    }
    built = built.method_if(terms.cancel_after_sms_refused, "cancel_after_sms_refused");
    if let Some(template) = &terms.sms_during_cancel {
        built = built.method("sms_during_cancel", [sms(template)]);
    }
    built = built.method_if(terms.second_cancel_refused, "second_cancel_refused");
    if terms.after_end != usual.after_end {
        let after_end = match terms.after_end {
            AfterEnd::Stored => "AfterEnd::Stored",
            AfterEnd::Gone => "AfterEnd::Gone",
        };
        built = built.method("after_end", [Expression::text(after_end)]);
    }
    if terms.late_sms_grace != usual.late_sms_grace {
        built = built.method("late_sms_grace", [virtual_length(terms.late_sms_grace)]);
    }
    if let Some(most) = terms.max_active {
        built = built.method("max_active", [whole(most.into())]);
    }
    if let Some(balance) = terms.balance {
        built = built.method("balance", [amount(balance)]);
    }
    match terms.first_rental_id {
        Some(id) => built.method("first_rental_id", [whole(id.digits())]),
        None => built,
    }
}

fn script(script: &Script) -> Expression {
    let mut built = match &script.variants[..] {
        [only] if only.weight == 1 => steps(&only.steps),
        variants => {
            let variants = variants.iter().map(|variant| {
                Expression::Tuple(vec![Expression::text(variant.weight), steps(&variant.steps)])
            });
            Expression::call("Script::weighted", [Expression::List(variants.collect())])
        }
    };
    if let Some(of) = script.country {
        built = built.method("for_country", [country(of)]);
    }
    match &script.service {
        Some(service) => built.method("for_service", [Expression::string(service.as_str())]),
        None => built,
    }
}

fn steps(steps: &Steps) -> Expression {
    steps.0.iter().fold(Expression::call("steps", []), |built, step| {
        let after = virtual_length(step.after);
        match &step.action {
            Action::Sms(template) => built.method("sms", [after, sms(template)]),
            Action::Duplicate => built.method("duplicate", [after]),
            Action::Expire => built.method("expire", [after]),
            Action::Revoke => built.method("revoke", [after]),
        }
    })
}

fn sms(template: &SmsTemplate) -> Expression {
    let mut built = Expression::call("sms", []);
    if let Some(sender) = &template.sender {
        built = built.method("sender", [Expression::string(sender)]);
    }
    if let Some(text) = &template.text {
        built = built.method("text", [Expression::string(&text.to_string())]);
    }
    if template.code != CodePattern::default() {
        built = built.method("code", [Expression::string(template.code.as_str())]);
    }
    built = built.method_if(template.same_code, "same_code").method_if(template.decoy, "decoy");
    match template.received_at {
        Some(at) => built.method("received_at", [virtual_length(at)]),
        None => built,
    }
}

fn shape(shape: &ReplyShape) -> Expression {
    let usual = ReplyShape::default();
    let mut built = Expression::call("replies", [])
        .method_if(shape.price_as_string, "price_as_string")
        .method_if(shape.number_without_plus, "number_without_plus");
    if shape.messages != usual.messages {
        let ways =
            shape.messages.iter().map(|way| Expression::text(format!("NoMessages::{way:?}")));
        built = built.method("no_messages", [Expression::List(ways.collect())]);
    }
    built = built.method_if(shape.newest_first, "newest_first");
    if shape.timestamps != usual.timestamps {
        let styles = shape.timestamps.iter();
        let styles = styles.map(|style| Expression::text(format!("TimeStyle::{style:?}")));
        built = built.method("timestamps", [Expression::List(styles.collect())]);
    }
    if !shape.clock_skew.is_none() {
        let millis = shape.clock_skew.as_millis();
        let side = if millis < 0 { "Skew::behind" } else { "Skew::ahead" };
        let by = super::VirtualDuration::millis(millis.unsigned_abs());
        built = built.method("clock_skew", [Expression::call(side, [virtual_length(by)])]);
    }
    built
        .method_if(shape.errors_as_200, "errors_as_200")
        .method_if(shape.extra_field, "extra_field")
}
