//! How the cases are printed: as Markdown, to be kept beside the change that it is about.

/// A case with its figures. Its ratio is of the two figures beside it.
pub(super) struct Row {
    pub(super) case: String,
    pub(super) before: String,
    pub(super) during: String,
    pub(super) ratio: f64,
    pub(super) note: String,
    pub(super) target: String,
    pub(super) verdict: &'static str,
}

pub(super) const fn verdict(holds: bool) -> &'static str {
    if holds { "held" } else { "missed" }
}

pub(super) fn print(rows: &[Row]) {
    println!(
        "\n| {:<48} | {:>14} | {:>14} | {:>9} | {:<36} | {:<10} | verdict |",
        "case", "before", "during", "ratio", "beside", "target"
    );
    println!("|---|---:|---:|---:|---|---|---|");
    for Row { case, before, during, ratio, note, target, verdict } in rows {
        println!(
            "| {case:<48} | {before:>14} | {during:>14} | {ratio:>9.2} | {note:<36} | {target:<10} \
             | {verdict:<7} |"
        );
    }
    println!();
}
