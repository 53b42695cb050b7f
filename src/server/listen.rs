//! The sockets that a server listens on.

use std::io::{self, ErrorKind};
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener, ToSocketAddrs};

use super::StartError;

/// How often a free port is tried anew where another process has it in one family only.
const MOST_TRIES: usize = 100;

/// Listens on a host name or an address: on every address of `localhost`, since clients differ in
/// which of them they try, and on the first that works of any other name. Gives the address to name.
pub(super) fn listen(host: &str, port: u16) -> Result<(Vec<TcpListener>, SocketAddr), StartError> {
    let failed = |reason| StartError::Listen { address: format!("{host}:{port}"), reason };
    // An IPv6 address stands in brackets in URLs, and people copy it from there.
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let listeners = match host.eq_ignore_ascii_case("localhost") {
        true => on_loopback(port),
        false => on_first(host, port).map(|listener| vec![listener]),
    };
    let listeners = listeners.map_err(failed)?;
    let address = listeners[0].local_addr().map_err(failed)?;
    Ok((listeners, address))
}

fn on_first(host: &str, port: u16) -> io::Result<TcpListener> {
    let addresses: Vec<SocketAddr> = (host, port).to_socket_addrs()?.collect();
    TcpListener::bind(&addresses[..])
}

/// Both loopback addresses on one port, or the only one that this machine has.
fn on_loopback(port: u16) -> io::Result<Vec<TcpListener>> {
    let mut tries = 0;
    loop {
        let first = match TcpListener::bind((Ipv4Addr::LOCALHOST, port)) {
            Ok(listener) => listener,
            Err(error) if is_missing(&error) => {
                return Ok(vec![TcpListener::bind((Ipv6Addr::LOCALHOST, port))?]);
            }
            Err(error) => return Err(error),
        };
        tries += 1;
        match TcpListener::bind((Ipv6Addr::LOCALHOST, first.local_addr()?.port())) {
            Ok(second) => return Ok(vec![first, second]),
            Err(error) if is_missing(&error) => return Ok(vec![first]),
            Err(error)
                if error.kind() == ErrorKind::AddrInUse && port == 0 && tries < MOST_TRIES => {}
            Err(error) => return Err(error),
        }
    }
}

/// Whether the machine has no such address, or does not know its family at all.
fn is_missing(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::AddrNotAvailable | ErrorKind::Unsupported)
        || error.raw_os_error() == Some(rustix::io::Errno::AFNOSUPPORT.raw_os_error())
}
