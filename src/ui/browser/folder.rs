//! A folder of the learner's: the names and sizes of its files, and nothing else, in slices between which the page goes on.

use std::sync::Arc;

use gloo::file::File;
use gloo::timers::future::TimeoutFuture;
use js_sys::{Array, Function, Promise, Reflect};
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};

use crate::analysis::folder::{Folder, Sorter};
use crate::ui::session::Session;
use crate::ui::size::{Whole, reading, received, start_reading, stop_reading};

/// So many files are looked at before the page may do something else.
const SLICE: u32 = 400;
/// Of a larger folder it is said that it is too large.
const MOST: usize = 300_000;
const TOO_MANY: &str = "This folder has more than 300,000 files, so it was not read. Choose the folder that holds the Dockerfile.";
const FAILED: &str = "The folder could not be read. Try to choose it again.";

/// What is asked of a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::ui) struct Question {
    /// Its files.
    pub files: Option<Arc<Whole>>,
    /// The ignore file.
    pub now: Option<String>,
    /// A better one.
    pub better: Option<String>,
}

/// Files found so far.
#[derive(Default)]
struct Found(Vec<(String, u64)>);

impl Found {
    /// A pause; whether to go on.
    async fn pause(&self, session: Session) -> bool {
        TimeoutFuture::new(0).await;
        if self.0.len() > MOST {
            stop_reading();
            session.notice.set(Some(TOO_MANY.to_owned()));
            return false;
        }
        reading(self.0.len())
    }

    fn add(&mut self, path: String, file: JsValue) {
        if let Ok(file) = file.dyn_into::<web_sys::File>() {
            self.0.push((path, File::from(file).size()));
        }
    }
}

/// Reads the folder that was chosen in a field.
pub fn choose(session: Session, event: &leptos::ev::Event) {
    let field =
        event.target().and_then(|target| target.dyn_into::<web_sys::HtmlInputElement>().ok());
    let Some(files) = field.and_then(|field| field.files()) else { return };
    start_reading(session);
    spawn_local(async move {
        let mut found = Found::default();
        let mut name = String::new();
        for at in 0..files.length() {
            if at.is_multiple_of(SLICE) && !found.pause(session).await {
                return;
            }
            let Some(file) = files.get(at) else { continue };
            let path = text(&file, "webkitRelativePath");
            if let Some((folder, path)) = path.split_once('/') {
                folder.clone_into(&mut name);
                found.add(path.to_owned(), file.into());
            }
        }
        received(session, name, found.0);
    });
}

/// Reads the folder that was dropped, if it is one.
pub(super) fn dropped(session: Session, event: &web_sys::Event) -> bool {
    let items = get(&get(event, "dataTransfer"), "items");
    let Some(items) = js_sys::try_iter(&items).ok().flatten() else { return false };
    let entries = items.flatten().map(|item| call(&item, "webkitGetAsEntry"));
    let Some(folder) = entries.into_iter().find(|entry| get(entry, "isDirectory").is_truthy())
    else {
        return false;
    };
    start_reading(session);
    spawn_local(async move {
        let name = text(&folder, "name");
        match walk(session, folder).await {
            Ok(Some(found)) => received(session, name, found.0),
            Ok(None) => {}
            Err(_) => {
                stop_reading();
                session.notice.set(Some(FAILED.to_owned()));
            }
        }
    });
    true
}

/// All files below `root`; `None` if somebody stopped it.
async fn walk(session: Session, root: JsValue) -> Result<Option<Found>, JsValue> {
    let mut found = Found::default();
    let mut folders = vec![(String::new(), root)];
    while let Some((path, folder)) = folders.pop() {
        let reader = call(&folder, "createReader");
        loop {
            let batch = Array::from(&JsFuture::from(promise(&reader, "readEntries")).await?);
            if batch.length() == 0 {
                break;
            }
            let (mut paths, sizes) = (Vec::new(), Array::new());
            for entry in batch.iter() {
                let name = format!("{path}{}", text(&entry, "name"));
                if get(&entry, "isDirectory").is_truthy() {
                    folders.push((name + "/", entry));
                } else {
                    paths.push(name);
                    sizes.push(&promise(&entry, "file"));
                }
            }
            // What may not be read has no value.
            let files = Array::from(&JsFuture::from(Promise::all_settled(&sizes)).await?);
            for (path, file) in paths.into_iter().zip(files.iter()) {
                found.add(path, get(&file, "value"));
            }
            if !found.pause(session).await {
                return Ok(None);
            }
        }
    }
    Ok(Some(found))
}

/// Answers `question` again whenever it changes.
pub(in crate::ui) fn sort_in_slices(
    question: Memo<Question>,
    answer: RwSignal<Option<Arc<Folder>>>,
) {
    let run = StoredValue::new(0_usize);
    Effect::new(move |_| {
        let Question { files, now, better } = question.get();
        let this = run.try_update_value(|run| {
            *run += 1;
            *run
        });
        let Some(whole) = files else { return };
        spawn_local(async move {
            let mut sorter = Sorter::new(now.as_deref(), better.as_deref());
            for (at, file) in (0_u32..).zip(&whole.files) {
                sorter.add(file);
                if at % SLICE == SLICE - 1 {
                    TimeoutFuture::new(0).await;
                    if run.try_get_value() != this {
                        return;
                    }
                }
            }
            // The panel may be closed by now.
            _ = answer.try_set(Some(Arc::new(sorter.done())));
        });
    });
}

fn get(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &JsValue::from_str(name)).unwrap_or_default()
}

fn text(object: &JsValue, name: &str) -> String {
    get(object, name).as_string().unwrap_or_default()
}

fn call(object: &JsValue, name: &str) -> JsValue {
    let function = get(object, name).dyn_into::<Function>();
    function.and_then(|function| function.call0(object)).unwrap_or_default()
}

/// What a method answers that takes two functions, one for success and one for failure.
fn promise(object: &JsValue, name: &str) -> Promise {
    let function = get(object, name).dyn_into::<Function>();
    Promise::new(&mut |resolve, reject| {
        if let Ok(function) = &function {
            _ = function.call2(object, &resolve, &reject);
        }
    })
}
