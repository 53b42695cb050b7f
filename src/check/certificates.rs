//! Certificates that are trusted instead of the public ones.

use std::str::FromStr;
use std::sync::Arc;

use ureq::tls::{Certificate, PemItem, RootCerts, parse_pem};

/// The certificate authorities of a PEM file; at least one.
#[derive(Clone, Debug)]
pub(crate) struct Certificates(Arc<Vec<Certificate<'static>>>);

impl Certificates {
    pub(super) fn roots(&self) -> RootCerts {
        RootCerts::Specific(Arc::clone(&self.0))
    }
}

impl FromStr for Certificates {
    type Err = String;

    /// Reads the file at this path.
    fn from_str(path: &str) -> Result<Self, String> {
        let pem = std::fs::read(path).map_err(|error| format!("it cannot be read: {error}"))?;
        let certificates = parse_pem(&pem).filter_map(|item| match item {
            Ok(PemItem::Certificate(certificate)) => Some(certificate),
            _ => None,
        });
        let certificates: Vec<_> = certificates.collect();
        if certificates.is_empty() {
            return Err("it has no certificate; give a PEM file with BEGIN CERTIFICATE".into());
        }
        Ok(Self(Arc::new(certificates)))
    }
}
