//! The Rewrite panel: what to check, the stages, the changes to choose from, the diff, and how to build it.

mod actions;
mod build;
mod changes;
mod check_first;
mod diff;
mod lesson;
mod markdown;
mod stages;
mod values;

use std::sync::Arc;

use leptos::prelude::*;

use self::actions::Actions;
pub use self::build::build_it;
use self::changes::Changes;
use self::check_first::CheckFirst;
use self::diff::{Diff, Wide};
use self::lesson::FromTheLesson;
use self::stages::Stages;
use self::values::Values;
use super::session::Session;
use crate::analysis::Proposal;

/// What the panel has to say at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// The link that opened the page hides fixes.
    Hidden,
    /// The proposal is not there yet.
    Waiting,
    /// There is no file.
    Empty,
    /// There is nothing to change.
    Done,
    /// There are changes.
    Changes,
}

/// The panel.
pub fn panel(session: Session) -> AnyView {
    let full = full_proposal(session);
    let state = Memo::new(move |_| {
        if session.fixes_off.get() {
            return State::Hidden;
        }
        let Some(full) = full.get() else { return State::Waiting };
        if !full.rewrite.applied.is_empty() {
            State::Changes
        } else if session.input.with(|input| input.dockerfile.trim().is_empty()) {
            State::Empty
        } else {
            State::Done
        }
    });
    let panel = move || match state.get() {
        State::Hidden => sentence(
            "Fixes are hidden",
            "This link was made for practice: it shows what is wrong and leaves the rewrite to you.",
        ),
        State::Waiting => view! { <p class="muted">"Working out the rewrite …"</p> }.into_any(),
        State::Empty => sentence(
            "Nothing to rewrite yet",
            "Write or paste a Dockerfile, and its rewrite for production appears here.",
        ),
        State::Done => view! { <Done session /> }.into_any(),
        State::Changes => view! { <Proposed session full /> }.into_any(),
    };
    panel.into_any()
}

/// The proposal with no change left out: it knows all there is to choose from.
fn full_proposal(session: Session) -> Memo<Option<Arc<Proposal>>> {
    Memo::new(move |_| {
        let proposal = session.proposal.get()?;
        let mut input = session.settled.get()?;
        if input.choices.without.is_empty() {
            return Some(proposal);
        }
        input.choices.without.clear();
        Some(Arc::new((session.later.get()?.propose)(&input, session.tables.get())))
    })
}

fn sentence(title: &'static str, text: &'static str) -> AnyView {
    view! {
        <p class="rewrite-end">{title}</p>
        <p class="muted">{text}</p>
    }
    .into_any()
}

/// Nothing is to change; something may be left to do by hand.
#[component]
fn Done(session: Session) -> impl IntoView {
    let title = move || {
        let left = session.counts.get();
        match (left.fix, left.consider) {
            (0, 0) => "Nothing left that the lessons ask for. Now build it:",
            (0, _) => "Nothing left to fix. Now build it:",
            _ => "What is left needs your hand: Issues says how. Then build it:",
        }
    };
    view! {
        <div class="rewrite">
            <p class="rewrite-end">{title}</p>
            {build_it(session, false)}
            <changes::Skipped session />
        </div>
    }
}

#[component]
fn Proposed(session: Session, full: Memo<Option<Arc<Proposal>>>) -> impl IntoView {
    move || {
        if session.wide.get() {
            view! { <Wide session /> }.into_any()
        } else {
            view! {
                <div class="rewrite">
                    <CheckFirst session />
                    <Stages session />
                    <Changes session full />
                    <Values session />
                    <Diff session />
                    <Actions session />
                    <FromTheLesson session />
                    {build_it(session, true)}
                </div>
            }
            .into_any()
        }
    }
}
