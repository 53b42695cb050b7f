//! What a flood of keys, requests and rentals does to the memory: it grows up to the bounds that the
//! flags set, and then no more.

use crate::Outcome;
use crate::client::{Connection, RENTAL_ID, text_field};
use crate::options::Options;
use crate::request;
use crate::server::{Cores, Server};

/// How often the memory is looked at in each flood.
const LOOKS: usize = 10;

pub(crate) fn run(options: &Options) -> Outcome<()> {
    let cores = Cores::choose();
    let count = options.flood;
    println!("VmRSS in MiB after each tenth of {count} …");
    let mut key = 0;
    flood(options, &cores, "new keys", count, |connection| {
        key += 1;
        connection.call(&request::get_numbers(&format!("flood-{key}"))).map(drop)
    })?;
    flood(options, &cores, "requests", count, |connection| {
        connection.call(&request::get_numbers("bench")).map(drop)
    })?;
    flood(options, &cores, "rentals", count, |connection| {
        let rented = connection.call(&request::rent("bench"))?;
        let cancel = request::cancel("bench", text_field(rented, RENTAL_ID)?);
        connection.call(&cancel).map(drop)
    })
}

/// Does something over and over to a new server, and prints the curve.
fn flood(
    options: &Options,
    cores: &Cores,
    name: &str,
    count: usize,
    mut act: impl FnMut(&mut Connection) -> Outcome<()>,
) -> Outcome<()> {
    // New servers, so that none inherits the memory of another flood.
    let server = Server::subject(options, cores)?;
    let mut connection = server.connect()?;
    let look =
        |server: &Server| server.memory("VmRSS").unwrap_or_default() as f64 / (1 << 20) as f64;
    let mut curve = vec![look(&server)];
    for _ in 0..LOOKS {
        for _ in 0..count / LOOKS {
            act(&mut connection)?;
        }
        curve.push(look(&server));
    }
    let told: Vec<String> = curve.iter().map(|size| format!("{size:.1}")).collect();
    let (middle, end) = (curve[LOOKS / 2], curve[LOOKS]);
    println!("{name:<10}{}; the second half added {:+.1}", told.join("  "), end - middle);
    Ok(())
}
