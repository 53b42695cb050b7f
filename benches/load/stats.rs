//! Medians and percentiles.

/// The median of a few figures; NaN of none.
pub(crate) fn median(figures: &[f64]) -> f64 {
    let mut sorted = figures.to_vec();
    sorted.sort_by(f64::total_cmp);
    match sorted.len() {
        0 => f64::NAN,
        count if count % 2 == 1 => sorted[count / 2],
        count => (sorted[count / 2 - 1] + sorted[count / 2]) / 2.0,
    }
}

pub(crate) fn range(figures: &[f64]) -> (f64, f64) {
    let min = figures.iter().copied().fold(f64::INFINITY, f64::min);
    let max = figures.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    (min, max)
}

/// Latencies in nanoseconds. All of them are kept, for a million is only eight megabytes.
#[derive(Default)]
pub(crate) struct Latencies(Vec<u64>);

impl Latencies {
    pub(crate) fn add(&mut self, latency: std::time::Duration) {
        self.0.push(u64::try_from(latency.as_nanos()).unwrap_or(u64::MAX));
    }

    pub(crate) fn append(&mut self, mut other: Latencies) {
        self.0.append(&mut other.0);
    }

    /// In microseconds, for each of the fractions asked for: 0.5 is the median, 1.0 the slowest.
    pub(crate) fn percentiles<const N: usize>(&self, fractions: [f64; N]) -> [f64; N] {
        let mut sorted = self.0.clone();
        sorted.sort_unstable();
        fractions.map(|fraction| {
            let last = sorted.len().saturating_sub(1);
            let at = (last as f64 * fraction).round() as usize;
            sorted.get(at).map_or(f64::NAN, |&nanoseconds| nanoseconds as f64 / 1e3)
        })
    }
}
