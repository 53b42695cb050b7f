//! Documents the partner API.

use serde_json::{Map, Value, json};

use super::dto::{CancellationDto, ErrorDto, MessagesDto, NumbersDto, RentalDto};
use super::params::Param;
use crate::domain::api_key::ApiKey;
use crate::domain::endpoint::Endpoint;
use crate::domain::error_code::ErrorCode::{self, *};
use crate::domain::service::Service;
use crate::http::openapi::{Document, Operation};

/// The encodings of a POST body, and a suffix for the schema of each: they are equal, but a generated
/// client tells the encodings apart by these names.
const ENCODINGS: [(&str, &str); 3] = [
    ("application/json", "Request"),
    ("application/x-www-form-urlencoded", "Form"),
    ("multipart/form-data", "Multipart"),
];

/// Errors of every endpoint.
const COMMON_ERRORS: [ErrorCode; 11] = [
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

/// Errors of one endpoint besides the common ones, unless a scenario asks for others.
const fn errors_of(endpoint: Endpoint) -> &'static [ErrorCode] {
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

pub(crate) fn document(document: &mut Document) {
    let prefer = json!({
        "name": "Prefer", "in": "header", "schema": {"type": "string"},
        "description": "Requests an error: `code=503`, `error=NO_NUMBERS`, \
                        `fault=CONNECTION_RESET_BY_PEER`, `delay=2s`; comma-separated. The reply's \
                        `Preference-Applied` says which of them were followed.",
    });
    document.parameter("Prefer", prefer);
    document.tag("partner", "The partner API: four endpoints. Each api_key has its own sandbox.");
    for endpoint in Endpoint::ALL {
        document.operation(endpoint.method(), endpoint.path(), endpoint.name(), |operation| {
            document_endpoint(operation, endpoint)
        });
    }
}

fn document_endpoint(mut operation: Operation<'_>, endpoint: Endpoint) -> Operation<'_> {
    if endpoint.reads_query() {
        for param in Param::of(endpoint) {
            operation = operation.own_parameter(parameter(endpoint, *param));
        }
    }
    operation = operation.parameter("Prefer");
    let operation = match endpoint {
        Endpoint::GetNumbers => operation
            .text(
                "List the numbers on offer",
                "How many numbers each country has, and their price. `country` limits the list to one.",
            )
            .json::<NumbersDto>(200, "The numbers on offer."),
        Endpoint::RentNumber => operation
            .text(
                "Rent a number",
                "Every call rents a number, a retry too: there is no idempotency key.",
            )
            .encoded_body("RentNumber", &ENCODINGS, &body(endpoint))
            .json::<RentalDto>(200, "The number is rented."),
        Endpoint::GetSms => operation
            .text("Read the messages of a rental", "Poll it until the SMS has arrived.")
            .json::<MessagesDto<'_>>(200, "The messages received so far."),
        Endpoint::CancelNumber => operation
            .text(
                "Cancel a rental",
                "Before an SMS arrives, the price is refunded. A second call gets the same reply.",
            )
            .encoded_body("CancelNumber", &ENCODINGS, &body(endpoint))
            .json::<CancellationDto>(200, "The rental is cancelled."),
    };
    document_errors(operation, endpoint)
}

fn document_errors(mut operation: Operation<'_>, endpoint: Endpoint) -> Operation<'_> {
    let mut codes: Vec<ErrorCode> = [&COMMON_ERRORS, errors_of(endpoint)].concat();
    codes.sort_by_key(|code| code.status());
    for same in codes.chunk_by(|a, b| a.status() == b.status()) {
        let status = same[0].status();
        let lines = same.iter().map(|code| format!("- `{}`: {}", code.as_str(), code.meaning()));
        let description = lines.collect::<Vec<String>>().join("\n");
        operation = operation.json::<ErrorDto<'_>>(status, &description);
        let waits = same.iter().filter(|code| code.usual_retry_after().is_some()).count();
        if waits > 0 {
            let header = json!({
                "description": "How many seconds to wait before the next attempt.",
                "required": waits == same.len(),
                "schema": {"type": "integer", "minimum": 0},
            });
            operation = operation.header(status, "Retry-After", header);
        }
        if same.contains(&MethodNotAllowed) {
            let header = json!({
                "description": "The method of this path.",
                "required": true,
                "schema": {"const": endpoint.method()},
            });
            operation = operation.header(status, "Allow", header);
        }
    }
    operation
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
            "Any text. Each key has its own sandbox, created by its first request. `KEY@SCENARIO` \
             chooses the scenario.",
        ),
        Param::Country => {
            let description = "ISO 3166-1 alpha-2, or a code that causes an error on demand.";
            return json!({
                "$ref": "#/components/schemas/Country", "description": description,
            });
        }
        Param::Service => (
            Service::MAX_CHARS,
            "The platform that sends the SMS: free text. It determines the sender and the wording.",
        ),
        Param::RentalId => (Service::MAX_CHARS, "The rental_id in the rentNumber reply."),
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

fn body(endpoint: Endpoint) -> Value {
    let params = Param::of(endpoint);
    let properties: Map<String, Value> =
        params.iter().map(|param| (param.name().to_owned(), schema(*param))).collect();
    let required: Vec<&str> = (params.iter())
        .filter(|param| param.is_required(endpoint))
        .map(|param| param.name())
        .collect();
    // Other properties are accepted with a lint, and refused with --strict.
    json!({
        "type": "object", "properties": properties, "required": required,
        "additionalProperties": false,
    })
}
