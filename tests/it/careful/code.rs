//! Which of the numbers in a text is the code.

/// Words beside which a code stands.
const WORDS: [&str; 5] = ["code", "kode", "código", "otp", "رمز"];

/// A run of characters that may be a code, and where it stands among the characters.
struct Run {
    start: usize,
    end: usize,
    text: String,
}

/// The code in a text, as the text shows it: a text, for `012345` is no number. What looks like a
/// telephone number, a date or a time is none, a year hardly, and what stands beside the word
/// "code" most likely.
pub(crate) fn find_code(text: &str) -> Option<String> {
    // Characters and not bytes: a text may hold any language, emoji and invisible marks.
    let chars: Vec<char> = text.chars().collect();
    let mut best: Option<(u32, Run)> = None;
    for run in runs(&chars).into_iter().filter(|run| looks_like_a_code(&run.text)) {
        let is_year = run.text.len() == 4 && ["19", "20"].contains(&&run.text[..2]);
        let score = match (is_year, near_a_word(&chars, &run)) {
            (true, near) => u32::from(near),
            (false, false) => 2,
            (false, true) => 3,
        };
        if score > best.as_ref().map_or(0, |(score, _)| *score) {
            best = Some((score, run));
        }
    }
    best.map(|(_, run)| run.text)
}

/// Letters and digits with what joins them: `G-AB12C`, `123-456`, `10:30`, `12 34 56`. All else
/// separates, also the marks of direction that stand around a code in Arabic.
fn runs(chars: &[char]) -> Vec<Run> {
    let is = |at: usize, of: fn(&char) -> bool| chars.get(at).is_some_and(of);
    let mut runs: Vec<Run> = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        if !is(at, char::is_ascii_alphanumeric) && chars[at] != '+' {
            at += 1;
            continue;
        }
        let start = at;
        at += 1;
        loop {
            let joined = match chars.get(at) {
                Some('-') => is(at + 1, char::is_ascii_alphanumeric),
                Some(':' | '/' | '.') => {
                    is(at - 1, char::is_ascii_digit) && is(at + 1, char::is_ascii_digit)
                }
                Some(' ') => {
                    let so_far = &chars[start..at];
                    so_far.iter().all(|c| c.is_ascii_digit() || "+ ".contains(*c))
                        && is(at + 1, char::is_ascii_digit)
                }
                Some(other) => other.is_ascii_alphanumeric(),
                None => false,
            };
            if !joined {
                break;
            }
            at += 1;
        }
        runs.push(Run { start, end: at, text: chars[start..at].iter().collect() });
    }
    runs
}

/// 4 to 8 digits, alone or in groups of one length, or a letter, a dash and letters and digits.
fn looks_like_a_code(run: &str) -> bool {
    let groups: Vec<&str> = run.split(['-', ' ']).collect();
    if run.chars().all(|c| c.is_ascii_digit() || c == '-' || c == ' ') {
        let digits: usize = groups.iter().map(|group| group.len()).sum();
        return (4..=8).contains(&digits) && groups.iter().all(|g| g.len() == groups[0].len());
    }
    let capital = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit();
    matches!(groups[..], [prefix, rest] if prefix.len() == 1
        && (4..=8).contains(&rest.len())
        && run.chars().all(|c| capital(c) || c == '-')
        && rest.contains(|c: char| c.is_ascii_digit()))
}

fn near_a_word(chars: &[char], run: &Run) -> bool {
    let before = &chars[run.start.saturating_sub(30)..run.start];
    let after = &chars[run.end..chars.len().min(run.end + 30)];
    [before, after].iter().any(|beside| {
        let beside = beside.iter().collect::<String>().to_lowercase();
        WORDS.iter().any(|word| beside.contains(word))
    })
}
