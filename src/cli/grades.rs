//! What `ringer run` tells in the end: how the client of each sandbox did.

use std::collections::HashMap;

use serde::Serialize;

use crate::insight::report::junit::{self, Suite};
use crate::insight::report::{Report, Severity, markdown, text};
use crate::registry::Strays;
use crate::server::Server;

/// The key that the command is given, unless one was said.
pub(super) const API_KEY: &str = "ringer-run";

/// How the clients did.
pub(super) struct Grades {
    grades: Vec<Grade>,
    strays: Strays,
}

#[derive(Serialize)]
struct Grade {
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
    sandboxes: &'a [Grade],
}

impl Grade {
    fn name(&self) -> String {
        match &self.life {
            Some(life) => format!("{}, life {life}", self.api_key),
            None => self.api_key.clone(),
        }
    }
}

impl Grades {
    pub(super) fn of(server: &Server) -> Self {
        let reports = server.reports();
        let mut lives: HashMap<String, usize> = HashMap::new();
        for (standing, _) in &reports {
            *lives.entry(standing.api_key.as_str().to_owned()).or_default() += 1;
        }
        let mut lived: HashMap<String, usize> = HashMap::new();
        let grades = reports.into_iter().map(|(standing, report)| {
            let key = standing.api_key.as_str();
            let number = lived.entry(key.to_owned()).or_default();
            *number += 1;
            let all = lives[key];
            // The key that we made up ourselves is no secret.
            let is_ours = key == API_KEY || key.starts_with("ringer-run@");
            Grade {
                api_key: if is_ours { key.to_owned() } else { standing.api_key.to_string() },
                life: (all > 1).then(|| format!("{number} of {all}")),
                scenario: standing.scenario.name.clone(),
                report,
            }
        });
        Self { grades: grades.collect(), strays: server.strays() }
    }

    /// Whether there is a finding of such a severity.
    pub(super) fn has(&self, fails: impl Fn(Severity) -> bool) -> bool {
        let findings = self.grades.iter().flat_map(|grade| &grade.report.findings);
        findings.map(|finding| finding.severity).any(fails)
    }

    /// For a person at a terminal.
    pub(super) fn text(&self) -> String {
        let mut text = String::from("\n");
        for grade in &self.grades {
            text += &text::write(&grade.report, &grade.name(), &grade.scenario);
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
                let all = self.grades.iter().map(|grade| &grade.report).sum();
                let written = Written { all, sandboxes: &self.grades };
                serde_json::to_string_pretty(&written).expect("it has text for keys") + "\n"
            }
            "xml" => {
                let suites = self.grades.iter().map(|grade| Suite {
                    report: &grade.report,
                    name: grade.name(),
                    scenario: &grade.scenario,
                });
                junit::write_all(suites, fails)
            }
            _ if self.grades.is_empty() && self.strays.is_empty() => {
                "No request came.\n".to_owned()
            }
            _ => {
                let each = self.grades.iter();
                let each = each
                    .map(|grade| markdown::write_as(&grade.report, &grade.name(), &grade.scenario));
                each.chain(self.strayed().map(|line| line + "\n")).collect::<Vec<_>>().join("\n")
            }
        }
    }

    /// What came and reached no sandbox, or that nothing came.
    fn strayed(&self) -> Option<String> {
        let total: u64 = self.strays.iter().map(|(_, count)| count).sum();
        if total == 0 {
            let none = "no request came; did the command use RINGER_URL and RINGER_API_KEY?";
            return self.grades.is_empty().then(|| none.to_owned());
        }
        let each = self.strays.iter().map(|(code, count)| format!("{count} x {}", code.as_str()));
        let each: Vec<String> = each.collect();
        let (noun, they) = if total == 1 { ("request", "it") } else { ("requests", "they") };
        Some(format!(
            "{total} {noun} reached no sandbox, so {they} cannot be judged: {}; each reply says \
             what was wrong",
            each.join(", ")
        ))
    }
}
