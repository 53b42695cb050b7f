//! The pictures of docs/console.md; `RINGER_PICTURES=1` takes new ones.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use ringer::Server;
use ringer::scenario::seconds;

use super::browser::Browser;
use crate::docs::text;
use crate::support::{Client, frozen, start};

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("docs/pictures")
}

/// A sandbox with a bit of everything.
fn furnished(server: &Server) {
    let client = Client::new(server, "demo");
    let sandbox = server.sandbox("demo").expect("it is open");
    let cancelled = client.rent_for("gb", "whatsapp").rental_id();
    sandbox.clock().advance(seconds(4));
    client.poll(&cancelled);
    client.cancel(&cancelled);
    client.rent_for("SE", "facebook");
    sandbox.clock().advance(seconds(3));
    let read = client.rent_for("US", "telegram").rental_id();
    for wait in [2, 2, 3, 4, 4] {
        sandbox.clock().advance(seconds(wait));
        client.poll(&read);
    }
    client.rent("USA");
    let fresh = client.rent_for("DE", "signal").rental_id();
    for _ in 0..2 {
        sandbox.clock().advance(seconds(2));
        client.poll(&fresh);
    }
}

fn take(browser: &Browser, name: &str) {
    let picture = browser.tell("Page.captureScreenshot", &serde_json::json!({"format": "png"}));
    let data = picture["data"].as_str().expect("base64");
    let path = folder().join(name);
    fs::create_dir_all(folder()).expect("a folder");
    // The shell has what no crate here has.
    let decode = format!("printf %s '{data}' | base64 -d > '{}'", path.display());
    let script = std::env::temp_dir().join(format!("ringer-picture-{}", std::process::id()));
    fs::write(&script, decode).expect("it can be written");
    let done = Command::new("sh").arg(&script).status().expect("a shell");
    let _ = fs::remove_file(&script);
    assert!(done.success());
}

#[test]
fn the_pictures_of_the_readme_are_there() {
    if std::env::var_os("RINGER_PICTURES").is_some_and(|value| value == "1") {
        let server = start(frozen().scenario("two-sms-second-good"));
        let browser = Browser::live(&server.console_url());
        furnished(&server);
        browser.reads("#request-list .outcome", "400 UNKNOWN_COUNTRY");
        browser.reads("#rental-list", "signal");
        browser.reads("#grade", "It works");
        for (scheme, width, height, name) in [
            ("light", 1440, 900, "console.png"),
            ("dark", 1440, 900, "console-dark.png"),
            ("light", 390, 844, "console-phone.png"),
        ] {
            browser.prefer(scheme);
            browser.window(width, height);
            browser.js(
                "document.querySelector(innerWidth < 600 ? '#rentals' : 'body').scrollIntoView()",
            );
            browser.js_done("requestAnimationFrame(() => requestAnimationFrame(done))");
            take(&browser, name);
        }
    }
    let page = text("docs/console.md");
    for entry in fs::read_dir(folder()).expect("RINGER_PICTURES=1 takes them") {
        let path = entry.expect("it can be read").path();
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        assert!(
            page.contains(&format!("(pictures/{name}"))
                || page.contains(&format!("\"pictures/{name}")),
            "{name} is shown nowhere"
        );
        assert!(fs::metadata(&path).expect("a file").len() < 300_000, "{name} is large");
    }
}
