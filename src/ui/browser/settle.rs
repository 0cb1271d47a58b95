//! Lets the rewrite follow the input, after the findings are on screen.

use gloo::timers::callback::Timeout;
use leptos::prelude::*;

use crate::ui::session::Session;

/// Milliseconds: long enough for the next frame, short enough to seem at once.
const PAUSE: u32 = 25;

pub(super) fn start(session: Session) {
    let waiting = StoredValue::new_local(None::<Timeout>);
    Effect::new(move |_| {
        session.input.track();
        // The timer of the keystroke before stops with its handle.
        waiting.set_value(Some(Timeout::new(PAUSE, move || session.settle())));
    });
}
