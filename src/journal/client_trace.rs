//! What a client calls a request in its own logs and traces.

use schemars::JsonSchema;
use serde::Serialize;

/// Each text is kept only if it was sent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub(crate) struct ClientTrace {
    /// The header `traceparent`, as the client sent it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) traceparent: Option<Box<str>>,
    /// The header `X-Request-Id`, as the client sent it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) request_id: Option<Box<str>>,
}

impl ClientTrace {
    /// Longer texts are cut off here.
    pub(crate) const MAX_BYTES: usize = 128;

    pub(crate) const fn is_empty(&self) -> bool {
        self.traceparent.is_none() && self.request_id.is_none()
    }

    pub(super) fn bytes(&self) -> usize {
        let length = |text: &Option<Box<str>>| text.as_ref().map_or(0, |text| text.len());
        length(&self.traceparent) + length(&self.request_id)
    }
}
