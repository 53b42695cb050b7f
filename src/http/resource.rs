//! A path and its methods, as actix-web serves them. All routes but the partner API's four are made
//! here, so that none can miss the guard.

use std::future::ready;
use std::pin::Pin;
use std::task::{Context, Poll};

use actix_web::body::{BodySize, BoxBody, MessageBody};
use actix_web::dev::{AppService, HttpServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::guard::{GuardContext, fn_guard};
use actix_web::http::Method;
use actix_web::middleware::{Next, from_fn};
use actix_web::web::{self, Bytes};
use actix_web::{Error, FromRequest, Handler, Responder, ResponseError, Route};

use super::control::guard;
use super::control::problem::Problem;

/// A path and the handlers of its methods; any other method is 405. The guard of the control API
/// stands before it, unless it is [`open`](Self::open).
pub(super) struct Resource {
    routes: actix_web::Resource,
    methods: Vec<&'static str>,
    is_open: bool,
}

impl Resource {
    pub(super) fn at(path: &str) -> Self {
        Self { routes: web::resource(path), methods: Vec::new(), is_open: false }
    }

    /// Adds a method. With GET comes HEAD, which replies with the same headers and no body.
    pub(super) fn on(self, method: &'static str, handler: impl Fn() -> Route) -> Self {
        let resource = self.add(method, handler());
        if method == "GET" { resource.add("HEAD", handler()) } else { resource }
    }

    fn add(mut self, method: &'static str, route: Route) -> Self {
        if !self.methods.contains(&method) {
            let is_method = fn_guard(move |asked| asked.head().method == method);
            self.routes = self.routes.route(route.guard(is_method));
            self.methods.push(method);
        }
        self
    }

    /// Adds GET and HEAD.
    pub(super) fn get<F, Args>(self, handler: F) -> Self
    where
        F: Handler<Args, Output: Responder + 'static>,
        Args: FromRequest + 'static,
    {
        self.on("GET", || web::to(handler.clone()))
    }

    /// Limits the resource to some requests; others find another one at its path, or 404.
    pub(super) fn only_if(mut self, matches: impl Fn(&GuardContext<'_>) -> bool + 'static) -> Self {
        self.routes = self.routes.guard(fn_guard(matches));
        self
    }

    /// Admits every caller: the resource reveals no secret and changes nothing.
    pub(super) fn open(mut self) -> Self {
        self.is_open = true;
        self
    }
}

impl HttpServiceFactory for Resource {
    fn register(self, config: &mut AppService) {
        let allow = self.methods.join(", ");
        let refuse = move || ready(Problem::method_not_allowed(&allow).error_response());
        let resource = self.routes.default_service(web::to(refuse)).wrap(from_fn(head_has_no_body));
        if self.is_open {
            resource.wrap(from_fn(guard::open)).register(config);
        } else {
            resource.wrap(from_fn(guard::closed)).register(config);
        }
    }
}

/// Ends the reply to HEAD after its headers, even where the body would never end.
async fn head_has_no_body(
    request: ServiceRequest,
    next: Next<BoxBody>,
) -> Result<ServiceResponse, Error> {
    let is_head = request.method() == Method::HEAD;
    let response = next.call(request).await?;
    Ok(if is_head {
        response.map_body(|_, body| BoxBody::new(NoBody(body.size())))
    } else {
        response
    })
}

/// Announces the length of a body and sends nothing.
struct NoBody(BodySize);

impl MessageBody for NoBody {
    type Error = std::convert::Infallible;

    fn size(&self) -> BodySize {
        self.0
    }

    fn poll_next(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, Self::Error>>> {
        Poll::Ready(None)
    }
}
