//! Tells a scenario as a timeline that a person can read.

use std::fmt::Write;

use super::{Action, AfterEnd, Listing, Scenario, Script, SmsTemplate, Span, Steps, StockChange};

/// The whole story: what is offered, on which terms, and what a rental lives through.
#[must_use]
pub fn tell(scenario: &Scenario) -> String {
    let mut story = format!("{}: {}\n", scenario.name, scenario.summary);
    if !scenario.catches.is_empty() {
        let _ = writeln!(story, "The client's bug that it catches: {}.", scenario.catches);
    }
    let start = scenario.clock.start().map(|at| format!(", from {at} on")).unwrap_or_default();
    let _ = writeln!(story, "\nClock: {}{start}", scenario.clock);
    story += "\nOn offer:\n";
    for offer in &scenario.countries {
        let (country, name) = (offer.country, offer.country.name());
        let (available, price) = (offer.available, offer.price_per_sms);
        let listing = match offer.listing {
            Listing::Live => String::new(),
            Listing::Fixed(count) => format!("; the listing always says {count}"),
            Listing::Stale(span) => format!("; the listing stands still for {span}"),
        };
        let _ = writeln!(story, "  {country}  {name:<16} {available:>5} at {price}{listing}");
        for event in &offer.stock {
            let what = match event.change {
                StockChange::Set(count) => format!("the stock becomes {count}"),
                StockChange::Drain(count) => format!("the stock loses {count}"),
                StockChange::Refill(count) => format!("the stock gains {count}"),
            };
            let _ = writeln!(story, "      {} after the start {what}", event.at);
        }
    }
    if scenario.scripts.is_empty() {
        tell_script(&mut story, scenario, "A rental", &usual());
    }
    for script in &scenario.scripts {
        for (index, variant) in script.variants.iter().enumerate() {
            let title = title(script, index, scenario.scripts.len() > 1);
            tell_script(&mut story, scenario, &title, &variant.steps);
        }
    }
    story
}

fn usual() -> Steps {
    super::steps().sms(super::seconds(8), super::sms())
}

fn title(script: &Script, index: usize, one_of_many: bool) -> String {
    let mut title = match (script.country, &script.service, one_of_many) {
        (None, None, false) => "A rental".to_owned(),
        (None, None, true) => "Any other rental".to_owned(),
        (Some(country), None, _) => format!("A rental in {country}"),
        (None, Some(service), _) => format!("A rental for {service}"),
        (Some(country), Some(service), _) => format!("A rental in {country} for {service}"),
    };
    let total: u64 = script.variants.iter().map(|variant| u64::from(variant.weight)).sum();
    if script.variants.len() > 1 {
        let _ = write!(title, ", {} times in {total}", script.variants[index].weight);
    }
    title
}

fn tell_script(story: &mut String, scenario: &Scenario, title: &str, steps: &Steps) {
    let terms = &scenario.rental;
    let end = terms.time_to_live;
    let mut lines: Vec<(Span, String)> =
        vec![(Span::ZERO, "rentNumber hands out a number; getSMS shows no messages".into())];
    if terms.early_cancel_denied > Span::ZERO {
        lines.push((Span::ZERO, "cancelNumber is refused: EARLY_CANCEL_DENIED".into()));
        lines.push((
            terms.early_cancel_denied,
            "cancelNumber is allowed, with a full refund".into(),
        ));
    }
    let mut sold = false;
    for step in &steps.0 {
        let late = step.after >= end;
        lines.push((step.after, tell_action(&step.action, late)));
        if matches!(step.action, Action::Sms(_)) && !late && !sold {
            sold = true;
            lines.push((step.after, after_first_sms(terms.cancel_after_sms_refused)));
        }
    }
    let refund =
        if sold { "sold: nothing is paid back" } else { "no SMS came: the price is paid back" };
    let gone = match terms.after_end {
        AfterEnd::Stored => "getSMS shows what was stored for 24 h",
        AfterEnd::Gone => "getSMS answers RENTAL_EXPIRED",
    };
    lines.push((end, format!("the rental expires; {refund}; {gone}")));
    lines.sort_by_key(|(at, _)| *at);
    if terms.second_cancel_refused {
        lines.push((end, "at any time, a second cancelNumber is ALREADY_CANCELLED".into()));
    }
    let _ = writeln!(story, "\n{title}, counted from rentNumber:");
    for (at, line) in lines {
        let _ = writeln!(story, "  {:>8}  {line}", format!("+{at}"));
    }
}

fn after_first_sms(refused: bool) -> String {
    match refused {
        true => "from now on cancelNumber is refused: SMS_ALREADY_RECEIVED".into(),
        false => "from now on cancelNumber pays back 0.00".into(),
    }
}

fn tell_action(action: &Action, late: bool) -> String {
    let late = if late { ", late: shown, and not charged" } else { "" };
    match action {
        Action::Sms(sms) => format!("an SMS arrives{late}: {}", tell_sms(sms)),
        Action::Duplicate => format!("the SMS before arrives a second time{late}"),
        Action::Expire => "the rental expires before its time".into(),
        Action::Revoke => "the partner takes the number back, and the rental is cancelled".into(),
    }
}

fn tell_sms(sms: &SmsTemplate) -> String {
    let sender = match &sms.sender {
        None => "the service".to_owned(),
        Some(sender) => format!("{sender:?}"),
    };
    let text = match &sms.text {
        None if sms.decoy => "without a code".to_owned(),
        None => format!("with a code like {:?}", sms.code.as_str()),
        Some(text) if text.shows_code() => {
            let same = if sms.same_code { "the same code" } else { sms.code.as_str() };
            format!("{:?}, the code is {same}", text.to_string())
        }
        Some(text) => format!("{:?}", text.to_string()),
    };
    let decoy = if sms.decoy { " (a decoy)" } else { "" };
    let dated = sms.received_at.map(|at| format!(", dated +{at}")).unwrap_or_default();
    format!("from {sender}, {text}{decoy}{dated}")
}
