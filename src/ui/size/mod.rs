//! The Size panel: what the image weighs at the start, now and rewritten, and what each step is worth.

mod approaches;
mod bars;
mod bases;
mod figure;
mod layers;

use std::sync::Arc;

use leptos::prelude::*;

use self::approaches::Approaches;
use self::bars::Bars;
use self::bases::Bases;
use self::layers::Layers;
use super::session::Session;
use crate::estimate::{Estimate, format};

/// The panel.
pub fn panel(session: Session) -> AnyView {
    // An exercise does not give its solution away, nor what that weighs.
    let rewrite = Memo::new(move |_| {
        let hidden = session.fixes_off.get();
        session.proposal.get().filter(|_| !hidden).map(|found| Arc::new(found.estimate.clone()))
    });
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
                <Bars session rewrite />
                <Approaches session />
                <Bases session />
                <Units session rewrite />
                <More session rewrite />
            </div>
        </Show>
    }
    .into_any()
}

/// What the numbers are, and what Docker 29 prints in their place.
#[component]
fn Units(session: Session, rewrite: Memo<Option<Arc<Estimate>>>) -> impl IntoView {
    let docker_29 = move || {
        let now = session.weight.get().and_then(|estimate| both(&estimate));
        match (now, rewrite.get().and_then(|estimate| both(&estimate))) {
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
fn More(session: Session, rewrite: Memo<Option<Arc<Estimate>>>) -> impl IntoView {
    view! {
        <details class="size-more">
            <summary>"More: layer by layer"</summary>
            <Layers title="Now" estimate=session.weight />
            <Layers title="Rewrite" estimate=rewrite />
        </details>
    }
}
