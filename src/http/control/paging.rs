//! Lists, a page at a time.

use actix_web::http::header::{LINK, TryIntoHeaderValue};
use actix_web::{HttpRequest, HttpResponse};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::body_budget::BodyBudget;
use super::problem::{Problem, read_query};

/// Which part of a list is asked for. Text, so that each can be refused by its name.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PageQuery {
    /// At most so many items: 1,000 unless said, 10,000 at the most.
    #[schemars(with = "u64")]
    limit: Option<String>,
    /// Only the items after this one, named as the list names it.
    after: Option<String>,
}

impl PageQuery {
    /// Reads it from a request that asks for nothing else.
    pub(super) fn of(request: &HttpRequest) -> Result<Paging, Problem> {
        let Self { limit, after } = read_query(request)?;
        Paging::parse(limit.as_deref(), after)
    }
}

/// Which part of a list is asked for.
#[derive(Debug)]
pub(super) struct Paging {
    pub(super) limit: usize,
    pub(super) after: Option<String>,
}

impl Paging {
    /// How many items a page has unless the caller says.
    const USUAL: usize = 1_000;
    /// How many it has at the most.
    pub(super) const MOST: usize = 10_000;

    pub(super) fn parse(limit: Option<&str>, after: Option<String>) -> Result<Self, Problem> {
        let limit = limit.map_or(Ok(Self::USUAL), |text| whole_number("limit", text))?;
        Ok(Self { limit: limit.min(Self::MOST), after })
    }

    /// A page of a short list that is there as a whole, in the order of `name`.
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
                    let message = format!("{after:?} is no item of this list");
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

/// Reads a parameter that is a whole number of 64 bits.
pub(super) fn whole_number(name: &str, text: &str) -> Result<usize, Problem> {
    let number: Option<u64> = text.parse().ok().filter(|_| !text.starts_with('+'));
    let number = number.ok_or_else(|| {
        let message = format!("{text:?} is not a whole number; {name}=10 is right");
        Problem::field(name, message)
    })?;
    Ok(usize::try_from(number).unwrap_or(usize::MAX))
}

/// A part of a list as it is sent, and after which item the next part begins, if there is one.
#[derive(Debug)]
pub(super) struct Page {
    body: Vec<u8>,
    next: Option<String>,
    /// Where the next page is, if not at the same path.
    path: Option<&'static str>,
}

impl Page {
    pub(super) fn new<T: Serialize>(items: &[T], next: Option<String>) -> Self {
        Self { body: encode(&items), next, path: None }
    }

    /// The same, with the next page at another path: to ask for it there does nothing else.
    pub(super) const fn continued_at(mut self, path: &'static str) -> Self {
        self.path = Some(path);
        self
    }

    /// Sends it; a long one where there is room for it.
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

/// The `Link` to the page after this item (RFC 8288).
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

/// Writes JSON, however long. Every key is a string and no value can fail.
pub(super) fn encode(value: &impl Serialize) -> Vec<u8> {
    let mut long = YieldingWriter::default();
    let written = serde_json::to_writer(&mut long, value);
    debug_assert!(written.is_ok(), "{written:?}");
    long.0
}

/// A text that is written for long: whoever waits for this core comes between its parts.
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
