//! Start-up: what was kept, typed early or linked comes in; then everything that has to follow the state is set up.

use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::{file, keys, lessons, link, look, reveal, settle, storage, tables, textarea};
use crate::ui::later::{self, Later};
use crate::ui::project::{FileTab, Place};
use crate::ui::samples;
use crate::ui::session::Session;

const NOT_LOADED: &str = "A part of Drydock did not load: the rewrite, the weights and the menus are missing. Your own file is kept as it was. Reload the page to try again.";

/// Shows the page with `show`. A first visit is shown at once; what was kept or linked comes with the second piece.
pub fn show(show: fn(Option<Later>)) {
    if storage::is_kept() || link::is_given() {
        spawn_local(async move { show(later::load().await) });
    } else {
        show(None);
    }
}

/// Brings the session to life. Called once, inside the page's owner, before anything is drawn.
pub fn start(session: Session) {
    if let Some(later) = session.later.get_untracked() {
        (later.resume)(session);
    } else {
        fetch_the_rest(session);
    }
    // Who typed into the page before the program was there typed into its first example.
    if let Some(early) = textarea::draft().filter(|draft| draft.edited) {
        session.open(Place::Sample(samples::FIRST.id));
        session.typed(FileTab::Dockerfile, &early.text);
    }
    look::start(session);
    settle::start(session);
    keys::start(session);
    reveal::start(session);
}

fn fetch_the_rest(session: Session) {
    let page = Owner::current();
    spawn_local(async move {
        match (later::load().await, page) {
            (Some(later), Some(page)) => {
                session.later.set(Some(later));
                page.with(|| (later.resume)(session));
            }
            _ => session.notice.set(Some(NOT_LOADED.to_owned())),
        }
    });
}

/// Takes back what was kept or linked, and lets storage, address, dropped files and lessons follow from now on.
pub fn resume(session: Session) {
    storage::start(session);
    link::start(session);
    file::start(session);
    tables::start(session);
    lessons::start(session);
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
