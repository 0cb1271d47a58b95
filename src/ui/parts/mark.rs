//! The marks of a finding: a shape for how much it matters, a word for what mending it buys.

use leptos::prelude::*;

use crate::finding::Severity;
use crate::rules::{Buys, Rule};

/// ■ error, ▲ warning, ◇ info; hollow where something is missing. Screen readers hear the word.
#[component]
pub fn Mark(
    /// How much it matters.
    severity: Severity,
    /// Whether it is about something that is not there.
    missing: bool,
) -> impl IntoView {
    let (shape, word) = match severity {
        Severity::Error => ("M2.5 2.5h9v9h-9z", "Error"),
        Severity::Warning => ("M7 1.8 13 12.2H1z", "Warning"),
        Severity::Info => ("M7 1.6 12.4 7 7 12.4 1.6 7z", "Note"),
    };
    let hollow = missing || severity == Severity::Info;
    let spoken = if missing { format!("{word}, missing: ") } else { format!("{word}: ") };
    view! {
        <svg class=format!("mark {}", severity.as_str()) class:hollow=hollow viewBox="0 0 14 14" aria-hidden="true">
            <path d=shape />
        </svg>
        <span class="visually-hidden">{spoken}</span>
    }
}

/// What mending a finding buys, as a small label.
#[component]
pub fn Buy(
    /// What it buys.
    buys: Buys,
    /// How much of it, where that is known: "−975 MB".
    #[prop(optional, into)]
    more: Option<String>,
) -> impl IntoView {
    let label = buys.label();
    badge(more.map_or_else(|| label.to_owned(), |more| format!("{label} {more}")))
}

/// What mending a finding of `rule` buys, as small labels.
pub fn buys(rule: Option<&Rule>) -> Vec<AnyView> {
    let mut out = Vec::new();
    for buys in rule.map_or(&[][..], |rule| rule.buys) {
        out.push(badge(buys.label().to_owned()));
    }
    out
}

fn badge(text: String) -> AnyView {
    view! { <span class="badge">{text}</span> }.into_any()
}
