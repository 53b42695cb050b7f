//! JUnit XML: what the report on a client and the report of `check` have in common.

use std::time::Duration;

use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

pub(crate) fn passed() -> TestCaseStatus {
    TestCaseStatus::success()
}

pub(crate) fn skipped(reason: &str) -> TestCaseStatus {
    let mut status = TestCaseStatus::skipped();
    status.set_message(text(reason));
    status
}

pub(crate) fn failed(kind: &str, message: &str, details: &str) -> TestCaseStatus {
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
    status.set_type(kind).set_message(text(message)).set_description(text(details));
    status
}

pub(crate) fn test_case(class: &str, name: &str, status: TestCaseStatus) -> TestCase {
    let mut case = TestCase::new(name, status);
    case.set_classname(text(class)).set_time(Duration::ZERO);
    case
}

pub(crate) fn test_suite(name: &str, cases: impl IntoIterator<Item = TestCase>) -> TestSuite {
    let mut suite = TestSuite::new(text(name));
    suite.set_time(Duration::ZERO).add_test_cases(cases);
    suite
}

pub(crate) fn document(name: &str, suites: impl IntoIterator<Item = TestSuite>) -> String {
    let mut report = Report::new(name);
    report.set_time(Duration::ZERO).add_test_suites(suites);
    report.to_string().expect("writing to memory cannot fail")
}

/// Replaces with U+FFFD what XML 1.0 forbids even when it is escaped, and what a terminal obeys.
pub(crate) fn text(text: &str) -> String {
    let visible = |c: char| match c {
        '\n' | '\t' => c,
        '\u{fffe}' | '\u{ffff}' => '\u{fffd}',
        c if c.is_control() => '\u{fffd}',
        c => c,
    };
    text.chars().map(visible).collect()
}
