//! Turns the parameters of a request into a command, or into a refusal that says what is wrong.

use std::borrow::Cow;

use actix_http::header::HeaderMap;
use actix_http::{HttpMessage, Request};
use actix_web::http::header::{AUTHORIZATION, HeaderName};

use super::params::{Param, Params};
use super::prefer::{self, Preferences};
use crate::domain::country::{Country, CountryLint};
use crate::domain::endpoint::Endpoint;
use crate::domain::error_code::ErrorCode;
use crate::domain::escape;
use crate::domain::lint::Lint;
use crate::domain::nearest::nearest;
use crate::domain::rental_id::RentalId;
use crate::domain::service::Service;
use crate::journal::client_trace::ClientTrace;
use crate::registry::Call;
use crate::sandbox::command::{Command, Refusal};

static TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");
static X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

#[derive(Debug)]
pub(super) struct ParsedRequest<'a> {
    /// The key as sent, or why there is none.
    pub(super) api_key: Result<Cow<'a, str>, Refusal>,
    /// The key of a request that is refused for want of one, if it stands elsewhere.
    pub(super) unrouted_key: Option<Cow<'a, str>>,
    pub(super) call: Call,
    /// The value of `Preference-Applied`.
    pub(super) preference_applied: String,
}

impl ParsedRequest<'_> {
    /// A request whose body cannot be read, so that even its key is unknown.
    pub(super) fn unreadable(endpoint: Endpoint, request: &Request, refusal: Refusal) -> Self {
        let query = Params::from_pairs(request.uri().query().unwrap_or_default());
        let is_misplaced = !endpoint.reads_query() && query.has(Param::ApiKey);
        let call = Call {
            endpoint,
            command: Err(refusal.clone()),
            lints: is_misplaced.then_some(Lint::KeyInWrongPlace).into_iter().collect(),
            prefer: None,
            trace: ClientTrace::default(),
        };
        let (api_key, preference_applied) = (Err(refusal), String::new());
        Self { api_key, unrouted_key: None, call, preference_applied }
    }

    pub(super) fn into_owned(self) -> ParsedRequest<'static> {
        let api_key = self.api_key.map(|key| Cow::Owned(key.into_owned()));
        let unrouted_key = self.unrouted_key.map(|key| Cow::Owned(key.into_owned()));
        ParsedRequest { api_key, unrouted_key, ..self }
    }
}

/// GET reads only the query, POST only the body (our ruling).
pub(super) fn parse<'a>(
    endpoint: Endpoint,
    request: &'a Request,
    body: Result<Params<'a>, Refusal>,
    on_demand_errors: bool,
) -> ParsedRequest<'a> {
    let query = Params::from_pairs(request.uri().query().unwrap_or_default());
    let (params, other_place) = match (endpoint.reads_query(), body) {
        (true, body) => (query, OtherPlace { name: "the body", params: body.ok() }),
        (false, Ok(body)) => (body, OtherPlace { name: "the query string", params: Some(query) }),
        (false, Err(refusal)) => return ParsedRequest::unreadable(endpoint, request, refusal),
    };
    RequestParser { endpoint, on_demand_errors, params, other_place, lints: Vec::new() }
        .parse(request)
}

/// The place where this endpoint does not look, but where a client may have put parameters.
struct OtherPlace<'a> {
    name: &'static str,
    params: Option<Params<'a>>,
}

impl<'a> OtherPlace<'a> {
    fn has(&self, param: Param) -> bool {
        self.params.as_ref().is_some_and(|params| params.has(param))
    }

    fn take_key(&mut self) -> Option<Cow<'a, str>> {
        let key = self.params.as_mut()?.take(Param::ApiKey).ok().flatten()?;
        (!key.is_empty()).then_some(key)
    }
}

struct RequestParser<'a> {
    endpoint: Endpoint,
    on_demand_errors: bool,
    params: Params<'a>,
    other_place: OtherPlace<'a>,
    lints: Vec<Lint>,
}

impl<'a> RequestParser<'a> {
    fn parse(mut self, request: &Request) -> ParsedRequest<'a> {
        let api_key = self.api_key(request);
        let command = self.command();
        self.lint_names();
        let prefers = self.on_demand_errors && request.headers().contains_key(&prefer::PREFER);
        let preferences =
            if prefers { prefer::parse(request.headers()) } else { Preferences::default() };
        let Preferences { on_demand: prefer, applied: preference_applied, lints } = preferences;
        self.lints.extend(lints);
        let trace = client_trace(request.headers());
        let call = Call { endpoint: self.endpoint, command, lints: self.lints, prefer, trace };
        // Taken last: until here, its absence would read as if it had not been sent.
        let unrouted_key = api_key.is_err().then(|| self.other_place.take_key()).flatten();
        ParsedRequest { api_key, unrouted_key, call, preference_applied }
    }

    fn api_key(&mut self, request: &Request) -> Result<Cow<'a, str>, Refusal> {
        if self.other_place.has(Param::ApiKey) {
            self.lints.push(Lint::KeyInWrongPlace);
        }
        match self.params.take(Param::ApiKey)? {
            Some(key) if !key.is_empty() => Ok(key),
            sent => {
                let what = if sent.is_some() { "api_key is empty" } else { "api_key is missing" };
                let message = format!("{what}{}", self.where_to_put_the_key(request));
                Err(Refusal::new(ErrorCode::MissingApiKey, message))
            }
        }
    }

    fn where_to_put_the_key(&self, request: &Request) -> String {
        let right = if self.endpoint.reads_query() {
            format!("send it in the query string: {}?api_key=YOUR_API_KEY", self.endpoint.path())
        } else {
            "send it in the body, as JSON {\"api_key\": \"YOUR_API_KEY\", …} or as a form"
                .to_owned()
        };
        let names = self.params.unknown.iter().map(String::as_str);
        let headers = request.headers();
        let looks_like_json = |name: &String| name.trim_start().starts_with('{');
        if !self.endpoint.reads_query() && self.params.unknown.iter().any(looks_like_json) {
            return ": the body looks like JSON, but its Content-Type says that it is a form; send \
                    Content-Type: application/json"
                .to_owned();
        }
        if self.other_place.has(Param::ApiKey) {
            let (found, method) = (self.other_place.name, self.endpoint.method());
            format!(": it was found in {found}, which a {method} does not read; {right}")
        } else if headers.contains_key(AUTHORIZATION) {
            format!(": the Authorization header is not read; {right}")
        } else if headers.contains_key("x-api-key") {
            format!(": the X-Api-Key header is not read; {right}")
        } else if let Some(similar) = nearest("api_key", names) {
            let similar = escape::name(&shown_name(similar));
            format!(": {similar} was sent, but the parameter is called \"api_key\"; {right}")
        } else {
            format!("; {right}")
        }
    }

    fn command(&mut self) -> Result<Command, Refusal> {
        match self.endpoint {
            Endpoint::GetNumbers => Ok(Command::GetNumbers { country: self.country()? }),
            Endpoint::RentNumber => {
                let country = self.country()?;
                let country = country.ok_or_else(|| self.missing(Param::Country, "DE"))?;
                Ok(Command::RentNumber { country, service: self.service()? })
            }
            Endpoint::GetSms => Ok(Command::GetSms { rental_id: self.rental_id()? }),
            Endpoint::CancelNumber => Ok(Command::CancelNumber { rental_id: self.rental_id()? }),
        }
    }

    /// The text of a parameter, which is not empty if it was sent.
    fn text(&mut self, param: Param) -> Result<Option<Cow<'a, str>>, Refusal> {
        const MOST_CHARACTERS: usize = Service::MAX_CHARS;
        let name = param.name();
        let wrong = |what: String| Err(Refusal::new(ErrorCode::InvalidRequest, what));
        match self.params.take(param)? {
            Some(text) if text.is_empty() => {
                wrong(format!("{name} is empty; give it a value or leave it out"))
            }
            Some(text)
                if text.len() > MOST_CHARACTERS && text.chars().count() > MOST_CHARACTERS =>
            {
                let length = text.chars().count();
                wrong(format!("{name} has {length} characters; the limit is {MOST_CHARACTERS}"))
            }
            text => Ok(text),
        }
    }

    fn missing(&self, param: Param, example: &str) -> Refusal {
        let name = param.name();
        let place = if self.endpoint.reads_query() { "the query string" } else { "the body" };
        let names = self.params.unknown.iter().map(String::as_str);
        let found = if self.other_place.has(param) {
            let (found, method) = (self.other_place.name, self.endpoint.method());
            format!(": it was found in {found}, which a {method} does not read")
        } else if let Some(similar) = nearest(name, names.clone()) {
            let similar = escape::name(&shown_name(similar));
            format!(": {similar} was sent, but the parameter is called {name:?}")
        } else if let Some(sent) = names.map(shown_name).find(|sent| sent.trim() != "…") {
            // It may be what the client calls this parameter.
            let (sent, endpoint) = (escape::name(&sent), self.endpoint.name());
            format!(": {sent} was sent, which {endpoint} does not know")
        } else {
            String::new()
        };
        let message = format!("{name} is missing{found}; send it in {place}, such as {example}");
        Refusal::new(ErrorCode::InvalidRequest, message)
    }

    fn country(&mut self) -> Result<Option<Country>, Refusal> {
        let Some(text) = self.text(Param::Country)? else { return Ok(None) };
        let parsed = Country::parse(&text).map_err(|unknown| {
            let hint = unknown.nearest.map_or_else(
                || ", such as US, GB or DE".to_owned(),
                |nearest| format!("; did you mean {nearest} ({})?", nearest.name()),
            );
            let message = format!("country {text:?} is not an ISO 3166-1 alpha-2 code{hint}");
            Refusal::new(ErrorCode::UnknownCountry, message)
        })?;
        if parsed.code.is_on_demand() && !self.on_demand_errors {
            let message = format!(
                "country {text:?} is not an ISO 3166-1 alpha-2 code, and errors on demand are \
                 switched off here (--no-magic); send a code such as US, GB or DE"
            );
            return Err(Refusal::new(ErrorCode::UnknownCountry, message));
        }
        self.lints.extend(parsed.lint.map(|lint| match lint {
            CountryLint::LowerCase => Lint::LowerCaseCountry(parsed.code),
            CountryLint::UkForGb => Lint::UkForGb,
        }));
        Ok(Some(parsed.code))
    }

    fn service(&mut self) -> Result<Option<Service>, Refusal> {
        let text = self.text(Param::Service)?;
        let parsed = text.map(|text| Service::parse(&text)).transpose();
        parsed.map_err(|reason| Refusal::new(ErrorCode::InvalidRequest, reason))
    }

    fn rental_id(&mut self) -> Result<RentalId, Refusal> {
        let text = self.text(Param::RentalId)?;
        let text = text.ok_or_else(|| self.missing(Param::RentalId, "rent_12345"))?;
        RentalId::parse(&text).ok_or_else(|| {
            let message = format!(
                "rental_id {text:?} was never given out: ids look like rent_12345; send the \
                 rental_id of the rentNumber reply unchanged"
            );
            Refusal::new(ErrorCode::RentalNotFound, message)
        })
    }

    /// Notes parameters that this endpoint does not have, or does not read in this place.
    fn lint_names(&mut self) {
        let own = Param::of(self.endpoint);
        let others = [Param::Country, Param::Service, Param::RentalId];
        let foreign = others
            .into_iter()
            .filter(|param| !own.contains(param) && self.params.has(*param))
            .map(|param| param.name().to_owned());
        let elsewhere = self.other_place.params.iter().flat_map(|params| params.unknown.iter());
        let unknown = self.params.unknown.iter().chain(elsewhere).map(|name| shown_name(name));
        let unknown = foreign.chain(unknown);
        self.lints.extend(unknown.map(|name| Lint::UnknownParameter {
            nearest: nearest(&name, own.iter().map(|param| param.name())),
            name,
        }));
        let misplaced = others.into_iter().filter(|param| self.other_place.has(*param));
        self.lints.extend(misplaced.map(|param| Lint::WrongPlace { name: param.name() }));
    }
}

fn client_trace(headers: &HeaderMap) -> ClientTrace {
    let kept = |name: &HeaderName| {
        let text = headers.get(name)?.to_str().ok()?;
        // A header is ASCII here.
        Some(text[..text.len().min(ClientTrace::MAX_BYTES)].into())
    };
    ClientTrace { traceparent: kept(&TRACEPARENT), request_id: kept(&X_REQUEST_ID) }
}

/// As much of a parameter name as is safe to show and log: a malformed request may have its key in
/// the name. What cannot be a value stays as it was sent: `country[]`, a space, a byte-order mark.
fn shown_name(name: &str) -> String {
    const MAX_CHARS: usize = 32;
    let (mut shown, mut has_begun, mut has_ended) = (String::new(), false, false);
    for (index, c) in name.chars().enumerate() {
        let is_letter = c.is_alphanumeric() || matches!(c, '_' | '-');
        // A value may follow these marks, and the end of the name's word.
        let is_cut = matches!(c, '{' | ':' | '=' | ',' | ';') || (is_letter && has_ended);
        if is_cut || index == MAX_CHARS {
            shown.push('…');
            break;
        }
        let joins =
            is_letter || matches!(c, '[' | ']' | '.') || !(c.is_ascii() || c.is_whitespace());
        has_ended |= has_begun && !joins;
        has_begun |= is_letter;
        shown.push(c);
    }
    shown
}
