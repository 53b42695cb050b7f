//! A path, and what answers each method there. Every route but the partner's four is made here.

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

/// A path, and what answers each method there. Any other method is 405. It lies behind the guard of
/// the control API unless it is [`open`](Self::open).
pub(super) struct Resource {
    routes: actix_web::Resource,
    methods: Vec<&'static str>,
    is_open: bool,
}

impl Resource {
    pub(super) fn at(path: &str) -> Self {
        Self { routes: web::resource(path), methods: Vec::new(), is_open: false }
    }

    /// Answers GET, and HEAD with the same headers.
    pub(super) fn get<F, Args>(self, handler: F) -> Self
    where
        F: Handler<Args, Output: Responder + 'static>,
        Args: FromRequest + 'static,
    {
        self.on("GET", web::get().to(handler.clone())).on("HEAD", web::head().to(handler))
    }

    pub(super) fn post<F, Args>(self, handler: F) -> Self
    where
        F: Handler<Args, Output: Responder + 'static>,
        Args: FromRequest + 'static,
    {
        self.on("POST", web::post().to(handler))
    }

    pub(super) fn put<F, Args>(self, handler: F) -> Self
    where
        F: Handler<Args, Output: Responder + 'static>,
        Args: FromRequest + 'static,
    {
        self.on("PUT", web::put().to(handler))
    }

    pub(super) fn patch<F, Args>(self, handler: F) -> Self
    where
        F: Handler<Args, Output: Responder + 'static>,
        Args: FromRequest + 'static,
    {
        self.on("PATCH", web::patch().to(handler))
    }

    pub(super) fn delete<F, Args>(self, handler: F) -> Self
    where
        F: Handler<Args, Output: Responder + 'static>,
        Args: FromRequest + 'static,
    {
        self.on("DELETE", web::delete().to(handler))
    }

    fn on(mut self, method: &'static str, route: Route) -> Self {
        self.routes = self.routes.route(route);
        self.methods.push(method);
        self
    }

    /// Is there only for requests like these; for others the path does not exist.
    pub(super) fn only_if(
        mut self,
        is_meant: impl Fn(&GuardContext<'_>) -> bool + 'static,
    ) -> Self {
        self.routes = self.routes.guard(fn_guard(is_meant));
        self
    }

    /// Answers everybody: it tells no secret and changes nothing.
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

/// Ends the reply to a HEAD with its headers, also where a body would go on for ever.
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

/// What is announced and not sent.
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
