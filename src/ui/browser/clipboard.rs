//! Copying.

use leptos::prelude::*;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::{JsFuture, spawn_local};

/// Copies `text`.
pub fn copy(text: &str) {
    copy_then(text, |_| {});
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
