//! A partner's own server. It shares no code with `ringer` and decides differently wherever the
//! documentation leaves a choice. The check must find nothing wrong with it, and every [`Defect`].

mod book;
mod cancelling;
mod defect;
mod listing;
mod params;
mod reading;
mod renting;
mod reply;
mod rulings;
mod service;

use std::fs::File;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

pub(super) use defect::Defect;
pub(super) use rulings::{OPEN, Rulings};
use service::Service;

use super::stub::{Asked, serve};
use super::{KEY, OTHER_KEY};

/// The server, with the file that an SMS command writes to.
pub(super) struct Partner {
    pub(super) url: String,
    mailbox: PathBuf,
}

impl Partner {
    /// Starts it on a free port.
    pub(super) fn start(rulings: Rulings, defect: Option<Defect>) -> Self {
        static STARTED: AtomicUsize = AtomicUsize::new(0);
        let serial = STARTED.fetch_add(1, Ordering::Relaxed);
        let name = format!("ringer-partner-{}-{serial}", std::process::id());
        let mailbox = std::env::temp_dir().join(name);
        File::create(&mailbox).expect("a place for files");
        let service = Arc::new(Service::new(rulings, defect, mailbox.clone(), [KEY, OTHER_KEY]));
        let url = serve(move |mut stream| {
            if let Some(asked) = Asked::read(&mut stream) {
                service.answer(&asked).write(&mut stream);
            }
        });
        Self { url, mailbox }
    }

    /// A shell command that sends an SMS, as a line of the file that the server reads at each call.
    pub(super) fn sms_command(&self) -> String {
        let mailbox = self.mailbox.display();
        format!("printf '%s\\t%s\\n' \"$RINGER_NUMBER\" \"$RINGER_TEXT\" >> '{mailbox}'")
    }
}

impl Drop for Partner {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.mailbox);
    }
}
