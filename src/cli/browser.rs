//! Opens a page in the user's browser.

/// Opens a page without waiting for it. If that fails, a warning shows the URL to open by hand.
pub(super) fn open(url: &str) {
    let url = url.to_owned();
    // Some launchers run as long as the browser does.
    let launcher = std::thread::Builder::new().name("browser".into()).spawn(move || {
        if let Err(error) = open::that(&url) {
            log::warn!("--open failed ({error}); open {url} yourself");
        }
    });
    if let Err(error) = launcher {
        log::warn!("--open: {error}; open the console yourself");
    }
}
