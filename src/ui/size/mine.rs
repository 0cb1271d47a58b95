//! What the learner brought to the Size panel: a folder, their own figures, a bandwidth. It lasts as long as the page.

use std::sync::{Arc, OnceLock};

use leptos::prelude::*;

use super::pull;
use super::yours::{Side, Truth};
use crate::analysis::figures::{Row, Seen};
use crate::analysis::folder::folded;
use crate::input::{ContextFile, Input};
use crate::ui::session::{Session, Tab};

/// The parts of the panel that open and close.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Section {
    Layers,
    Rebuild,
    Pull,
    Context,
    Yours,
}

/// A folder with every file in it.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub(in crate::ui) struct Whole {
    pub name: String,
    /// Sorted by their paths.
    pub files: Vec<ContextFile>,
    /// The list that the project carries in its place.
    folded: Vec<ContextFile>,
}

/// All of it.
#[derive(Debug)]
pub(super) struct Mine {
    pub open: Vec<Section>,
    /// Megabits a second.
    pub mbit: u64,
    /// How many files have been found, while a folder is read.
    pub reading: Option<usize>,
    whole: Option<Arc<Whole>>,
    /// The document that the figures are of.
    document: usize,
    /// The images of the last text that was pasted.
    pub seen: Vec<Seen>,
    pub truths: [Option<Truth>; 3],
    /// A history, newest row first.
    pub history: Option<(Side, Vec<Row>)>,
    /// What is the matter with what was pasted.
    pub said: &'static str,
}

/// What the learner brought.
pub(super) fn mine() -> &'static ArcRwSignal<Mine> {
    // A page has one for as long as it is open; it is made here, in the second piece.
    static MINE: OnceLock<ArcRwSignal<Mine>> = OnceLock::new();
    MINE.get_or_init(|| {
        ArcRwSignal::new(Mine {
            open: Vec::new(),
            mbit: pull::USUAL,
            reading: None,
            whole: None,
            document: 0,
            seen: Vec::new(),
            truths: [const { None }; 3],
            history: None,
            said: "",
        })
    })
}

impl Mine {
    /// The learner's own figure of an image of the document that is shown.
    pub(super) fn truth(&self, session: Session, side: Side) -> Option<&Truth> {
        self.truths[side as usize].as_ref().filter(|_| self.document == session.document.get())
    }

    /// Their history of an image of the document that is shown.
    pub(super) fn history(&self, session: Session, side: Side) -> Option<&[Row]> {
        let (of, rows) = self.history.as_ref()?;
        (*of == side && self.document == session.document.get()).then_some(rows)
    }

    /// Figures of another document are forgotten.
    pub(super) fn turn_to(&mut self, document: usize) {
        if self.document != document {
            self.document = document;
            self.forget();
        }
    }

    /// No own figures any more.
    pub(super) fn forget(&mut self) {
        self.truths = [const { None }; 3];
        self.history = None;
        self.seen.clear();
        self.said = "";
    }

    /// The folder that `input` carries, whole where it was read on this visit.
    pub(super) fn whole(&self, input: &Input) -> Option<Arc<Whole>> {
        let carried = input.context.as_ref()?;
        let own = self.whole.clone().filter(|whole| whole.folded == *carried);
        own.or_else(|| {
            let mut files = carried.clone();
            files.sort_unstable_by(|a, b| a.path.cmp(&b.path));
            Some(Arc::new(Whole { files, ..Whole::default() }))
        })
    }
}

/// A folder is about to be read: the part of the panel that tells how far it is comes into view.
pub(in crate::ui) fn start_reading(session: Session) {
    mine().update(|mine| {
        mine.reading = Some(0);
        if !mine.open.contains(&Section::Context) {
            mine.open.push(Section::Context);
        }
    });
    session.tab.set(Tab::Size);
}

/// A folder is being read: `found` files so far. Whether to go on.
pub(in crate::ui) fn reading(found: usize) -> bool {
    let goes_on = mine().with_untracked(|mine| mine.reading.is_some());
    if goes_on {
        mine().update(|mine| mine.reading = Some(found));
    }
    goes_on
}

/// No folder is read any more.
pub(in crate::ui) fn stop_reading() {
    mine().update(|mine| mine.reading = None);
}

/// The folder `name` was read: path and bytes of each file. It becomes the build context, for the start too, so that
/// sizes stay comparable.
pub(in crate::ui) fn received(session: Session, name: String, files: Vec<(String, u64)>) {
    stop_reading();
    if files.is_empty() {
        session.notice.set(Some(format!("No file was found in {name}.")));
        return;
    }
    let mut files: Vec<ContextFile> =
        files.into_iter().map(|(path, bytes)| ContextFile { path, bytes }).collect();
    files.sort_unstable_by(|a, b| a.path.cmp(&b.path));
    let folded = folded(&files);
    let whole = Whole { name, files, folded: folded.clone() };
    mine().update(|mine| mine.whole = Some(Arc::new(whole)));
    carry(session, Some(folded));
}

/// Makes `context` the build context of what is shown and of its start.
pub(super) fn carry(session: Session, context: Option<Vec<ContextFile>>) {
    let input = session.input.get_untracked();
    session.take(&Input { context: context.clone(), ..input });
    // The made-up folder of an example is gone.
    session.example.set(None);
    session.baseline.update(|start| start.context = context);
    session.settle();
}
