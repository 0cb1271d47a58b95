//! The left column: the Dockerfile and the files beside it, a tab each, and the line that says where they stay.

mod context;
mod neighbour;

use std::sync::Arc;

use leptos::prelude::*;

pub use self::context::project;
use self::neighbour::Neighbour;
use super::editor::{Editor, EditorHandle};
use super::later::{Part, later};
use super::parts::tabs::{Item, Tabs};
use super::project::FileTab;
use super::session::{Key, Session, Tab};
use crate::input::{Given, Input, OTHERS};

/// The left column.
#[component]
pub fn Files(session: Session) -> impl IntoView {
    view! {
        <section class="files" aria-label="Your files">
            <div class="file-bar">
                {move || view! { <FileTabs session shown=shown(session) /> }.into_any()}
                {later(session, Part::Project)}
            </div>
            <div
                class="file-body"
                role="tabpanel"
                id="file-Dockerfile-panel"
                aria-labelledby="file-Dockerfile"
                hidden=move || session.file.get() != FileTab::Dockerfile
            >
                <Written session />
            </div>
            {move || match session.file.get() {
                FileTab::Dockerfile => ().into_any(),
                file => view! { <Neighbour session file /> }.into_any(),
            }}
            <p class="foot">
                <svg viewBox="0 0 12 12" aria-hidden="true">
                    <path d="M2.5 5.5h7v5h-7zM4 5.5V4a2 2 0 0 1 4 0v1.5" />
                </svg>
                <span>"Runs in your browser. Nothing is sent; links keep your file after the #."</span>
                <span class="foot-keys">"F8 next issue"</span>
            </p>
        </section>
    }
}

/// The tabs that have something to do with this project.
fn shown(session: Session) -> Vec<FileTab> {
    // A bit for each, so that the tabs are drawn anew only where one comes or goes.
    let chosen = Memo::new(move |_| {
        session.input.with(|input| {
            let mut bits = 0_usize;
            for (at, name) in OTHERS.iter().enumerate() {
                bits |= usize::from(input.files.contains_key(*name)) << at;
            }
            for file in [FileTab::PackageJson, FileTab::Requirements] {
                bits = bits << 1 | usize::from(is_wanted(input, file));
            }
            bits
        })
    });
    let bits = chosen.get();
    let mut tabs = vec![FileTab::Dockerfile, FileTab::Dockerignore];
    if bits & 1 == 1 {
        tabs.push(FileTab::Requirements);
    }
    if bits & 2 == 2 {
        tabs.push(FileTab::PackageJson);
    }
    for (at, name) in OTHERS.into_iter().enumerate() {
        if bits >> (at + 2) & 1 == 1 {
            tabs.push(FileTab::Other(name));
        }
    }
    tabs
}

fn is_wanted(input: &Input, file: FileTab) -> bool {
    let says = |word: &str| input.dockerfile.contains(word);
    let of_node = || {
        input.files.contains_key(FileTab::PackageJson.name())
            || ["package.json", "npm ", "yarn ", "pnpm "].into_iter().any(says)
    };
    if file == FileTab::PackageJson {
        of_node()
    } else {
        input.files.contains_key(file.name()) || says("requirements") || !of_node()
    }
}

#[component]
fn FileTabs(session: Session, shown: Vec<FileTab>) -> impl IntoView {
    let state = move |file: FileTab| {
        Signal::derive(move || {
            session.input.with(|input| match (file, input.files.get(file.name())) {
                (FileTab::Dockerfile, _) | (_, Some(Given::Text(_))) => String::new(),
                (_, Some(Given::Absent)) => "none".to_owned(),
                (_, None) => "not given".to_owned(),
            })
        })
    };
    let id = |file: FileTab| match file {
        FileTab::Dockerfile => "file-Dockerfile",
        FileTab::Dockerignore => "file-dockerignore",
        FileTab::Requirements => "file-requirements",
        FileTab::PackageJson => "file-package",
        FileTab::Other(name) => name,
    };
    let items = shown.into_iter().map(|file| Item {
        value: file,
        id: id(file),
        label: file.name(),
        more: state(file),
    });
    view! {
        <Tabs
            label="Files"
            class="file-tabs"
            items=items.collect()
            chosen=session.file
            on_choose=move |file| session.file.set(file)
        />
    }
}

/// The Dockerfile in the editor.
#[component]
fn Written(session: Session) -> impl IntoView {
    let key_at =
        move |at: usize| session.findings.with_untracked(|all| all.get(at).map(|(key, _)| *key));
    let at = Memo::new(move |_| {
        let key: Key = session.selection.get()?;
        session.findings.with(|all| all.iter().position(|(k, _)| *k == key))
    });
    view! {
        <Editor
            handle=EditorHandle::new()
            text=Signal::derive(move || session.text(FileTab::Dockerfile))
            document=session.document
            analysis=Signal::derive(move || Arc::clone(&session.analysis.read()))
            selected=at
            plain=session.plain
            fixes=Signal::derive(move || !session.fixes_off.get())
            on_change=Callback::new(move |text: String| session.typed(FileTab::Dockerfile, &text))
            on_select=Callback::new(move |at: Option<usize>| {
                session.select(at.and_then(key_at));
                if at.is_some() && session.tab.get_untracked() != Tab::File {
                    session.tab.set(Tab::Issues);
                }
            })
            on_fix=Callback::new(move |at: usize| {
                if let Some(key) = key_at(at) {
                    session.fix(key);
                }
            })
            on_step=Callback::new(move |forward: bool| session.select_next(!forward))
        />
    }
}
