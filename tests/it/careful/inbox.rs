//! The messages of a rental, as a careful client reads them.

use serde_json::Value;

use super::code::find_code;
use super::wire::moment;

/// One SMS, known apart from others by all three: the same text at another time is another SMS,
/// and the same at the same time is the same one delivered twice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Message {
    /// A name, a number, or nothing.
    pub(crate) sender: String,
    pub(crate) text: String,
    /// In whole seconds: the partner may write the same time in many ways.
    pub(crate) received_at: Option<i64>,
}

/// All that was read so far, each SMS once.
#[derive(Clone, Debug, Default)]
pub(crate) struct Inbox {
    pub(crate) messages: Vec<Message>,
}

impl Inbox {
    /// Reads a reply of getSMS. No messages may be an empty list, null, an empty object or a
    /// missing field; a list may be an object that counts.
    pub(crate) fn take(&mut self, reply: &Value) {
        let listed: Vec<&Value> = match &reply["messages"] {
            Value::Array(list) => list.iter().collect(),
            Value::Object(counted) => counted.values().collect(),
            _ => Vec::new(),
        };
        for sms in listed {
            let Some(text) = sms["text"].as_str() else { continue };
            let message = Message {
                sender: sms["sender"].as_str().unwrap_or_default().to_owned(),
                text: text.to_owned(),
                received_at: moment(&sms["received_at"]),
            };
            if !self.messages.contains(&message) {
                self.messages.push(message);
            }
        }
    }

    /// The newest code. The order of the list means nothing, the time of an SMS does.
    pub(crate) fn code(&self) -> Option<String> {
        self.codes().pop()
    }

    /// A code for each SMS that carries one, oldest first.
    pub(crate) fn codes(&self) -> Vec<String> {
        self.whole_texts().iter().filter_map(|text| find_code(text)).collect()
    }

    /// The texts that carry none.
    pub(crate) fn decoys(&self) -> Vec<String> {
        self.whole_texts().into_iter().filter(|text| find_code(text).is_none()).collect()
    }

    /// Whether an SMS is dated before this moment: both are of the partner's clock.
    pub(crate) fn any_before(&self, end: Option<i64>) -> bool {
        self.messages.iter().any(|sms| match (sms.received_at, end) {
            (Some(received_at), Some(end)) => received_at < end,
            _ => true,
        })
    }

    /// The texts, oldest first, those in parts put together. One that misses a part is left out:
    /// half a code looks like a code.
    fn whole_texts(&self) -> Vec<String> {
        let mut messages: Vec<&Message> = self.messages.iter().collect();
        messages.sort_by_key(|sms| sms.received_at);
        let mut texts: Vec<Vec<Option<&str>>> = Vec::new();
        let mut senders: Vec<&str> = Vec::new();
        for sms in messages {
            let (index, count, text) = part(&sms.text).unwrap_or((0, 1, &sms.text));
            let waits = (0..texts.len()).find(|at| {
                let parts = &texts[*at];
                senders[*at] == sms.sender && parts.len() == count && parts[index].is_none()
            });
            let at = waits.unwrap_or_else(|| {
                texts.push(vec![None; count]);
                senders.push(&sms.sender);
                texts.len() - 1
            });
            texts[at][index] = Some(text);
        }
        texts
            .into_iter()
            .filter_map(|parts| parts.into_iter().collect::<Option<String>>())
            .collect()
    }
}

/// Takes `(2/3) text` apart: which part from 0, of how many, and what it says.
fn part(text: &str) -> Option<(usize, usize, &str)> {
    let (mark, text) = text.strip_prefix('(')?.split_once(") ")?;
    let (number, count) = mark.split_once('/')?;
    let (number, count): (usize, usize) = (number.parse().ok()?, count.parse().ok()?);
    (1..=count.min(10)).contains(&number).then(|| (number - 1, count, text))
}
