//! What `ringer run` tells in the end: how the client of each sandbox did.

use std::collections::HashMap;

use serde::Serialize;

use crate::registry::UnroutedRequests;
use crate::report::junit::{self, Suite};
use crate::report::{Report, Severity, markdown, text};
use crate::server::Server;

/// The key that the command is given, unless one was said.
pub(super) const API_KEY: &str = "ringer-run";

/// How the clients did.
pub(super) struct RunReport {
    sandboxes: Vec<SandboxReport>,
    unrouted: UnroutedRequests,
}

#[derive(Serialize)]
struct SandboxReport {
    /// The key as it may be shown.
    api_key: String,
    /// Which of its lives this was, where a test has reset it: `2 of 3`.
    #[serde(skip_serializing_if = "Option::is_none")]
    life: Option<String>,
    scenario: String,
    report: Report,
}

/// The report of all of them together, and each alone.
#[derive(Serialize)]
struct Written<'a> {
    #[serde(flatten)]
    all: Report,
    sandboxes: &'a [SandboxReport],
}

impl SandboxReport {
    fn name(&self) -> String {
        match &self.life {
            Some(life) => format!("{}, life {life}", self.api_key),
            None => self.api_key.clone(),
        }
    }
}

impl RunReport {
    pub(super) fn of(server: &Server) -> Self {
        let reports = server.reports();
        let mut lives: HashMap<String, usize> = HashMap::new();
        for (standing, _) in &reports {
            *lives.entry(standing.api_key.as_str().to_owned()).or_default() += 1;
        }
        let mut lived: HashMap<String, usize> = HashMap::new();
        let sandboxes = reports.into_iter().map(|(standing, report)| {
            let key = standing.api_key.as_str();
            let number = lived.entry(key.to_owned()).or_default();
            *number += 1;
            let all = lives[key];
            // The key that we made up ourselves is no secret.
            let is_ours = key == API_KEY || key.starts_with("ringer-run@");
            SandboxReport {
                api_key: if is_ours { key.to_owned() } else { standing.api_key.to_string() },
                life: (all > 1).then(|| format!("{number} of {all}")),
                scenario: standing.scenario.name.clone(),
                report,
            }
        });
        Self { sandboxes: sandboxes.collect(), unrouted: server.unrouted_requests() }
    }

    /// Whether there is a finding of such a severity.
    pub(super) fn has(&self, fails: impl Fn(Severity) -> bool) -> bool {
        let findings = self.sandboxes.iter().flat_map(|sandbox| &sandbox.report.findings);
        findings.map(|finding| finding.severity).any(fails)
    }

    /// For a person at a terminal.
    pub(super) fn text(&self) -> String {
        let mut text = String::from("\n");
        for sandbox in &self.sandboxes {
            text += &text::write(&sandbox.report, &sandbox.name(), &sandbox.scenario);
            text += "\n";
        }
        if let Some(strayed) = self.strayed() {
            text += &format!("ringer: {strayed}\n");
        }
        text
    }

    /// For a file with this ending; `fails`: by which severities a case of JUnit does.
    pub(super) fn written(&self, ending: &str, fails: impl Fn(Severity) -> bool) -> String {
        match ending {
            "json" => {
                let all = self.sandboxes.iter().map(|sandbox| &sandbox.report).sum();
                let written = Written { all, sandboxes: &self.sandboxes };
                serde_json::to_string_pretty(&written).expect("it has text for keys") + "\n"
            }
            "xml" => {
                let suites = self.sandboxes.iter().map(|sandbox| Suite {
                    report: &sandbox.report,
                    name: sandbox.name(),
                    scenario: &sandbox.scenario,
                });
                junit::write_all(suites, fails)
            }
            _ if self.sandboxes.is_empty() && self.unrouted.is_empty() => {
                "No request came.\n".to_owned()
            }
            _ => {
                let each = self.sandboxes.iter();
                let each = each.map(|sandbox| {
                    markdown::write_as(&sandbox.report, &sandbox.name(), &sandbox.scenario)
                });
                each.chain(self.strayed().map(|line| line + "\n")).collect::<Vec<_>>().join("\n")
            }
        }
    }

    /// What came and reached no sandbox, or that nothing came.
    fn strayed(&self) -> Option<String> {
        let total: u64 = self.unrouted.iter().map(|(_, count)| count).sum();
        if total == 0 {
            let none = "no request came; did the command use RINGER_URL and RINGER_API_KEY?";
            return self.sandboxes.is_empty().then(|| none.to_owned());
        }
        let each = self.unrouted.iter().map(|(code, count)| format!("{count} x {}", code.as_str()));
        let each: Vec<String> = each.collect();
        let (noun, they) = if total == 1 { ("request", "it") } else { ("requests", "they") };
        Some(format!(
            "{total} {noun} reached no sandbox, so {they} cannot be judged: {}; each reply says \
             what was wrong",
            each.join(", ")
        ))
    }
}
