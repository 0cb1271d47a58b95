//! Calm lines above the file: what happened, what this text seems to be, and what can be done about it.

use leptos::prelude::*;

use super::parts::Coded;
use super::project::{FileTab, LARGE, Place};
use super::session::Session;
use crate::analysis::Mistaken;

/// All lines that apply now.
#[component]
pub fn Notices(session: Session) -> impl IntoView {
    let state = Memo::new(move |_| {
        let mistaken = session.analysis.with(|analysis| analysis.mistaken);
        let large = session.input.with(|input| input.dockerfile.len() > LARGE);
        let shared = session.place.get() == Place::Shared;
        (session.notice.get(), shared.then(|| session.fixes_off.get()), mistaken, large)
    });
    view! {
        <aside class="notices" aria-label="Notices">
            {move || {
                let (happened, link, mistaken, large) = state.get();
                let mut lines = Vec::new();
                if let Some(text) = happened {
                    lines.push(line("info", text, action("OK", move || session.notice.set(None))));
                }
                if let Some(fixes_off) = link {
                    lines.push(shared(session, fixes_off));
                }
                if let Some(what) = mistaken {
                    lines.push(wrong_paste(session, what));
                }
                if large {
                    lines.push(line("info", LARGE_FILE.to_owned(), ().into_any()));
                }
                lines
            }}
        </aside>
    }
}

const LARGE_FILE: &str =
    "This file is larger than 1 MB. It is kept and read as usual, but typing may be slow.";

/// Says the counts aloud when they change.
#[component]
pub fn Announcer(session: Session) -> impl IntoView {
    view! {
        <p class="visually-hidden" role="status">
            {move || {
                let counts = session.counts.get();
                format!("{} to fix, {} to consider", counts.fix, counts.consider)
            }}
        </p>
    }
}

fn line(kind: &'static str, text: String, action: AnyView) -> AnyView {
    view! {
        <div class=format!("notice {kind}") role="status">
            <p>
                <Coded text />
            </p>
            {action}
        </div>
    }
    .into_any()
}

fn action(label: &'static str, run: impl Fn() + 'static) -> AnyView {
    view! {
        <button type="button" class="button small" on:click=move |_| run()>
            {label}
        </button>
    }
    .into_any()
}

fn shared(session: Session, fixes_off: bool) -> AnyView {
    let text = if fixes_off {
        "This file came with a link, as an exercise: fixes are hidden. Your own file is kept."
    } else {
        "This file came with a link. Your own file is kept."
    };
    line("info", text.to_owned(), action("Back to your file", move || session.open(Place::Yours)))
}

fn wrong_paste(session: Session, what: Mistaken) -> AnyView {
    let text = match what {
        Mistaken::Wrapped => "This looks like a Dockerfile inside Markdown or behind `$` prompts.",
        Mistaken::Compose => {
            "This looks like a compose file. Drydock reads Dockerfiles: paste the one that its `build:` line names."
        }
        Mistaken::Requirements => "This looks like `requirements.txt` rather than a Dockerfile.",
        Mistaken::Dockerignore => "This looks like `.dockerignore` rather than a Dockerfile.",
        Mistaken::PackageJson => "This looks like `package.json` rather than a Dockerfile.",
        Mistaken::Binary => {
            "This is not text, so there is nothing to read. Paste or open the Dockerfile itself."
        }
        Mistaken::Prose => {
            "No line here reads as a Dockerfile: its lines start with a word like `FROM`, `COPY` or `RUN`."
        }
    };
    let belongs = match what {
        Mistaken::Requirements => Some(FileTab::Requirements),
        Mistaken::Dockerignore => Some(FileTab::Dockerignore),
        Mistaken::PackageJson => Some(FileTab::PackageJson),
        Mistaken::Wrapped | Mistaken::Compose | Mistaken::Binary | Mistaken::Prose => None,
    };
    let action = match (what, belongs) {
        (_, Some(file)) => action("Move it to its tab", move || session.move_to(file)),
        (Mistaken::Wrapped, None) => {
            action("Keep only the Dockerfile", move || session.strip_wrapping())
        }
        (Mistaken::Binary, None) => action("Undo", move || session.undo()),
        _ => ().into_any(),
    };
    line("warning", text.to_owned(), action)
}
