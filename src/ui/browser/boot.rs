//! Start-up: what was kept, typed early or linked comes in; then everything that has to follow the state is set up.

use leptos::prelude::*;

use super::{file, keys, lessons, link, look, reveal, settle, storage, textarea};
use crate::ui::project::{FileTab, Place};
use crate::ui::samples;
use crate::ui::session::Session;

/// Brings the session to life. Called once, inside the page's owner, before anything is drawn.
pub fn start(session: Session) {
    storage::start(session);
    // Who typed into the page before the program was there typed into its first example.
    if let Some(early) = textarea::draft().filter(|draft| draft.edited) {
        session.open(Place::Sample(samples::FIRST.id));
        session.typed(FileTab::Dockerfile, &early.text);
    }
    link::start(session);
    look::start(session);
    settle::start(session);
    lessons::start(session);
    keys::start(session);
    reveal::start(session);
    file::start(session);
}

/// Takes the static page away, once the live one stands.
pub fn remove_static_page() {
    if let Some(boot) = document().get_element_by_id("boot") {
        boot.remove();
    }
}

/// What the page shows should the program ever stop: the text is in the browser's storage, and a reload brings it back.
pub fn on_panic() {
    std::panic::set_hook(Box::new(|info| {
        console_error_panic_hook::hook(info);
        if let Some(root) = document().document_element() {
            // Nobody is left to tell if this fails.
            _ = root.set_attribute("data-stopped", "");
        }
    }));
}
