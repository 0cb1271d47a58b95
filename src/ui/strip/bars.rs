//! Three bars: what the image weighed at the start, weighs now, and would weigh rewritten.

use leptos::prelude::*;

use crate::estimate::{Estimate, format};
use crate::ui::session::Session;

/// The bars with their numbers.
#[component]
pub fn Bars(session: Session) -> impl IntoView {
    let start = Memo::new(move |_| figure(session.start.get().as_deref()));
    let now = Memo::new(move |_| figure(session.weight.get().as_deref()));
    let then = Memo::new(move |_| {
        figure(session.proposal.get().as_deref().map(|proposal| &proposal.estimate))
    });
    let longest =
        move || [start, now, then].iter().map(|bar| bar.get().0).max().unwrap_or_default();
    let bar = move |label: &'static str, class: &'static str, value: Memo<(u64, String)>| {
        let width = move || {
            let tenths = value.get().0.saturating_mul(1000) / longest().max(1);
            format!("{}.{}%", tenths / 10, tenths % 10)
        };
        view! {
            <dt>{label}</dt>
            <dd>
                <span class="bar">
                    <span class=class style:width=width></span>
                </span>
                <b>{move || value.get().1}</b>
            </dd>
        }
    };
    view! {
        <dl class="strip-bars">
            {bar("start", "bar-start", start)} {bar("now", "bar-now", now)} {bar("rewrite", "bar-rewrite", then)}
        </dl>
    }
}

/// Bytes for the bar's length, and the number as text; for what is not weighed yet, three dots.
fn figure(estimate: Option<&Estimate>) -> (u64, String) {
    let Some(estimate) = estimate else { return (0, "…".to_owned()) };
    (estimate.total.map_or(0, |bytes| bytes.likely), format::total(estimate))
}
