//! 404 below `/__admin`.

use actix_web::HttpRequest;

use super::problem::{HandlerResult, Problem};
use super::routes::ROUTES;
use crate::domain::nearest::nearest;

const ROOT: &str = "/__admin/";
const SANDBOX: &str = "/__admin/sandboxes/{key}/";

/// Refuses a path of no route, and suggests the nearest one.
pub(super) async fn no_such_resource(request: HttpRequest) -> HandlerResult {
    let path = request.match_info().as_str();
    let shown: String = path.chars().take(80).collect();
    let bare = path.trim_end_matches('/');
    if bare != path && request.resource_map().has_resource(bare) {
        return Err(Problem::not_found(format!("there is no {shown}; drop the trailing slash")));
    }
    let mut parts = path.trim_start_matches("/__admin").split('/').skip(1);
    let (first, _key, third) = (parts.next().unwrap_or_default(), parts.next(), parts.next());
    let (wanted, place, known) = match third {
        Some(third) if first == "sandboxes" => {
            (third, "/__admin/sandboxes/KEY/", names_below(SANDBOX))
        }
        _ => (first, ROOT, names_below(ROOT)),
    };
    let hint = match nearest(wanted, known.iter().copied()) {
        Some(nearest) if nearest != wanted => format!("did you mean {place}{nearest}?"),
        _ => format!("{place} has {}", known.join(", ")),
    };
    Err(Problem::not_found(format!("there is no {shown}; {hint}")))
}

/// The first segments of all routes below a path.
fn names_below(path: &str) -> Vec<&'static str> {
    let below = ROUTES.iter().filter_map(|route| route.path.strip_prefix(path));
    let mut names: Vec<&str> = below.filter_map(|rest| rest.split('/').next()).collect();
    names.dedup();
    names
}
