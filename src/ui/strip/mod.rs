//! The line that sums up: how much there is to do, the lessons' checklist, what it weighs, and the rewrite.

mod bars;
mod chips;

pub use self::chips::name as goal_name;

use leptos::prelude::*;

use self::bars::Bars;
use self::chips::Chips;
use super::session::{Session, Tab};
use crate::estimate::format;

/// The strip. On a phone one line of text stands for all of it.
#[component]
pub fn Strip(session: Session) -> impl IntoView {
    view! {
        <div class="strip">
            <p class="strip-counts">
                <b>{move || session.counts.get().fix}</b>
                " to fix"
                <span class="strip-consider">
                    {move || format!(" · {} to consider", session.counts.get().consider)}
                </span>
                <span class="strip-sizes">" · " {move || sizes(session)}</span>
            </p>
            <Chips session />
            <Bars session />
            {move || {
                (!session.fixes_off.get())
                    .then(|| {
                        view! {
                            <button
                                type="button"
                                class="button filled strip-rewrite"
                                on:click=move |_| session.tab.set(Tab::Rewrite)
                            >
                                "See the rewrite"
                            </button>
                        }
                    })
            }}
            <Fixed session />
        </div>
    }
}

/// "1.2 GB → ~205 MB".
fn sizes(session: Session) -> impl IntoView {
    let now = session.analysis.with(|analysis| format::total(&analysis.estimate));
    let then = session
        .proposal
        .get()
        .map_or_else(|| "…".to_owned(), |proposal| format::total(&proposal.estimate));
    view! {
        <b>{now}</b>
        " → "
        <b>{then}</b>
    }
}

/// What the last fix bought, with the way back.
#[component]
fn Fixed(session: Session) -> impl IntoView {
    move || {
        let rule = session.fixed.get().and_then(crate::rules::rule)?;
        let buys: Vec<&str> = rule.buys.iter().map(|buys| buys.label()).collect();
        let smaller = rule.buys.contains(&crate::rules::Buys::Size);
        let tail = if smaller { "." } else { "; the image does not shrink." };
        Some(view! {
            <div class="strip-fixed" role="status">
                <p>
                    <b>"Fixed. "</b>
                    {format!("This buys {}{tail}", buys.join(" and "))}
                </p>
                <button type="button" class="button quiet small" on:click=move |_| session.undo()>
                    "Undo"
                </button>
            </div>
        })
    }
}
