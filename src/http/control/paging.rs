//! Lists in pages.

use actix_web::http::header::{LINK, TryIntoHeaderValue};
use actix_web::{HttpRequest, HttpResponse};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::body_budget::BodyBudget;
use super::parse::FromText;
use super::problem::{HandlerResult, Problem};

const DEFAULT_LIMIT: usize = 1_000;
const MOST: usize = 10_000;

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PageQuery {
    /// The number of items, 1,000 by default and at most 10,000.
    limit: Option<FromText<u64>>,
    /// Lists only the items after this one, by its name in the list.
    pub(super) after: Option<String>,
}

impl PageQuery {
    pub(super) fn limit(&self) -> usize {
        limit(self.limit)
    }

    /// Cuts a page out of a complete list; `name` identifies an item.
    pub(super) fn cut<T: Serialize>(
        &self,
        items: Vec<T>,
        name: impl Fn(&T) -> String,
    ) -> HandlerResult<Page> {
        let start = match &self.after {
            None => 0,
            Some(after) => {
                let found = items.iter().position(|item| name(item) == *after);
                1 + found.ok_or_else(|| {
                    let message = format!("{after:?} is not an item of this list");
                    Problem::field("after", message)
                })?
            }
        };
        let mut rest = items.into_iter().skip(start);
        let items: Vec<T> = rest.by_ref().take(self.limit()).collect();
        let last = items.last().map(name);
        let next = rest.next().and(last);
        Ok(Page::new(&items, next))
    }
}

/// The length of a page.
pub(super) fn limit(limit: Option<FromText<u64>>) -> usize {
    limit.map_or(DEFAULT_LIMIT, at_most)
}

/// The length of a list, within bounds.
pub(super) fn at_most(FromText(count): FromText<u64>) -> usize {
    usize::try_from(count).unwrap_or(MOST).min(MOST)
}

/// An encoded page, and the item after which the next page begins, if there is one.
#[derive(Debug)]
pub(super) struct Page {
    body: Vec<u8>,
    next: Option<String>,
    /// The path of the next page, if it is another one.
    path: Option<&'static str>,
}

impl Page {
    pub(super) fn new<T: Serialize>(items: &[T], next: Option<String>) -> Self {
        Self { body: encode(&items), next, path: None }
    }

    /// Links to the next page at a path whose GET has no side effect.
    pub(super) const fn continued_at(mut self, path: &'static str) -> Self {
        self.path = Some(path);
        self
    }

    pub(super) fn send(self, request: &HttpRequest, body_budget: &BodyBudget) -> HandlerResult {
        let mut response = HttpResponse::Ok();
        if let Some(next) = self.next
            && let Ok(link) =
                link(self.path.unwrap_or(request.uri().path()), request, &next).try_into_value()
        {
            response.insert_header((LINK, link));
        }
        response.content_type("application/json");
        body_budget.send(response, self.body)
    }
}

/// The `Link` to the next page (RFC 8288).
fn link(path: &str, request: &HttpRequest, after: &str) -> String {
    let kept = request.query_string().split('&').filter(|pair| {
        let name = pair.split('=').next().unwrap_or_default();
        let name = percent_encoding::percent_decode_str(name).decode_utf8_lossy();
        !name.is_empty() && name != "after"
    });
    let after = percent_encoding::utf8_percent_encode(after, percent_encoding::NON_ALPHANUMERIC);
    let after = format!("after={after}");
    let query: Vec<&str> = kept.chain([after.as_str()]).collect();
    format!("<{path}?{}>; rel=\"next\"", query.join("&"))
}

/// Encodes JSON of any length. It cannot fail: every key is a string.
pub(super) fn encode(value: &impl Serialize) -> Vec<u8> {
    let mut long = YieldingWriter::default();
    let written = serde_json::to_writer(&mut long, value);
    debug_assert!(written.is_ok(), "{written:?}");
    long.0
}

/// Yields the core between parts, since a long encoding would delay other threads.
#[derive(Default)]
struct YieldingWriter(Vec<u8>);

impl std::io::Write for YieldingWriter {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        const PART: usize = 64 << 10;
        let before = self.0.len() / PART;
        self.0.extend_from_slice(bytes);
        if self.0.len() / PART != before {
            std::thread::yield_now();
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
