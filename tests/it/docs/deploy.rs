//! docs/deploy.md cannot drift: its commands, its compose file and its proxies run here.

use std::io::{BufRead, BufReader};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use ringer::Server;
use ringer::scenario::WireFault;

use super::recipes::{Folder, code};
use super::{run_lines_of, text as page};
use crate::faults::socket::until;
use crate::process::{Running, clean, ringer, run};
use crate::support::{Client, start};

const PAGE: &str = "docs/deploy.md";

#[test]
fn the_lines_for_a_shared_instance_run() {
    let told = run_lines_of(PAGE, "shared", &[]);
    assert!(told.contains("\"status\":\"success\""), "{told}");
    assert!(told.contains("\"api_key\":\"team-a\""), "{told}");
}

#[test]
fn the_table_of_addresses_says_where_a_token_is_demanded() {
    let page = page(PAGE);
    let (_, table) = page.split_once("| `--host` |").expect("it has a table of addresses");
    let rows = table.lines().skip(2).take_while(|line| line.starts_with("| `"));
    let mut hosts = 0;
    for row in rows {
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        // Of each host that a row names: it is the part in backticks.
        for host in cells[1].split('`').skip(1).step_by(2) {
            hosts += 1;
            let Ok(server) = Server::builder().host(host).start() else {
                let has_ipv6 = std::net::TcpListener::bind("[::1]:0").is_ok();
                assert!(host.contains("::") && !has_ipv6, "{host}");
                continue;
            };
            assert_eq!(server.admin_token().is_some(), cells[3] == "yes", "{row}");
        }
    }
    assert_eq!(hosts, 5);
}

#[test]
fn the_commands_of_the_compose_file_run() {
    let compose = code(&page(PAGE), "compose");
    let after = |start: &str| {
        let line = compose.lines().find_map(|line| line.trim().strip_prefix(start));
        line.unwrap_or_else(|| panic!("no {start}: {compose}")).to_owned()
    };
    let words = after("command: ringer ");
    let mut server = ringer();
    server.args(words.split(' ')).env("RINGER_ADMIN_TOKEN", "t0ken");
    server.env("RINGER_ADMIN_HOST", after("RINGER_ADMIN_HOST: "));
    let running = Running::start(server);
    let port = running.url.rsplit(':').next().expect("a port");
    let url = format!("http://127.0.0.1:{port}");

    let check = after("test: [\"CMD\", \"ringer\", ").replace(['"', ',', ']'], "");
    let mut healthy = ringer();
    healthy.args(check.split(' ')).env("RINGER_URL", &url);
    assert_eq!(run(healthy), (Some(0), String::new(), String::new()));

    // As the tests of the file ask: by the name of the service, with the token.
    let host = after("RINGER_URL: http://");
    let with_token = "Authorization: Bearer t0ken";
    for (more, status) in [(&["-H", with_token][..], "200"), (&[], "401")] {
        let mut curl = Command::new("curl");
        curl.args(["-s", "-o", "/dev/null", "-w", "%{http_code}"]).args(more);
        curl.args(["-H", &format!("Host: {host}"), &format!("{url}/__admin/sandboxes")]);
        assert_eq!(run(curl).1, status);
    }
}

#[test]
fn the_probes_ask_for_what_needs_no_token() {
    let probes = code(&page(PAGE), "probes");
    let paths = probes.split("path: ").skip(1).filter_map(|rest| rest.split(',').next());
    let server = start(Server::builder().host("0.0.0.0"));
    let port = server.address().port();
    let client = Client::at(&format!("http://127.0.0.1:{port}"), "probe");
    assert_eq!(paths.map(|path| client.get(path).status).collect::<Vec<_>>(), [200, 200]);
}

/// A proxy of the page that runs in a folder of its own; it is killed at the end.
struct Proxy {
    child: Child,
    folder: Folder,
}

impl Proxy {
    /// Starts it in front of a server, on a socket of the file system: that has no port to clash.
    /// It waits for a reply as long as `patience` says.
    fn start(name: &str, file: &str, server: &Server, patience: &str) -> Self {
        let port = server.address().port();
        let folder = Folder::new(&format!("{file}-{port}-{patience}"));
        let socket = format!("{}/socket", folder.0.display());
        let mut text = code(&page(PAGE), file);
        for (from, to) in [
            ("127.0.0.1:7464", server.address().to_string()),
            ("listen 8080", format!("listen unix:{socket}")),
            ("bind :8080", format!("bind unix@{socket}")),
            ("timeout server 60s", format!("timeout server {patience}")),
            ("proxy_read_timeout 60s", format!("proxy_read_timeout {patience}")),
        ] {
            text = text.replace(from, &to);
        }
        assert!(!text.contains("7464") && !text.contains("8080"), "{text}");
        assert!(text.contains(&format!(" {patience}")), "{text}");
        folder.write(file, &text);
        let path = folder.0.join(file);
        let mut command = clean(Command::new(name));
        match name {
            "nginx" => {
                let global = "daemon off; pid nginx.pid; error_log stderr crit;";
                command.arg("-p").arg(&folder.0).arg("-c").arg(&path).args(["-g", global])
            }
            _ => command.args(["-q", "-db", "-f"]).arg(&path),
        };
        let child = command.current_dir(&folder.0).spawn();
        let child = child.unwrap_or_else(|error| panic!("{name} does not run: {error}"));
        let proxy = Self { child, folder };
        until("the proxy listens", || UnixStream::connect(proxy.socket()).is_ok());
        proxy
    }

    fn socket(&self) -> std::path::PathBuf {
        self.folder.0.join("socket")
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        // The master ends its workers, where it is asked to.
        let id = self.child.id().to_string();
        let _ = Command::new("kill").args(["-s", "TERM", &id]).status();
        let _ = self.child.wait();
    }
}

/// What `curl` says of a call: its own exit code, and the status.
fn outcome(server: &Server, socket: Option<&Path>, fault: WireFault) -> (Option<i32>, String) {
    let mut curl = clean(Command::new("curl"));
    curl.args(["-s", "-o", "/dev/null", "-w", "%{http_code}"]);
    if let Some(socket) = socket {
        curl.arg("--unix-socket").arg(socket);
    } else if fault == WireFault::Hang {
        curl.args(["-m", "2"]);
    }
    curl.args(["-H", &format!("Prefer: fault={}", fault.name())]);
    curl.arg(format!("{}/getNumbers?api_key=faults", server.url()));
    let (code, status, _) = run(curl);
    (code, status)
}

/// Whether a cell of the table says that.
fn says(cell: &str, (code, status): &(Option<i32>, String)) -> bool {
    cell.split(" or ").any(|said| match said {
        "no byte" => *code == Some(52),
        "cut off" => matches!(code, Some(18 | 52 | 56)),
        "not HTTP" => *code == Some(1),
        "in pieces" => (*code, status.as_str()) == (Some(0), "200"),
        "nothing" => *code == Some(28),
        _ => *code == Some(0) && said.starts_with(status.as_str()),
    })
}

#[test]
#[ignore = "needs nginx and haproxy; see CONTRIBUTING.md"]
fn the_table_of_faults_is_what_a_client_sees_straight_and_behind_each_proxy() {
    let server = start(Server::builder());
    let both = |patience| {
        let nginx = Proxy::start("nginx", "nginx.conf", &server, patience);
        [nginx, Proxy::start("haproxy", "haproxy.cfg", &server, patience)]
    };
    let (proxies, impatient) = (both("60s"), both("1s"));
    let page = page(PAGE);
    std::thread::scope(|scope| {
        for fault in WireFault::ALL {
            let row = format!("| `{}` | ", fault.name());
            let row = page.lines().find_map(|line| line.strip_prefix(&row));
            let cells = row.unwrap_or_else(|| panic!("no row of {}", fault.name()));
            let cells: Vec<&str> = cells.trim_end_matches(" |").split(" | ").collect();
            assert_eq!(cells.len(), 3, "{cells:?}");
            // Only a hang is worth their giving up soon; a dribble may be slow on a busy machine.
            let [nginx, haproxy] = if fault == WireFault::Hang { &impatient } else { &proxies };
            for (cell, proxy) in cells.into_iter().zip([None, Some(nginx), Some(haproxy)]) {
                let server = &server;
                scope.spawn(move || {
                    let socket = proxy.map(Proxy::socket);
                    let seen = outcome(server, socket.as_deref(), fault);
                    assert!(says(cell, &seen), "{} {socket:?}: {cell}, not {seen:?}", fault.name());
                });
            }
        }
    });
}

#[test]
#[ignore = "needs nginx and haproxy; see CONTRIBUTING.md"]
fn an_event_comes_through_each_proxy_when_it_happens() {
    let server = start(Server::builder());
    let client = Client::new(&server, "watched");
    client.get_numbers();
    for (name, file) in [("nginx", "nginx.conf"), ("haproxy", "haproxy.cfg")] {
        let proxy = Proxy::start(name, file, &server, "60s");
        let mut curl = clean(Command::new("curl"));
        curl.args(["-sN", "--unix-socket"]).arg(proxy.socket());
        curl.arg(format!("{}/sandboxes/watched/events", server.admin_url()));
        let mut curl = curl.stdout(Stdio::piped()).spawn().expect("curl runs");
        let mut lines = BufReader::new(curl.stdout.take().expect("it is piped")).lines();
        // The stream says at once that it is there, and from then on nothing is missed.
        let mut next = || lines.next().map(|line| line.expect("it is text"));
        while next().is_some_and(|line| !line.starts_with(':')) {}
        client.get_numbers();
        let mut seen = false;
        while let Some(line) = next() {
            seen = line == "event: request";
            if seen {
                break;
            }
        }
        assert!(seen, "{name} kept it back until the stream had ended");
        let _ = curl.kill();
        let _ = curl.wait();
    }
}
