//! Three bars: what the image weighed at the start, weighs now, and would weigh rewritten. On a phone, two numbers.

use leptos::prelude::*;

use crate::estimate::{Estimate, format};
use crate::ui::session::Session;
use crate::ui::size::{self, Side};

/// The weights: one button, because numbers so close to each other are hard to hit, with the passport of each.
pub fn weights(session: Session) -> AnyView {
    (move || {
        let is_phone = session.phone.get();
        let passports = move || {
            let mut out: Vec<AnyView> = Vec::new();
            for side in [Side::Start, Side::Now, Side::Rewrite] {
                let total = with(session, side, |weight| Some(size::total(session, side, weight?)));
                out.extend(total.map(|total| total.passport.view()));
            }
            out
        };
        let numbers = if is_phone { numbers(session) } else { bars(session) };
        size::disclosed(numbers, passports.into_any())
    })
    .into_any()
}

fn bars(session: Session) -> AnyView {
    let likely = move |side: Side| {
        with(session, side, |weight| {
            weight.and_then(|weight| weight.total).map_or(0, |bytes| bytes.likely)
        })
    };
    let all = [
        ("start", "bar-start", Side::Start),
        ("now", "bar-now", Side::Now),
        ("rewrite", "bar-rewrite", Side::Rewrite),
    ];
    let longest = Memo::new(move |_| all.iter().map(|(.., side)| likely(*side)).max().unwrap_or(0));
    let mut rows: Vec<AnyView> = Vec::new();
    for (label, class, side) in all {
        let width = move || {
            let tenths = likely(side).saturating_mul(1000) / longest.get().max(1);
            format!("{}.{}%", tenths / 10, tenths % 10)
        };
        let row = view! {
            <span>{label}</span>
            <span class="bar">
                <span class=class style:width=width></span>
            </span>
            <b>{move || text(session, side)}</b>
        };
        rows.push(row.into_any());
    }
    view! { <span class="strip-bars">{rows}</span> }.into_any()
}

/// "1.2 GB → ~205 MB".
fn numbers(session: Session) -> AnyView {
    view! {
        <span class="strip-sizes">
            <b>{move || text(session, Side::Now)}</b>
            " → "
            <b>{move || text(session, Side::Rewrite)}</b>
        </span>
    }
    .into_any()
}

/// The number; for what is not weighed yet, three dots.
fn text(session: Session, side: Side) -> String {
    with(session, side, |weight| weight.map_or_else(|| "…".to_owned(), format::total))
}

/// What an image weighs, as far as that is known.
fn with<T>(session: Session, side: Side, ask: impl FnOnce(Option<&Estimate>) -> T) -> T {
    match side {
        Side::Start => ask(session.start.get().as_deref()),
        Side::Now => ask(session.weight.get().as_deref()),
        Side::Rewrite => ask(session.proposal.get().as_deref().map(|found| &found.estimate)),
    }
}
