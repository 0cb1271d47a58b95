//! The second piece of the page: what comes right after the findings, as WebAssembly of its own.

use leptos::prelude::*;

use super::browser::boot;
use super::session::{Key, Session};
use super::{files, header, issues, pages, rewrite, sheet, size, strip};
use crate::analysis::{Analysis, Proposal, weigh};
use crate::estimate::{Estimate, Tables};
use crate::input::Input;
use crate::rules::RULES;

/// The ways into the second piece. What only they lead to is not in the first one.
#[derive(Clone, Copy, Debug)]
pub struct Later {
    /// What there is to say about an input, by every rule.
    pub analyse: fn(&Input) -> Analysis,
    /// How many rules that are.
    pub rules: usize,
    /// What the image of an input weighs.
    pub weigh: fn(&Input, Tables) -> Estimate,
    /// An input rewritten, and what that weighs.
    pub propose: fn(&Input, Tables) -> Proposal,
    /// Takes back what was kept or linked, and lets storage, address and lessons follow the session.
    pub resume: fn(Session),
    draw: fn(Session, Part) -> AnyView,
}

impl Later {
    /// All of it, for a program that is in one piece.
    pub const fn here() -> Self {
        Self {
            analyse: Analysis::of,
            rules: RULES.len(),
            weigh,
            propose: Proposal::of,
            resume: boot::resume,
            draw,
        }
    }
}

/// What the second piece draws.
#[derive(Clone, Copy, Debug)]
pub enum Part {
    /// The Rewrite panel.
    Rewrite,
    /// The Size panel.
    Size,
    /// The commands that build the image, with or without a heading.
    BuildIt(bool),
    /// What stands below the list.
    Review,
    /// The card of a selected finding.
    Card(Key),
    /// On a phone, the selected finding over the file.
    Sheet,
    /// What can be opened.
    Open,
    /// The link to what is shown.
    Share,
    /// What is needed rarely.
    More,
    /// The files of an example project.
    Project,
    /// What the image weighs, in the line that sums up.
    Weights,
    /// What the last fix bought.
    Fixed,
    /// The page of a lesson's section or of a rule, over the right column.
    Page,
}

fn draw(session: Session, part: Part) -> AnyView {
    match part {
        Part::Rewrite => rewrite::panel(session),
        Part::Size => size::panel(session),
        Part::BuildIt(heading) => rewrite::build_it(session, heading),
        Part::Review => issues::review(session),
        Part::Card(key) => issues::card(session, key),
        Part::Sheet => sheet::sheet(session),
        Part::Open => header::open(session),
        Part::Share => header::share(session),
        Part::More => header::more(session),
        Part::Project => files::project(session),
        Part::Weights => strip::weights(session),
        Part::Fixed => strip::fixed(session),
        Part::Page => pages::page(session),
    }
}

mod piece {
    #![expect(
        clippy::unnecessary_wraps,
        reason = "that the piece does not come is told as an error"
    )]

    use wasm_split_helpers::{SplitLoaderError, wasm_split};

    use super::Later;

    /// The second piece; fetched on the first call.
    #[wasm_split(later, fallible)]
    pub(super) fn second() -> Result<Box<Later>, SplitLoaderError> {
        Ok(Box::new(Later::here()))
    }
}

/// The second piece; `None` if it does not come.
pub async fn load() -> Option<Later> {
    piece::second().await.ok().map(|piece| *piece)
}

/// `part`, once it can be drawn.
pub fn later(session: Session, part: Part) -> AnyView {
    (move || match session.later.get() {
        Some(later) => (later.draw)(session, part),
        None => ().into_any(),
    })
    .into_any()
}
