//! The sockets that a server listens on.

use std::io::{self, ErrorKind};
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener, ToSocketAddrs};

use super::StartError;

/// How many free ports to try if another process holds each of them in one address family.
const MOST_TRIES: usize = 100;

/// Listens on a host name or an address. For `localhost` that is both 127.0.0.1 and ::1, because
/// clients differ in which one they try; for any other name, the first address that works. Returns
/// the address to announce.
///
/// `name` is the setting that decides the port.
pub(super) fn listen(
    name: &'static str,
    host: &str,
    port: u16,
) -> Result<(Vec<TcpListener>, SocketAddr), StartError> {
    let failed = |source| StartError::Listen { name, address: format!("{host}:{port}"), source };
    // In a URL, an IPv6 address is in brackets, and people copy it from there.
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

/// Both loopback addresses on one port, or the only one this machine has.
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

/// Whether the machine lacks the address, or its whole family.
fn is_missing(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::AddrNotAvailable | ErrorKind::Unsupported)
        || error.raw_os_error() == Some(rustix::io::Errno::AFNOSUPPORT.raw_os_error())
}
