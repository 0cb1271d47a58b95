//! The changes of the rewrite, one row a rule with a box to leave it out, and what was left as it is.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use leptos::prelude::*;

use crate::analysis::Proposal;
use crate::estimate::format;
use crate::finding::Applicability;
use crate::rules::{self, Buys};
use crate::ui::parts::{Buy, Coded};
use crate::ui::session::Session;

/// One rule that changes something.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Change {
    rule: &'static str,
    /// What is done, one order a place, without repeats.
    titles: Vec<String>,
    applicability: Applicability,
    chosen: bool,
    /// What it takes off the image, where that is known: "−975 MB".
    saving: Option<String>,
}

/// What there is to choose from, in the order of the full rewrite: a row keeps its place when it is left out.
fn changes(full: &Proposal, now: &Proposal, without: &BTreeSet<String>) -> Vec<Change> {
    let mut order: Vec<&'static str> = Vec::new();
    let mut found: BTreeMap<&'static str, Change> = BTreeMap::new();
    for step in full.rewrite.applied.iter().chain(&now.rewrite.applied) {
        if !order.contains(&step.rule) {
            order.push(step.rule);
        }
    }
    let steps_now = now.rewrite.applied.iter().map(|step| (step, true));
    let left_out = full.rewrite.applied.iter().filter(|step| without.contains(step.rule));
    for (step, chosen) in steps_now.chain(left_out.map(|step| (step, false))) {
        let change = found.entry(step.rule).or_insert_with(|| Change {
            rule: step.rule,
            titles: Vec::new(),
            applicability: step.applicability,
            chosen,
            saving: now.savings.get(step.rule).and_then(|&bytes| format::saving(bytes)),
        });
        change.applicability = change.applicability.max(step.applicability);
        if !change.titles.contains(&step.title) {
            change.titles.push(step.title.clone());
        }
    }
    order.into_iter().filter_map(|rule| found.remove(rule)).collect()
}

/// The rows.
#[component]
pub(super) fn Changes(session: Session, full: Memo<Option<Arc<Proposal>>>) -> impl IntoView {
    let rows = Memo::new(move |_| match (full.get(), session.proposal.get()) {
        (Some(full), Some(now)) => {
            session.input.with(|input| changes(&full, &now, &input.choices.without))
        }
        _ => Vec::new(),
    });
    let ids = move || rows.with(|rows| rows.iter().map(|row| row.rule).collect::<Vec<_>>());
    view! {
        <h2 class="visually-hidden">"Changes"</h2>
        <ul class="rewrite-changes">
            <For each=ids key=|id| *id let:id>
                <Row session id rows />
            </For>
        </ul>
        <Skipped session />
    }
}

#[component]
fn Row(session: Session, id: &'static str, rows: Memo<Vec<Change>>) -> impl IntoView {
    let row = Memo::new(move |_| rows.with(|rows| rows.iter().find(|row| row.rule == id).cloned()));
    let chosen = move || row.with(|row| row.as_ref().is_some_and(|row| row.chosen));
    let check_first = move || {
        row.with(|row| row.as_ref().is_some_and(|row| row.applicability == Applicability::Ask))
    };
    let titles = move || {
        let titles = row.get().map(|row| row.titles).unwrap_or_default();
        titles.into_iter().map(|text| view! { <span><Coded text /></span> }).collect_view()
    };
    let buys = rules::rule(id).map(|rule| rule.buys).unwrap_or_default();
    let badges = move || {
        let saving = row.with(|row| row.as_ref().and_then(|row| row.saving.clone()));
        buys.iter()
            .map(|&buys| match saving.clone().filter(|_| buys == Buys::Size) {
                Some(more) => view! { <Buy buys more /> }.into_any(),
                None => view! { <Buy buys /> }.into_any(),
            })
            .collect_view()
    };
    let toggle = move |_| {
        session.choose(|choices| {
            if !choices.without.remove(id) {
                choices.without.insert(id.to_owned());
            }
        });
    };
    view! {
        <li class="rewrite-change">
            <label>
                <input type="checkbox" prop:checked=chosen on:change=toggle />
                <span class="rewrite-titles">{titles}</span>
            </label>
            <span class="rewrite-buys">
                <Show when=check_first>
                    <span class="badge rewrite-ask">{Applicability::Ask.label()}</span>
                </Show>
                {badges}
            </span>
        </li>
    }
}

/// What was found and not changed, with the reason; without what the learner left out.
#[component]
pub(super) fn Skipped(session: Session) -> impl IntoView {
    let skipped = Memo::new(move |_| {
        let Some(proposal) = session.proposal.get() else { return Vec::new() };
        session.input.with(|input| {
            let left_out = |rule: &str| input.choices.without.contains(rule);
            let skipped = proposal.rewrite.skipped.iter().filter(|skipped| !left_out(skipped.rule));
            skipped.cloned().collect::<Vec<_>>()
        })
    });
    let count = move || skipped.with(Vec::len);
    let label = move || match count() {
        1 => "One finding is left as it is, because …".to_owned(),
        n => format!("{n} findings are left as they are, because …"),
    };
    view! {
        <Show when=move || count() != 0>
            <details class="rewrite-skipped">
                <summary>{label}</summary>
                <ul>
                    {move || {
                        skipped
                            .get()
                            .into_iter()
                            .map(|skipped| {
                                let title = rules::rule(skipped.rule).map_or(skipped.rule, |rule| rule.title);
                                view! {
                                    <li>
                                        {title}
                                        ": "
                                        <span class="muted">
                                            <Coded text=skipped.reason />
                                        </span>
                                    </li>
                                }
                            })
                            .collect_view()
                    }}
                </ul>
            </details>
        </Show>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rewrite::{Rewrite, Step};

    fn proposal(steps: &[(&'static str, &str)]) -> Proposal {
        let step = |&(rule, title): &(&'static str, &str)| Step {
            rule,
            title: title.to_owned(),
            applicability: Applicability::Safe,
            assumes: Vec::new(),
        };
        let rewrite = Rewrite { applied: steps.iter().map(step).collect(), ..Rewrite::default() };
        Proposal { rewrite, ..Proposal::default() }
    }

    #[test]
    fn a_row_keeps_its_place_when_it_is_left_out() {
        let full = proposal(&[
            ("a", "do a"),
            ("b", "do b"),
            ("b", "do more"),
            ("b", "do b"),
            ("c", "do c"),
        ]);
        let now = proposal(&[("a", "do a otherwise"), ("d", "do d")]);
        let without = BTreeSet::from(["b".to_owned()]);
        let rows = changes(&full, &now, &without);
        let read: Vec<_> =
            rows.iter().map(|row| (row.rule, row.titles.join(", "), row.chosen)).collect();
        let expected =
            [("a", "do a otherwise", true), ("b", "do b, do more", false), ("d", "do d", true)];
        assert_eq!(read, expected.map(|(rule, titles, chosen)| (rule, titles.to_owned(), chosen)));
    }
}
