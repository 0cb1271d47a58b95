//! What the browser keeps between visits, as text under one key.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use leptos::prelude::*;

use super::project::{Draft, Place};
use super::samples;
use super::session::{Session, Theme};
use super::wire::WireInput;

/// The key. Another form of the data gets another one.
pub const KEY: &str = "drydock.1";

#[derive(Serialize, Deserialize, Default)]
#[serde(default)]
struct Stored {
    place: String,
    drafts: BTreeMap<String, StoredDraft>,
    #[serde(skip_serializing_if = "Option::is_none")]
    theme: Option<String>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    plain: bool,
}

#[derive(Serialize, Deserialize, Default)]
#[serde(default)]
struct StoredDraft {
    now: WireInput,
    /// Where it differs from `now`.
    #[serde(skip_serializing_if = "Option::is_none")]
    start: Option<WireInput>,
    #[serde(skip_serializing_if = "Option::is_none")]
    example: Option<String>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    crlf: bool,
}

impl From<&Draft> for StoredDraft {
    fn from(draft: &Draft) -> Self {
        Self {
            now: (&draft.input).into(),
            start: (draft.baseline != draft.input).then(|| (&draft.baseline).into()),
            example: draft.example.map(|sample| sample.id.to_owned()),
            crlf: draft.crlf,
        }
    }
}

impl From<StoredDraft> for Draft {
    fn from(stored: StoredDraft) -> Self {
        let input = crate::input::Input::from(stored.now);
        let baseline = stored.start.map_or_else(|| input.clone(), Into::into);
        Self {
            baseline,
            input,
            example: stored.example.and_then(|id| samples::sample(&id)),
            crlf: stored.crlf,
        }
    }
}

/// All that is to be kept, as text. `None` where everything is as on a first visit.
pub fn save(session: Session) -> Option<String> {
    let place = session.place.get();
    let theme = session.theme.get();
    let plain = session.plain.get();
    let current = session.draft();
    let is_first_visit = place == Place::Sample(samples::FIRST.id)
        && current == Draft::of(samples::FIRST)
        && theme == Theme::System
        && !plain
        && session.drafts.with(BTreeMap::is_empty);
    if is_first_visit {
        return None;
    }
    let mut drafts: BTreeMap<String, StoredDraft> = session.drafts.with(|drafts| {
        drafts.iter().map(|(place, draft)| (place.id().to_owned(), draft.into())).collect()
    });
    drafts.insert(place.id().to_owned(), (&current).into());
    let theme = match theme {
        Theme::System => None,
        Theme::Light => Some("light".to_owned()),
        Theme::Dark => Some("dark".to_owned()),
    };
    let stored = Stored { place: place.id().to_owned(), drafts, theme, plain };
    serde_json::to_string(&stored).ok()
}

/// Takes back what [`save`] wrote. Text that cannot be read changes nothing.
pub fn load(session: Session, text: &str) {
    let Ok(stored) = serde_json::from_str::<Stored>(text) else { return };
    session.plain.set(stored.plain);
    session.theme.set(match stored.theme.as_deref() {
        Some("light") => Theme::Light,
        Some("dark") => Theme::Dark,
        _ => Theme::System,
    });
    let drafts = stored
        .drafts
        .into_iter()
        .filter_map(|(id, draft)| Some((Place::from_id(&id)?, draft.into())));
    let mut drafts: BTreeMap<Place, Draft> = drafts.collect();
    // A link's text is shown when its link is open, and waits otherwise.
    let place = Place::from_id(&stored.place)
        .filter(|place| *place != Place::Shared)
        .unwrap_or(Place::Yours);
    if let Some(current) = drafts.remove(&place) {
        session.restore(place, current, drafts);
    } else {
        session.drafts.set(drafts);
    }
}
