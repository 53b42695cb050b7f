//! What is learnt from what happens. It reads and never changes a sandbox.

mod calls;
pub(crate) mod capsule;
pub(crate) mod expectation;
pub(crate) mod journal;
pub(crate) mod life;
pub(crate) mod report;
