//! Lets the rewrite follow the input, after the findings are on screen.

use gloo::timers::callback::Timeout;
use leptos::prelude::*;

use crate::ui::session::Session;

/// Milliseconds: longer than between two keys, so that it is never in the way of the next; short enough to seem at once.
const PAUSE: u32 = 120;

pub(super) fn start(session: Session) {
    let waiting = StoredValue::new_local(None::<Timeout>);
    Effect::new(move |_| {
        session.input.track();
        // The timer of the keystroke before stops with its handle.
        waiting.set_value(Some(Timeout::new(PAUSE, move || session.settle())));
    });
}
