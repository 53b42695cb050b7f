//! The console: a page that shows the sandboxes live and changes them through the control API. It is
//! served beside the control API, embedded in the binary, and loads nothing from elsewhere.

use std::future::ready;
use std::net::SocketAddr;

use actix_web::guard::GuardContext;
use actix_web::http::Method;
use actix_web::http::header::{self, HeaderMap};
use actix_web::web::ServiceConfig;
use actix_web::{HttpRequest, HttpResponse};
use serde_json::json;

use super::resource::Resource;
use crate::domain::fnv::fnv1a;

/// A file of the page.
struct Asset {
    name: &'static str,
    kind: &'static str,
    text: &'static str,
}

macro_rules! assets {
    ($($kind:ident: $($name:literal)+;)+) => {
        [$($(Asset { name: $name, kind: $kind, text: include_str!($name) },)+)+]
    };
}

const HTML: &str = "text/html; charset=utf-8";
const CSS: &str = "text/css; charset=utf-8";
const SVG: &str = "image/svg+xml";
const JS: &str = "text/javascript; charset=utf-8";

static PAGE: Asset = Asset { name: "index.html", kind: HTML, text: include_str!("index.html") };
static ASSETS: &[Asset] = &assets! {
    CSS: "console.css" "forms.css" "timeline.css" "lists.css";
    SVG: "icon.svg";
    JS: "app.js" "api.js" "stream.js" "store.js" "reducer.js" "sync.js" "parts.js" "dom.js" "format.js"
        "notice.js" "token.js" "sandbox.js" "clock.js" "point.js" "timeline.js"
        "scale.js" "rentals.js" "requests.js" "exchange.js" "countries.js" "report.js" "faults.js"
        "rules.js" "client.js" "partner.js";
};

#[derive(Clone, Copy, Debug)]
pub(super) struct Console {
    /// The address of the partner API, if it is not the page's own.
    pub(super) partner: Option<SocketAddr>,
}

impl Console {
    /// The origin of the partner API, if it is not the page's own.
    pub(super) fn partner(self, headers: &HeaderMap) -> Option<String> {
        let address = self.partner?;
        if !address.ip().is_unspecified() {
            return Some(format!("http://{address}"));
        }
        // 0.0.0.0 cannot be called; the name in the request can.
        let host = headers.get(header::HOST)?.to_str().ok()?;
        let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b".-[]:".contains(&byte);
        name.bytes().all(is_plain).then(|| format!("http://{name}:{}", address.port()))
    }

    /// The page may run its own files and call the two APIs.
    fn policy(self, headers: &HeaderMap) -> String {
        let partner = self.partner(headers).map(|origin| format!(" {origin}")).unwrap_or_default();
        format!(
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src \
             'self'{partner}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; \
             require-trusted-types-for 'script'; trusted-types 'none'"
        )
    }
}

pub(super) fn configure(config: &mut ServiceConfig, console: Console) {
    let page = move |request: HttpRequest| ready(send(&PAGE, console, &request));
    // Clients that do not want a page get the JSON 404 of any unknown path.
    config.service(Resource::at("/").only_if(wants_page).get(page).open());
    for asset in ASSETS {
        let file = move |request: HttpRequest| ready(send(asset, console, &request));
        let path = format!("/__console/{}", asset.name);
        config.service(Resource::at(&path).get(file).open());
    }
    let place = move |request: HttpRequest| {
        let partner = console.partner(request.headers());
        let place = json!({"partner": partner, "version": env!("CARGO_PKG_VERSION")});
        ready(HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "no-store")).json(place))
    };
    config.service(Resource::at("/__console/place.json").get(place).open());
}

/// A browser accepts text/html explicitly; other clients accept anything.
fn wants_page(request: &GuardContext<'_>) -> bool {
    let is_read = matches!(request.head().method, Method::GET | Method::HEAD);
    let accept =
        request.head().headers().get_all(header::ACCEPT).filter_map(|value| value.to_str().ok());
    let mut ranges = accept.flat_map(|value| value.split(','));
    is_read
        && ranges.any(|range| {
            let kind = range.split(';').next().unwrap_or_default();
            kind.trim().eq_ignore_ascii_case("text/html")
        })
}

fn send(asset: &Asset, console: Console, request: &HttpRequest) -> HttpResponse {
    let tag = format!("\"{:016x}\"", fnv1a(asset.text.as_bytes()));
    let known = request.headers().get(header::IF_NONE_MATCH).and_then(|sent| sent.to_str().ok());
    let is_known = known.is_some_and(|known| known.contains(&tag));
    let mut response = if is_known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    response
        .insert_header((header::ETAG, tag.as_str()))
        // Cached but revalidated each time: another version of the server has another page.
        .insert_header((header::CACHE_CONTROL, "no-cache"))
        .insert_header((header::VARY, "Accept"))
        .insert_header((header::CONTENT_TYPE, asset.kind))
        .insert_header((header::CONTENT_SECURITY_POLICY, console.policy(request.headers())))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .insert_header((header::REFERRER_POLICY, "no-referrer"));
    if is_known { response.finish() } else { response.body(asset.text) }
}
