//! The page's colours and its width.

use gloo::events::EventListener;
use leptos::prelude::*;

use crate::ui::session::{Session, Theme};

/// The same limit as in the style sheets.
const PHONE: &str = "(max-width: 799px)";

/// Carries the theme to the page, and the page's width into the session.
pub(super) fn start(session: Session) {
    Effect::new(move |_| {
        let Some(root) = document().document_element() else { return };
        // Without the attribute the style sheet asks the system.
        _ = match session.theme.get() {
            Theme::System => root.remove_attribute("data-theme"),
            Theme::Light => root.set_attribute("data-theme", "light"),
            Theme::Dark => root.set_attribute("data-theme", "dark"),
        };
    });
    let Ok(Some(query)) = window().match_media(PHONE) else { return };
    session.phone.set(query.matches());
    let again = query.clone();
    EventListener::new(&query, "change", move |_| session.phone.set(again.matches())).forget();
    let asks_for_plain =
        window().location().search().is_ok_and(|search| search.contains("editor=plain"));
    if asks_for_plain {
        session.plain.set(true);
    }
}
