//! Copying.

use leptos::prelude::*;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::{JsFuture, spawn_local};

use crate::ui::session::Session;

/// Copies `text`.
pub fn copy(text: &str) {
    copy_then(text, |_| {});
}

/// Copies `text`, and says `said` or that it was not let, with what to do `instead`.
pub fn copy_and_say(session: Session, text: &str, said: &'static str, instead: &'static str) {
    copy_then(text, move |copied| {
        let refused = || format!("This browser did not let the page copy.{instead}");
        session.notice.set(Some(if copied { said.to_owned() } else { refused() }));
    });
}

/// Copies `text`, then calls `done` with whether that worked.
pub fn copy_then(text: &str, done: impl FnOnce(bool) + 'static) {
    let navigator = window().navigator();
    // Pages that are not served securely have no clipboard.
    let clipboard = js_sys::Reflect::get(&navigator, &JsValue::from_str("clipboard"));
    if clipboard.map_or(true, |clipboard| clipboard.is_undefined()) {
        done(false);
        return;
    }
    let promise = navigator.clipboard().write_text(text);
    spawn_local(async move { done(JsFuture::from(promise).await.is_ok()) });
}
