//! Which requests are meant, and how much others differ from them.

use std::fmt;

use crate::domain::country::Country;
use crate::domain::endpoint::Endpoint;
use crate::domain::error_code::ErrorCode;
use crate::domain::rental_id::RentalId;
use crate::domain::service::Service;
use crate::journal::JournalEntry;

/// What is known of a request; all that is given must be right.
#[derive(Clone, Debug)]
pub(super) struct RequestPattern {
    pub(super) endpoint: Option<Endpoint>,
    pub(super) rental_id: Option<RentalId>,
    pub(super) country: Option<Country>,
    pub(super) service: Option<Service>,
    pub(super) status: Option<u16>,
    pub(super) code: Option<ErrorCode>,
}

impl RequestPattern {
    pub(super) const fn is_empty(&self) -> bool {
        let Self { endpoint, rental_id, country, service, status, code } = self;
        let names = endpoint.is_none() && rental_id.is_none() && country.is_none();
        names && service.is_none() && status.is_none() && code.is_none()
    }

    pub(super) fn matches(&self, entry: &JournalEntry) -> bool {
        self.distance(entry) == 0
    }

    /// In how many fields a request differs. Every request of a sandbox is checked, so this builds
    /// no text.
    pub(super) fn distance(&self, entry: &JournalEntry) -> usize {
        let service = |wanted: &Service| {
            let got = entry.service.as_ref();
            got.is_none_or(|got| got.as_str().to_lowercase() != wanted.as_str().to_lowercase())
        };
        let differs = [
            self.endpoint.is_some_and(|wanted| entry.endpoint != Some(wanted)),
            self.rental_id.is_some_and(|wanted| entry.rental_id != Some(wanted)),
            self.country.is_some_and(|wanted| entry.country != Some(wanted)),
            self.service.as_ref().is_some_and(service),
            self.status.is_some_and(|wanted| entry.status != Some(wanted)),
            self.code.is_some_and(|wanted| entry.code != Some(wanted)),
        ];
        differs.into_iter().filter(|differs| *differs).count()
    }

    pub(super) fn differences(&self, entry: &JournalEntry) -> Vec<String> {
        let mut differences = Vec::new();
        let mut compare = |name: &str, wanted: Option<String>, got: Option<String>| {
            if let Some(wanted) = wanted
                && got.as_ref() != Some(&wanted)
            {
                let got = got.unwrap_or_else(|| "none".into());
                differences.push(format!("{name} was {got}, not {wanted}"));
            }
        };
        let name = |endpoint: Endpoint| endpoint.name().to_owned();
        compare("endpoint", self.endpoint.map(name), entry.endpoint.map(name));
        let id = |id: RentalId| id.to_string();
        compare("rental_id", self.rental_id.map(id), entry.rental_id.map(id));
        let country = |country: Country| country.to_string();
        compare("country", self.country.map(country), entry.country.map(country));
        let service = |service: &Service| service.as_str().to_lowercase();
        compare("service", self.service.as_ref().map(service), entry.service.as_ref().map(service));
        let status = |status: u16| status.to_string();
        compare("status", self.status.map(status), entry.status.map(status));
        let code = |code: ErrorCode| code.as_str().to_owned();
        compare("code", self.code.map(code), entry.code.map(code));
        differences
    }
}

impl fmt::Display for RequestPattern {
    /// `getSMS, status 200`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { endpoint, rental_id, country, service, status, code } = self;
        let parts = [
            rental_id.map(|id| format!("rental_id {id}")),
            country.map(|country| format!("country {country}")),
            service.as_ref().map(|service| format!("service {}", service.as_str())),
            status.map(|status| format!("status {status}")),
            code.map(|code| format!("code {}", code.as_str())),
        ];
        f.write_str(endpoint.map_or("any request", Endpoint::name))?;
        parts.into_iter().flatten().try_for_each(|part| write!(f, ", {part}"))
    }
}
