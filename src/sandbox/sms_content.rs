//! The texts of messages. They are drawn from the rental's seed whenever they are read, so that a
//! million waiting messages take no memory.

use fake::Fake;
use fake::faker::company::en::CompanyName;
use fake::faker::name::en::FirstName;
use rand::seq::IndexedRandom;
use rand::{Rng, RngExt};

use super::rental::Rental;
use super::streams::{numbered_stream, stream};
use crate::domain::service::Service;
use crate::domain::sms::Sms;
use crate::domain::timestamp::Timestamp;
use crate::scenario::sms_text::Piece;
use crate::scenario::{Action, CodePattern, SmsTemplate, SmsText, Step};

/// The messages that have arrived, oldest first. `steps`: those of the rental's script.
pub(crate) fn messages(rental: &Rental, steps: &[Step]) -> Vec<Sms> {
    let mut messages: Vec<Sms> = (0..usize::from(rental.played).min(steps.len()))
        .filter_map(|index| message(rental, steps, index))
        .chain(rental.arrived_extra().cloned())
        .collect();
    // A stable sort: messages with the same date stay in the order of arrival.
    messages.sort_by_key(|sms| sms.received_at);
    messages
}

/// The message of one step, if it sends one.
pub(crate) fn message(rental: &Rental, steps: &[Step], index: usize) -> Option<Sms> {
    match &steps.get(index)?.action {
        Action::Sms(template) => Some(write(rental, steps, index, template)),
        Action::Duplicate => message(rental, steps, sms_before(steps, index)?),
        Action::Expire | Action::Revoke => None,
    }
}

fn sms_before(steps: &[Step], index: usize) -> Option<usize> {
    steps[..index].iter().rposition(|step| matches!(step.action, Action::Sms(_)))
}

/// A message outside the script, which arrives now.
pub(crate) fn unplanned(rental: &Rental, template: &SmsTemplate, now: Timestamp) -> Sms {
    // Written as if it were the only step of a script.
    let step = Step { after: now.since(rental.rented_at), action: Action::Sms(template.clone()) };
    write(rental, &[step], 0, template)
}

fn write(rental: &Rental, steps: &[Step], index: usize, template: &SmsTemplate) -> Sms {
    let brand = brand(rental.service.as_ref(), rental.seed);
    let code = code(rental.seed, steps, index, template);
    let made_up;
    let text = match &template.text {
        Some(text) => text,
        None => {
            made_up = wording(rental.seed, index, template.decoy);
            &made_up
        }
    };
    let sender = template.sender.clone().unwrap_or_else(|| sender_name(&brand));
    let expected_code = (!template.decoy && text.shows_code()).then(|| code.clone());
    let after = template.received_at.unwrap_or(steps[index].after);
    Sms {
        sender,
        text: fill(text, &code, &brand, &rental.number.to_string()),
        received_at: rental.rented_at.plus(after),
        expected_code,
    }
}

/// The code of a step, or with `same_code` that of the SMS before it.
fn code(seed: u64, steps: &[Step], index: usize, template: &SmsTemplate) -> String {
    if template.same_code
        && let Some(before) = sms_before(steps, index)
        && let Action::Sms(earlier) = &steps[before].action
    {
        return code(seed, steps, before, earlier);
    }
    draw(&template.code, &mut numbered_stream(seed, index as u64))
}

fn draw(pattern: &CodePattern, rng: &mut impl Rng) -> String {
    pattern
        .as_str()
        .chars()
        .map(|c| match c {
            '#' => char::from(rng.random_range(b'0'..=b'9')),
            '?' => char::from(rng.random_range(b'A'..=b'Z')),
            zero if CodePattern::OTHER_ZEROS.contains(&zero) => {
                let digit = u32::from(zero) + rng.random_range(0..=9);
                char::from_u32(digit).unwrap_or(zero)
            }
            other => other,
        })
        .collect()
}

/// The display name of the service. Without a service, a made-up company.
fn brand(service: Option<&Service>, seed: u64) -> String {
    match service {
        Some(service) => service.display_name(),
        None => CompanyName().fake_with_rng(&mut stream(seed, "company")),
    }
}

/// A sender as networks allow it: at most 11 letters and digits of the first word.
fn sender_name(brand: &str) -> String {
    let word = brand.split_whitespace().next().unwrap_or_default();
    let name: String = word.chars().filter(|c| c.is_alphanumeric()).take(11).collect();
    if name.is_empty() { "Verify".to_owned() } else { name }
}

const WORDINGS: [&str; 8] = [
    "Your {service} verification code is: {code}",
    "{code} is your {service} code. Do not share it with anyone.",
    "{service}: use {code} to confirm your phone number.",
    "Hi {name}, your {service} login code is {code}.",
    "[{service}] {code} - enter this code to finish signing up.",
    "Use code {code} to verify your {service} account. It expires soon.",
    "{name}, welcome to {service}! Your code: {code}",
    "Never give this code to anybody: {code}. Sent by {service}.",
];

const DECOYS: [&str; 3] = [
    "Welcome to {service}, {name}! We are glad to have you.",
    "Hi {name}, somebody is signing in to {service}. Your code follows.",
    "{service} will never ask you for your password.",
];

fn wording(seed: u64, index: usize, decoy: bool) -> SmsText {
    let mut rng = numbered_stream(seed, u64::MAX - index as u64);
    let wordings: &[&str] = if decoy { &DECOYS } else { &WORDINGS };
    let wording = wordings.choose(&mut rng).copied().unwrap_or(WORDINGS[0]);
    let name: String = FirstName().fake_with_rng(&mut rng);
    // A test proves that all wordings parse; one that did not would be sent as it is.
    wording.replace("{name}", &name).parse().unwrap_or_default()
}

fn fill(text: &SmsText, code: &str, brand: &str, number: &str) -> String {
    let mut filled = String::with_capacity(80);
    for piece in text.pieces() {
        match piece {
            Piece::Literal(literal) => filled.push_str(literal),
            Piece::Code(None) => filled.push_str(code),
            Piece::Code(Some(part)) => {
                filled.extend(code.chars().take(part.end).skip(part.start));
            }
            Piece::Service => filled.push_str(brand),
            Piece::Number => filled.push_str(number),
        }
    }
    filled
}
