//! Keys that work anywhere on the page.

use gloo::events::EventListener;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use crate::ui::session::{Session, Tab};

/// F8 and Shift+F8 go through the findings; Escape closes what is open.
pub(super) fn start(session: Session) {
    EventListener::new(&document(), "keydown", move |event| {
        let Some(event) = event.dyn_ref::<web_sys::KeyboardEvent>() else { return };
        if event.default_prevented() {
            return;
        }
        match event.key().as_str() {
            "F8" => session.select_next(event.shift_key()),
            "Escape" if session.wide.get_untracked() => session.wide.set(false),
            "Escape"
                if session.phone.get_untracked() && session.tab.get_untracked() == Tab::File =>
            {
                session.select(None);
            }
            _ => {}
        }
    })
    .forget();
}
