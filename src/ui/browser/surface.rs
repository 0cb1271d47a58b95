//! What the learner types into: the plain text field, or CodeMirror over it. Both show the same drawing.

use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::codemirror::{self, CodeMirror};
use super::textarea::{Place, Textarea};
use crate::ui::editor::{Changes, Drawing, EditorHandle};

/// Which editor stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// The text field, as wished or until the full editor has come.
    Plain,
    /// CodeMirror.
    Rich,
    /// The text field, because the full editor did not come.
    Failed,
}

/// Whom to tell what the learner does; the words are those of [`crate::ui::editor::Editor`].
#[derive(Clone, Copy, Debug)]
pub struct Events {
    /// The whole new text.
    pub change: Callback<String>,
    /// A finding's index, or none.
    pub select: Callback<Option<usize>>,
    /// The index of a finding to mend.
    pub fix: Callback<usize>,
    /// The next finding, or (false) the one before.
    pub step: Callback<bool>,
}

/// One of the two.
#[derive(Debug)]
pub enum Surface {
    /// The text field.
    Plain(Textarea),
    /// CodeMirror.
    Rich(CodeMirror),
}

impl Surface {
    /// Which one it is.
    pub const fn standing(&self) -> Standing {
        match self {
            Self::Plain(_) => Standing::Plain,
            Self::Rich(_) => Standing::Rich,
        }
    }

    /// What stands in it.
    pub fn text(&self) -> String {
        match self {
            Self::Plain(area) => area.text(),
            Self::Rich(view) => view.text(),
        }
    }

    /// Where the learner is.
    pub fn place(&self) -> Place {
        match self {
            Self::Plain(area) => area.place(),
            Self::Rich(view) => view.place(),
        }
    }

    /// Scrolls to the offset and puts the caret there.
    pub fn reveal(&self, offset: u32) {
        match self {
            Self::Plain(area) => area.reveal(offset, offset),
            Self::Rich(view) => view.reveal(offset),
        }
    }

    /// Puts the learner into the text.
    pub fn focus(&self) {
        match self {
            Self::Plain(area) => area.focus(),
            Self::Rich(view) => view.focus(),
        }
    }

    /// Takes the last step back.
    pub fn undo(&self) {
        match self {
            Self::Plain(area) => area.undo(),
            Self::Rich(view) => view.undo(),
        }
    }

    /// Looks like `now`, where it looked like `before`.
    fn draw(&self, before: Option<&Drawing>, now: &Drawing) {
        let text = self.text();
        if before.is_some_and(|before| before.document != now.document) {
            self.load(&now.text);
        } else if text != now.text {
            self.edit(&text, &now.text);
        }
        // A fix moves findings about; only a choice of the learner's moves the text on screen.
        let chosen =
            before.is_some_and(|before| before.text == now.text && before.selected != now.selected);
        let chosen = now.selected.filter(|_| chosen);
        match (self, &now.notes) {
            (Self::Rich(view), Some(notes)) => {
                view.show(now, notes);
                if let Some(index) = chosen {
                    view.reveal_finding(index);
                }
            }
            (Self::Plain(area), Some(notes)) => {
                if let Some((from, to)) = chosen.and_then(|index| notes.place(index)) {
                    let Place { head, focused, .. } = area.place();
                    // Who clicked on the finding has the caret where it should be.
                    if !(focused && (from..=to).contains(&head)) {
                        area.reveal(from, to);
                    }
                }
            }
            (_, None) => {}
        }
    }

    fn load(&self, text: &str) {
        match self {
            Self::Plain(area) => area.load(text),
            Self::Rich(view) => view.load(text),
        }
    }

    fn edit(&self, old: &str, new: &str) {
        match self {
            Self::Plain(area) => {
                let changes = Changes::all_at_once(old, new);
                if let ([from, to], [insert]) = (&changes.ranges[..], &changes.inserts[..]) {
                    area.edit(*from, *to, insert);
                }
            }
            Self::Rich(view) => _ = view.edit(Changes::between(old, new)),
        }
        // Whatever went wrong above, the text is the one that was asked for.
        if self.text() != new {
            self.load(new);
        }
    }
}

/// Lets a surface stand behind `handle` and keeps it looking like `drawing`. `nodes` are the text field and the place
/// for CodeMirror. Takes over text field, caret and scroll of the static page.
pub fn keep(
    handle: EditorHandle,
    nodes: (NodeRef<html::Textarea>, NodeRef<html::Div>),
    plain: Signal<bool>,
    drawing: Memo<Drawing>,
    events: Events,
) {
    // CodeMirror asks before it draws a change, so that the change comes on screen with what there is to say about it.
    let change = Callback::new(move |text: String| {
        events.change.run(text);
        let surface = handle.surface();
        drawing.with_untracked(|now| {
            if let (Some(Surface::Rich(view)), Some(said)) = (surface.as_deref(), &now.notes) {
                view.show(now, said);
            }
        });
    });
    let events = Events { change, ..events };
    // Read now: mounting takes the static text field out of the page or the keyboard out of it.
    let mut of_page = Textarea::of_page().map(|area| (area.text(), area.place(), area));
    Effect::new(move |_| {
        let (Some(area), Some(host)) = (nodes.0.get(), nodes.1.get()) else { return };
        let area = Textarea::new(area);
        match handle.surface() {
            None => {
                let text = drawing.with_untracked(|drawing| drawing.text.clone());
                area.load(&text);
                if let Some((old_text, place, old)) = of_page.take() {
                    old.remove();
                    if old_text == text {
                        area.put(place);
                    }
                }
                handle.put(Some(Surface::Plain(area)));
            }
            Some(surface) if plain.get() && surface.standing() == Standing::Rich => {
                area.unhide();
                area.load(&surface.text());
                area.put(surface.place());
                handle.put(Some(Surface::Plain(area)));
            }
            Some(_) => {}
        }
        if plain.get() {
            return;
        }
        spawn_local(async move {
            let bundle = codemirror::fetch().await;
            // Meanwhile the page may be another one.
            let Some(surface) = handle.surface() else { return };
            if plain.get_untracked() || surface.standing() == Standing::Rich {
                return;
            }
            let view = bundle.and_then(|bundle| {
                CodeMirror::new(&bundle, &host, &surface.text(), surface.place(), events)
            });
            match view {
                Some(view) => handle.put(Some(Surface::Rich(view))),
                None => handle.standing().set(Standing::Failed),
            }
        });
    });
    Effect::new(move |before: Option<Drawing>| {
        let now = drawing.get();
        // A new surface has to be drawn as well.
        handle.standing().track();
        if let Some(surface) = handle.surface() {
            surface.draw(before.as_ref(), &now);
        }
        now
    });
    on_cleanup(move || handle.put(None));
}
