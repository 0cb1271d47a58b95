//! The editor of the Dockerfile: it shows one text with its findings and reports what the learner does to it.

mod encode;

use std::rc::Rc;
use std::sync::Arc;

use leptos::html;
use leptos::prelude::*;

pub use encode::{Changes, Drawing, Notes, line_of, units};

use super::browser::surface::{self, Events, Standing, Surface};
use super::parts::Coded;
use crate::analysis::Analysis;
use crate::finding::Finding;

/// A way to the editor for buttons that stand elsewhere. Before the editor stands, nothing happens.
#[derive(Clone, Copy, Debug)]
pub struct EditorHandle {
    surface: StoredValue<Option<Rc<Surface>>, LocalStorage>,
    standing: RwSignal<Standing>,
}

impl EditorHandle {
    /// A handle for one [`Editor`]; it lives as long as the owner it is made in.
    pub fn new() -> Self {
        Self { surface: StoredValue::new_local(None), standing: RwSignal::new(Standing::Plain) }
    }

    /// Takes the last step back, as Ctrl-Z in the editor does; `on_change` follows.
    pub fn undo(self) {
        if let Some(surface) = self.surface() {
            surface.undo();
        }
    }

    /// Scrolls to byte `offset` of the text and puts the caret there.
    pub fn reveal(self, offset: usize) {
        if let Some(surface) = self.surface() {
            surface.reveal(encode::unit_in(&surface.text(), offset));
        }
    }

    /// Puts the learner into the text.
    pub fn focus(self) {
        if let Some(surface) = self.surface() {
            surface.focus();
        }
    }

    /// What stands now. Its own handle, because a call into the browser may call back.
    pub(super) fn surface(self) -> Option<Rc<Surface>> {
        self.surface.try_get_value().flatten()
    }

    /// Lets another surface stand, or none once the editor is gone.
    pub(super) fn put(self, surface: Option<Surface>) {
        let standing = surface.as_ref().map(Surface::standing);
        self.surface.try_set_value(surface.map(Rc::new));
        if let Some(standing) = standing {
            self.standing.try_set(standing);
        }
    }

    /// Which kind of editor stands.
    pub(super) const fn standing(self) -> RwSignal<Standing> {
        self.standing
    }
}

impl Default for EditorHandle {
    fn default() -> Self {
        Self::new()
    }
}

/// A text field at once, the full editor over it as soon as it has come. It follows `text`: whatever sets the text
/// from outside becomes one step that can be undone, and caret and scroll stay.
#[component]
pub fn Editor(
    /// For buttons that stand elsewhere.
    handle: EditorHandle,
    /// The text, with `\n` only.
    #[prop(into)]
    text: Signal<String>,
    /// Another number means another document: what was done to the one before cannot be undone here.
    #[prop(into)]
    document: Signal<usize>,
    /// Colours and findings; not heeded while it is about another text.
    #[prop(into)]
    analysis: Signal<Arc<Analysis>>,
    /// Index of the finding whose message is shown.
    #[prop(into)]
    selected: Signal<Option<usize>>,
    /// A plain text field and nothing over it.
    #[prop(into)]
    plain: Signal<bool>,
    /// Whether messages offer their fix.
    #[prop(into, default = Signal::stored(true))]
    fixes: Signal<bool>,
    /// The learner changed the text: all of the new one, which `text` has to take at once.
    on_change: Callback<String>,
    /// The learner chose a finding, or closed the open one.
    on_select: Callback<Option<usize>>,
    /// The learner wants this finding mended.
    on_fix: Callback<usize>,
    /// The learner wants the next finding (true) or the one before.
    on_step: Callback<bool>,
) -> impl IntoView {
    let area = NodeRef::<html::Textarea>::new();
    let host = NodeRef::<html::Div>::new();
    let drawing = Memo::new(move |_| {
        let text = text.get();
        let notes = analysis
            .with(|analysis| (analysis.text == text).then(|| Notes::of(analysis, fixes.get())));
        Drawing { document: document.get(), text, notes, selected: selected.get() }
    });
    let events = Events { change: on_change, select: on_select, fix: on_fix, step: on_step };
    surface::keep(handle, (area, host), plain, drawing, events);

    let standing = handle.standing();
    let is_rich = move || standing.get() == Standing::Rich;
    let open = move || {
        let index = selected.get().filter(|_| !is_rich())?;
        analysis.with(|analysis| {
            let finding = analysis.findings.get(index)?.clone();
            let line = analysis.lines.line(finding.range.start);
            Some((index, line, finding))
        })
    };
    let pick = move || {
        let caret = handle.surface().map(|surface| surface.place().head);
        let found =
            caret.and_then(|at| drawing.with_untracked(|drawing| drawing.notes.as_ref()?.at(at)));
        if found.is_some() {
            on_select.run(found);
        }
    };
    view! {
        <div class="editor">
            <textarea
                node_ref=area
                id="dockerfile"
                class="editor-plain"
                aria-label=LABEL
                spellcheck="false"
                autocapitalize="off"
                autocomplete="off"
                wrap="soft"
                hidden=is_rich
                on:input=move |event| {
                    let new = event_target_value(&event);
                    // What was put in from outside is no news.
                    if text.with_untracked(|text| *text != new) {
                        on_change.run(new);
                    }
                }
                on:click=move |_| pick()
                on:keydown=move |event| match event.key().as_str() {
                    "F8" => {
                        event.prevent_default();
                        event.stop_propagation();
                        on_step.run(!event.shift_key());
                    }
                    "Escape" if selected.get_untracked().is_some() => on_select.run(None),
                    _ => {}
                }
            />
            <div node_ref=host class="editor-rich" hidden=move || !is_rich() />
            {move || open().map(|(index, line, finding)| view! { <Band handle index line finding fixes on_fix /> })}
            <Show when=move || standing.get() == Standing::Failed>
                <p class="editor-notice" role="status">
                    "The full editor could not be loaded. This plain one does the same, without colours and marks."
                </p>
            </Show>
        </div>
    }
}

/// The name of the text field for those who hear it.
pub(super) const LABEL: &str = "Dockerfile";

/// The message of the selected finding, below a plain text field.
#[component]
fn Band(
    handle: EditorHandle,
    index: usize,
    line: usize,
    finding: Finding,
    fixes: Signal<bool>,
    on_fix: Callback<usize>,
) -> impl IntoView {
    let class = format!("editor-band {}", finding.severity.as_str());
    let place =
        if finding.missing { format!("Before line {line}: ") } else { format!("Line {line}: ") };
    let fix = finding.fix.map(|fix| {
        let mend = move |_| {
            on_fix.run(index);
            // The button may be gone now, and the keyboard with it.
            handle.focus();
        };
        view! {
            <button type="button" class="editor-fix" title=fix.title.replace('`', "") hidden=move || !fixes.get() on:click=mend>
                "Fix"
            </button>
        }
    });
    view! {
        <div class=class>
            <p>
                <span class="editor-line">{place}</span>
                <Coded text=finding.message />
            </p>
            {fix}
        </div>
    }
}
