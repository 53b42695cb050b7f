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

use super::host;
use super::partner::{self, Desk, Replying};
use crate::domain::endpoint::Endpoint;

/// The entrance of a worker.
pub(super) struct Front<A> {
    /// Where the partner API is answered, if it is here.
    desk: Option<Rc<Desk>>,
    app: A,
}

impl<A> Front<A>
where
    A: Service<Request, Response = ServiceResponse, Error = Error> + 'static,
{
    /// Makes the entrance of a worker, with an application behind it.
    pub(super) fn factory<F, I>(
        desk: Option<Desk>,
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
        let (desk, app) = (desk.map(Rc::new), app.into_factory());
        fn_factory(move || {
            let (desk, app) = (desk.clone(), app.new_service(AppConfig::default()));
            async move { Ok(Self { desk, app: app.await? }) }
        })
    }
}

impl<A> Service<Request> for Front<A>
where
    A: Service<Request, Response = ServiceResponse, Error = Error> + 'static,
{
    type Response = Response<BoxBody>;
    type Error = Error;
    type Future = Replying;

    forward_ready!(app);

    fn call(&self, mut request: Request) -> Self::Future {
        if let Err(refusal) = host::check(&request) {
            return Box::pin(ready(Ok(partner::refuse_unreadable(&refusal))));
        }
        if request.method() == Method::CONNECT {
            // What it sends has no end, and nobody waits for it.
            drop(request.take_payload());
        }
        match (Endpoint::at(request.path()), &self.desk) {
            (Some(endpoint), Some(desk)) => partner::serve(endpoint, desk, request),
            _ => {
                let reply = self.app.call(request);
                Box::pin(async move { Ok(reply.await?.into()) })
            }
        }
    }
}
