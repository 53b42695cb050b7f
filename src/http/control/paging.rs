//! Lists in pages.

use actix_web::http::header::{LINK, TryIntoHeaderValue};
use actix_web::{HttpRequest, HttpResponse};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::body_budget::BodyBudget;
use super::problem::{Problem, read_query};

// The fields are text, so that an error can name the field.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PageQuery {
    /// The number of items, 1,000 by default and at most 10,000.
    #[schemars(with = "u64")]
    limit: Option<String>,
    /// Lists only the items after this one, by its name in the list.
    after: Option<String>,
}

impl PageQuery {
    /// Parses the query of a request that has no other parameters.
    pub(super) fn of(request: &HttpRequest) -> Result<Paging, Problem> {
        let Self { limit, after } = read_query(request)?;
        Paging::parse(limit.as_deref(), after)
    }
}

#[derive(Debug)]
pub(super) struct Paging {
    pub(super) limit: usize,
    pub(super) after: Option<String>,
}

impl Paging {
    const DEFAULT: usize = 1_000;
    pub(super) const MOST: usize = 10_000;

    pub(super) fn parse(limit: Option<&str>, after: Option<String>) -> Result<Self, Problem> {
        let limit = limit.map_or(Ok(Self::DEFAULT), |text| whole_number("limit", text))?;
        Ok(Self { limit: limit.min(Self::MOST), after })
    }

    /// Cuts a page out of a complete list; `name` identifies an item.
    pub(super) fn cut<T: Serialize>(
        &self,
        items: Vec<T>,
        name: impl Fn(&T) -> String,
    ) -> Result<Page, Problem> {
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
        let items: Vec<T> = rest.by_ref().take(self.limit).collect();
        let last = items.last().map(name);
        let next = rest.next().and(last);
        Ok(Page::new(&items, next))
    }
}

pub(super) fn whole_number(name: &str, text: &str) -> Result<usize, Problem> {
    let number: Option<u64> = text.parse().ok().filter(|_| !text.starts_with('+'));
    let number = number.ok_or_else(|| {
        let message = format!("{text:?} is not a whole number; write {name}=10, for example");
        Problem::field(name, message)
    })?;
    Ok(usize::try_from(number).unwrap_or(usize::MAX))
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

    pub(super) fn send(
        self,
        request: &HttpRequest,
        body_budget: &BodyBudget,
    ) -> Result<HttpResponse, Problem> {
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
