//! Milestones as Rust writes them.

use super::layout::Expression;
use crate::domain::endpoint::Endpoint;
use crate::domain::positive::PositiveCount;
use crate::scenario::milestone::{CallEnding, Milestone, MilestoneKind};

pub(super) fn milestone(milestone: &Milestone) -> Expression {
    let mut built = match milestone.what {
        MilestoneKind::Event(event) => of(event.into(), []),
        MilestoneKind::Call(at, CallEnding::Any) => of("call", [endpoint(at)]),
        MilestoneKind::Call(at, CallEnding::Refused(code)) => {
            of("refusal", [endpoint(at), Expression::text(format!("ErrorCode::{code:?}"))])
        }
        MilestoneKind::Call(at, CallEnding::Status(status)) => {
            of("status", [endpoint(at), Expression::text(status.get())])
        }
        MilestoneKind::Call(at, CallEnding::Outcome(outcome)) => of(outcome.into(), [endpoint(at)]),
    };
    if milestone.count != PositiveCount::ONE {
        built = built.method("count", [Expression::text(milestone.count.get())]);
    }
    match milestone.hint.as_str() {
        "" => built,
        hint => built.method("hint", [Expression::string(hint)]),
    }
}

fn of(name: &str, arguments: impl Into<Vec<Expression>>) -> Expression {
    Expression::call(&format!("Milestone::{name}"), arguments)
}

fn endpoint(endpoint: Option<Endpoint>) -> Expression {
    match endpoint {
        Some(endpoint) => Expression::text(format!("Endpoint::{endpoint:?}")),
        None => Expression::text("None"),
    }
}
