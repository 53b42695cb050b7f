//! A real browser in the hands of a test: Chromium by the WebDriver protocol, which is JSON over
//! HTTP and needs no crate beside `ureq`.
//!
//! Where there is no Chromium the tests are skipped, and say so; with `RINGER_NEED_BROWSER=1` that
//! is a failure.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde_json::{Value, json};

/// Nothing on the page takes so long.
const PATIENCE: u32 = 20_000;

/// One browser at a time: each wants a machine for itself.
static ALONE: Mutex<()> = Mutex::new(());

/// Says that something is skipped, or fails where nothing may be.
pub(super) fn skip(what: &str) {
    let needed = std::env::var_os("RINGER_NEED_BROWSER").is_some_and(|value| value == "1");
    assert!(!needed, "{what}, and the tests in a browser are to be run");
    // Not by a macro: what those print is seen only where a test fails.
    let told = format!("a test in a browser is skipped: {what}\n");
    let _ = std::io::stderr().write_all(told.as_bytes());
}

fn find(tool: &str) -> Option<PathBuf> {
    let search = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&search).map(|folder| folder.join(tool)).find(|path| path.is_file())
}

/// Starts the driver. Gives it with its port, unless it ends at once.
fn drive(driver: &Path) -> Option<(Child, String)> {
    let mut driver = Command::new(driver);
    driver.arg("--port=0").stdout(Stdio::piped()).stderr(Stdio::null());
    let mut driver = driver.spawn().expect("it runs");
    let mut lines = BufReader::new(driver.stdout.take().expect("it is piped")).lines();
    let port = lines.find_map(|line| {
        let line = line.expect("it is text");
        Some(line.split_once("successfully on port ")?.1.trim_end_matches('.').to_owned())
    });
    if port.is_none() {
        let _ = driver.wait();
    }
    Some((driver, port?))
}

pub(super) struct Browser {
    agent: ureq::Agent,
    driver: Child,
    session: String,
    _alone: MutexGuard<'static, ()>,
}

impl Browser {
    /// Opens a page; none where there is no browser.
    pub(super) fn open(url: &str) -> Option<Self> {
        let (Some(driver), Some(_)) = (find("chromedriver"), find("chromium")) else {
            skip("chromium and chromedriver are not on this machine");
            return None;
        };
        let alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
        // It takes a free port of one family of addresses, and ends where that of the other is not.
        let mut drivers = (0..10).filter_map(|_| drive(&driver));
        let (driver, port) = drivers.next().expect("it starts");
        let base = format!("http://127.0.0.1:{port}");
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(Duration::from_secs(120)));
        let agent = ureq::Agent::new_with_config(config.build());
        // A container has no sandbox for Chromium to be in, and little shared memory.
        let flags = [
            "--headless=new",
            "--no-sandbox",
            "--disable-dev-shm-usage",
            "--disable-gpu",
            "--hide-scrollbars",
        ];
        let options = json!({"args": flags});
        let wanted = json!({"goog:chromeOptions": options, "goog:loggingPrefs": {"browser": "ALL"},
                            "timeouts": {"script": 2 * PATIENCE}});
        let mut browser = Self { agent, driver, session: base.clone(), _alone: alone };
        let made = browser.post("/session", &json!({"capabilities": {"alwaysMatch": wanted}}));
        let id = made["sessionId"].as_str().expect("a session");
        browser.session = format!("{base}/session/{id}");
        browser.window(1440, 900);
        browser.go(url);
        Some(browser)
    }

    /// The same, and the page is live.
    pub(super) fn live(url: &str) -> Option<Self> {
        let browser = Self::open(url)?;
        browser.until("document.querySelector('#link').dataset.link === 'live'");
        Some(browser)
    }

    fn post(&self, path: &str, body: &Value) -> Value {
        let request = self.agent.post(format!("{}{path}", self.session));
        let reply = request.content_type("application/json").send(body.to_string());
        let mut reply = reply.expect("the driver answers");
        let text = reply.body_mut().read_to_string().expect("it is text");
        let json: Value = serde_json::from_str(&text).expect("it is JSON");
        assert_eq!(reply.status().as_u16(), 200, "{path} {body}: {text}");
        json["value"].clone()
    }

    pub(super) fn go(&self, url: &str) {
        self.post("/url", &json!({"url": url}));
    }

    /// What a script returns.
    pub(super) fn js(&self, script: &str) -> Value {
        self.js_with(script, &json!([]))
    }

    /// What a script returns that is given `arguments`.
    pub(super) fn js_with(&self, script: &str, arguments: &Value) -> Value {
        self.post("/execute/sync", &json!({"script": script, "args": arguments}))
    }

    /// What a script resolves with by `done(value)`.
    pub(super) fn js_done(&self, script: &str) -> Value {
        let script = format!("const done = arguments[arguments.length - 1];{script}");
        self.post("/execute/async", &json!({"script": script, "args": []}))
    }

    /// Waits until an expression holds, or a deadline has passed. Gives its value.
    #[track_caller]
    pub(super) fn until(&self, expression: &str) -> Value {
        let script = format!(
            "const end = performance.now() + {PATIENCE};
             (function look() {{
               const value = (() => {{ try {{ return {expression} }} catch {{ return null }} }})();
               if (value || performance.now() > end) done(value ?? null);
               else setTimeout(look, 30);
             }})()"
        );
        let value = self.js_done(&script);
        let holds = !matches!(value, Value::Null | Value::Bool(false));
        let shown: String = self.text("main").chars().take(if holds { 0 } else { 1_500 }).collect();
        assert!(holds, "{expression} does not hold on\n{shown}");
        value
    }

    /// Waits until an element says this.
    #[track_caller]
    pub(super) fn reads(&self, selector: &str, text: &str) {
        let (selector, text) = (json!(selector), json!(text));
        self.until(&format!(
            "[...document.querySelectorAll({selector})].some((one) => one.innerText.includes({text}))"
        ));
    }

    /// What an element says.
    pub(super) fn text(&self, selector: &str) -> String {
        let script = "return document.querySelector(arguments[0])?.innerText ?? ''";
        self.js_with(script, &json!([selector])).as_str().unwrap_or_default().to_owned()
    }

    fn element(&self, selector: &str) -> String {
        let found = self.post("/element", &json!({"using": "css selector", "value": selector}));
        let id = found.as_object().and_then(|found| found.values().next());
        format!("/element/{}", id.and_then(Value::as_str).expect("an element"))
    }

    /// Clicks as a user does: on what can be seen, and nothing lies above.
    pub(super) fn click(&self, selector: &str) {
        // Not under the bar, which stays where it is.
        let script = "document.querySelector(arguments[0])?.scrollIntoView({block: 'center'})";
        self.js_with(script, &json!([selector]));
        self.post(&format!("{}/click", self.element(selector)), &json!({}));
    }

    /// Writes into a field, over what stands there.
    pub(super) fn write(&self, selector: &str, text: &str) {
        let element = self.element(selector);
        self.post(&format!("{element}/clear"), &json!({}));
        self.post(&format!("{element}/value"), &json!({"text": text}));
    }

    /// Presses a key where the focus is.
    pub(super) fn press(&self, key: &str) {
        let actions = json!([{"type": "keyDown", "value": key}, {"type": "keyUp", "value": key}]);
        let keys = json!([{"type": "key", "id": "keys", "actions": actions}]);
        self.post("/actions", &json!({"actions": keys}));
    }

    /// Chooses an option by its value.
    pub(super) fn choose(&self, selector: &str, value: &str) {
        self.until(&format!(
            "document.querySelector({}).querySelector('option[value=' + CSS.escape({}) + ']')",
            json!(selector),
            json!(value)
        ));
        self.click(&format!("{selector} option[value='{value}']"));
    }

    /// A command of the browser's own protocol.
    pub(super) fn tell(&self, command: &str, parameters: &Value) -> Value {
        self.post("/goog/cdp/execute", &json!({"cmd": command, "params": parameters}))
    }

    pub(super) fn window(&self, width: u32, height: u32) {
        let size = json!({"width": width, "height": height, "deviceScaleFactor": 1,
                          "mobile": width < 600});
        self.tell("Emulation.setDeviceMetricsOverride", &size);
    }

    /// Lets the system prefer `dark` or `light`.
    pub(super) fn prefer(&self, scheme: &str) {
        let feature = json!({"name": "prefers-color-scheme", "value": scheme});
        self.tell("Emulation.setEmulatedMedia", &json!({"features": [feature]}));
    }

    /// Asserts that the browser has complained of nothing. That a call of the partner API was
    /// refused is its business.
    #[track_caller]
    pub(super) fn has_no_complaints(&self) {
        let log = self.post("/se/log", &json!({"type": "browser"}));
        let of_partner = |entry: &&Value| {
            let text = entry["message"].as_str().unwrap_or_default();
            entry["source"] == "network" && !text.contains("/__")
        };
        let entries = log.as_array().expect("a list").iter();
        let bad: Vec<&Value> = entries.filter(|entry| !of_partner(entry)).collect();
        assert!(bad.is_empty(), "{bad:#?}");
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // It ends the browser too.
        let _ = self.agent.delete(&self.session).call();
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}
