//! The first line: the name, what can be opened, sharing, and everything that is needed rarely.

mod more;
mod open;
mod share;

use leptos::prelude::*;

use self::more::More;
use self::open::Open;
use self::share::Share;
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
            <Open session />
            <span class="header-gap"></span>
            <Share session />
            <More session />
        </header>
    }
}
