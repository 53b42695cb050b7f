//! Route tables. A [`Route`] is a row: method, path, handler and documentation of one operation.
//! Routing, 405 with `Allow` and the OpenAPI document all follow from the rows.

use actix_web::web::ServiceConfig;

use super::openapi::{Document, Operation};
use super::resource::Resource;

/// The security scheme of every route that is not [`open`](Route::open).
pub(super) const TOKEN: &str = "adminToken";

/// One operation. Only callers that the guard of the control API admits reach it, unless it is
/// [`open`](Self::open).
#[derive(Clone, Copy)]
pub(super) struct Route {
    method: &'static str,
    pub(super) path: &'static str,
    handler: fn() -> actix_web::Route,
    is_open: bool,
    id: &'static str,
    summary: &'static str,
    description: &'static str,
    details: fn(Operation<'_>) -> Operation<'_>,
}

/// Also answers HEAD, which needs a row of its own only to be documented.
pub(super) const fn get(path: &'static str, handler: fn() -> actix_web::Route) -> Route {
    Route::new("GET", path, handler)
}

pub(super) const fn head(path: &'static str, handler: fn() -> actix_web::Route) -> Route {
    Route::new("HEAD", path, handler)
}

pub(super) const fn post(path: &'static str, handler: fn() -> actix_web::Route) -> Route {
    Route::new("POST", path, handler)
}

pub(super) const fn put(path: &'static str, handler: fn() -> actix_web::Route) -> Route {
    Route::new("PUT", path, handler)
}

pub(super) const fn patch(path: &'static str, handler: fn() -> actix_web::Route) -> Route {
    Route::new("PATCH", path, handler)
}

pub(super) const fn delete(path: &'static str, handler: fn() -> actix_web::Route) -> Route {
    Route::new("DELETE", path, handler)
}

impl Route {
    const fn new(
        method: &'static str,
        path: &'static str,
        handler: fn() -> actix_web::Route,
    ) -> Self {
        Self {
            method,
            path,
            handler,
            is_open: false,
            id: "",
            summary: "",
            description: "",
            details: |operation| operation,
        }
    }

    /// Admits every caller: the route reveals no secret and changes nothing.
    pub(super) const fn open(self) -> Self {
        Self { is_open: true, ..self }
    }

    /// The operation id and two texts: a few words for a list, and at least one sentence.
    pub(super) const fn named(
        self,
        id: &'static str,
        summary: &'static str,
        description: &'static str,
    ) -> Self {
        Self { id, summary, description, ..self }
    }

    /// Documents what the operation reads and replies. 401, 403 and 405 need no mention.
    pub(super) const fn documented(self, details: fn(Operation<'_>) -> Operation<'_>) -> Self {
        Self { details, ..self }
    }
}

/// Registers the routes of a table. Rows of the same path stand together.
pub(super) fn configure(app: &mut ServiceConfig, table: &[Route]) {
    for rows in table.chunk_by(|one, next| one.path == next.path) {
        let resource = rows
            .iter()
            .fold(Resource::at(rows[0].path), |resource, row| resource.on(row.method, row.handler));
        let is_open = rows.iter().all(|row| row.is_open);
        app.service(if is_open { resource.open() } else { resource });
    }
}

/// Documents the routes of a table.
pub(super) fn document(document: &mut Document, table: &[Route]) {
    for row in table {
        document.operation(row.method, row.path, row.id, |operation| {
            let operation = (row.details)(operation.text(row.summary, row.description));
            let operation = operation.problems(&[405]);
            if row.is_open { operation } else { operation.security(TOKEN).problems(&[401, 403]) }
        });
    }
}
