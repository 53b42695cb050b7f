//! The report of `ringer run`: how the client of each sandbox did.

use std::collections::HashMap;

use serde::Serialize;

use super::run::ReportFormat;
use crate::registry::UnroutedRequests;
use crate::report::{NamedReport, Report, Severity, junit, markdown, text};
use crate::server::Server;

/// The key that the command gets unless `--api-key` names one.
pub(super) const API_KEY: &str = "ringer-run";

pub(super) struct RunReport {
    sandboxes: Vec<SandboxReport>,
    unrouted: UnroutedRequests,
}

#[derive(Serialize)]
struct SandboxReport {
    /// The key as it may be shown.
    api_key: String,
    /// Which of the sandboxes of this key it was, such as `2 of 3`, if a test reset it.
    #[serde(skip_serializing_if = "Option::is_none")]
    life: Option<String>,
    scenario: String,
    report: Report,
    /// Key and life in one.
    #[serde(skip)]
    name: String,
}

impl SandboxReport {
    fn named(&self) -> NamedReport<'_> {
        NamedReport { report: &self.report, name: &self.name, scenario: &self.scenario }
    }
}

/// The JSON file: the merged report, and each alone.
#[derive(Serialize)]
struct ReportJson<'a> {
    #[serde(flatten)]
    merged: Report,
    sandboxes: &'a [SandboxReport],
}

impl RunReport {
    pub(super) fn of(server: &Server) -> Self {
        let reports = server.reports();
        let mut lives: HashMap<String, usize> = HashMap::new();
        for (summary, _) in &reports {
            *lives.entry(summary.api_key.as_str().to_owned()).or_default() += 1;
        }
        let mut numbers: HashMap<String, usize> = HashMap::new();
        let sandboxes = reports.into_iter().map(|(summary, report)| {
            let key = summary.api_key.as_str();
            let number = numbers.entry(key.to_owned()).or_default();
            *number += 1;
            let life = (lives[key] > 1).then(|| format!("{number} of {}", lives[key]));
            // Our own key is no secret.
            let is_ours = key == API_KEY || key.starts_with("ringer-run@");
            let api_key = if is_ours { key.to_owned() } else { summary.api_key.to_string() };
            let name = match &life {
                Some(life) => format!("{api_key}, life {life}"),
                None => api_key.clone(),
            };
            SandboxReport { api_key, life, scenario: summary.scenario.name.clone(), report, name }
        });
        Self { sandboxes: sandboxes.collect(), unrouted: server.unrouted_requests() }
    }

    /// Whether it has a finding whose severity `fails`.
    pub(super) fn has(&self, fails: impl Fn(Severity) -> bool) -> bool {
        let findings = self.sandboxes.iter().flat_map(|sandbox| &sandbox.report.findings);
        findings.map(|finding| finding.severity).any(fails)
    }

    pub(super) fn text(&self) -> String {
        let mut text = String::from("\n");
        for sandbox in &self.sandboxes {
            text += &text::write(sandbox.named());
            text += "\n";
        }
        if let Some(sentence) = self.unrouted() {
            text += &format!("ringer: {sentence}\n");
        }
        text
    }

    /// For a file; `fails` chooses the severities that fail a case of JUnit.
    pub(super) fn file(&self, format: ReportFormat, fails: impl Fn(Severity) -> bool) -> String {
        match format {
            ReportFormat::Json => {
                let merged = Report::merged(self.sandboxes.iter().map(|sandbox| &sandbox.report));
                let json = ReportJson { merged, sandboxes: &self.sandboxes };
                serde_json::to_string_pretty(&json).expect("its keys are text") + "\n"
            }
            ReportFormat::Junit => {
                junit::write(self.sandboxes.iter().map(SandboxReport::named), fails)
            }
            ReportFormat::Markdown if self.sandboxes.is_empty() && self.unrouted.is_empty() => {
                "No request came.\n".to_owned()
            }
            ReportFormat::Markdown => {
                let pages = self.sandboxes.iter().map(|sandbox| markdown::write(sandbox.named()));
                pages.chain(self.unrouted().map(|line| line + "\n")).collect::<Vec<_>>().join("\n")
            }
        }
    }

    /// A sentence on the requests that reached no sandbox, or on there being no requests at all.
    fn unrouted(&self) -> Option<String> {
        let total: u64 = self.unrouted.iter().map(|(_, count)| count).sum();
        if total == 0 {
            let none = "no request came; did the command use RINGER_URL and RINGER_API_KEY?";
            return self.sandboxes.is_empty().then(|| none.to_owned());
        }
        let counts =
            self.unrouted.iter().map(|(code, count)| format!("{count} x {}", code.as_str()));
        let counts = counts.collect::<Vec<_>>().join(", ");
        let (noun, they) = if total == 1 { ("request", "it") } else { ("requests", "they") };
        Some(format!(
            "{total} {noun} reached no sandbox, so {they} cannot be judged: {counts}; each reply \
             says what was wrong"
        ))
    }
}
