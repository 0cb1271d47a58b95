//! Fetches the tables of packages, whose address the built page carries; until they are there, layers of packages are unknown.

use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::lessons::text_at;
use crate::estimate::Tables;
use crate::ui::session::Session;

const FAILED: &str = "The table of package sizes did not load: what packages weigh is not known. Everything else works.";

/// Fetches them for the rest of the page's life.
pub(super) fn start(session: Session) {
    spawn_local(async move {
        match text_at("data-tables").await {
            Ok(text) => {
                session.tables.set(Tables::of(Box::leak(text.into_boxed_str())));
            }
            Err(_) => session.notice.set(Some(FAILED.to_owned())),
        }
    });
}
