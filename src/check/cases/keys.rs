//! Success only with a right key: keys that are no text.

use serde_json::json;

use super::auth::refuses;
use super::{RENTAL, must};
use crate::check::case::{Subject::Auth, TestCase};
use crate::check::request::{Encoding, Request};
use crate::domain::endpoint::Endpoint::{CancelNumber, GetNumbers, RentNumber};

pub(super) const CASES: &[TestCase] = &[
    must(Auth, "listing-refuses-a-key-list", "a list in the place of the key is no key")
        .says("api_key: string, required")
        .check(|session| {
            for query in ["api_key[]=x", "api_key[$ne]=x", "api_key=&api_key=x"] {
                refuses(session, GetNumbers, session.bare(GetNumbers).raw_query(query))?;
            }
            Ok(())
        }),
    must(Auth, "rent-refuses-a-key-of-another-type", "true, 0 or a list is no key")
        .says("api_key: string, required")
        .needs(RENTAL)
        .check(|session| {
            for key in [json!(true), json!(0), json!(null), json!([]), json!({"$ne": null})] {
                let request = Request::to(RentNumber, Encoding::Json).with("api_key", key);
                refuses(session, RentNumber, request)?;
            }
            Ok(())
        }),
    must(Auth, "cancel-refuses-a-key-of-another-type", "true, 0 or a list is no key")
        .says("api_key: string, required")
        .needs(RENTAL)
        .check(|session| {
            for key in [json!(true), json!(0), json!({"$gt": ""})] {
                let request = Request::to(CancelNumber, Encoding::Json).with("api_key", key);
                refuses(session, CancelNumber, request)?;
            }
            Ok(())
        }),
];
