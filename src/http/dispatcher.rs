//! Where a request comes in: a path of the partner API goes straight to [`partner`], every other
//! one to the actix-web application.
//!
//! The four paths are fixed and carry nearly all the load. To find them needs no router, and
//! without it a request costs a tenth less.

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

/// The entrance of a worker.
pub(super) struct Dispatcher<A> {
    /// Where the partner API is answered, if it is here.
    state: Option<Rc<PartnerState>>,
    app: A,
}

impl<A> Dispatcher<A>
where
    A: Service<Request, Response = ServiceResponse, Error = Error> + 'static,
{
    /// Makes the entrance of a worker, with an application behind it.
    pub(super) fn factory<F, I>(
        state: Option<PartnerState>,
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
        let (state, app) = (state.map(Rc::new), app.into_factory());
        fn_factory(move || {
            let (state, app) = (state.clone(), app.new_service(AppConfig::default()));
            async move { Ok(Self { state, app: app.await? }) }
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
            // What it sends has no end, and nobody waits for it.
            drop(request.take_payload());
        }
        match (Endpoint::at(request.path()), &self.state) {
            (Some(endpoint), Some(state)) => partner::serve(endpoint, state, request),
            _ => {
                let reply = self.app.call(request);
                Box::pin(async move { Ok(reply.await?.into()) })
            }
        }
    }
}
