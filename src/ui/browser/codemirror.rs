//! The seam to CodeMirror: its bundle is fetched when the page already works. Offsets are UTF-16 units.

use std::cell::RefCell;

use leptos::prelude::*;
use wasm_bindgen::prelude::*;
use web_sys::HtmlElement;

use super::surface::Events;
use super::textarea::Place;
use crate::ui::editor::{Changes, Drawing, LABEL, Notes};

#[wasm_bindgen(
    inline_js = "export const load = (name) => import(new URL(name, document.baseURI).href);"
)]
extern "C" {
    /// `import()` of a module that lies beside the page.
    #[wasm_bindgen(catch)]
    async fn load(name: &str) -> Result<JsValue, JsValue>;
}

/// `src/ui/editor/codemirror.js`, as it was built.
#[wasm_bindgen]
extern "C" {
    /// The loaded module.
    #[derive(Clone, Debug)]
    pub type Bundle;

    #[wasm_bindgen(method, catch)]
    fn create(
        this: &Bundle,
        host: &HtmlElement,
        label: &str,
        text: &str,
        place: &[u32],
        change: &Closure<dyn Fn(String)>,
        select: &Closure<dyn Fn(i32)>,
        fix: &Closure<dyn Fn(u32)>,
        step: &Closure<dyn Fn(bool)>,
    ) -> Result<View, JsValue>;

    #[derive(Clone, Debug)]
    type View;

    #[wasm_bindgen(method)]
    fn text(this: &View) -> String;
    #[wasm_bindgen(method)]
    fn place(this: &View) -> Vec<u32>;
    #[wasm_bindgen(method)]
    fn load(this: &View, text: &str);
    #[wasm_bindgen(method, catch)]
    fn edit(this: &View, ranges: &[u32], inserts: Vec<String>) -> Result<(), JsValue>;
    #[wasm_bindgen(method, catch)]
    fn show(
        this: &View,
        colours: &[u32],
        marks: &[u32],
        messages: Vec<String>,
        fixes: Vec<String>,
        selected: i32,
    ) -> Result<(), JsValue>;
    #[wasm_bindgen(method, js_name = revealFinding)]
    fn reveal_finding(this: &View, index: u32);
    #[wasm_bindgen(method)]
    fn reveal(this: &View, offset: u32);
    #[wasm_bindgen(method)]
    fn focus(this: &View);
    #[wasm_bindgen(method)]
    fn undo(this: &View);
    #[wasm_bindgen(method)]
    fn destroy(this: &View);
}

/// Fetches the bundle that the built page names. `None` where it names none or it does not come.
pub async fn fetch() -> Option<Bundle> {
    let name = document().document_element()?.get_attribute("data-editor")?;
    load(&name).await.ok().map(JsCast::unchecked_into)
}

/// A CodeMirror in the page, gone when dropped.
#[derive(Debug)]
pub struct CodeMirror {
    view: View,
    /// What it shows; nothing while its text is another.
    shown: RefCell<Option<Drawing>>,
    // JavaScript calls these; they have to live as long as the view.
    _callbacks: Callbacks,
}

type Callbacks =
    (Closure<dyn Fn(String)>, Closure<dyn Fn(i32)>, Closure<dyn Fn(u32)>, Closure<dyn Fn(bool)>);

impl CodeMirror {
    /// Builds it in `host`, with the learner at `place`. `None` where the bundle fails.
    pub fn new(
        bundle: &Bundle,
        host: &HtmlElement,
        text: &str,
        place: Place,
        events: Events,
    ) -> Option<Self> {
        let change = Closure::new(move |text| events.change.run(text));
        let select = Closure::new(move |index: i32| events.select.run(usize::try_from(index).ok()));
        let fix = Closure::new(move |index: u32| events.fix.run(index as usize));
        let step = Closure::new(move |next| events.step.run(next));
        let place = [place.anchor, place.head, place.scroll_top, u32::from(place.focused)];
        let view = bundle.create(host, LABEL, text, &place, &change, &select, &fix, &step).ok()?;
        Some(Self { view, shown: RefCell::default(), _callbacks: (change, select, fix, step) })
    }

    /// What stands in it.
    pub fn text(&self) -> String {
        self.view.text()
    }

    /// Where the learner is.
    pub fn place(&self) -> Place {
        let place = self.view.place();
        let at = |i: usize| place.get(i).copied().unwrap_or_default();
        Place { anchor: at(0), head: at(1), scroll_top: at(2), focused: at(3) == 1 }
    }

    /// Puts another document in, without a way back.
    pub fn load(&self, text: &str) {
        self.shown.take();
        self.view.load(text);
    }

    /// Makes the changes as one step. False where they do not fit the text.
    pub fn edit(&self, changes: Changes) -> bool {
        self.shown.take();
        self.view.edit(&changes.ranges, changes.inserts).is_ok()
    }

    /// Shows the colours, marks and messages of `drawing`, which are `notes`. Nothing to do where it does so already.
    pub fn show(&self, drawing: &Drawing, notes: &Notes) {
        if self.shown.borrow().as_ref() == Some(drawing) {
            return;
        }
        self.shown.replace(Some(drawing.clone()));
        let selected = drawing.selected.and_then(|index| i32::try_from(index).ok()).unwrap_or(-1);
        // A drawing that does not fit is not shown; the next one will be.
        _ = self.view.show(
            &notes.colours,
            &notes.marks,
            notes.messages.clone(),
            notes.fixes.clone(),
            selected,
        );
    }

    /// Brings the finding `index` of the last drawing into view.
    pub fn reveal_finding(&self, index: usize) {
        self.view.reveal_finding(u32::try_from(index).unwrap_or(u32::MAX));
    }

    /// Scrolls to the offset and puts the caret there.
    pub fn reveal(&self, offset: u32) {
        self.view.reveal(offset);
    }

    /// Puts the learner into the text.
    pub fn focus(&self) {
        self.view.focus();
    }

    /// Takes the last step back.
    pub fn undo(&self) {
        self.view.undo();
    }
}

impl Drop for CodeMirror {
    fn drop(&mut self) {
        self.view.destroy();
    }
}
