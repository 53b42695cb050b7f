//! A real browser in the hands of a test: Chromium, driven by the WebDriver protocol, which is JSON
//! over HTTP and needs no crate beside `ureq`.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde_json::{Value, json};

/// How many milliseconds a test waits for the page before it fails.
const PATIENCE: u32 = 20_000;

/// Held by the one browser that runs: each takes a whole machine.
static ALONE: Mutex<()> = Mutex::new(());

/// Starts the driver, and gives it with its port, unless it ends at once.
fn drive() -> Option<(Child, String)> {
    let mut driver = Command::new("chromedriver");
    driver.arg("--port=0").stdout(Stdio::piped()).stderr(Stdio::null());
    let mut driver = driver.spawn().expect("chromedriver is on the PATH");
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
    /// Opens a page.
    pub(super) fn open(url: &str) -> Self {
        let alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
        // It picks a free IPv4 port, and ends if the same IPv6 port is taken.
        let mut drivers = (0..10).filter_map(|_| drive());
        let (driver, port) = drivers.next().expect("chromedriver starts");
        let base = format!("http://127.0.0.1:{port}");
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(Duration::from_secs(120)));
        let agent = ureq::Agent::new_with_config(config.build());
        // Containers lack the sandbox of Chromium, and have little shared memory.
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
        browser
    }

    /// Opens the console, and waits until it is connected.
    pub(super) fn live(url: &str) -> Self {
        let browser = Self::open(url);
        browser.until("document.querySelector('#link').dataset.link === 'live'");
        browser
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

    /// What a script returns when it gets `arguments`.
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

    /// Waits until an element that matches contains this text.
    #[track_caller]
    pub(super) fn reads(&self, selector: &str, text: &str) {
        let (selector, text) = (json!(selector), json!(text));
        self.until(&format!(
            "[...document.querySelectorAll({selector})].some((one) => one.innerText.includes({text}))"
        ));
    }

    /// The text of an element.
    pub(super) fn text(&self, selector: &str) -> String {
        let script = "return document.querySelector(arguments[0])?.innerText ?? ''";
        self.js_with(script, &json!([selector])).as_str().unwrap_or_default().to_owned()
    }

    fn element(&self, selector: &str) -> String {
        let found = self.post("/element", &json!({"using": "css selector", "value": selector}));
        let id = found.as_object().and_then(|found| found.values().next());
        format!("/element/{}", id.and_then(Value::as_str).expect("an element"))
    }

    /// Clicks as a user does: on an element that is visible, enabled and not covered.
    #[track_caller]
    pub(super) fn click(&self, selector: &str) {
        self.until(&format!("document.querySelector({}).disabled !== true", json!(selector)));
        // The bar at the top would cover it.
        let script = "document.querySelector(arguments[0])?.scrollIntoView({block: 'center'})";
        self.js_with(script, &json!([selector]));
        self.post(&format!("{}/click", self.element(selector)), &json!({}));
    }

    /// Replaces the text of a field.
    pub(super) fn write(&self, selector: &str, text: &str) {
        let element = self.element(selector);
        self.post(&format!("{element}/clear"), &json!({}));
        self.post(&format!("{element}/value"), &json!({"text": text}));
    }

    /// Presses a key on the focused element.
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

    /// Sends a command of Chromium's own protocol.
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

    /// Asserts that the browser logged no error, apart from refused calls of the partner API.
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
        // This ends the browser too.
        let _ = self.agent.delete(&self.session).call();
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}
