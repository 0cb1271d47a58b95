//! Where the keyboard is.

use gloo::timers::callback::Timeout;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

/// Focuses the element called `id` once the page has caught up with the state.
pub fn soon(id: impl Into<String>) {
    let id = id.into();
    Timeout::new(0, move || {
        let element = document()
            .get_element_by_id(&id)
            .and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok());
        if let Some(element) = element {
            // An element that cannot take the focus leaves it where it is.
            _ = element.focus();
        }
    })
    .forget();
}

/// Selects all the text of the field that got the focus.
pub fn select_all(event: &leptos::ev::FocusEvent) {
    let field =
        event.target().and_then(|target| target.dyn_into::<web_sys::HtmlInputElement>().ok());
    if let Some(field) = field {
        field.select();
    }
}
