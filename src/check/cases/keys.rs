//! Only the right key is admitted: keys that are not strings.

use serde_json::json;

use super::auth::require_refusal;
use super::{RENTAL, must};
use crate::check::case::{Subject::Auth, TestCase};
use crate::check::request::{Encoding, Request};
use crate::domain::endpoint::Endpoint::{CancelNumber, GetNumbers, RentNumber};

const A_STRING: &str = "api_key: string, required";

pub(super) const CASES: &[TestCase] = &[
    must(Auth, "listing-refuses-a-key-list", "a list is not a key").documented(A_STRING).check(
        |fixtures| {
            for query in ["api_key[]=x", "api_key[$ne]=x", "api_key=&api_key=x"] {
                let request = fixtures.session.keyless(GetNumbers).raw_query(query);
                require_refusal(fixtures, GetNumbers, request)?;
            }
            Ok(())
        },
    ),
    must(Auth, "rent-refuses-a-key-of-another-type", "true, 0 and lists are not keys")
        .documented(A_STRING)
        .needs(RENTAL)
        .check(|fixtures| {
            for key in [json!(true), json!(0), json!(null), json!([]), json!({"$ne": null})] {
                let request = Request::to(RentNumber, Encoding::Json).with("api_key", key);
                require_refusal(fixtures, RentNumber, request)?;
            }
            Ok(())
        }),
    must(Auth, "cancel-refuses-a-key-of-another-type", "true, 0 and objects are not keys")
        .documented(A_STRING)
        .needs(RENTAL)
        .check(|fixtures| {
            for key in [json!(true), json!(0), json!({"$gt": ""})] {
                let request = Request::to(CancelNumber, Encoding::Json).with("api_key", key);
                require_refusal(fixtures, CancelNumber, request)?;
            }
            Ok(())
        }),
];
