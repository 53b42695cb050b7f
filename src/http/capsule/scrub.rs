//! Keeps the key of a sandbox out of its capsule, even if a client or a test sent it as a text.

use crate::capsule::Change;
use crate::domain::api_key::ApiKey;
use crate::domain::service::Service;
use crate::journal::recorded_request::RecordedRequest;

pub(super) struct Scrubber {
    secrets: Vec<String>,
    /// Whether a text was cut that a replay compares.
    pub(super) has_cut: bool,
}

impl Scrubber {
    pub(super) fn new(api_key: &ApiKey) -> Self {
        // A key of a few letters is no secret, and innocent words contain it.
        const SECRET_LEN: usize = 8;
        let mut keys = vec![api_key.as_str(), api_key.base()];
        keys.retain(|key| key.len() >= SECRET_LEN);
        // As JSON and error messages escape it.
        let escaped = keys.iter().flat_map(|key| {
            let quoted = [serde_json::Value::from(*key).to_string(), format!("{key:?}")];
            quoted.map(|quoted| quoted[1..quoted.len() - 1].to_owned())
        });
        let mut secrets: Vec<String> =
            keys.iter().map(|key| (*key).to_owned()).chain(escaped).collect();
        secrets.dedup();
        Self { secrets, has_cut: false }
    }

    /// `is_compared`: whether a replay compares the text.
    pub(super) fn text(&mut self, text: &mut String, is_compared: bool) {
        for secret in &self.secrets {
            if text.contains(secret) {
                *text = text.replace(secret, "…");
                self.has_cut |= is_compared;
            }
        }
    }

    pub(super) fn request(&mut self, request: &mut RecordedRequest) {
        if let Some(service) = &request.service {
            let mut text = service.as_str().to_owned();
            self.text(&mut text, true);
            request.service = Service::parse(&text).ok();
        }
        if let Some(refused) = &mut request.refused {
            self.text(&mut refused.message, false);
        }
    }

    pub(super) fn change(&mut self, change: &mut Change) {
        match change {
            Change::Message { sms, .. } => {
                self.text(&mut sms.sender, true);
                self.text(&mut sms.text, true);
            }
            Change::Hold { request, .. } => self.request(request),
            _ => {}
        }
    }
}
