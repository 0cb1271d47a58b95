//! The plain text field: the browser's own editing, caret and undo. Offsets are the browser's units.

use leptos::prelude::document;
use wasm_bindgen::JsCast;
use web_sys::{FocusOptions, HtmlDocument, HtmlElement, HtmlTextAreaElement};

use crate::ui::editor::{line_of, units};

/// Longer insertions would stand in the browser's undo list for seconds.
const UNDOABLE: usize = 200_000;

/// The text that stood in the page before the program ran.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// All of it.
    pub text: String,
    /// Whether somebody has typed into it.
    pub edited: bool,
}

/// Where the learner is in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Place {
    /// Where the selection began.
    pub anchor: u32,
    /// Where the caret is.
    pub head: u32,
    /// How far the text is scrolled, in pixels.
    pub scroll_top: u32,
    /// Whether keys go into the text.
    pub focused: bool,
}

/// The static text field of the page and what stands in it; `None` once the editor has taken its place.
pub fn draft() -> Option<Draft> {
    let area = Textarea::of_page()?.0;
    let text = area.value();
    let edited = area.default_value().is_ok_and(|original| original != text);
    Some(Draft { text, edited })
}

/// A text field of the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Textarea(HtmlTextAreaElement);

impl Textarea {
    /// This text field.
    pub const fn new(area: HtmlTextAreaElement) -> Self {
        Self(area)
    }

    /// The static one.
    pub fn of_page() -> Option<Self> {
        document().get_element_by_id("dockerfile")?.dyn_into().ok().map(Self)
    }

    /// Takes it out of the page.
    pub fn remove(&self) {
        self.0.remove();
    }

    /// What stands in it.
    pub fn text(&self) -> String {
        self.0.value()
    }

    /// Puts another document in, without a way back.
    pub fn load(&self, text: &str) {
        self.0.set_value(text);
        self.put(Place { focused: self.place().focused, ..Place::default() });
    }

    /// Puts `insert` in place of what stands between `from` and `to`, as one step of the browser's undo.
    pub fn edit(&self, from: u32, to: u32, insert: &str) {
        let before = self.place();
        // The browser edits only where the keyboard is; it is given back below.
        let elsewhere = document().active_element().filter(|_| !before.focused);
        self.focus();
        _ = self.0.set_selection_range(from, to);
        // A hidden field cannot have the keyboard: then the edit would land in another one.
        let undoable = self.place().focused && insert.len() <= UNDOABLE;
        if !(undoable && insert_as_typed(insert)) {
            _ = self.0.set_range_text_with_start_and_end(insert, from, to);
        }
        let end = from + units(insert);
        let moved = |at: u32| match at {
            at if at <= from => at,
            at if at >= to => at - to + end,
            at => at.min(end),
        };
        self.put(Place { anchor: moved(before.anchor), head: moved(before.head), ..before });
        if !before.focused {
            _ = self.0.blur();
        }
        if let Some(elsewhere) =
            elsewhere.and_then(|element| element.dyn_into::<HtmlElement>().ok())
        {
            focus(&elsewhere);
        }
    }

    /// Where the learner is.
    pub fn place(&self) -> Place {
        let start = self.0.selection_start().ok().flatten().unwrap_or_default();
        let end = self.0.selection_end().ok().flatten().unwrap_or_default();
        let backward = self.0.selection_direction().ok().flatten().as_deref() == Some("backward");
        let (anchor, head) = if backward { (end, start) } else { (start, end) };
        Place {
            anchor,
            head,
            scroll_top: u32::try_from(self.0.scroll_top()).unwrap_or_default(),
            focused: document().active_element().as_ref() == Some(self.0.as_ref()),
        }
    }

    /// Brings the learner to `place`. The keyboard is never taken from where it is.
    pub fn put(&self, place: Place) {
        let (start, end) = (place.anchor.min(place.head), place.anchor.max(place.head));
        let direction = if place.head < place.anchor { "backward" } else { "forward" };
        _ = self.0.set_selection_range_with_direction(start, end, direction);
        self.0.set_scroll_top(i32::try_from(place.scroll_top).unwrap_or_default());
        if place.focused {
            self.focus();
        }
    }

    /// Shows it.
    pub fn unhide(&self) {
        self.0.set_hidden(false);
    }

    /// Scrolls until the offset `from` is on screen and selects up to `to`.
    pub fn reveal(&self, from: u32, to: u32) {
        _ = self.0.set_selection_range(from, to);
        let text = self.text();
        let above = line_of(&text, from) - 1;
        let lines = text.matches('\n').count() + 1;
        // Nobody tells where a wrapped line stands: take them as evenly wrapped, and leave a third of the field above.
        let height =
            i32::try_from(above).unwrap_or_default().saturating_mul(self.0.scroll_height())
                / i32::try_from(lines).unwrap_or(i32::MAX);
        let (top, room) = (self.0.scroll_top(), self.0.client_height());
        if height < top || height > top + room - 40 {
            self.0.set_scroll_top((height - room / 3).max(0));
        }
    }

    /// Puts the learner into the text.
    pub fn focus(&self) {
        focus(&self.0);
    }

    /// Takes the last step back, as the browser's own undo does.
    pub fn undo(&self) {
        self.focus();
        command("undo", "");
    }
}

fn focus(element: &HtmlElement) {
    let still = FocusOptions::new();
    still.set_prevent_scroll(true);
    _ = element.focus_with_options(&still);
}

fn insert_as_typed(text: &str) -> bool {
    if text.is_empty() { command("delete", "") } else { command("insertText", text) }
}

/// Old, and the only way to an edit that the browser's undo knows of. False where the browser has it no longer.
fn command(name: &str, value: &str) -> bool {
    let document = document().dyn_into::<HtmlDocument>();
    document.is_ok_and(|document| {
        document.exec_command_with_show_ui_and_value(name, false, value).unwrap_or(false)
    })
}
