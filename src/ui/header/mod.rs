//! The first line: the name, what can be opened, sharing, and everything that is needed rarely.

mod more;
mod open;
mod share;

use leptos::prelude::*;

pub use self::more::more;
pub use self::open::open;
pub use self::share::share;
use super::later::{Part, later};
use super::session::Session;

/// The header.
#[component]
pub fn Header(session: Session) -> impl IntoView {
    view! {
        <header class="header">
            <h1 class="brand">
                <svg viewBox="0 0 20 20" aria-hidden="true">
                    <path d="M2 11h16l-2.2 5.5H4.2zM5 11V7.5h5V11M10 7.5V3.5h4.5V11" />
                </svg>
                "Drydock"
            </h1>
            <button type="button" class="button quiet menu-button" popovertarget="open-menu">
                "Open"
                <span aria-hidden="true">"▾"</span>
            </button>
            {later(session, Part::Open)}
            <span class="header-gap"></span>
            <button type="button" class="button wide-only" popovertarget="share-menu">
                "Share"
            </button>
            {later(session, Part::Share)}
            <button type="button" class="button quiet menu-button" popovertarget="more-menu" aria-label="More">
                "⋯"
            </button>
            {later(session, Part::More)}
        </header>
    }
}
