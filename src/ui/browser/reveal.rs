//! Keeps the selected finding in sight.

use gloo::timers::callback::Timeout;
use leptos::prelude::*;
use web_sys::{ScrollIntoViewOptions, ScrollLogicalPosition};

use crate::ui::issues::row_id;
use crate::ui::session::Session;

/// Scrolls the list of issues so that what was selected elsewhere can be read.
pub(super) fn start(session: Session) {
    Effect::new(move |_| {
        let Some(key) = session.selection.get() else { return };
        // The card opens first.
        Timeout::new(0, move || {
            let row = document().get_element_by_id(&row_id(key));
            if let Some(card) = row.and_then(|row| row.parent_element()) {
                let options = ScrollIntoViewOptions::new();
                options.set_block(ScrollLogicalPosition::Nearest);
                card.scroll_into_view_with_scroll_into_view_options(&options);
            }
        })
        .forget();
    });
}
