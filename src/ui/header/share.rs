//! Sharing: a link that carries the file, with what it contains and who can read it.

use leptos::prelude::*;

use crate::input::{Given, Input};
use crate::ui::browser::{clipboard, focus, link};
use crate::ui::session::Session;
use crate::ui::share::encode;

/// The panel. The link is made while it is open only.
pub fn share(session: Session) -> AnyView {
    let open = RwSignal::new(false);
    view! {
        <div
            id="share-menu"
            class="menu share-menu"
            popover="auto"
            role="dialog"
            aria-label="Share"
            on:toggle=move |_| open.update(|open| *open = !*open)
        >
            {move || if open.get() { view! { <Link session /> }.into_any() } else { ().into_any() }}
        </div>
    }
    .into_any()
}

#[component]
fn Link(session: Session) -> impl IntoView {
    let fixes_off = RwSignal::new(session.fixes_off.get_untracked());
    let copied = RwSignal::new(None);
    let address = Memo::new(move |_| {
        copied.set(None);
        session.input.with(|input| link::address(&encode(input, fixes_off.get())))
    });
    let says = move || match copied.get() {
        None => "Copy",
        Some(true) => "Copied",
        Some(false) => "Press Ctrl+C",
    };
    view! {
        <h2>"Share this file"</h2>
        <p>{move || session.input.with(contents)}</p>
        <p class="muted">
            "It stands behind the #, which browsers never send. Whoever has the link can read it."
        </p>
        <p
            class="notice warning"
            hidden=move || !session.analysis.with(|analysis| analysis.has_secret)
        >
            "This file holds what looks like a secret. Take it out before you share the link."
        </p>
        <div class="menu-row">
            <input
                class="field"
                id="share-link"
                readonly
                aria-label="Link"
                prop:value=address
                on:focus=move |event| focus::select_all(&event)
            />
            <button
                type="button"
                class="button filled"
                on:click=move |_| clipboard::copy_then(&address.get_untracked(), move |done| copied.set(Some(done)))
            >
                {move || says()}
            </button>
        </div>
        <label class="choice">
            <input
                type="checkbox"
                prop:checked=move || fixes_off.get()
                on:change=move |event| fixes_off.set(event_target_checked(&event))
            />
            "As an exercise: show the issues, hide fixes and the rewrite"
        </label>
    }
}

/// What a link to `input` carries, in a sentence.
fn contents(input: &Input) -> String {
    let mut parts = vec![format!("the Dockerfile ({} lines)", input.dockerfile.lines().count())];
    let given = input.files.iter().filter(|(_, given)| matches!(given, Given::Text(_)));
    parts.extend(given.map(|(name, _)| name.clone()));
    if let Some(files) = &input.context {
        parts.push(format!("names and sizes of {} files of the folder", files.len()));
    }
    let last = parts.pop().unwrap_or_default();
    if parts.is_empty() {
        format!("The link holds {last}.")
    } else {
        format!("The link holds {} and {last}.", parts.join(", "))
    }
}
