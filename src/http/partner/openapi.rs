//! What the OpenAPI document says of the partner API.

use serde_json::{Map, Value, json};

use super::dto::{CancellationDto, ErrorDto, MessagesDto, NumbersDto, RentalDto};
use super::params::Param;
use crate::domain::api_key::ApiKey;
use crate::domain::endpoint::Endpoint;
use crate::domain::error_code::ErrorCode::{self, *};
use crate::domain::service::Service;
use crate::http::openapi::{Api, Operation};

/// The encodings of a POST body, and how what is sent in each is called. A name each, although all
/// say the same: a generated client tells the encodings apart by them.
const ENCODINGS: [(&str, &str); 3] = [
    ("application/json", "Request"),
    ("application/x-www-form-urlencoded", "Form"),
    ("multipart/form-data", "Multipart"),
];

/// What every endpoint can answer.
const EVERYWHERE: [ErrorCode; 11] = [
    InvalidRequest,
    MissingApiKey,
    InvalidApiKey,
    KeyBanned,
    MethodNotAllowed,
    PayloadTooLarge,
    RateLimited,
    InternalError,
    BadGateway,
    Maintenance,
    GatewayTimeout,
];

/// What one of them can answer beside that. A scenario can make any endpoint answer any error.
const fn of(endpoint: Endpoint) -> &'static [ErrorCode] {
    match endpoint {
        Endpoint::GetNumbers => &[UnknownCountry],
        Endpoint::RentNumber => &[
            UnknownCountry,
            InsufficientBalance,
            NoNumbers,
            UnsupportedMediaType,
            TooManyActiveRentals,
        ],
        Endpoint::GetSms => &[RentalNotFound, RentalExpired, RentalCancelled],
        Endpoint::CancelNumber => &[
            RentalNotFound,
            EarlyCancelDenied,
            SmsAlreadyReceived,
            AlreadyCancelled,
            RentalExpired,
            UnsupportedMediaType,
        ],
    }
}

/// Describes the four endpoints.
pub(in crate::http) fn describe(api: &mut Api) {
    let prefer = json!({
        "name": "Prefer", "in": "header", "schema": {"type": "string"},
        "description": "Asks for an error: `code=503`, `error=NO_NUMBERS`, \
                        `fault=CONNECTION_RESET_BY_PEER`, `delay=2s`; comma-separated. What of it is \
                        followed stands in the reply's `Preference-Applied`.",
    });
    api.parameter("Prefer", prefer);
    api.tag("partner", "The partner API: four endpoints. Each api_key is a world of its own.");
    for endpoint in Endpoint::ALL {
        describe_endpoint(api, endpoint);
    }
}

fn describe_endpoint(api: &mut Api, endpoint: Endpoint) {
    let method = if endpoint.reads_query() { "get" } else { "post" };
    let begin = |api, summary| -> Operation<'_> {
        let mut operation = Api::operation(api, method, endpoint.path(), endpoint.name(), summary);
        if endpoint.reads_query() {
            for param in Param::of(endpoint) {
                operation = operation.takes(parameter(endpoint, *param));
            }
        }
        operation.parameter("Prefer")
    };
    let operation = match endpoint {
        Endpoint::GetNumbers => begin(api, "What can be rented, in all countries or in one")
            .replies::<NumbersDto>(200, "What is on offer."),
        Endpoint::RentNumber => begin(api, "Rents a number")
            .description("There is no idempotency key: each call rents, also a repeated one.")
            .reads_in("RentNumber", &ENCODINGS, &body(endpoint))
            .replies::<RentalDto>(200, "A number was rented."),
        Endpoint::GetSms => begin(api, "Reads the messages of a rental")
            .description("Poll it until the SMS has arrived.")
            .replies::<MessagesDto<'_>>(200, "What the number has received so far."),
        Endpoint::CancelNumber => begin(api, "Ends a rental")
            .description(
                "Before an SMS, the price is paid back. A second call gets the first reply.",
            )
            .reads_in("CancelNumber", &ENCODINGS, &body(endpoint))
            .replies::<CancellationDto>(200, "The rental is cancelled."),
    };
    describe_errors(operation, endpoint);
}

fn describe_errors(mut operation: Operation<'_>, endpoint: Endpoint) {
    let mut codes: Vec<ErrorCode> =
        EVERYWHERE.into_iter().chain(of(endpoint).iter().copied()).collect();
    codes.sort_by_key(|code| code.status());
    for same in codes.chunk_by(|a, b| a.status() == b.status()) {
        let status = same[0].status();
        let lines = same.iter().map(|code| format!("- `{}`: {}", code.as_str(), code.meaning()));
        let description = lines.collect::<Vec<String>>().join("\n");
        operation = operation.replies::<ErrorDto<'_>>(status, &description);
        let waits = same.iter().filter(|code| code.usual_retry_after().is_some()).count();
        if waits > 0 {
            let header = json!({
                "description": "In how many seconds it is worth trying again.",
                "required": waits == same.len(),
                "schema": {"type": "integer", "minimum": 0},
            });
            operation = operation.header(status, "Retry-After", header);
        }
        if same.contains(&MethodNotAllowed) {
            let header = json!({
                "description": "The method that this path answers.",
                "required": true,
                "schema": {"const": endpoint.method()},
            });
            operation = operation.header(status, "Allow", header);
        }
    }
}

fn parameter(endpoint: Endpoint, param: Param) -> Value {
    json!({
        "name": param.name(), "in": "query", "required": param.is_required(endpoint),
        "schema": schema(param), "example": example(param),
    })
}

fn schema(param: Param) -> Value {
    let (most, description) = match param {
        Param::ApiKey => (
            ApiKey::MAX_BYTES,
            "Any text: it names a sandbox, which its first request makes. `KEY@SCENARIO` starts it on \
             that scenario.",
        ),
        Param::Country => {
            let description = "ISO 3166-1 alpha-2, or a code that asks for an error on demand.";
            return json!({
                "$ref": "#/components/schemas/Country", "description": description,
            });
        }
        Param::Service => (
            Service::MAX_CHARS,
            "The platform that the number is for: free text. It picks the sender and the wording of \
             the SMS.",
        ),
        Param::RentalId => (Service::MAX_CHARS, "As rentNumber gave it."),
    };
    json!({"type": "string", "minLength": 1, "maxLength": most, "description": description})
}

const fn example(param: Param) -> &'static str {
    match param {
        Param::ApiKey => "ci-1",
        Param::Country => "DE",
        Param::Service => "telegram",
        Param::RentalId => "rent_12345",
    }
}

/// The body of a POST: what the endpoint's parameters are.
fn body(endpoint: Endpoint) -> Value {
    let params = Param::of(endpoint);
    let properties: Map<String, Value> =
        params.iter().map(|param| (param.name().to_owned(), schema(*param))).collect();
    let required: Vec<&str> = (params.iter())
        .filter(|param| param.is_required(endpoint))
        .map(|param| param.name())
        .collect();
    // Others are taken with a remark, and refused by --strict: no client should send them.
    json!({
        "type": "object", "properties": properties, "required": required,
        "additionalProperties": false,
    })
}
