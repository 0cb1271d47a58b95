//! The browser's storage: everything the learner has, under one key.

use gloo::events::EventListener;
use gloo::storage::{LocalStorage, Storage};
use gloo::timers::callback::Timeout;
use leptos::prelude::*;

use crate::ui::session::Session;
use crate::ui::storage::{KEY, load, save};

/// Milliseconds of quiet before something is written.
const PAUSE: u32 = 300;

const REFUSED: &str = "Your browser does not let Drydock keep your file (its storage is full or switched off). Copy it before you leave.";

/// Takes back what an earlier visit left, then keeps what changes.
pub(super) fn start(session: Session) {
    if is_allowed()
        && let Ok(Some(text)) = LocalStorage::raw().get_item(KEY)
    {
        load(session, &text);
    }
    let waiting = StoredValue::new_local(None::<Timeout>);
    Effect::new(move |_| {
        session.input.track();
        session.baseline.track();
        session.place.track();
        session.drafts.track();
        session.theme.track();
        session.plain.track();
        waiting.set_value(Some(Timeout::new(PAUSE, move || keep(session))));
    });
    // Leaving may come before the pause is over.
    EventListener::new(&window(), "pagehide", move |_| {
        if waiting.try_update_value(Option::take).flatten().is_some() {
            keep(session);
        }
    })
    .forget();
}

/// Whether an earlier visit left something.
pub(super) fn is_kept() -> bool {
    is_allowed() && matches!(LocalStorage::raw().get_item(KEY), Ok(Some(_)))
}

/// Browsers may forbid storage; then even asking for it is an error, which `LocalStorage` does not expect.
fn is_allowed() -> bool {
    matches!(window().local_storage(), Ok(Some(_)))
}

fn keep(session: Session) {
    let allowed = is_allowed();
    let kept = if let Some(text) = untrack(|| save(session)) {
        allowed && LocalStorage::raw().set_item(KEY, &text).is_ok()
    } else {
        // A visit alone leaves no trace.
        if allowed {
            LocalStorage::delete(KEY);
        }
        true
    };
    if !kept {
        session.notice.set(Some(REFUSED.to_owned()));
    }
}
