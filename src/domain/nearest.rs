//! The nearest right value to a wrong one, for messages that help.

/// The candidate most like `text`, if one is like enough to be what was meant.
///
/// Letter case, `-`, `_` and blanks do not count: people mistype those first.
pub(crate) fn nearest<'a>(
    text: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let plain = |text: &str| -> String {
        text.chars()
            .filter(|c| !matches!(c, '-' | '_' | ' ' | '/'))
            .flat_map(char::to_lowercase)
            .take(MOST_CHARACTERS)
            .collect()
    };
    let wanted = plain(text);
    candidates
        .into_iter()
        .map(|candidate| (strsim::jaro_winkler(&wanted, &plain(candidate)), candidate))
        .filter(|(likeness, _)| *likeness >= LIKE_ENOUGH)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, candidate)| candidate)
}

/// The value of this name among all there are.
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
        let shown: String = text.chars().take(MOST_CHARACTERS).collect();
        format!("{shown:?} is not {what}; {hint}")
    })
}

/// Below this a suggestion misleads more often than it helps.
const LIKE_ENOUGH: f64 = 0.8;
/// The comparison is quadratic, and the text comes from outside.
const MOST_CHARACTERS: usize = 64;
