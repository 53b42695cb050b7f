//! Certificates that are trusted instead of the public ones.

use std::sync::Arc;

use ureq::tls::{Certificate, PemItem, RootCerts, parse_pem};

/// Certificate authorities that the user trusts; at least one.
#[derive(Clone, Debug)]
pub(crate) struct Certificates(Arc<Vec<Certificate<'static>>>);

impl Certificates {
    /// Reads the certificates of a PEM file. `None` if it has none.
    pub(crate) fn from_pem(pem: &[u8]) -> Option<Self> {
        let certificates = parse_pem(pem).filter_map(|item| match item {
            Ok(PemItem::Certificate(certificate)) => Some(certificate),
            _ => None,
        });
        let certificates: Vec<_> = certificates.collect();
        (!certificates.is_empty()).then(|| Self(Arc::new(certificates)))
    }

    pub(super) fn roots(&self) -> RootCerts {
        RootCerts::Specific(Arc::clone(&self.0))
    }
}
