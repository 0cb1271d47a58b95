//! The state of the page: one written fact, the input; all else is derived from it or a view choice of its own.

use std::collections::BTreeMap;
use std::ops::Deref;
use std::sync::Arc;

use leptos::prelude::*;

use super::later::Later;
use super::lessons::LessonTexts;
use super::project::{self, Draft, Drafts, FileTab, Place};
use super::samples::{self, Sample};
use crate::analysis::{self, Analysis, Goal, Proposal};
use crate::estimate::{Estimate, Tables};
use crate::finding::{Finding, Origin, Severity};
use crate::input::{Choices, Given, Input};
use crate::rewrite;

/// Which finding is meant, also after the text has changed around it: the `nth` of its rule, from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    /// The rule's id.
    pub rule: &'static str,
    /// Its place among that rule's findings.
    pub nth: usize,
}

/// What the right column shows; on a phone, what the page shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tab {
    /// The file; with two columns it always stands at the left, and Issues at the right.
    File,
    /// What is wrong.
    Issues,
    /// What instead.
    Rewrite,
    /// What it weighs.
    Size,
}

/// The page's colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Theme {
    /// As the system has it.
    System,
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

impl Theme {
    /// Its name in storage.
    pub const fn id(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// The theme with this name; the system's for any other.
    pub fn from_id(id: &str) -> Self {
        match id {
            "light" => Self::Light,
            "dark" => Self::Dark,
            _ => Self::System,
        }
    }
}

/// How many findings there are, by what to do about them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Counts {
    /// Errors and warnings of the lessons.
    pub fix: usize,
    /// What a lesson recommends.
    pub consider: usize,
    /// What only notes a fact, or is outside the lessons and no error.
    pub also: usize,
}

/// Most steps that can be undone.
const STEPS: usize = 100;
/// Most bytes of text that are kept for undoing.
const KEPT: usize = 8_000_000;

/// The page's state as everybody holds it. A page has one for as long as it is open, so that the handle may be
/// as small as a reference, and copied into every closure.
#[derive(Clone, Copy, Debug)]
pub struct Session(&'static State);

impl Deref for Session {
    type Target = State;

    fn deref(&self) -> &State {
        self.0
    }
}

/// What a [`Session`] leads to.
#[derive(Debug)]
pub struct State {
    /// The one written fact. Its texts have no byte order mark and only `\n`.
    pub input: RwSignal<Input>,
    /// What the sizes are compared with.
    pub baseline: RwSignal<Input>,
    /// Where the input belongs.
    pub place: RwSignal<Place>,
    /// The example project that the files beside the Dockerfile come from.
    pub example: RwSignal<Option<&'static Sample>>,
    /// Whether lines ended with `\r\n` where the text came from.
    pub crlf: RwSignal<bool>,
    /// What is kept of the other places.
    pub drafts: RwSignal<Drafts>,
    /// Changes whenever another document is shown, not when one is edited.
    pub document: RwSignal<usize>,

    /// What there is to say about the input.
    pub analysis: Memo<Arc<Analysis>>,
    /// The findings with their keys, sorted by place; none while the text is no Dockerfile.
    pub findings: Memo<Arc<Vec<(Key, Finding)>>>,
    /// The finding that is selected, while it exists.
    pub selected: Memo<Option<Finding>>,
    /// How many findings there are.
    pub counts: Memo<Counts>,
    /// What the baseline weighs.
    pub start: Memo<Option<Arc<Estimate>>>,
    /// What the settled input weighs.
    pub weight: Memo<Option<Arc<Estimate>>>,
    /// The full rewrite of the settled input.
    pub proposal: Memo<Option<Arc<Proposal>>>,
    /// The second piece of the page, with which weights and rewrite come; `None` until it is loaded.
    pub later: RwSignal<Option<Later>>,
    /// What packages weigh, which loads later still.
    pub tables: RwSignal<Tables>,
    /// The input as it was after the last paint: the rewrite is too dear to stand in its way.
    pub settled: RwSignal<Option<Input>>,

    /// Which finding is selected.
    pub selection: RwSignal<Option<Key>>,
    /// What is shown.
    pub tab: RwSignal<Tab>,
    /// Which file is open.
    pub file: RwSignal<FileTab>,
    /// Show only the findings of this line of the checklist.
    pub filter: RwSignal<Option<Goal>>,
    /// The page's colours.
    pub theme: RwSignal<Theme>,
    /// A plain text field instead of the editor.
    pub plain: RwSignal<bool>,
    /// Hide every fix and the rewrite: somebody set this file as an exercise.
    pub fixes_off: RwSignal<bool>,
    /// The lessons' texts, which load later.
    pub lessons: RwSignal<LessonTexts>,
    /// One line about something that happened.
    pub notice: RwSignal<Option<String>>,
    /// The right column takes the full width.
    pub wide: RwSignal<bool>,
    /// The page is as narrow as a phone.
    pub phone: RwSignal<bool>,
    /// The rule whose finding was fixed last, until something else changes.
    pub fixed: RwSignal<Option<&'static str>>,

    history: RwSignal<Vec<Draft>>,
    /// The file that the last step typed in, so that typing on is the same step.
    typing: RwSignal<Option<FileTab>>,
}

impl Session {
    /// A first visit: the lesson's development file. Weights and rewrites are there when `later` is.
    pub fn new(later: Option<Later>) -> Self {
        let draft = Draft::of(samples::FIRST);
        let input = RwSignal::new(draft.input);
        let baseline = RwSignal::new(draft.baseline);
        let later = RwSignal::new(later);
        let tables = RwSignal::new(Tables::NONE);
        let selection = RwSignal::new(None);
        let settled = RwSignal::new(None::<Input>);
        let analysis = Memo::new(move |_| {
            let analyse = later.get().map_or(Analysis::first as fn(&Input) -> _, |all| all.analyse);
            Arc::new(input.with(analyse))
        });
        // A text that is no Dockerfile would have something wrong in every line; one line says so instead.
        let findings = Memo::new(move |_| {
            Arc::new(analysis.with(|analysis| {
                let is_read = analysis.mistaken.is_none() && !analysis.text.trim().is_empty();
                if is_read { keyed(&analysis.findings) } else { Vec::new() }
            }))
        });
        let state = State {
            input,
            baseline,
            place: RwSignal::new(Place::Sample(samples::FIRST.id)),
            example: RwSignal::new(draft.example),
            crlf: RwSignal::new(false),
            drafts: RwSignal::new(Drafts::default()),
            document: RwSignal::new(0),
            analysis,
            findings,
            selected: Memo::new(move |_| {
                let key = selection.get()?;
                findings.with(|all| {
                    all.iter().find(|(k, _)| *k == key).map(|(_, finding)| finding.clone())
                })
            }),
            counts: Memo::new(move |_| findings.with(|all| count(all))),
            start: Memo::new(move |_| {
                let later = later.get()?;
                Some(Arc::new(baseline.with(|input| (later.weigh)(input, tables.get()))))
            }),
            weight: Memo::new(move |_| {
                let later = later.get()?;
                settled.with(|input| Some(Arc::new((later.weigh)(input.as_ref()?, tables.get()))))
            }),
            proposal: Memo::new(move |_| {
                let later = later.get()?;
                settled.with(|input| Some(Arc::new((later.propose)(input.as_ref()?, tables.get()))))
            }),
            later,
            tables,
            settled,
            selection,
            tab: RwSignal::new(Tab::File),
            file: RwSignal::new(FileTab::Dockerfile),
            filter: RwSignal::new(None),
            theme: RwSignal::new(Theme::System),
            plain: RwSignal::new(false),
            fixes_off: RwSignal::new(false),
            lessons: RwSignal::new(LessonTexts::Waiting),
            notice: RwSignal::new(None),
            wide: RwSignal::new(false),
            phone: RwSignal::new(false),
            fixed: RwSignal::new(None),
            history: RwSignal::new(Vec::new()),
            typing: RwSignal::new(None),
        };
        Self(Box::leak(Box::new(state)))
    }

    /// The text of a file, empty where it is not given.
    pub fn text(self, file: FileTab) -> String {
        self.input.with(|input| read(input, file).to_owned())
    }

    /// Takes over what was typed or pasted: the whole new text of `file`. A text with nearly nothing of the old one
    /// is another document: it becomes the baseline, and the files of an example project no longer belong to it.
    pub fn typed(self, file: FileTab, text: &str) {
        let (text, crlf) = project::clean(text);
        let old = self.input.with_untracked(|input| read(input, file).to_owned());
        if text == old {
            return;
        }
        let replaced =
            file == FileTab::Dockerfile && text.len() > 20 && project::is_another_text(&old, &text);
        self.make_own(replaced);
        self.remember(Some(file));
        if replaced {
            let neighbours = self.input.get_untracked();
            let input = if self.example.get_untracked().is_some() {
                Input::new(text)
            } else {
                Input { dockerfile: text, ..neighbours }
            };
            self.example.set(None);
            self.crlf.set(crlf);
            self.baseline.set(input.clone());
            self.input.set(input);
        } else {
            self.input.update(|input| write(input, file, text));
        }
    }

    /// Applies the fix of the finding `key`, if it has one.
    pub fn fix(self, key: Key) {
        let fix = self.findings.with_untracked(|all| {
            all.iter().find(|(k, _)| *k == key).and_then(|(_, finding)| finding.fix.clone())
        });
        if let Some(fix) = fix {
            self.change(|input| *input = rewrite::apply(input, &fix));
            self.fixed.set(Some(key.rule));
        }
    }

    /// Applies the fixes of every finding of `rule`, one after the other.
    pub fn fix_all(self, rule: &'static str) {
        self.change(|input| *input = rewrite::rewrite_rule(input, rule).input);
        self.fixed.set(Some(rule));
    }

    /// Takes a rewritten project in place of the input.
    pub fn take(self, rewritten: &Input) {
        self.change(|input| *input = rewritten.clone());
    }

    /// Changes what the learner decides.
    pub fn choose(self, change: impl FnOnce(&mut Choices)) {
        self.input.update(|input| change(&mut input.choices));
        // Nobody is typing: the rewrite may follow at once.
        self.settle();
    }

    /// Chooses the stage that ships; `None` for the last one.
    pub fn ship(self, target: Option<String>) {
        self.input.update(|input| input.target = target);
        self.settle();
    }

    /// States what is known about a file beside the Dockerfile; `None` for nothing.
    pub fn give(self, file: FileTab, given: Option<Given>) {
        self.change(|input| match given {
            Some(Given::Text(text)) => write(input, file, project::clean(&text).0),
            Some(Given::Absent) => {
                input.files.insert(file.name().to_owned(), Given::Absent);
            }
            None => {
                input.files.remove(file.name());
            }
        });
    }

    /// What stands in the Dockerfile's tab belongs into the tab of `file`; what stood there before comes back.
    pub fn move_to(self, file: FileTab) {
        let text = self.input.with_untracked(|input| input.dockerfile.clone());
        if self.history.with_untracked(Vec::is_empty) {
            self.change(|input| input.dockerfile.clear());
        } else {
            self.undo();
        }
        self.give(file, Some(Given::Text(text)));
        self.file.set(file);
    }

    /// Takes the Markdown fence and the prompts off the Dockerfile.
    pub fn strip_wrapping(self) {
        self.change(|input| input.dockerfile = analysis::unwrap(&input.dockerfile));
        self.set_as_start();
    }

    /// Goes back one step; typing on in one file is one step.
    pub fn undo(self) {
        let Some(mut last) = self.history.try_update(Vec::pop).flatten() else { return };
        // What the learner decided since is about the file, not about the step.
        last.input.choices = self.input.with_untracked(|input| input.choices.clone());
        self.typing.set(None);
        self.fixed.set(None);
        self.hold(last);
    }

    /// Whether there is a step to go back.
    pub fn can_undo(self) -> bool {
        self.history.with(|history| !history.is_empty())
    }

    /// Makes what is there now the start that sizes are compared with.
    pub fn set_as_start(self) {
        self.remember(None);
        self.baseline.set(self.input.get_untracked());
    }

    /// Goes back to the start.
    pub fn back_to_start(self) {
        let start = self.baseline.get_untracked();
        self.change(|input| *input = start);
    }

    /// Whether the input is still what it was at the start.
    pub fn is_at_start(self) -> bool {
        self.baseline.with(|start| self.input.with(|input| start == input))
    }

    /// Shows another place. What stands here is kept.
    pub fn open(self, place: Place) {
        if place == self.place.get_untracked() {
            return;
        }
        self.put_aside();
        let kept = self.drafts.try_update(|drafts| drafts.take(place)).flatten();
        let draft = kept.unwrap_or_else(|| match place {
            Place::Sample(id) => samples::sample(id).map(Draft::of).unwrap_or_default(),
            Place::Yours | Place::Earlier | Place::Shared => Draft::default(),
        });
        self.place.set(place);
        self.show(draft);
    }

    /// Shows a text from the learner's disk as their own file, or puts it into its tab.
    pub fn open_text(self, name: &str, text: &str) {
        let (clean, crlf) = project::clean(text);
        let Some(file) = FileTab::for_name(name) else {
            let said = format!(
                "{name} is no Dockerfile, and nothing of it is read here, so it was not opened. Its text can be pasted all the same."
            );
            self.notice.set(Some(said));
            return;
        };
        if file == FileTab::Dockerfile {
            self.put_aside();
            self.keep_as_earlier();
            self.place.set(Place::Yours);
            self.show(Draft { crlf, ..Draft::new(Input::new(clean)) });
        } else {
            self.give(file, Some(Given::Text(clean)));
        }
        self.file.set(file);
    }

    /// Shows what a link brought, beside the learner's own file. What they changed in it before is still there.
    pub fn open_shared(self, input: Input, fixes_off: bool) {
        let here = self.place.get_untracked() == Place::Shared;
        let same = if here {
            self.baseline.with_untracked(|start| *start == input)
        } else {
            self.drafts.with_untracked(|drafts| {
                drafts.get(Place::Shared).is_some_and(|d| d.baseline == input)
            })
        };
        if !here && same {
            self.open(Place::Shared);
        } else if !same {
            if !here {
                self.put_aside();
            }
            self.drafts.update(|drafts| _ = drafts.take(Place::Shared));
            self.place.set(Place::Shared);
            self.show(Draft::new(input));
        }
        self.fixes_off.set(fixes_off);
    }

    /// Takes back what was kept from an earlier visit.
    pub fn restore(self, place: Place, current: Draft, others: Drafts) {
        self.drafts.set(others);
        self.place.set(place);
        self.show(current);
    }

    /// What stands here, to be kept.
    pub fn draft(self) -> Draft {
        Draft {
            input: self.input.get(),
            baseline: self.baseline.get(),
            example: self.example.get(),
            crlf: self.crlf.get(),
        }
    }

    /// Forgets everything and starts as on a first visit.
    pub fn clear_everything(self) {
        self.drafts.set(Drafts::default());
        self.place.set(Place::Sample(samples::FIRST.id));
        self.theme.set(Theme::System);
        self.plain.set(false);
        self.show(Draft::of(samples::FIRST));
    }

    /// `text` with the line ends that the file came with: for copying and downloading.
    pub fn exported(self, text: &str) -> String {
        if self.crlf.get_untracked() { text.replace('\n', "\r\n") } else { text.to_owned() }
    }

    /// Lets the rewrite follow the input. Called once the findings are on screen.
    pub fn settle(self) {
        let input = self.input.get_untracked();
        if self.settled.with_untracked(|settled| settled.as_ref() != Some(&input)) {
            self.settled.set(Some(input));
        }
    }

    /// The rewrite of the input as it is at this moment, for somebody who takes it.
    pub fn proposed(self) -> Option<Arc<Proposal>> {
        self.settle();
        self.proposal.get_untracked()
    }

    /// Selects a finding, or none.
    pub fn select(self, key: Option<Key>) {
        if self.selection.get_untracked() != key {
            self.selection.set(key);
        }
    }

    /// Selects the next finding that counts, in order of place, or the one before; round at the ends.
    pub fn select_next(self, back: bool) {
        let keys: Vec<Key> = self.findings.with_untracked(|all| {
            let counted = all
                .iter()
                .filter(|(_, finding)| finding.severity == Severity::Error || !is_aside(finding));
            counted.map(|(key, _)| *key).collect()
        });
        if keys.is_empty() {
            return;
        }
        let here =
            self.selection.get_untracked().and_then(|key| keys.iter().position(|k| *k == key));
        let next = match (here, back) {
            (None, false) => 0,
            (None, true) => keys.len() - 1,
            (Some(at), false) => (at + 1) % keys.len(),
            (Some(at), true) => (at + keys.len() - 1) % keys.len(),
        };
        self.select(keys.get(next).copied());
    }

    /// One step: what is shown becomes the learner's where that takes nothing from them.
    fn change(self, change: impl FnOnce(&mut Input)) {
        let before = self.input.get_untracked();
        let mut after = before.clone();
        change(&mut after);
        if after != before {
            self.make_own(false);
            self.remember(None);
            self.input.set(after);
            self.leave_missing_tab();
        }
    }

    /// Keeps the input for [`Session::undo`]. `typing` names the file that is typed in.
    fn remember(self, typing: Option<FileTab>) {
        self.fixed.set(None);
        if typing.is_some() && self.typing.get_untracked() == typing {
            return;
        }
        self.typing.set(typing);
        let draft = untrack(|| self.draft());
        self.history.update(|history| {
            history.push(draft);
            let mut bytes = 0;
            let kept = history.iter().rev().take(STEPS).take_while(|draft| {
                bytes += draft.input.dockerfile.len();
                bytes < KEPT
            });
            let dropped = history.len() - kept.count().max(1);
            history.drain(..dropped);
        });
    }

    /// A changed example becomes "Your file", unless the learner has one: then only another text does.
    fn make_own(self, replaced: bool) {
        let Place::Sample(id) = self.place.get_untracked() else { return };
        let has_own = self.drafts.with_untracked(|drafts| {
            drafts.get(Place::Yours).is_some_and(|draft| !draft.input.dockerfile.trim().is_empty())
        });
        if has_own && !replaced && id != samples::EMPTY.id {
            return;
        }
        self.keep_as_earlier();
        self.place.set(Place::Yours);
    }

    /// Makes room for a new own file.
    fn keep_as_earlier(self) {
        self.drafts.update(|drafts| {
            if let Some(own) = drafts.take(Place::Yours)
                && !own.input.dockerfile.trim().is_empty()
            {
                drafts.put(Place::Earlier, own);
            }
        });
    }

    /// Keeps what stands here, unless it is an untouched example.
    fn put_aside(self) {
        let place = self.place.get_untracked();
        let draft = untrack(|| self.draft());
        let untouched = match place {
            Place::Sample(id) => {
                samples::sample(id).is_some_and(|sample| sample.input() == draft.input)
            }
            Place::Yours | Place::Earlier | Place::Shared => draft == Draft::default(),
        };
        if !untouched {
            self.drafts.update(|drafts| drafts.put(place, draft));
        }
    }

    /// Another document: nothing of the last one's steps or view stays.
    fn show(self, draft: Draft) {
        self.history.set(Vec::new());
        self.typing.set(None);
        self.fixed.set(None);
        self.selection.set(None);
        self.filter.set(None);
        self.fixes_off.set(false);
        self.file.set(FileTab::Dockerfile);
        self.document.update(|number| *number += 1);
        self.hold(draft);
    }

    fn hold(self, draft: Draft) {
        self.example.set(draft.example);
        self.crlf.set(draft.crlf);
        self.baseline.set(draft.baseline);
        self.input.set(draft.input);
        self.leave_missing_tab();
    }

    /// Shows the Dockerfile where the file that is shown is gone, and its tab with it.
    fn leave_missing_tab(self) {
        if let FileTab::Other(name) = self.file.get_untracked()
            && self.input.with_untracked(|input| !input.files.contains_key(name))
        {
            self.file.set(FileTab::Dockerfile);
        }
    }
}

fn read(input: &Input, file: FileTab) -> &str {
    if file == FileTab::Dockerfile {
        &input.dockerfile
    } else {
        input.text(file.name()).unwrap_or_default()
    }
}

fn write(input: &mut Input, file: FileTab, text: String) {
    if file == FileTab::Dockerfile {
        input.dockerfile = text;
    } else {
        input.files.insert(file.name().to_owned(), Given::Text(text));
    }
}

fn keyed(findings: &[Finding]) -> Vec<(Key, Finding)> {
    let mut seen = BTreeMap::new();
    let mut out = Vec::with_capacity(findings.len());
    for finding in findings {
        let next = seen.entry(finding.rule).or_insert(0);
        out.push((Key { rule: finding.rule, nth: *next }, finding.clone()));
        *next += 1;
    }
    out
}

/// Whether a finding's rule only notes a fact, or is outside the two lessons.
pub fn is_aside(finding: &Finding) -> bool {
    finding.origin != Origin::Lesson
}

fn count(findings: &[(Key, Finding)]) -> Counts {
    let mut counts = Counts::default();
    for (_, finding) in findings {
        match finding.severity {
            Severity::Error => counts.fix += 1,
            _ if is_aside(finding) => counts.also += 1,
            Severity::Warning => counts.fix += 1,
            Severity::Info => counts.consider += 1,
        }
    }
    counts
}
