//! The Issues panel: what is wrong, most urgent first, one open at a time.

mod card;
mod groups;
mod review;

use leptos::prelude::*;

use self::card::place;
pub use self::card::{Change, card, worded};
pub(super) use self::card::{by_hand, taught, texts};
use self::groups::{Group, grouped};
pub use self::review::review;
use super::later::{Part, later};
use super::parts::{Mark, keyed};
use super::project::FileTab;
use super::session::{Key, Session};
use super::strip::goal_name;
use crate::analysis::Progress;
use crate::finding::Severity;

/// A line of the list, without what typing changes: where a finding is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Line {
    /// A heading, and how many findings stand below it where it says so.
    Heading(Group, usize),
    /// A finding.
    Row(Row),
    /// So many more, which would only slow the page down.
    Rest(usize),
}

/// Most rows that are shown at once.
const MOST: usize = 300;

/// What a finding's row shows.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Row {
    key: Key,
    title: &'static str,
    severity: Severity,
    missing: bool,
    open: bool,
}

/// How far the learner is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// There is no text.
    Empty,
    /// The text is no Dockerfile.
    Other,
    /// There is something to fix, or only a part of the findings is shown.
    Work,
    /// Nothing to fix, something to consider.
    Advice,
    /// Nothing that a lesson asks for.
    Done,
}

impl State {
    fn of(session: Session) -> Self {
        let counts = session.counts.get();
        if session.input.with(|input| input.dockerfile.trim().is_empty()) {
            Self::Empty
        } else if session.analysis.with(|analysis| analysis.mistaken.is_some()) {
            Self::Other
        } else if counts.fix > 0 || session.filter.get().is_some() {
            Self::Work
        } else if counts.consider > 0 {
            Self::Advice
        } else {
            Self::Done
        }
    }
}

/// The panel.
#[component]
pub fn Issues(session: Session) -> impl IntoView {
    let unfolded = RwSignal::new(false);
    let state = Memo::new(move |_| State::of(session));
    let draw = move |line: &Line| match *line {
        Line::Heading(group, count) => heading(group, count, unfolded),
        Line::Row(row) => entry(session, row),
        Line::Rest(count) => rest(count),
    };
    view! {
        <div class="issues">
            {move || filtered(session)}
            {move || above(session, state.get())}
            <ul>
                {keyed(move || lines(session, unfolded.get()), draw)}
            </ul>
            {move || match state.get() {
                State::Advice => later(session, Part::BuildIt(true)),
                _ => ().into_any(),
            }}
            {later(session, Part::Review)}
        </div>
    }
}

/// What stands above the list instead of, or before, the findings.
fn above(session: Session, state: State) -> AnyView {
    let (title, text) = match state {
        State::Work => return ().into_any(),
        State::Empty => (
            "Nothing to read yet",
            "Paste a Dockerfile at the left, drop one on the page, or open an example of the lessons.",
        ),
        State::Other => {
            ("This does not look like a Dockerfile", "Its issues are listed once it does.")
        }
        State::Advice => ("Nothing left to fix before production.", ""),
        State::Done => ("Nothing left that the lessons ask for. Now build it:", ""),
    };
    let commands = match state {
        State::Done => later(session, Part::BuildIt(false)),
        _ => ().into_any(),
    };
    view! {
        <p class="issues-end">{title}</p>
        <p class="muted">{text}</p>
        {commands}
    }
    .into_any()
}

/// The list: findings under their headings, those of a folded heading left out unless one is selected.
fn lines(session: Session, unfolded: bool) -> Vec<Line> {
    let selection = session.selection.get();
    let analysis = session.analysis.get();
    let only = session.filter.get().map(|goal| {
        let check = analysis.checklist.iter().find(|check| check.goal == goal);
        check.map_or(&[][..], |check| check.rules)
    });
    let findings = session.findings.get();
    let mut shown = Vec::new();
    for entry in findings.iter() {
        if only.is_none_or(|rules| rules.contains(&entry.0.rule)) {
            shown.push(entry);
        }
    }
    let mut lines = Vec::new();
    let mut rows = 0;
    for (group, entries) in grouped(&shown) {
        lines.push(Line::Heading(group, if group.is_folded() { entries.len() } else { 0 }));
        let is_selected = entries.iter().any(|(key, _)| Some(*key) == selection);
        if group.is_folded() && !unfolded && !is_selected {
            continue;
        }
        for (key, finding) in entries {
            rows += 1;
            if rows > MOST {
                continue;
            }
            lines.push(Line::Row(Row {
                key: *key,
                title: finding.title,
                severity: finding.severity,
                missing: finding.missing,
                open: Some(*key) == selection,
            }));
        }
    }
    if rows > MOST {
        lines.push(Line::Rest(rows - MOST));
    }
    lines
}

/// What the list is filtered by, with the way back.
fn filtered(session: Session) -> AnyView {
    let Some(goal) = session.filter.get() else { return ().into_any() };
    let progress = session.analysis.with(|analysis| {
        analysis.checklist.iter().find(|check| check.goal == goal).map(|check| check.progress)
    });
    let says = match progress {
        Some(Progress::Done) => "Done: nothing to fix here.",
        Some(Progress::NeedsFile) => "Give the file in its tab, so that Drydock can tell.",
        Some(Progress::NotApplicable) => "This file has nothing that it could be about.",
        Some(Progress::NotDone) | None => "Only what belongs to it is shown.",
    };
    view! {
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
    }
    .into_any()
}

fn heading(group: Group, count: usize, unfolded: RwSignal<bool>) -> AnyView {
    if !group.is_folded() {
        return view! { <li class="issues-group"><h2>{group.title()}</h2></li> }.into_any();
    }
    view! {
        <li class="issues-group">
            <h2><button
                type="button"
                aria-expanded=move || unfolded.get().to_string()
                on:click=move |_| unfolded.update(|unfolded| *unfolded = !*unfolded)
            >
                {format!("{} · {count} ", group.title())}
                <span aria-hidden="true">{move || if unfolded.get() { "▾" } else { "▸" }}</span>
            </button></h2>
        </li>
    }
    .into_any()
}

fn rest(count: usize) -> AnyView {
    view! { <li class="issues-group muted">{format!("and {count} more; they show as these are fixed")}</li> }.into_any()
}

/// A row; the open one is a card.
fn entry(session: Session, row: Row) -> AnyView {
    let (key, open) = (row.key, row.open);
    let place = move || {
        let analysis = session.analysis.get();
        session.findings.with(|all| {
            let found = all.iter().find(|(other, _)| *other == key);
            found.map_or_else(String::new, |(_, f)| place(f, &analysis.lines, &analysis.text))
        })
    };
    let card = if open { later(session, Part::Card(key)) } else { ().into_any() };
    view! {
        <li class="issue" class:open=open>
            <button
                type="button"
                class="issue-row"
                id=row_id(key)
                aria-expanded=open.to_string()
                on:click=move |_| {
                    session.file.set(FileTab::Dockerfile);
                    session.select((session.selection.get_untracked() != Some(key)).then_some(key));
                }
            >
                <Mark severity=row.severity missing=row.missing />
                <span class="issue-title">{row.title}</span>
                <span class="issue-place">{place}</span>
            </button>
            {card}
        </li>
    }
    .into_any()
}

/// The id of a row's button.
pub fn row_id(key: Key) -> String {
    format!("issue-{}-{}", key.rule, key.nth)
}
