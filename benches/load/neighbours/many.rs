//! Very many small sandboxes.

use super::case::Case;
use super::control::Control;
use super::table::Row;
use crate::Outcome;
use crate::options::Options;
use crate::request;
use crate::server::Server;
use serde_json::json;

/// How many are kept.
pub(super) const KEPT: usize = 10_000;
/// How many come.
pub(super) const COMING: usize = 20_000;

pub(super) fn run(options: &Options) -> Outcome<Vec<Row>> {
    let (kept, coming) = (options.scale.count(KEPT), options.scale.count(COMING));
    let server = super::shipped(&["--max-sandboxes", &kept.to_string()])?;
    let control = Control::of(&server);
    let mut reset = Case::new(format!("reset of {kept} sandboxes"));
    let mut flood = Case::new(format!("{coming} new keys, {kept} are kept"));
    for round in 0..super::rounds(options) {
        // The probe has one of them.
        touch(&server, &format!("reset-{round}"), kept - 1)?;
        reset.round(&server, options.round, || control.post("/reset", &json!({})))?;
        let name = format!("flood-{round}");
        flood.round(&server, options.round, || touch(&server, &name, coming))?;
    }
    Ok(vec![reset.row(), flood.row()])
}

/// A request of so many keys each, one after the other.
pub(super) fn touch(server: &Server, name: &str, keys: usize) -> Outcome<()> {
    let mut connection = server.connect()?;
    for key in 0..keys {
        connection.call(&request::get_numbers(&format!("{name}-{key}")))?;
    }
    Ok(())
}
