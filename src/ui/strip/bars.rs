//! Three bars: what the image weighed at the start, weighs now, and would weigh rewritten. On a phone, two numbers.

use leptos::prelude::*;

use crate::estimate::Estimate;
use crate::ui::session::Session;
use crate::ui::size::{self, Side};

/// The weights, each with its passport.
pub fn weights(session: Session) -> AnyView {
    (move || if session.phone.get() { numbers(session) } else { bars(session) }).into_any()
}

fn bars(session: Session) -> AnyView {
    let likely = move |side: Side| {
        with(session, side, |weight| {
            weight.and_then(|weight| weight.total).map_or(0, |bytes| bytes.likely)
        })
    };
    let all = [Side::Start, Side::Now, Side::Rewrite];
    let longest = Memo::new(move |_| all.iter().map(|side| likely(*side)).max().unwrap_or(0));
    let bar = move |label: &'static str, class: &'static str, side: Side| {
        let width = move || {
            let tenths = likely(side).saturating_mul(1000) / longest.get().max(1);
            format!("{}.{}%", tenths / 10, tenths % 10)
        };
        view! {
            <dt>{label}</dt>
            <dd>
                <span class="bar">
                    <span class=class style:width=width></span>
                </span>
                <b>{move || figure(session, side)}</b>
            </dd>
        }
        .into_any()
    };
    view! {
        <dl class="strip-bars">
            {bar("start", "bar-start", Side::Start)} {bar("now", "bar-now", Side::Now)}
            {bar("rewrite", "bar-rewrite", Side::Rewrite)}
        </dl>
    }
    .into_any()
}

/// "1.2 GB → ~205 MB".
fn numbers(session: Session) -> AnyView {
    view! {
        <p class="strip-sizes">
            "· " <b>{move || figure(session, Side::Now)}</b> " → "
            <b>{move || figure(session, Side::Rewrite)}</b>
        </p>
    }
    .into_any()
}

/// The number with its passport; for what is not weighed yet, three dots.
fn figure(session: Session, side: Side) -> AnyView {
    let total = with(session, side, |weight| Some(size::total(session, side, weight?)));
    match total {
        Some(total) => size::figure(total),
        None => "…".into_any(),
    }
}

/// What an image weighs, as far as that is known.
fn with<T>(session: Session, side: Side, ask: impl FnOnce(Option<&Estimate>) -> T) -> T {
    match side {
        Side::Start => ask(session.start.get().as_deref()),
        Side::Now => ask(session.weight.get().as_deref()),
        Side::Rewrite => ask(session.proposal.get().as_deref().map(|found| &found.estimate)),
    }
}
