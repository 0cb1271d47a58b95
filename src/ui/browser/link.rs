//! The address: what a link brings, and the link to what is shown.

use gloo::events::EventListener;
use leptos::prelude::*;

use super::route;
use crate::ui::project::Place;
use crate::ui::session::Session;
use crate::ui::share;

/// Opens what the address holds, now and whenever it changes; forgets it when another file is shown.
pub(super) fn start(session: Session) {
    open(session);
    EventListener::new(&window(), "hashchange", move |_| open(session)).forget();
    Effect::new(move |before: Option<Place>| {
        let place = session.place.get();
        if before == Some(Place::Shared) && place != Place::Shared && !route::is_page() {
            forget();
        }
        place
    });
}

/// The address of this page with `hash` behind it.
pub fn address(hash: &str) -> String {
    let here = window().location().href().unwrap_or_default();
    let page = here.split('#').next().unwrap_or_default();
    format!("{page}#{hash}")
}

/// Whether the address holds something.
pub(super) fn is_given() -> bool {
    window().location().hash().is_ok_and(|hash| hash.len() > 1)
}

fn open(session: Session) {
    let hash = window().location().hash().unwrap_or_default();
    match share::decode(&hash) {
        Some(Ok(shared)) => session.open_shared(shared.input, shared.fixes_off),
        Some(Err(error)) => {
            session.notice.set(Some(error.message().to_owned()));
            forget();
        }
        None => {}
    }
}

/// Takes the hash out of the address, without a step in the browser's history.
fn forget() {
    let location = window().location();
    let path = location.pathname().unwrap_or_default() + &location.search().unwrap_or_default();
    if let Ok(history) = window().history() {
        // A page opened from a disk may not change its address; then the hash stays, which is no harm.
        _ = history.replace_state_with_url(&wasm_bindgen::JsValue::NULL, "", Some(&path));
    }
}
