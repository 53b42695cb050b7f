//! Named random streams.

use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;

use crate::domain::fnv::fnv1a;

/// A stream that depends only on the seed and the name, so that one concern's draws never shift
/// another's, and every machine draws the same.
pub(crate) fn stream(seed: u64, name: &str) -> ChaCha8Rng {
    numbered_stream(seed, fnv1a(name.as_bytes()))
}

pub(crate) fn numbered_stream(seed: u64, number: u64) -> ChaCha8Rng {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    rng.set_stream(number);
    rng
}
