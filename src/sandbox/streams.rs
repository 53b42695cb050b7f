//! Named streams of randomness.

use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;

use crate::domain::fnv::fnv1a;

/// A random stream that depends on the seed and its name alone: what one concern draws never
/// disturbs another, and every machine draws the same.
pub(crate) fn stream(seed: u64, name: &str) -> ChaCha8Rng {
    numbered_stream(seed, fnv1a(name.as_bytes()))
}

/// The stream of this number.
pub(crate) fn numbered_stream(seed: u64, number: u64) -> ChaCha8Rng {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    rng.set_stream(number);
    rng
}
