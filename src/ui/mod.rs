//! How it looks: the page in Leptos. It reads `Analysis` and judges nothing.

pub mod browser;
mod editor;
mod files;
mod footer;
mod header;
mod issues;
pub mod later;
mod lessons;
mod notices;
pub mod pages;
pub mod parts;
pub mod project;
mod rewrite;
pub mod samples;
pub mod session;
pub mod share;
mod sheet;
mod size;
pub mod storage;
mod strip;
mod wire;

use leptos::prelude::*;

use self::files::Files;
use self::footer::{BottomBar, Footer};
use self::header::Header;
use self::issues::Issues;
use self::later::{Later, Part, later};
use self::notices::{Announcer, Notices};
use self::parts::tabs::{Item, Tabs};
use self::session::{Session, Tab};
use self::strip::Strip;

/// Opens the page: puts it in place of the static one.
pub fn start() {
    browser::boot::on_panic();
    browser::boot::show(|later| {
        leptos::mount::mount_to_body(move || view! { <App later /> });
        browser::boot::remove_static_page();
    });
}

/// The page: a header, a line that sums up, the file at the left and what there is to say at the right.
#[component]
fn App(later: Option<Later>) -> impl IntoView {
    let session = Session::new(later);
    browser::boot::start(session);
    let shown = move || match session.tab.get() {
        Tab::File => "file",
        Tab::Issues => "issues",
        Tab::Rewrite => "rewrite",
        Tab::Size => "size",
    };
    view! {
        <div class="app" data-tab=shown class:wide=move || session.wide.get()>
            <Header session />
            <Strip session />
            <Notices session />
            <main class="columns">
                <Files session />
                <Answers session />
            </main>
            <Footer session />
            <BottomBar session />
            {later::later(session, Part::Sheet)}
            <Announcer session />
        </div>
    }
}

/// The right column: Issues, Rewrite, Size.
#[component]
fn Answers(session: Session) -> impl IntoView {
    let total = Signal::derive(move || {
        let counts = session.counts.get();
        (counts.fix + counts.consider).to_string()
    });
    let none = Signal::derive(String::new);
    let items = vec![
        Item { value: Tab::Issues, id: "tab-issues", label: "Issues", more: total },
        Item { value: Tab::Rewrite, id: "tab-rewrite", label: "Rewrite", more: none },
        Item { value: Tab::Size, id: "tab-size", label: "Size", more: none },
    ];
    // With two columns the file is always there, so "File" leaves the right column to the issues.
    let chosen = Memo::new(move |_| match session.tab.get() {
        Tab::File => Tab::Issues,
        tab => tab,
    });
    let panel = move |tab: Tab, id: &'static str| {
        let body = move || match tab {
            Tab::Rewrite => later(session, Part::Rewrite),
            Tab::Size => later(session, Part::Size),
            Tab::File | Tab::Issues => view! { <Issues session /> }.into_any(),
        };
        view! {
            <section
                class="panel-body"
                role="tabpanel"
                id=format!("{id}-panel")
                aria-labelledby=id
                tabindex="-1"
                hidden=move || chosen.get() != tab
            >
                {move || if chosen.get() == tab { body() } else { ().into_any() }}
            </section>
        }
    };
    view! {
        <div class="answers">
            <Tabs
                label="What there is to say"
                class="answer-tabs"
                items
                chosen
                on_choose=move |tab| {
                    session.wide.set(false);
                    session.tab.set(tab);
                }
            />
            {panel(Tab::Issues, "tab-issues")}
            {panel(Tab::Rewrite, "tab-rewrite")}
            {panel(Tab::Size, "tab-size")}
            {later(session, Part::Page)}
        </div>
    }
}
