//! Fetches the lessons' texts, whose address the built page carries.

use std::sync::Arc;

use gloo::timers::callback::Timeout;
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};

use crate::lesson::Lessons;
use crate::ui::lessons::LessonTexts;
use crate::ui::session::Session;

const FAILED: &str = "The lesson texts did not load. Everything else works.";

/// Fetches once the page has been painted.
pub(super) fn start(session: Session) {
    Timeout::new(50, move || fetch(session)).forget();
}

/// Fetches, or tries again.
pub fn fetch(session: Session) {
    session.lessons.set(LessonTexts::Waiting);
    spawn_local(async move {
        let texts = match text_at("data-lessons").await {
            Ok(bundle) => LessonTexts::Ready(Arc::new(Lessons::parse_bundle(&bundle))),
            Err(_) => LessonTexts::Failed(FAILED.to_owned()),
        };
        session.lessons.set(texts);
    });
}

/// The text of the file whose address the page's root carries as `attribute`.
pub(super) async fn text_at(attribute: &str) -> Result<String, JsValue> {
    let address = document().document_element().and_then(|root| root.get_attribute(attribute));
    let address = address.ok_or(JsValue::NULL)?;
    let response: web_sys::Response =
        JsFuture::from(window().fetch_with_str(&address)).await?.dyn_into()?;
    if !response.ok() {
        return Err(JsValue::NULL);
    }
    JsFuture::from(response.text()?).await?.as_string().ok_or(JsValue::NULL)
}
