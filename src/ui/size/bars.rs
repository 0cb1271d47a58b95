//! Three stacked bars: the file as it was at the start, as it is now, and rewritten.

use std::sync::Arc;

use leptos::prelude::*;

use super::figure::{self, Figure, Passport, sentence};
use super::mine::mine;
use super::yours::Side;
use crate::estimate::{Basis, Estimate, Part, format};
use crate::ui::session::Session;

/// The kinds of bytes, the base first.
pub(super) const PARTS: [Part; 6] =
    [Part::Base, Part::System, Part::Dependencies, Part::Cache, Part::Files, Part::Other];

/// The word in the legend and the class of the colour.
pub(super) const fn named(part: Part) -> (&'static str, &'static str) {
    match part {
        Part::Base => ("base image", "size-base"),
        Part::System => ("system packages", "size-system"),
        Part::Dependencies => ("dependencies", "size-dependencies"),
        Part::Cache => ("caches and lists", "size-cache"),
        Part::Files => ("your files", "size-files"),
        Part::Other => ("other", "size-other"),
    }
}

/// Likely bytes by part, the base first; parts without bytes are left out.
fn split(estimate: &Estimate) -> Vec<(Part, u64)> {
    let sum = |part| {
        let layers = estimate.layers.iter().filter(|layer| layer.part == part);
        layers.filter_map(|layer| layer.size).map(|size| size.likely).sum::<u64>()
    };
    PARTS.into_iter().map(|part| (part, sum(part))).filter(|&(_, bytes)| bytes > 0).collect()
}

/// `part` of `whole` in percent, with two decimals.
fn percent(part: u64, whole: u64) -> String {
    // Basis points in whole numbers: megabytes are far from the limit of u64.
    let points = part.saturating_mul(10_000).checked_div(whole).unwrap_or(0).min(10_000);
    format!("{}.{:02}%", points / 100, points % 100)
}

/// The bars and their legend.
#[component]
pub(super) fn Bars(session: Session, rewrite: Memo<Option<Arc<Estimate>>>) -> impl IntoView {
    let all = [(Side::Start, session.start), (Side::Now, session.weight), (Side::Rewrite, rewrite)];
    let bars = move || {
        let weights = all.map(|(_, weight)| weight.get());
        let total = |weight: &Arc<Estimate>| weight.total.map_or(0, |total| total.likely);
        let largest = weights.iter().flatten().map(total).max().unwrap_or_default();
        let drawn = all.into_iter().zip(weights).filter_map(|((side, _), weight)| {
            Some(bar(session, side, weight.as_deref()?, largest).into_any())
        });
        drawn.collect::<Vec<_>>()
    };
    let legend = move || {
        let all = all.map(|(_, weight)| weight.get());
        let drawn = |estimate: &&Arc<Estimate>| estimate.total.is_some();
        let shown = |part: &Part| {
            let has =
                |estimate: &Arc<Estimate>| split(estimate).iter().any(|(found, _)| found == part);
            all.iter().flatten().filter(drawn).any(has)
        };
        PARTS
            .into_iter()
            .filter(shown)
            .map(|part| {
                let (word, class) = named(part);
                view! { <li class=class>{word}</li> }
            })
            .collect_view()
    };
    view! {
        <h2 class="visually-hidden">"The image"</h2>
        <div class="size-bars">
            {bars}
        </div>
        <ul class="size-legend">{legend}</ul>
        {move || unknown(session.weight.get().as_deref()?).map(|why| view! { <p class="notice info">{why}</p> })}
    }
}

/// Why there is no total.
fn unknown(estimate: &Estimate) -> Option<String> {
    if estimate.total.is_some() {
        return None;
    }
    let base = estimate.base.as_ref()?;
    match &base.basis {
        Basis::Unknown { why } => Some(sentence(&format!("The total is not known. {why}"))),
        _ => None,
    }
}

fn bar(session: Session, side: Side, estimate: &Estimate, largest: u64) -> impl IntoView + use<> {
    let name = side.name();
    let parts = split(estimate);
    let text = format::total(estimate);
    let spoken =
        parts.iter().map(|&(part, bytes)| format!("{} {}", named(part).0, format::size(bytes)));
    let label = format!("{name}: {text}. {}", spoken.collect::<Vec<_>>().join(", "));
    let pieces = parts.into_iter().map(|(part, bytes)| {
        view! { <span class=named(part).1 style:width=percent(bytes, largest)></span> }
    });
    let pieces = estimate.total.map(|_| pieces.collect_view());
    let known = pieces.is_some();
    view! {
        <div class="size-row">
            <span class="size-name">{name}</span>
            <span class="size-bar" class:unknown=!known role="img" aria-label=label>
                {pieces}
            </span>
            {figure::view(total(session, side, estimate))}
        </div>
    }
}

/// What an image weighs in all, with the learner's own figure in its passport where there is one.
pub(in crate::ui) fn total(session: Session, side: Side, estimate: &Estimate) -> Figure {
    let mut passport = passport(side.name(), estimate);
    if let Some(says) = mine().with(|mine| mine.truth(session, side)?.against(estimate.total)) {
        passport.says.push(says);
    }
    Figure { shown: format::total(estimate), passport }
}

/// A total is the sum of layers, so its basis is theirs.
fn passport(name: &str, estimate: &Estimate) -> Passport {
    let all = |test: fn(&Basis) -> bool| estimate.layers.iter().all(|layer| test(&layer.basis));
    let basis = match (&estimate.base, estimate.total) {
        (Some(base), Some(_)) if all(|basis| matches!(basis, Basis::Measured { .. })) => {
            base.basis.clone()
        }
        (_, Some(_)) => Basis::Estimated {
            why: "The sum of the layers; Size shows them one by one.".to_owned(),
        },
        (Some(base), None) => base.basis.clone(),
        (None, None) => Basis::Unknown { why: "The file names no base image.".to_owned() },
    };
    Passport::of(name, estimate.total, &basis, estimate.pull)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::estimate::{Bytes, Layer};
    use crate::text::TextRange;

    #[test]
    fn layers_of_a_part_are_one_piece() {
        let layer = |part, likely| Layer {
            line: 1,
            range: TextRange::default(),
            instruction: "RUN",
            part,
            size: Some(Bytes { low: 0, likely, high: likely }),
            basis: Basis::Estimated { why: String::new() },
            note: String::new(),
            kept_in: None,
        };
        let layers = vec![
            layer(Part::Files, 5),
            layer(Part::Base, 90),
            layer(Part::Files, 5),
            layer(Part::Cache, 0),
        ];
        let estimate = Estimate { layers, ..Estimate::default() };
        assert_eq!(split(&estimate), [(Part::Base, 90), (Part::Files, 10)]);
    }

    #[test]
    fn widths() {
        assert_eq!(percent(1, 3), "33.33%");
        assert_eq!(percent(5, 0), "0.00%");
        assert_eq!(percent(7, 5), "100.00%");
    }
}
