//! The entrance of each worker thread: the partner API's four paths go straight to [`partner`], all
//! others to the actix-web application.
//!
//! The four paths carry nearly all the load. Matching them needs no router, which saves a tenth of
//! the cost of a request.

use std::future::ready;
use std::rc::Rc;

use actix_http::{Method, Request, Response};
use actix_service::{IntoServiceFactory, Service, ServiceFactory, fn_factory, forward_ready};
use actix_web::Error;
use actix_web::body::BoxBody;
use actix_web::dev::{AppConfig, ServiceResponse};

use super::host_header;
use super::partner::{self, PartnerState, ResponseFuture};
use crate::domain::endpoint::Endpoint;

pub(super) struct Dispatcher<A> {
    /// `None` on a listener that does not serve the partner API.
    partner: Option<Rc<PartnerState>>,
    app: A,
}

impl<A> Dispatcher<A>
where
    A: Service<Request, Response = ServiceResponse, Error = Error> + 'static,
{
    pub(super) fn factory<F, I>(
        partner: Option<PartnerState>,
        app: I,
    ) -> impl ServiceFactory<
        Request,
        Config = (),
        Response = Response<BoxBody>,
        Error = Error,
        InitError = (),
        Service = Self,
    >
    where
        I: IntoServiceFactory<F, Request>,
        F: ServiceFactory<Request, Config = AppConfig, Service = A, InitError = ()> + 'static,
        F: ServiceFactory<Request, Response = ServiceResponse, Error = Error>,
    {
        let (partner, app) = (partner.map(Rc::new), app.into_factory());
        fn_factory(move || {
            let (partner, app) = (partner.clone(), app.new_service(AppConfig::default()));
            async move { Ok(Self { partner, app: app.await? }) }
        })
    }
}

impl<A> Service<Request> for Dispatcher<A>
where
    A: Service<Request, Response = ServiceResponse, Error = Error> + 'static,
{
    type Response = Response<BoxBody>;
    type Error = Error;
    type Future = ResponseFuture;

    forward_ready!(app);

    fn call(&self, mut request: Request) -> Self::Future {
        if let Err(refusal) = host_header::check(&request) {
            return Box::pin(ready(Ok(partner::refuse_bad_request(&refusal))));
        }
        if request.method() == Method::CONNECT {
            // Its body never ends.
            drop(request.take_payload());
        }
        match (Endpoint::at(request.path()), &self.partner) {
            (Some(endpoint), Some(partner)) => partner::serve(endpoint, partner, request),
            _ => {
                let reply = self.app.call(request);
                Box::pin(async move { Ok(reply.await?.into()) })
            }
        }
    }
}
