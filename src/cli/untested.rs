//! Whether the command of `ringer run` tested anything, and if not, why.

use crate::domain::error_code::ErrorCode;
use crate::registry::UnroutedCounts;
use crate::report::CoverageEntry;

/// Why nothing was tested, if no call reached a sandbox or each was refused for its key.
pub(super) fn reason<'a>(
    coverage: impl IntoIterator<Item = &'a CoverageEntry>,
    unrouted: &UnroutedCounts,
) -> Option<String> {
    let for_its_key = [ErrorCode::MissingApiKey, ErrorCode::InvalidApiKey].map(ErrorCode::as_str);
    let at_the_door = [ErrorCode::MethodNotAllowed, ErrorCode::UnsupportedMediaType];
    let at_the_door = at_the_door.map(ErrorCode::as_str);
    let (mut calls, mut refused) = (0, 0);
    for entry in coverage.into_iter().filter(|entry| !at_the_door.contains(&entry.outcome)) {
        calls += entry.count;
        refused += if for_its_key.contains(&entry.outcome) { entry.count } else { 0 };
    }
    if calls > refused {
        return None;
    }
    Some(match (calls, self::unrouted(unrouted)) {
        (0, None) => {
            let proxy = proxy().map(|name| {
                format!("; {name} is set, and a client that ignores NO_PROXY sends its calls there")
            });
            format!(
                "no request came, so nothing was tested: the command must call RINGER_URL with the \
                 api_key RINGER_API_KEY{}",
                proxy.unwrap_or_default()
            )
        }
        (0, Some(unrouted)) => {
            format!("no call reached a sandbox, so nothing was tested: {unrouted}")
        }
        _ => {
            "every call was refused for its api_key, so nothing was tested: the command must send \
              RINGER_API_KEY"
                .to_owned()
        }
    })
}

/// A sentence on the requests that reached no sandbox, if there are any.
pub(super) fn unrouted(unrouted: &UnroutedCounts) -> Option<String> {
    let total: u64 = unrouted.iter().map(|(_, count)| count).sum();
    let noun = if total == 1 { "request" } else { "requests" };
    let counts = unrouted.iter().map(|(code, count)| format!("{count} x {}", code.as_str()));
    let counts = counts.collect::<Vec<_>>().join(", ");
    let hints: Vec<&str> = unrouted.iter().filter_map(|(code, _)| hint(*code)).collect();
    let hints = match hints.is_empty() {
        true => "each reply says what was wrong".to_owned(),
        false => hints.join("; "),
    };
    (total > 0).then(|| format!("{total} {noun} reached no sandbox: {counts}; {hints}"))
}

/// What to do about a refusal at the door.
const fn hint(code: ErrorCode) -> Option<&'static str> {
    Some(match code {
        ErrorCode::MissingApiKey => {
            "send RINGER_API_KEY as api_key, in the query of a GET and in the body of a POST"
        }
        ErrorCode::InvalidApiKey => "send the api_key that RINGER_API_KEY holds",
        ErrorCode::NotFound => {
            "the paths are /getNumbers, /rentNumber, /getSMS and /cancelNumber, directly below \
             RINGER_URL"
        }
        ErrorCode::MethodNotAllowed => {
            "getNumbers and getSMS take GET, rentNumber and cancelNumber take POST"
        }
        ErrorCode::UnsupportedMediaType => {
            "send a POST as JSON, as a form or as multipart/form-data, and say so in Content-Type"
        }
        _ => return None,
    })
}

/// The variable that names a proxy, if one does.
fn proxy() -> Option<&'static str> {
    let is_set = |name: &&str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"].into_iter().find(is_set)
}
