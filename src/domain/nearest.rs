//! The nearest right value to a wrong one, for helpful error messages.

use strum::VariantArray;

/// An enum whose names strum derives.
pub(crate) trait Named: VariantArray + Copy + Into<&'static str> {}

impl<T: VariantArray + Copy + Into<&'static str>> Named for T {}

/// The names of all variants.
pub(crate) fn names<T: Named>() -> Vec<&'static str> {
    T::VARIANTS.iter().map(|variant| (*variant).into()).collect()
}

/// The variant of this name.
///
/// # Errors
/// A sentence with the nearest name, or with all of them.
pub(crate) fn by_name<T: Named>(text: &str, what: &str) -> Result<T, String> {
    named(text, what, T::VARIANTS, T::into)
}

/// The value of this name among `all`.
///
/// # Errors
/// A sentence with the nearest name, or with all of them.
pub(crate) fn named<T: Copy>(
    text: &str,
    what: &str,
    all: &[T],
    name: impl Fn(T) -> &'static str,
) -> Result<T, String> {
    all.iter().copied().find(|value| name(*value) == text).ok_or_else(|| {
        let names: Vec<&str> = all.iter().map(|value| name(*value)).collect();
        let hint = match nearest(text, names.iter().copied()) {
            Some(nearest) => format!("did you mean {nearest}?"),
            None => format!("there are {}", names.join(", ")),
        };
        let shown: String = text.chars().take(MAX_CHARS).collect();
        format!("{shown:?} is not {what}; {hint}")
    })
}

/// The candidate most similar to `text`, if it is similar enough to be what was meant.
///
/// Letter case, `-`, `_`, `/` and spaces do not count: people mistype those first.
pub(crate) fn nearest<'a>(
    text: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let plain = |text: &str| -> String {
        let letters = text.chars().filter(|c| !matches!(c, '-' | '_' | ' ' | '/'));
        letters.flat_map(char::to_lowercase).take(MAX_CHARS).collect()
    };
    let wanted = plain(text);
    candidates
        .into_iter()
        .map(|candidate| (strsim::jaro_winkler(&wanted, &plain(candidate)), candidate))
        .filter(|(similarity, _)| *similarity >= SIMILAR_ENOUGH)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, candidate)| candidate)
}

/// Below this, a suggestion misleads more often than it helps.
const SIMILAR_ENOUGH: f64 = 0.8;
/// The comparison is quadratic, and the text comes from outside.
const MAX_CHARS: usize = 64;
