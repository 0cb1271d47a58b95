//! The Issues panel: what is wrong, most urgent first, one open at a time.

mod card;
mod groups;

pub use self::card::Change;

use leptos::prelude::*;

use self::card::{Card, place};
use self::groups::{Group, grouped};
use super::parts::Mark;
use super::project::FileTab;
use super::rewrite::BuildIt;
use super::session::{Key, Session};
use super::strip::goal_name;
use crate::analysis::Progress;
use crate::finding::Severity;
use crate::rules;

/// What a row shows. Two equal rows are the same row.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Row {
    key: Key,
    title: String,
    place: String,
    severity: Severity,
    missing: bool,
}

/// How far the learner is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// There is no text.
    Empty,
    /// There is something to fix, or only a part of the findings is shown.
    Work,
    /// Nothing to fix, something to consider.
    Advice,
    /// Nothing that a lesson asks for.
    Done,
}

/// The panel.
#[component]
pub fn Issues(session: Session) -> impl IntoView {
    let groups = Memo::new(move |_| {
        let only = session.filter.get().map(|goal| {
            session.analysis.with(|analysis| {
                let check = analysis.checklist.iter().find(|check| check.goal == goal);
                check.map_or(&[][..], |check| check.rules)
            })
        });
        session.analysis.with(|analysis| {
            session.findings.with(|all| {
                let shown = all
                    .iter()
                    .filter(|(key, _)| only.is_none_or(|rules| rules.contains(&key.rule)));
                grouped(shown)
                    .into_iter()
                    .map(|(group, findings)| {
                        let row = |(key, finding): &&(Key, crate::finding::Finding)| Row {
                            key: *key,
                            title: rules::rule(key.rule)
                                .map_or(finding.message.as_str(), |rule| rule.title)
                                .to_owned(),
                            place: place(finding, &analysis.lines, &analysis.text),
                            severity: finding.severity,
                            missing: finding.missing,
                        };
                        (group, findings.iter().map(row).collect::<Vec<_>>())
                    })
                    .collect::<Vec<_>>()
            })
        })
    });
    let state = Memo::new(move |_| {
        let counts = session.counts.get();
        if session.input.with(|input| input.dockerfile.trim().is_empty()) {
            State::Empty
        } else if counts.fix > 0 || session.filter.get().is_some() {
            State::Work
        } else if counts.consider > 0 {
            State::Advice
        } else {
            State::Done
        }
    });
    let end = |text: &'static str| view! { <p class="issues-end">{text}</p> };
    let above = move || {
        match state.get() {
        State::Work => ().into_any(),
        State::Empty => view! {
            {end("Nothing to read yet")}
            <p class="muted">
                "Paste a Dockerfile at the left, drop one on the page, or open an example of the lessons."
            </p>
        }
        .into_any(),
        State::Advice => end("Nothing left to fix before production.").into_any(),
        State::Done => view! {
            {end("Nothing left that the lessons ask for. Now build it:")}
            <BuildIt session heading=false />
        }
        .into_any(),
    }
    };
    let below = move || (state.get() == State::Advice).then(|| view! { <BuildIt session /> });
    view! {
        <div class="issues">
            <Filtered session />
            {above}
            <For each=move || groups.get() key=|(group, _)| *group let:entry>
                <Section session group=entry.0 rows=Signal::derive(move || {
                    groups.with(|all| all.iter().find(|(g, _)| *g == entry.0).map(|(_, rows)| rows.clone()).unwrap_or_default())
                }) />
            </For>
            {below}
        </div>
    }
}

/// What the list is filtered by, with the way back.
#[component]
fn Filtered(session: Session) -> impl IntoView {
    move || {
        let goal = session.filter.get()?;
        let progress = session.analysis.with(|analysis| {
            analysis.checklist.iter().find(|check| check.goal == goal).map(|check| check.progress)
        });
        let says = match progress {
            Some(Progress::Done) => "Done: nothing to fix here.",
            Some(Progress::NeedsFile) => "Give the file in its tab, so that Drydock can tell.",
            Some(Progress::NotApplicable) => "This file has nothing that it could be about.",
            Some(Progress::NotDone) | None => "Only what belongs to it is shown.",
        };
        Some(view! {
            <div class="issues-filter">
                <p>
                    <b>{goal_name(goal)}</b>
                    " "
                    <span class="muted">{says}</span>
                </p>
                <button type="button" class="button small" on:click=move |_| session.filter.set(None)>
                    "Show all"
                </button>
            </div>
        })
    }
}

#[component]
fn Section(session: Session, group: Group, rows: Signal<Vec<Row>>) -> impl IntoView {
    let folded = RwSignal::new(group.is_folded());
    // A finding that was selected elsewhere must be seen.
    let open = Memo::new(move |_| {
        !folded.get()
            || session
                .selection
                .get()
                .is_some_and(|key| rows.with(|rows| rows.iter().any(|r| r.key == key)))
    });
    let heading = if group.is_folded() {
        view! {
            <h2 class="issues-group">
                <button
                    type="button"
                    aria-expanded=move || open.get().to_string()
                    on:click=move |_| folded.update(|folded| *folded = !*folded)
                >
                    {move || format!("{} · {} ", group.title(), rows.with(Vec::len))}
                    <span aria-hidden="true">{move || if open.get() { "▾" } else { "▸" }}</span>
                </button>
            </h2>
        }
        .into_any()
    } else {
        view! { <h2 class="issues-group">{group.title()}</h2> }.into_any()
    };
    view! {
        <section>
            {heading}
            {move || {
                open.get()
                    .then(|| {
                        view! {
                            <ul class="issues-list">
                                <For each=move || rows.get() key=Clone::clone let:row>
                                    <Entry session row />
                                </For>
                            </ul>
                        }
                    })
            }}
        </section>
    }
}

/// A row; the open one is a card.
#[component]
fn Entry(session: Session, row: Row) -> impl IntoView {
    let key = row.key;
    let open = Memo::new(move |_| session.selection.get() == Some(key));
    view! {
        <li class="issue" class:open=move || open.get()>
            <button
                type="button"
                class="issue-row"
                id=row_id(key)
                aria-expanded=move || open.get().to_string()
                on:click=move |_| {
                    session.file.set(FileTab::Dockerfile);
                    session.select((!open.get_untracked()).then_some(key));
                }
            >
                <Mark severity=row.severity missing=row.missing />
                <span class="issue-title">{row.title}</span>
                <span class="issue-place">{row.place}</span>
            </button>
            {move || open.get().then(|| view! { <Card session key_of=key /> })}
        </li>
    }
}

/// The id of a row's button.
pub fn row_id(key: Key) -> String {
    format!("issue-{}-{}", key.rule, key.nth)
}
