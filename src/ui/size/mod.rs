//! The Size panel: what the image weighs at the start, now and rewritten, and what each step is worth.

mod bars;
mod bases;
mod figure;
mod layers;

use leptos::prelude::*;

use self::bars::Bars;
use self::bases::Bases;
use self::layers::Layers;
use super::session::Session;
use crate::estimate::{Estimate, format};

/// The panel.
#[component]
pub fn Size(
    /// The page's state.
    session: Session,
) -> impl IntoView {
    let empty = move || session.input.with(|input| input.dockerfile.trim().is_empty());
    view! {
        <Show
            when=move || !empty()
            fallback=|| {
                view! {
                    <p class="muted">
                        "Write or paste a Dockerfile, and its weight appears here."
                    </p>
                }
            }
        >
            <div class="size">
                <Bars session />
                <Bases session />
                <Units session />
                <More session />
            </div>
        </Show>
    }
}

/// What the numbers are, and what Docker 29 prints in their place.
#[component]
fn Units(session: Session) -> impl IntoView {
    let docker_29 = move || {
        let now = both(&session.analysis.get().estimate);
        let rewrite = session.proposal.get().and_then(|proposal| both(&proposal.estimate));
        match (now, rewrite) {
            (Some(now), Some(rewrite)) => format!(": {now} now, {rewrite} for the rewrite"),
            (Some(now), None) => format!(": {now} now"),
            _ => String::new(),
        }
    };
    view! {
        <p class="size-units muted small">
            "Unpacked, in decimal megabytes, linux/amd64; “~” marks an estimate. This is what "
            <code>"docker images"</code>
            " prints before Docker 29. On a fresh Docker 29 it prints unpacked plus compressed"
            {docker_29} "."
        </p>
    }
}

/// Unpacked plus compressed; never measured, because the two were not measured as one.
fn both(estimate: &Estimate) -> Option<String> {
    let (unpacked, compressed) = (estimate.total?, estimate.pull?);
    Some(format::approximate(unpacked.likely.saturating_add(compressed.likely)))
}

#[component]
fn More(session: Session) -> impl IntoView {
    let now = Memo::new(move |_| Some(session.analysis.get().estimate.clone()));
    let rewrite = Memo::new(move |_| session.proposal.get().map(|found| found.estimate.clone()));
    view! {
        <details class="size-more">
            <summary>"More: layer by layer"</summary>
            <Layers title="Now" estimate=now />
            <Layers title="Rewrite" estimate=rewrite />
        </details>
    }
}
