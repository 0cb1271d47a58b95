//! What the browser keeps between visits, as text under one key.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::project::{Draft, Drafts, Place};
use super::samples;
use super::session::{Session, Theme};
use super::wire::WireInput;
use crate::input::Input;

/// The key. Another form of the data gets another one.
pub const KEY: &str = "drydock.1";

/// The place that is shown, every draft, the theme, whether the editor is the plain one.
#[derive(Serialize, Deserialize)]
struct Stored(String, Vec<StoredDraft>, String, bool);

/// Where it belongs; what stands there; the start, where that differs; the example project; `\r\n`.
#[derive(Serialize, Deserialize)]
struct StoredDraft(String, WireInput, Option<WireInput>, Option<String>, bool);

impl StoredDraft {
    fn of(place: Place, draft: &Draft) -> Self {
        Self(
            place.id().to_owned(),
            (&draft.input).into(),
            (draft.baseline != draft.input).then(|| (&draft.baseline).into()),
            draft.example.map(|sample| sample.id.to_owned()),
            draft.crlf,
        )
    }

    fn read(self) -> Option<(Place, Draft)> {
        let Self(place, now, start, example, crlf) = self;
        let input = Input::from(now);
        let baseline = start.map_or_else(|| input.clone(), Into::into);
        let example = example.and_then(|id| samples::sample(&id));
        Some((Place::from_id(&place)?, Draft { input, baseline, example, crlf }))
    }
}

/// All that is to be kept, as text. `None` where everything is as on a first visit.
pub fn save(session: Session) -> Option<String> {
    let place = session.place.get();
    let theme = session.theme.get();
    let plain = session.plain.get();
    let current = session.draft();
    let mut drafts = Vec::new();
    session.drafts.with(|others| {
        for (place, draft) in others.iter() {
            drafts.push(StoredDraft::of(*place, draft));
        }
    });
    let is_first_visit = place == Place::Sample(samples::FIRST.id)
        && current == Draft::of(samples::FIRST)
        && theme == Theme::System
        && !plain
        && drafts.is_empty();
    if is_first_visit {
        return None;
    }
    drafts.push(StoredDraft::of(place, &current));
    let stored = Stored(place.id().to_owned(), drafts, theme.id().to_owned(), plain);
    serde_json::to_string(&stored).ok()
}

/// Takes back what [`save`] wrote. Text that cannot be read changes nothing.
pub fn load(session: Session, text: &str) {
    let Ok(Stored(place, stored, theme, plain)) = serde_json::from_str::<Stored>(text) else {
        return;
    };
    session.plain.set(plain);
    session.theme.set(Theme::from_id(&theme));
    let mut drafts = Drafts::default();
    for draft in stored {
        if let Some((place, draft)) = draft.read() {
            drafts.put(place, draft);
        }
    }
    // A link's text is shown when its link is open, and waits otherwise.
    let place =
        Place::from_id(&place).filter(|place| *place != Place::Shared).unwrap_or(Place::Yours);
    if let Some(current) = drafts.take(place) {
        session.restore(place, current, drafts);
    } else {
        session.drafts.set(drafts);
    }
}
