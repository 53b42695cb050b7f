//! Describes a scenario as a timeline for people.

use std::fmt::Write;

use super::{
    Action, AfterEnd, Listing, Numbers, Offer, RentalPolicy, Scenario, Script, SmsTemplate, Step,
    Steps, StockChange, VirtualDuration,
};

impl Scenario {
    /// Describes it for people: what it offers, on which terms, and what happens to a rental, as a
    /// timeline.
    pub fn timeline(&self) -> String {
        let mut text = format!("{}: {}\n", self.name, self.summary);
        if !self.catches.is_empty() {
            let _ = writeln!(text, "Catches: {}.", self.catches);
        }
        let _ = writeln!(text, "\nClock: {}", self.clock);
        write_list(&mut text, "The story has been told once:", &self.expects);
        text += "\nOn offer:\n";
        for offer in &self.countries {
            write_offer(&mut text, offer);
        }
        write_terms(&mut text, &self.rental);
        write_list(&mut text, "Faults, tried in this order:", &self.faults);
        write_list(&mut text, "Replies:", &self.shape.deviations());
        if self.countries.iter().all(is_always_empty) {
            text += "\nNothing can be rented: rentNumber is always NO_NUMBERS.\n";
        } else {
            write_rentals(&mut text, self);
        }
        text
    }
}

fn write_offer(text: &mut String, offer: &Offer) {
    let (country, name) = (offer.country, offer.country.name());
    let (available, price) = (offer.available, offer.price_per_sms);
    let listing = match offer.listing {
        Listing::Live => String::new(),
        Listing::Fixed(count) => format!("; the listing always says {count}"),
        Listing::Stale(duration) => format!("; the listing is frozen for {duration}"),
    };
    let hidden = if offer.hidden { "; listed only when asked for" } else { "" };
    let numbers = match &offer.numbers {
        Numbers::Any => String::new(),
        Numbers::Mobile => "; mobile numbers".into(),
        Numbers::Listed(listed) => {
            let listed: Vec<String> = listed.iter().map(ToString::to_string).collect();
            format!("; first {}", listed.join(", "))
        }
    };
    let _ = writeln!(
        text,
        "  {country}  {name:<16} {available:>5} at {price}{listing}{numbers}{hidden}"
    );
    for event in &offer.stock {
        let what = match event.change {
            StockChange::Set(count) => format!("the stock becomes {count}"),
            StockChange::Drain(count) => format!("the stock loses {count}"),
            StockChange::Refill(count) => format!("the stock gains {count}"),
        };
        let _ = writeln!(text, "      {} after the start {what}", event.at);
    }
}

fn is_always_empty(offer: &Offer) -> bool {
    let fills = |change| matches!(change, StockChange::Set(1..) | StockChange::Refill(1..));
    offer.available == 0 && !offer.stock.iter().any(|event| fills(event.change))
}

/// Only the terms that the timeline of a rental does not show.
fn write_terms(text: &mut String, terms: &RentalPolicy) {
    let mut lines = Vec::new();
    if let Some(id) = terms.first_rental_id {
        lines.push(format!("the first rental is {id}"));
    }
    if let Some(most) = terms.max_active {
        lines.push(format!("with {most} live rentals, one more is TOO_MANY_ACTIVE_RENTALS"));
    }
    if let Some(balance) = terms.balance {
        lines.push(format!("the balance is {balance}; beyond it, INSUFFICIENT_BALANCE"));
    }
    if let Some(sms) = &terms.sms_during_cancel {
        let sms = sms_text(sms);
        lines.push(format!(
            "the first cancelNumber is SMS_ALREADY_RECEIVED: at its moment arrives {sms}"
        ));
    }
    if terms.second_cancel_refused {
        lines.push("a second cancelNumber is ALREADY_CANCELLED".into());
    }
    write_list(text, "Terms:", &lines);
}

fn write_list<T: std::fmt::Display>(text: &mut String, title: &str, lines: &[T]) {
    if !lines.is_empty() {
        let _ = writeln!(text, "\n{title}");
    }
    for line in lines {
        let _ = writeln!(text, "  {line}");
    }
}

fn write_rentals(text: &mut String, scenario: &Scenario) {
    let usual = Script::from(super::steps().sms(super::seconds(8), super::sms()));
    let takes_all = |script: &Script| script.country.is_none() && script.service.is_none();
    let rest = if scenario.scripts.iter().any(takes_all) { None } else { Some(&usual) };
    let mut told: Vec<(String, &Steps)> = Vec::new();
    for (place, script) in scenario.scripts.iter().chain(rest).enumerate() {
        for (index, variant) in script.variants.iter().enumerate() {
            let title = title(script, place == 0, index);
            match told.iter().find(|(_, steps)| *steps == &variant.steps) {
                Some((before, _)) => {
                    let gap = if index == 0 { "\n" } else { "" };
                    let _ = writeln!(text, "{gap}{title}: as {}", before.replacen('A', "a", 1));
                }
                None => {
                    write_rental(text, &title, &scenario.rental, &variant.steps.0);
                    told.push((title, &variant.steps));
                }
            }
        }
    }
}

fn title(script: &Script, is_first: bool, variant: usize) -> String {
    let mut title = match (script.country, &script.service) {
        (None, None) if is_first => "A rental".to_owned(),
        (None, None) => "Any other rental".to_owned(),
        (Some(country), None) => format!("A rental in {country}"),
        (None, Some(service)) => format!("A rental with service={service}"),
        (Some(country), Some(service)) => format!("A rental in {country} with service={service}"),
    };
    if script.variants.len() > 1 {
        let total: u64 = script.variants.iter().map(|variant| u64::from(variant.weight)).sum();
        let _ = write!(title, ", {} in {total}", script.variants[variant].weight);
    }
    title
}

fn write_rental(text: &mut String, title: &str, terms: &RentalPolicy, steps: &[Step]) {
    let is_sms = |step: &Step| matches!(step.action, Action::Sms(_) | Action::Duplicate);
    let last = steps.partition_point(|step| step.after < terms.time_to_live);
    let lived = steps[..last].iter().position(|step| !is_sms(step)).unwrap_or(last);
    let (lived, rest) = steps.split_at(lived);
    let sudden = rest.first().filter(|step| !is_sms(step) && step.after < terms.time_to_live);
    let end = sudden.map_or(terms.time_to_live, |step| step.after);
    let sold = lived.first().map(|step| step.after);

    let mut lines = vec![(VirtualDuration::ZERO, start_of(terms))];
    for (index, step) in lived.iter().enumerate() {
        lines.push((step.after, action_text(&step.action)));
        if index == 0 {
            lines.push((step.after, sale_of(terms, step.after).into()));
        }
    }
    if terms.early_cancel_denied > VirtualDuration::ZERO && terms.early_cancel_denied < end {
        let refund = if sold.is_some_and(|sold| sold <= terms.early_cancel_denied) {
            "cancelNumber is allowed"
        } else {
            "cancelNumber is allowed, and pays back the price"
        };
        lines.push((terms.early_cancel_denied, refund.into()));
    }
    lines.push((end, end_of(terms, sudden.map(|step| &step.action), sold.is_some())));
    for step in rest.iter().filter(|step| is_sms(step) && step.after < end + terms.late_sms_grace) {
        lines.push((
            step.after,
            format!("late, shown and not charged: {}", action_text(&step.action)),
        ));
    }
    lines.push((
        end + VirtualDuration::seconds(24 * 3_600),
        "the rental is forgotten: RENTAL_NOT_FOUND".into(),
    ));
    lines.sort_by_key(|(at, _)| *at);

    let _ = writeln!(text, "\n{title}, counted from rentNumber:");
    for (at, line) in lines {
        let _ = writeln!(text, "  {:>8}  {line}", format!("+{at}"));
    }
}

fn start_of(terms: &RentalPolicy) -> String {
    let cancel = if terms.sms_during_cancel.is_some() {
        "brings the SMS of the terms and is refused"
    } else if terms.early_cancel_denied > VirtualDuration::ZERO {
        "is refused: EARLY_CANCEL_DENIED"
    } else {
        "pays back the price"
    };
    format!("rentNumber hands out a number; getSMS shows no messages; cancelNumber {cancel}")
}

fn sale_of(terms: &RentalPolicy, at: VirtualDuration) -> &'static str {
    if terms.cancel_after_sms_refused {
        "the number is sold: cancelNumber is refused from now on: SMS_ALREADY_RECEIVED"
    } else if at < terms.early_cancel_denied {
        "the number is sold: once cancelNumber is allowed, it pays back 0.00"
    } else {
        "the number is sold: cancelNumber pays back 0.00 from now on"
    }
}

fn end_of(terms: &RentalPolicy, sudden: Option<&Action>, sold: bool) -> String {
    let (what, gone) = match sudden {
        None => ("the rental expires", "RENTAL_EXPIRED"),
        Some(Action::Revoke) => ("the partner takes the number back", "RENTAL_CANCELLED"),
        Some(_) => ("the rental expires before its time", "RENTAL_EXPIRED"),
    };
    let refund = if sold { "nothing is paid back" } else { "the price is paid back" };
    match terms.after_end {
        AfterEnd::Stored => format!("{what}; {refund}; getSMS still shows what came"),
        AfterEnd::Gone => format!("{what}; {refund}; getSMS is {gone}"),
    }
}

fn action_text(action: &Action) -> String {
    match action {
        Action::Sms(sms) => sms_text(sms),
        Action::Duplicate => "the previous SMS arrives again".into(),
        Action::Expire | Action::Revoke => "nothing: the rental is over".into(),
    }
}

fn sms_text(sms: &SmsTemplate) -> String {
    let sender = match sms.sender.as_deref() {
        None => "the service".to_owned(),
        Some("") => "an empty sender".to_owned(),
        Some(sender) => format!("{sender:?}"),
    };
    let text =
        sms.text.as_ref().map(|text| format!(": {:?}", text.to_string())).unwrap_or_default();
    let pattern = sms.code.as_str();
    let code = match &sms.text {
        _ if sms.decoy => "a decoy".to_owned(),
        Some(text) if !text.shows_code() => "without a code".to_owned(),
        _ if sms.same_code => "with the same code".to_owned(),
        _ if sms.code.is_drawn() => format!("with a code like {pattern}"),
        _ => format!("with the code {pattern}"),
    };
    let dated = sms.received_at.map(|at| format!(", dated +{at}")).unwrap_or_default();
    format!("an SMS from {sender}{text}, {code}{dated}")
}
