//! Calm lines above the file: what happened, what this text seems to be, and what can be done about it.

use leptos::prelude::*;

use super::project::{FileTab, LARGE, Place};
use super::session::Session;
use crate::analysis::Mistaken;

/// All lines that apply now.
#[component]
pub fn Notices(session: Session) -> impl IntoView {
    let mistaken = Memo::new(move |_| session.analysis.with(|analysis| analysis.mistaken));
    let large = Memo::new(move |_| session.input.with(|input| input.dockerfile.len() > LARGE));
    view! {
        <div class="notices">
            {move || session.notice.get().map(|text| happened(session, text))}
            {move || (session.place.get() == Place::Shared).then(|| shared(session))}
            {move || mistaken.get().map(|what| wrong_paste(session, what))}
            {move || {
                large.get()
                    .then(|| {
                        line(
                            "info",
                            "This file is larger than 1 MB. It is kept and read as usual, but typing may be slow.",
                            ().into_any(),
                        )
                    })
            }}
        </div>
    }
}

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

fn line(kind: &'static str, text: &str, actions: AnyView) -> AnyView {
    view! {
        <div class=format!("notice {kind}")>
            <p>{text.to_owned()}</p>
            {actions}
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

fn happened(session: Session, text: String) -> AnyView {
    view! {
        <div class="notice info" role="status">
            <p>{text}</p>
            {action("OK", move || session.notice.set(None))}
        </div>
    }
    .into_any()
}

fn shared(session: Session) -> AnyView {
    let text = move || {
        if session.fixes_off.get() {
            "This file came with a link, as an exercise: fixes are hidden. Your own file is kept."
        } else {
            "This file came with a link. Your own file is kept."
        }
    };
    view! {
        <div class="notice info">
            <p>{text}</p>
            {action("Back to your file", move || session.open(Place::Yours))}
        </div>
    }
    .into_any()
}

fn wrong_paste(session: Session, what: Mistaken) -> AnyView {
    let moves = |label, file: FileTab| action(label, move || session.move_to(file));
    match what {
        Mistaken::Wrapped => line(
            "warning",
            "This looks like a Dockerfile inside Markdown or behind $ prompts.",
            action("Keep only the Dockerfile", move || session.strip_wrapping()),
        ),
        Mistaken::Compose => line(
            "warning",
            "This looks like a compose file. Drydock reads Dockerfiles: paste the one that its `build:` line names.",
            ().into_any(),
        ),
        Mistaken::Requirements => line(
            "warning",
            "This looks like requirements.txt rather than a Dockerfile.",
            moves("Move it to its tab", FileTab::Requirements),
        ),
        Mistaken::Dockerignore => line(
            "warning",
            "This looks like .dockerignore rather than a Dockerfile.",
            moves("Move it to its tab", FileTab::Dockerignore),
        ),
        Mistaken::PackageJson => line(
            "warning",
            "This looks like package.json rather than a Dockerfile.",
            moves("Move it to its tab", FileTab::PackageJson),
        ),
        Mistaken::Binary => line(
            "warning",
            "This is not text, so there is nothing to read. Paste or open the Dockerfile itself.",
            action("Undo", move || session.undo()),
        ),
        Mistaken::Prose => line(
            "warning",
            "No line here reads as a Dockerfile: its lines start with a word like FROM, COPY or RUN.",
            ().into_any(),
        ),
    }
}
