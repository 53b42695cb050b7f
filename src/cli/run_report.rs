//! The report of `ringer run`: how the client of each sandbox did.

use std::collections::HashMap;

use serde::Serialize;

use super::run::ReportFormat;
use super::untested;
use crate::registry::UnroutedCounts;
use crate::report::{Length, NamedReport, Report, Severity, junit, markdown, text};
use crate::server::Server;

/// The key that the command gets unless `--api-key` names one.
pub(super) const API_KEY: &str = "ringer-run";

pub(super) struct RunReport {
    sandboxes: Vec<SandboxReport>,
    unrouted: UnroutedCounts,
}

#[derive(Serialize)]
struct SandboxReport {
    api_key: String,
    label: Option<String>,
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
        NamedReport { report: &self.report, name: &self.name }
    }
}

/// The JSON file: the merged report, and each alone.
#[derive(Serialize)]
struct ReportJson<'a> {
    #[serde(flatten)]
    merged: Report,
    /// Why nothing was tested, if nothing was.
    untested: Option<String>,
    sandboxes: &'a [SandboxReport],
}

impl RunReport {
    pub(super) fn of(server: &Server) -> Self {
        let reports = server.registry().reports();
        let mut lives: HashMap<String, usize> = HashMap::new();
        for (summary, _) in &reports {
            *lives.entry(summary.api_key.as_str().to_owned()).or_default() += 1;
        }
        let mut numbers: HashMap<String, usize> = HashMap::new();
        let sandboxes = reports.into_iter().map(|(summary, report)| {
            let api_key = summary.api_key.as_str().to_owned();
            let number = numbers.entry(api_key.clone()).or_default();
            *number += 1;
            let count = lives[&api_key];
            let life = (count > 1).then(|| format!("{number} of {count}"));
            let name = match &life {
                Some(life) => format!("{api_key}, life {life}"),
                None => api_key.clone(),
            };
            let (label, scenario) = (report.label.clone(), report.scenario.clone());
            SandboxReport { api_key, label, life, scenario, report, name }
        });
        Self { sandboxes: sandboxes.collect(), unrouted: server.registry().unrouted_requests() }
    }

    fn named(&self) -> Vec<NamedReport<'_>> {
        self.sandboxes.iter().map(SandboxReport::named).collect()
    }

    /// Whether it has a finding whose severity `fails`.
    pub(super) fn has(&self, fails: impl Fn(Severity) -> bool) -> bool {
        let findings = self.sandboxes.iter().flat_map(|sandbox| &sandbox.report.findings);
        findings.map(|finding| finding.severity).any(fails)
    }

    /// How many sandboxes have a story that was not told.
    pub(super) fn untold_stories(&self) -> usize {
        self.sandboxes.iter().filter(|sandbox| !sandbox.report.story.met).count()
    }

    /// Why nothing was tested, if nothing was.
    pub(super) fn untested(&self) -> Option<String> {
        let coverage = self.sandboxes.iter().flat_map(|sandbox| &sandbox.report.coverage);
        untested::reason(coverage, &self.unrouted)
    }

    pub(super) fn text(&self) -> String {
        let mut text = String::from("\n");
        if !self.sandboxes.is_empty() {
            text += &text::write(&self.named());
            text.push('\n');
        }
        if self.untested().is_none()
            && let Some(sentence) = untested::unrouted(&self.unrouted)
        {
            text += &format!("ringer: {sentence}\n");
        }
        text
    }

    /// For a file; `bar` chooses what fails a case of JUnit.
    pub(super) fn file(
        &self,
        format: ReportFormat,
        bar: &junit::JunitBar<impl Fn(Severity) -> bool>,
    ) -> String {
        match format {
            ReportFormat::Json => {
                let merged = Report::merged(self.sandboxes.iter().map(|sandbox| &sandbox.report));
                let untested = self.untested();
                let merged = match &bar.untested {
                    Some(reason) => merged.failed(reason),
                    None => merged,
                };
                let json = ReportJson { merged, untested, sandboxes: &self.sandboxes };
                serde_json::to_string_pretty(&json).expect("its keys are text") + "\n"
            }
            ReportFormat::Junit => junit::write(self.named(), bar),
            ReportFormat::Markdown => {
                let untested = self.untested();
                let sentence = untested.or_else(|| untested::unrouted(&self.unrouted));
                let page = (!self.sandboxes.is_empty())
                    .then(|| markdown::write(&self.named(), Length::SHORT));
                let parts = page.into_iter().chain(sentence.map(|sentence| sentence + "\n"));
                parts.collect::<Vec<_>>().join("\n")
            }
        }
    }
}
