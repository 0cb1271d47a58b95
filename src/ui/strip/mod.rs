//! The line that sums up: how much there is to do, the lessons' checklist, what it weighs, and the rewrite.

mod bars;
mod chips;

pub use self::bars::weights;
pub use self::chips::name as goal_name;

use leptos::prelude::*;

use self::chips::Chips;
use super::later::{Part, later};
use super::session::{Session, Tab};
use super::size;
use crate::rules::{self, Buys};

/// The strip. On a phone one line of text stands for all of it.
#[component]
pub fn Strip(session: Session) -> impl IntoView {
    view! {
        <section class="strip" aria-label="Summary">
            <p class="strip-counts">
                <b>{move || session.counts.get().fix}</b>
                " to fix"
                <span class="strip-consider">
                    {move || format!(" · {} to consider", session.counts.get().consider)}
                </span>
            </p>
            <Chips session />
            <div class="strip-weights">{later(session, Part::Weights)}</div>
            <button
                type="button"
                class="button filled strip-rewrite"
                hidden=move || session.fixes_off.get()
                on:click=move |_| session.tab.set(Tab::Rewrite)
            >
                "See the rewrite"
            </button>
            {later(session, Part::Fixed)}
        </section>
    }
}

/// What the last fix bought, with the way back.
pub fn fixed(session: Session) -> AnyView {
    (move || fixed_now(session)).into_any()
}

fn fixed_now(session: Session) -> AnyView {
    let Some(rule) = session.fixed.get().and_then(rules::rule) else { return ().into_any() };
    let mut says = String::from("This buys ");
    for (nth, buys) in rule.buys.iter().enumerate() {
        says += if nth == 0 { "" } else { " and " };
        says += buys.label();
    }
    says += if rule.buys.contains(&Buys::Size) { "." } else { "; the image does not shrink." };
    view! {
        <div class="strip-fixed" role="status">
            <p>
                <b>"Fixed. "</b>
                {says}
            </p>
            <button type="button" class="button quiet small" on:click=move |_| session.undo()>
                "Undo"
            </button>
            {if rule.buys.contains(&Buys::RebuildTime) { size::bought(session) } else { ().into_any() }}
        </div>
    }
    .into_any()
}
