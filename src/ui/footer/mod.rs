//! The last line: what this is and how old its numbers are. On a phone, the bar that chooses what is shown.

use leptos::prelude::*;

use super::session::{Session, Tab};
use crate::estimate::{BaseSize, Basis};

/// Version, number of rules, date and platform of the sizes.
#[component]
pub fn Footer(session: Session) -> impl IntoView {
    let measured =
        move || match session.weight.get().as_ref().and_then(|weight| weight.base.as_ref()) {
            Some(BaseSize { basis: Basis::Measured { date, .. }, .. }) => {
                format!("base image measured {date}")
            }
            _ => String::new(),
        };
    view! {
        <footer class="footer">
            <span>{concat!("Drydock ", env!("CARGO_PKG_VERSION"))}</span>
            <span>{move || session.later.get().map(|later| format!("{} rules", later.rules))}</span>
            <span>"sizes: linux/amd64, decimal megabytes"</span>
            <span>{move || measured()}</span>
        </footer>
    }
}

/// File, Issues, Rewrite, Size: one at a time, within reach of a thumb.
#[component]
pub fn BottomBar(session: Session) -> impl IntoView {
    let total = move || {
        let counts = session.counts.get();
        (counts.fix + counts.consider).to_string()
    };
    let button = move |tab: Tab, label: &'static str, more: Option<AnyView>| {
        view! {
            <button
                type="button"
                aria-current=move || (session.tab.get() == tab).then_some("page")
                on:click=move |_| session.tab.set(tab)
            >
                {label}
                {more}
            </button>
        }
    };
    view! {
        <nav class="bottom-bar" aria-label="Parts of the page">
            {button(Tab::File, "File", None)}
            {button(Tab::Issues, "Issues", Some(view! { <b>{move || total()}</b> }.into_any()))}
            {button(Tab::Rewrite, "Rewrite", None)}
            {button(Tab::Size, "Size", None)}
        </nav>
    }
}
