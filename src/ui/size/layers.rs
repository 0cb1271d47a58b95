//! What each instruction adds: low, likely, high, and where the number comes from.

use std::sync::Arc;

use leptos::prelude::*;

use super::figure::{day, sentence};
use crate::estimate::{Basis, Estimate, Layer, format};
use crate::ui::parts::Coded;

/// The layers of one image, top to bottom.
#[component]
pub(super) fn Layers(title: &'static str, estimate: Memo<Option<Arc<Estimate>>>) -> impl IntoView {
    move || {
        let layers = estimate.get()?.layers.clone();
        Some(view! {
            <table class="table size-layers">
                <caption>{title}</caption>
                <thead>
                    <tr>
                        <th scope="col">"Layer"</th>
                        <th scope="col" class="number">
                            "Likely"
                        </th>
                        <th scope="col">"Low to high, and from where"</th>
                    </tr>
                </thead>
                <tbody>{layers.into_iter().map(line).collect_view()}</tbody>
            </table>
        })
    }
}

fn line(layer: Layer) -> impl IntoView {
    let range = layer.size.map(|size| match layer.basis {
        Basis::Measured { .. } => String::new(),
        _ => format!("{}. ", format::range(size)),
    });
    let from = match &layer.basis {
        Basis::Measured { date, source } => format!("Measured, as of {}: {source}", day(date)),
        Basis::Estimated { why } | Basis::Unknown { why } => sentence(why),
    };
    view! {
        <tr>
            <th scope="row">
                <code>{layer.instruction}</code>
                <span class="muted">{format!(" line {}", layer.line)}</span>
                <span class="size-note muted">
                    <Coded text=layer.note />
                </span>
            </th>
            <td class="number">{format::stated(layer.size, &layer.basis)}</td>
            <td class="muted">
                {range}
                <Coded text=from />
            </td>
        </tr>
    }
}
