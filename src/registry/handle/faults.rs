use super::Sandbox;
use crate::capsule::Change;
use crate::sandbox::error::SandboxError;
use crate::sandbox::faults::FaultId;
use crate::scenario::FaultRule;

/// The fault rules of a [`Sandbox`], which are tried in order.
///
/// ```
/// use ringer::Server;
/// use ringer::scenario::*;
///
/// let server = Server::builder().start()?;
/// let sandbox = server.sandbox("ci-1")?;
/// let rule = fault([Endpoint::GetNumbers], Effect::error(ErrorCode::Maintenance)).times(1);
/// let id = sandbox.faults().add(rule)?;
///
/// let url = format!("{}/getNumbers?api_key=ci-1", server.url());
/// assert!(ureq::get(&url).call().is_err());
/// assert!(ureq::get(&url).call().is_ok(), "it strikes once");
/// assert_eq!(sandbox.faults().list()[0].fired, 1);
/// sandbox.faults().remove(id)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct SandboxFaults<'a>(pub(super) &'a Sandbox);

/// A fault rule of a sandbox.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct FaultStatus {
    /// Its id.
    pub id: FaultId,
    /// The rule.
    pub rule: FaultRule,
    /// How often it has fired.
    pub fired: u32,
}

impl SandboxFaults<'_> {
    /// Adds a rule, which is tried after all others.
    ///
    /// # Errors
    /// When the sandbox has 1,000 rules, or the server's memory is used up.
    pub fn add(&self, rule: FaultRule) -> Result<FaultId, SandboxError> {
        let added = self.0.change(Change::AddFault(Box::new(rule)))?;
        added.ok_or_else(|| SandboxError::Conflict("the rule was not added".into()))
    }

    /// The rules in the order in which they are tried.
    #[must_use]
    pub fn list(&self) -> Vec<FaultStatus> {
        self.0.with(|state, _| {
            let rules = state.machine.faults().rules();
            let status = rules.map(|active| FaultStatus {
                id: active.id,
                rule: active.rule.clone(),
                fired: active.fired,
            });
            status.collect()
        })
    }

    /// Removes a rule.
    ///
    /// # Errors
    /// When there is no rule with this id.
    pub fn remove(&self, id: FaultId) -> Result<(), SandboxError> {
        self.0.change(Change::RemoveFault { id }).map(drop)
    }

    /// Removes all rules.
    pub fn clear(&self) {
        self.0.with(|state, real| {
            let ids: Vec<FaultId> = state.machine.faults().rules().map(|rule| rule.id).collect();
            for id in ids {
                // It exists: nobody else holds the lock.
                let _ = state.change(Change::RemoveFault { id }, real);
            }
        });
    }
}
