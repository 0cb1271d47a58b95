//! The pages behind `#lesson/…`, `#rule/…`, `#lessons` and `#rules`: which one the address asks for, and the way back.

use gloo::events::{EventListener, EventListenerOptions, EventListenerPhase};
use gloo::timers::callback::Timeout;
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::HtmlElement;

use crate::ui::pages::{Address, PANEL};
use crate::ui::project::Place;
use crate::ui::session::Session;

/// The page that the address asks for. One for as long as Drydock is open.
#[derive(Clone, Copy, Debug)]
pub struct Route {
    session: Session,
    /// The page that is shown.
    pub shown: RwSignal<Option<Address>>,
    /// What stood behind the `#` before a page was opened: the link to a file, or nothing.
    before: StoredValue<String>,
    /// What had the keyboard before.
    opener: StoredValue<Option<HtmlElement>, LocalStorage>,
    /// How far the list of rules was scrolled, in px.
    scrolled: StoredValue<i32>,
}

impl Route {
    /// Follows the address from now on. A page closes by Escape, and when something else is shown in its place.
    pub fn start(session: Session) -> Self {
        let route = Self {
            session,
            shown: RwSignal::new(None),
            before: StoredValue::new(String::new()),
            opener: StoredValue::new_local(None),
            scrolled: StoredValue::new(0),
        };
        route.follow();
        EventListener::new(&window(), "hashchange", move |_| route.follow()).forget();
        let first = EventListenerOptions { phase: EventListenerPhase::Capture, passive: false };
        EventListener::new_with_options(&window(), "keydown", first, move |event| {
            let escape =
                event.dyn_ref().is_some_and(|e: &web_sys::KeyboardEvent| e.key() == "Escape");
            // A menu that is open above the page goes first.
            let menu = document().query_selector(":popover-open").ok().flatten();
            if escape && menu.is_none() && route.shown.get_untracked().is_some() {
                event.prevent_default();
                route.close();
            }
        })
        .forget();
        Effect::new(move |before: Option<()>| {
            session.tab.track();
            session.filter.track();
            session.document.track();
            if before.is_some() {
                route.close();
            }
        });
        route
    }

    /// The window is called like the page that is shown.
    pub fn name(self, title: Memo<String>) {
        let own = document().title();
        Effect::new(move |_| {
            let title = title.get();
            document().set_title(if title.is_empty() { &own } else { &title });
        });
    }

    /// Leaves the page. It is a step forward, so that the browser's "back" leads to the page again.
    pub fn close(self) {
        if self.shown.get_untracked().is_none() {
            return;
        }
        let location = window().location();
        let mut address =
            location.pathname().unwrap_or_default() + &location.search().unwrap_or_default();
        // The link to a file belongs to that file only.
        if self.session.place.get_untracked() == Place::Shared {
            address += &self.before.get_value();
        }
        let moved = window()
            .history()
            .and_then(|history| history.push_state_with_url(&JsValue::NULL, "", Some(&address)));
        if moved.is_err() {
            // A page opened from a disk may change what stands behind the `#` only.
            go("");
        }
        self.show(None);
    }

    fn follow(self) {
        let hash = window().location().hash().unwrap_or_default();
        let address = Address::parse(&hash);
        if address.is_none() {
            self.before.set_value(hash);
        }
        if address.is_some() || self.shown.get_untracked().is_some() {
            self.show(address);
        }
    }

    fn show(self, address: Option<Address>) {
        let old = self.shown.get_untracked();
        if old.is_none() {
            let active = document().active_element();
            self.opener.set_value(active.and_then(|element| element.dyn_into().ok()));
        }
        if let (Some(Address::Rules), Some(panel)) = (&old, panel()) {
            self.scrolled.set_value(panel.scroll_top());
        }
        let top = if address == Some(Address::Rules) { self.scrolled.get_value() } else { 0 };
        let open = address.is_some();
        self.shown.set(address);
        // The page is drawn first.
        Timeout::new(0, move || {
            let target =
                if open { panel() } else { self.opener.try_update_value(Option::take).flatten() };
            if let Some(target) = target {
                // What cannot take the keyboard leaves it where it is.
                _ = target.focus();
                if open {
                    target.set_scroll_top(top);
                }
            }
        })
        .forget();
    }
}

/// Opens what `hash` asks for.
pub fn go(hash: &str) {
    // Setting it can only fail where the page is about to go away.
    _ = window().location().set_hash(hash);
}

/// Whether the address asks for a page, which is no business of the files that links bring.
pub(super) fn is_page() -> bool {
    window().location().hash().is_ok_and(|hash| Address::parse(&hash).is_some())
}

fn panel() -> Option<HtmlElement> {
    document().get_element_by_id(PANEL)?.dyn_into().ok()
}
