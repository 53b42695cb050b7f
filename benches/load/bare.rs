//! The yardstick: what anybody gets from actix-web with four routes and nothing behind them.

use actix_web::http::header::ContentType;
use actix_web::{App, HttpResponse, HttpServer, rt, web};

use crate::Outcome;
use crate::client::{Connection, RENTAL_ID, text_field};
use crate::request;

/// The environment variable that brings the bodies, as a JSON array of the four.
const BODIES: &str = "BARE_BODIES";

/// The replies of getNumbers, rentNumber, getSMS and cancelNumber, in this order.
pub(crate) struct Bodies([String; 4]);

impl Bodies {
    /// One real reply of each endpoint.
    pub(crate) fn sampled(connection: &mut Connection, key: &str) -> Outcome<Bodies> {
        let numbers = text(connection.call(&request::get_numbers(key))?)?;
        let rented = text(connection.call(&request::rent(key))?)?;
        let rental_id = text_field(rented.as_bytes(), RENTAL_ID)?;
        let messages = text(connection.call(&request::get_sms(key, rental_id))?)?;
        let cancelled = text(connection.call(&request::cancel(key, rental_id))?)?;
        Ok(Bodies([numbers, rented, messages, cancelled]))
    }

    /// The examples of the published documentation, before an SMS.
    pub(crate) fn documented() -> Bodies {
        Bodies(
            [
                concat!(
                    r#"{"status":"success","numbers":[{"country":"US","country_name":"#,
                    r#""United States","available":5000,"price_per_sms":0.05},{"country":"GB","#,
                    r#""country_name":"United Kingdom","available":3200,"price_per_sms":0.06}]}"#,
                ),
                concat!(
                    r#"{"status":"success","number":"+14155552671","rental_id":"rent_12345","#,
                    r#""expires_at":"2023-06-15T15:30:45Z","country":"US"}"#,
                ),
                r#"{"status":"success","messages":[],"number":"+14155552671"}"#,
                concat!(
                    r#"{"status":"success","message":"Number rental cancelled successfully","#,
                    r#""rental_id":"rent_12345","refund_amount":0.05}"#,
                ),
            ]
            .map(str::to_owned),
        )
    }

    /// The environment that hands these bodies to the bare server.
    pub(crate) fn environment(&self) -> Outcome<(&'static str, String)> {
        Ok((BODIES, serde_json::to_string(&self.0)?))
    }
}

fn text(body: &[u8]) -> Outcome<String> {
    Ok(std::str::from_utf8(body)?.to_owned())
}

/// Serves until it is killed.
pub(crate) fn serve() -> Outcome<()> {
    let bodies: [String; 4] = serde_json::from_str(&std::env::var(BODIES)?)?;
    // Constant for the life of the process, so a reply neither copies nor counts references.
    let [numbers, rented, messages, cancelled] = bodies.map(|body| &*body.leak());
    let server = HttpServer::new(move || {
        App::new()
            .route("/getNumbers", web::get().to(move || reply(numbers)))
            .route("/rentNumber", web::post().to(move |_: web::Bytes| reply(rented)))
            .route("/getSMS", web::get().to(move || reply(messages)))
            .route("/cancelNumber", web::post().to(move |_: web::Bytes| reply(cancelled)))
    })
    .workers(1)
    .bind(("127.0.0.1", 0))?;
    for address in server.addrs() {
        println!("bare listening on http://{address}");
    }
    Ok(rt::System::new().block_on(server.run())?)
}

async fn reply(body: &'static str) -> HttpResponse {
    HttpResponse::Ok().content_type(ContentType::json()).body(body)
}
