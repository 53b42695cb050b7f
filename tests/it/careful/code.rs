//! Which of the numbers in a text is the code.

/// Words beside which a code stands.
const WORDS: [&str; 8] = ["code", "kode", "código", "otp", "رمز", "کد", "验证码", "コード"];
/// The centuries of years, in Persia too.
const CENTURIES: [&str; 3] = ["19", "20", "14"];

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
    let plain: Vec<char> = chars.iter().copied().map(in_ascii).collect();
    let mut best: Option<(usize, Run)> = None;
    for run in runs(&plain).into_iter().filter(|run| looks_like_a_code(&run.text)) {
        let is_year = run.text.len() == 4 && CENTURIES.contains(&&run.text[..2]);
        let score = match (is_year, distance_to_a_word(&plain, &run)) {
            (true, near) => usize::from(near.is_some()),
            (false, None) => 2,
            (false, Some(distance)) => 3 + BESIDE - distance,
        };
        if score > best.as_ref().map_or(0, |(score, _)| *score) {
            best = Some((score, run));
        }
    }
    best.map(|(_, run)| chars[run.start..run.end].iter().collect())
}

/// The digits of Arabic and Persian as those of English.
fn in_ascii(c: char) -> char {
    let digit = match c {
        '٠'..='٩' => u32::from(c) - u32::from('٠'),
        '۰'..='۹' => u32::from(c) - u32::from('۰'),
        _ => return c,
    };
    char::from_digit(digit, 10).unwrap_or(c)
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

/// How near is near.
const BESIDE: usize = 30;

fn distance_to_a_word(chars: &[char], run: &Run) -> Option<usize> {
    let lower = |chars: &[char]| chars.iter().collect::<String>().to_lowercase();
    let before = lower(&chars[run.start.saturating_sub(BESIDE)..run.start]);
    let after = lower(&chars[run.end..chars.len().min(run.end + BESIDE)]);
    let words = WORDS.into_iter();
    let distances = words.flat_map(|word| {
        let since = before.rsplit_once(word).map(|(_, since)| since.chars().count());
        [since, after.split_once(word).map(|(until, _)| until.chars().count())]
    });
    distances.flatten().min()
}
