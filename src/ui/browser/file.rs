//! Files from and to the learner's disk.

use gloo::events::{EventListener, EventListenerOptions};
use gloo::file::futures::read_as_bytes;
use gloo::file::{Blob, File};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;

use super::folder;
use crate::ui::session::Session;

/// Over this many bytes a file is not even read.
const TOO_LARGE: u64 = 20_000_000;

/// Files may be dropped anywhere on the page.
pub(super) fn start(session: Session) {
    let active = EventListenerOptions::enable_prevent_default();
    EventListener::new_with_options(&document(), "dragover", active, |event| {
        if files_of(event).is_some() {
            event.prevent_default();
        }
    })
    .forget();
    // Before the editor, which would insert the file's text.
    let first =
        EventListenerOptions { phase: gloo::events::EventListenerPhase::Capture, passive: false };
    EventListener::new_with_options(&document(), "drop", first, move |event| {
        if let Some(files) = files_of(event) {
            event.prevent_default();
            event.stop_propagation();
            if !folder::dropped(session, event) {
                open_all(session, &files);
            }
        }
    })
    .forget();
}

/// Opens the files that were chosen in a file field.
pub fn open_chosen(session: Session, event: &leptos::ev::Event) {
    let field =
        event.target().and_then(|target| target.dyn_into::<web_sys::HtmlInputElement>().ok());
    let Some(field) = field else { return };
    if let Some(files) = field.files() {
        open_all(session, &files);
    }
    // So that the same file can be chosen again.
    field.set_value("");
}

/// Offers `text` as a download called `name`.
pub fn save(name: &str, text: &str) {
    let blob = Blob::new_with_options(text, Some("text/plain;charset=utf-8"));
    let Ok(url) = web_sys::Url::create_object_url_with_blob(blob.as_ref()) else { return };
    let link = document()
        .create_element("a")
        .ok()
        .and_then(|link| link.dyn_into::<web_sys::HtmlAnchorElement>().ok());
    if let Some(link) = link {
        link.set_href(&url);
        link.set_download(name);
        link.click();
    }
    // The download holds the data by now; an address that is gone already is no harm.
    _ = web_sys::Url::revoke_object_url(&url);
}

fn files_of(event: &web_sys::Event) -> Option<web_sys::FileList> {
    let transfer = event.dyn_ref::<web_sys::DragEvent>()?.data_transfer()?;
    let has_files = transfer.types().iter().any(|kind| kind == "Files");
    if has_files { transfer.files() } else { None }
}

fn open_all(session: Session, files: &web_sys::FileList) {
    for file in gloo::file::FileList::from(files.clone()).iter() {
        open(session, file.clone());
    }
}

fn open(session: Session, file: File) {
    let name = file.name();
    if file.size() > TOO_LARGE {
        session.notice.set(Some(format!("{name} is larger than 20 MB, so it was not opened.")));
        return;
    }
    spawn_local(async move {
        let text = read_as_bytes(&file).await.ok().map(String::from_utf8);
        match text {
            Some(Ok(text)) if !text.contains('\0') => session.open_text(&name, &text),
            Some(_) => session
                .notice
                .set(Some(format!("{name} is not a text file, so it was not opened."))),
            None => {
                session
                    .notice
                    .set(Some(format!("{name} could not be read. Try to open it again.")));
            }
        }
    });
}
