//! A report for CI servers: a suite for each sandbox, with a case for its story and for each kind
//! of finding.

use std::fmt::Write;

use quick_junit::{TestCase, TestSuite};
use strum::VariantArray;

use super::{Finding, FindingId, NamedReport, Severity, lines};
use crate::junit;

/// What fails a case.
pub(crate) struct JunitBar<F> {
    /// Whether findings of a severity do. Other findings are output of a passed case.
    pub(crate) fails: F,
    /// Whether a story that has not been told does. Else its case is skipped.
    pub(crate) requires_story: bool,
    /// Why nothing was tested: then a case of its own fails.
    pub(crate) untested: Option<String>,
}

/// Writes the reports of several sandboxes.
pub(crate) fn write<'a>(
    reports: impl IntoIterator<Item = NamedReport<'a>>,
    bar: &JunitBar<impl Fn(Severity) -> bool>,
) -> String {
    let untested = bar.untested.as_ref().map(|reason| {
        let status = junit::failed("untested", reason, reason);
        junit::test_suite("ringer", [junit::test_case("ringer", "a-call-was-tested", status)])
    });
    let suites = reports.into_iter().map(|named| suite(named, bar));
    junit::document("ringer", untested.into_iter().chain(suites))
}

fn suite(named: NamedReport<'_>, bar: &JunitBar<impl Fn(Severity) -> bool>) -> TestSuite {
    let NamedReport { report, name } = named;
    // CI servers merge cases of the same class and name, so the class has the name of the sandbox.
    let class = format!("ringer.{}", named.title());
    let case = |name: &str, status| junit::test_case(&class, name, status);
    let mut cases = vec![case("story", story(named, bar.requires_story))];
    cases.extend(FindingId::VARIANTS.iter().filter_map(|id| {
        let findings = report.findings.iter().filter(|finding| finding.id == *id);
        finding_case(&class, *id, &findings.collect::<Vec<_>>(), &bar.fails)
    }));
    if report.findings.is_empty() {
        cases.push(case("no-findings", junit::passed()));
    }
    let mut suite = junit::test_suite(&named.title(), cases);
    let text = |value: &str| junit::text(value);
    suite.add_property(("api_key", text(&report.api_key).as_str()));
    if name != report.api_key {
        suite.add_property(("sandbox", text(name).as_str()));
    }
    if let Some(label) = &report.label {
        suite.add_property(("label", text(label).as_str()));
    }
    suite.add_property(("scenario", report.scenario.as_str()));
    suite.add_property(("grade", report.grade.as_str()));
    suite.add_property(("summary", report.summary.as_str()));
    for (name, value) in lines::totals(&report.audit) {
        suite.add_property((name, value.as_str()));
    }
    for note in lines::notes(report) {
        suite.add_property(("note", note.as_str()));
    }
    suite
}

fn story(named: NamedReport<'_>, is_required: bool) -> quick_junit::TestCaseStatus {
    match &named.report.story.missing {
        None => junit::passed(),
        Some(missing) if is_required => junit::failed("story", missing, missing),
        Some(missing) => junit::skipped(missing),
    }
}

/// A case for the findings of one kind, if there are any.
fn finding_case(
    class: &str,
    id: FindingId,
    findings: &[&Finding],
    fails: &impl Fn(Severity) -> bool,
) -> Option<TestCase> {
    let details: Vec<String> = findings.iter().map(|finding| paragraph(finding)).collect();
    let details = details.join("\n");
    // The worst one names the failure.
    let worst = findings.iter().min_by_key(|finding| finding.severity)?;
    let is_failed = fails(worst.severity);
    let status = match is_failed {
        true => {
            let more = match findings.len() {
                1 => String::new(),
                count => format!(" (and {} more)", count - 1),
            };
            junit::failed(worst.severity.as_str(), &format!("{}{more}", worst.advice), &details)
        }
        false => junit::passed(),
    };
    let mut case = junit::test_case(class, id.as_str(), status);
    if !is_failed {
        case.set_system_out(junit::text(&details));
    }
    Some(case)
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
