//! A report for CI servers: a suite for each sandbox, with a case for each kind of finding.

use std::fmt::Write;

use quick_junit::{TestCase, TestSuite};
use strum::VariantArray;

use super::{Finding, FindingId, NamedReport, Severity, lines};
use crate::junit;

/// Writes the reports of several sandboxes. `fails` chooses the severities that fail a case; other
/// findings are output of a passed case.
pub(crate) fn write<'a>(
    reports: impl IntoIterator<Item = NamedReport<'a>>,
    fails: impl Fn(Severity) -> bool,
) -> String {
    junit::document("ringer", reports.into_iter().map(|named| suite(named, &fails)))
}

fn suite(named: NamedReport<'_>, fails: &impl Fn(Severity) -> bool) -> TestSuite {
    let NamedReport { report, name, scenario } = named;
    let cases = FindingId::VARIANTS.iter().map(|id| case(named, *id, fails));
    let mut suite = junit::test_suite(&format!("ringer {name} ({scenario})"), cases);
    suite.add_property(("grade", report.grade.as_str()));
    suite.add_property(("summary", report.summary.as_str()));
    for (name, value) in lines::totals(&report.audit) {
        suite.add_property((name, value.as_str()));
    }
    suite
}

fn case(named: NamedReport<'_>, id: FindingId, fails: &impl Fn(Severity) -> bool) -> TestCase {
    let NamedReport { report, name, .. } = named;
    let findings: Vec<&Finding> = report.findings.iter().filter(|one| one.id == id).collect();
    let details: Vec<String> = findings.iter().map(|finding| paragraph(finding)).collect();
    let details = details.join("\n");
    // The worst one names the failure.
    let worst = findings.iter().min_by_key(|finding| finding.severity);
    let status = match worst {
        None if report.not_judged.contains(&id) => {
            junit::skipped("not judged: the clock never ran by itself")
        }
        Some(worst) if fails(worst.severity) => {
            let more = match findings.len() {
                1 => String::new(),
                count => format!(" (and {} more)", count - 1),
            };
            junit::failed(worst.severity.as_str(), &format!("{}{more}", worst.advice), &details)
        }
        _ => junit::passed(),
    };
    let is_output = worst.is_some_and(|worst| !fails(worst.severity));
    // CI servers merge cases of the same class and name, so the class has the name of the sandbox.
    let mut case = junit::test_case(&format!("ringer.{name}"), id.as_str(), status);
    if is_output {
        case.set_system_out(junit::text(&details));
    }
    case
}

fn paragraph(finding: &Finding) -> String {
    let rental = finding.rental_id.map(|id| format!(" {id}")).unwrap_or_default();
    let (severity, id) = (finding.severity.as_str(), finding.id.as_str());
    let mut text = format!("{severity} {id}{rental}: {}\n", finding.advice);
    for entry in &finding.evidence {
        let _ = writeln!(text, "  {}", lines::request(entry));
    }
    text
}
