//! A file beside the Dockerfile: its text, or that there is none, or that nothing is known.

use leptos::prelude::*;

use crate::input::Given;
use crate::ui::project::FileTab;
use crate::ui::session::Session;

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Unknown,
    Absent,
    Here,
}

/// One file's tab panel.
#[component]
pub fn Neighbour(session: Session, file: FileTab) -> impl IntoView {
    let state = Memo::new(move |_| {
        session.input.with(|input| match input.files.get(file.name()) {
            None => State::Unknown,
            Some(Given::Absent) => State::Absent,
            Some(Given::Text(_)) => State::Here,
        })
    });
    let choice = move |of: State, label: &'static str, given: fn() -> Option<Given>| {
        view! {
            <label>
                <input
                    type="radio"
                    name="given"
                    prop:checked=move || state.get() == of
                    on:change=move |_| session.give(file, given())
                />
                <span>{label}</span>
            </label>
        }
    };
    view! {
        <div class="file-body neighbour" role="tabpanel" aria-label=file.name()>
            <div class="neighbour-head">
                <p class="muted">{purpose(file)}</p>
                <fieldset class="segments">
                    <legend class="visually-hidden">{format!("What is known about {}", file.name())}</legend>
                    {choice(State::Unknown, "Not given", || None)}
                    {choice(State::Absent, "I have none", || Some(Given::Absent))}
                    {choice(State::Here, "Given", || Some(Given::Text(String::new())))}
                </fieldset>
            </div>
            <textarea
                class="code"
                aria-label=file.name()
                placeholder=move || match state.get() {
                    State::Absent => "There is none. Paste or type here if that changes.",
                    State::Unknown | State::Here => "Paste it here, or drop the file on the page.",
                }
                spellcheck="false"
                autocapitalize="off"
                autocomplete="off"
                prop:value=move || session.text(file)
                on:input=move |event| session.typed(file, &event_target_value(&event))
            ></textarea>
        </div>
    }
}

const fn purpose(file: FileTab) -> &'static str {
    match file {
        FileTab::Dockerfile => "",
        FileTab::Dockerignore => "Says which files of your folder stay out of the build.",
        FileTab::Requirements => "Says which packages pip installs: their sizes count.",
        FileTab::PackageJson => "Says which packages npm installs: their sizes count.",
        FileTab::Other(_) => "Read beside the Dockerfile while it is given.",
    }
}
