//! The menu "Open": the learner's own file, the example projects, a file from disk, lessons and rules.

use leptos::prelude::*;

use crate::ui::browser::{file, route};
use crate::ui::project::Place;
use crate::ui::samples::{EMPTY, SAMPLES, Sample};
use crate::ui::session::Session;

/// The menu.
pub fn open(session: Session) -> AnyView {
    let item = move |place: Place, label: &'static str| {
        view! {
            <button
                type="button"
                class="menu-item"
                aria-current=move || (session.place.get() == place).then_some("true")
                popovertarget="open-menu"
                popovertargetaction="hide"
                on:click=move |_| session.open(place)
            >
                {label}
                <span class="muted">
                    {move || session.drafts.with(|drafts| drafts.get(place).is_some() && matches!(place, Place::Sample(_)))
                        .then_some("changed")}
                </span>
            </button>
        }
    };
    let page = |label: &'static str, hash: &'static str| {
        view! {
            <button
                type="button"
                class="menu-item"
                popovertarget="open-menu"
                popovertargetaction="hide"
                on:click=move |_| route::go(hash)
            >
                {label}
            </button>
        }
    };
    let is_kept = move |place| {
        session.drafts.with(|drafts| drafts.get(place).is_some()) || session.place.get() == place
    };
    let of_lesson = move |lesson: &'static str| {
        let of_it = SAMPLES.iter().filter(move |sample: &&Sample| sample.lesson == lesson);
        view! {
            <p class="menu-heading">{lesson}</p>
            {of_it.map(|sample| item(Place::Sample(sample.id), sample.name)).collect_view()}
        }
    };
    view! {
        <div id="open-menu" class="menu open-menu" popover="auto">
            {item(Place::Yours, "Your file")}
            <div hidden=move || !is_kept(Place::Earlier)>{item(Place::Earlier, "Your earlier file")}</div>
            <div hidden=move || !is_kept(Place::Shared)>{item(Place::Shared, "From a link")}</div>
            <label class="menu-item">
                "From disk …"
                <input
                    type="file"
                    class="visually-hidden"
                    multiple
                    on:change=move |event| file::open_chosen(session, &event)
                />
            </label>
            {of_lesson("Docker for Production")}
            {of_lesson("Flask for Production")}
            <hr />
            {item(Place::Sample(EMPTY.id), "Empty")}
            <hr />
            {page("Lessons", "lessons")}
            {page("Rules", "rules")}
        </div>
    }
    .into_any()
}
