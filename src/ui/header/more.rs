//! The menu "⋯": colours, plain editor, steps back, and forgetting everything.

use leptos::prelude::*;

use crate::ui::session::{Session, Theme};

/// The menu.
pub fn more(session: Session) -> AnyView {
    let item = move |label: &'static str, off: Signal<bool>, run: fn(Session)| {
        view! {
            <button
                type="button"
                class="menu-item"
                disabled=off
                popovertarget="more-menu"
                popovertargetaction="hide"
                on:click=move |_| run(session)
            >
                {label}
            </button>
        }
    };
    let theme = move |theme: Theme, label: &'static str| {
        view! {
            <label>
                <input
                    type="radio"
                    name="theme"
                    prop:checked=move || session.theme.get() == theme
                    on:change=move |_| session.theme.set(theme)
                />
                <span>{label}</span>
            </label>
        }
    };
    let at_start = Signal::derive(move || session.is_at_start());
    view! {
        <div id="more-menu" class="menu more-menu" popover="auto">
            <button type="button" class="menu-item phone-only" popovertarget="share-menu">
                "Share"
            </button>
            {item("Undo", Signal::derive(move || !session.can_undo()), Session::undo)}
            <hr />
            {item("Set as start", at_start, Session::set_as_start)}
            {item("Back to start", at_start, Session::back_to_start)}
            <p class="menu-hint">"Sizes are compared with the start: the file as it was loaded or pasted."</p>
            <hr />
            <fieldset class="segments">
                <legend>"Colours"</legend>
                {theme(Theme::System, "System")}
                {theme(Theme::Light, "Light")}
                {theme(Theme::Dark, "Dark")}
            </fieldset>
            <label class="menu-item">
                <input
                    type="checkbox"
                    prop:checked=move || session.plain.get()
                    on:change=move |event| session.plain.set(event_target_checked(&event))
                />
                "Plain editor"
            </label>
            <hr />
            <ClearEverything session />
        </div>
    }
    .into_any()
}

/// Asks once more before the learner's texts are gone.
#[component]
fn ClearEverything(session: Session) -> impl IntoView {
    let asked = RwSignal::new(false);
    view! {
        <button
            type="button"
            class="menu-item"
            hidden=move || asked.get()
            on:click=move |_| asked.set(true)
        >
            "Clear everything …"
        </button>
        <div hidden=move || !asked.get()>
            <p class="menu-hint">"This deletes your file and your settings from this browser."</p>
            <div class="menu-row">
                <button
                    type="button"
                    class="button danger"
                    popovertarget="more-menu"
                    popovertargetaction="hide"
                    on:click=move |_| {
                        asked.set(false);
                        session.clear_everything();
                    }
                >
                    "Delete it all"
                </button>
                <button type="button" class="button" on:click=move |_| asked.set(false)>
                    "Keep it"
                </button>
            </div>
        </div>
    }
}
