//! Pages over the right column: the sections of the lessons, and the rules.

mod address;
mod blocks;
mod rule;
mod rules;
mod search;
mod section;

use leptos::prelude::*;

pub use self::address::Address;
use self::search::Wanted;
use super::browser::route::Route;
use super::issues::texts;
use super::session::Session;
use crate::lesson::Lessons;
use crate::ui::lessons::LessonTexts;

/// The id of the element that scrolls and takes the keyboard.
pub const PANEL: &str = "page";

/// The id of the page's title.
const TITLE: &str = "page-title";

/// The page that the address asks for; nothing where it asks for none.
pub fn page(session: Session) -> AnyView {
    let route = Route::start(session);
    // Whoever comes back from a rule finds the list as it was.
    let wanted = RwSignal::new(Wanted::default());
    route.name(Memo::new(move |_| {
        route.shown.get().map(|address| name(session, &address)).unwrap_or_default()
    }));
    (move || match route.shown.get() {
        None => ().into_any(),
        Some(address) => view! {
            <section class="page panel-body" id=PANEL tabindex="-1" aria-labelledby=TITLE>
                <div class="page-head">
                    <button type="button" class="button small" on:click=move |_| route.close()>
                        "Back"
                    </button>
                    <nav aria-label="Lessons and rules">
                        <a href="#lessons">"Lessons"</a>
                        <a href="#rules">"Rules"</a>
                    </nav>
                </div>
                {body(session, route, address, wanted)}
            </section>
        }
        .into_any(),
    })
    .into_any()
}

fn body(session: Session, route: Route, address: Address, wanted: RwSignal<Wanted>) -> AnyView {
    if address == Address::Rules {
        return rules::list(wanted);
    }
    (move || {
        let all = match texts(session, "This page is loading …") {
            Ok(all) => all,
            // The title stands alone until its text comes.
            Err(says) => return view! { {title(&name(session, &address))} {says} }.into_any(),
        };
        match &address {
            Address::Lessons => section::contents(&all),
            Address::Lesson(slug) => match all.page(slug) {
                Some(at) => section::section(session, route, &all, at),
                None => {
                    unknown("There is no such section", "#lessons", "All sections of both lessons")
                }
            },
            Address::Rule(id) => match crate::rules::rule(id) {
                Some(rule) => rule::rule(rule, &all),
                None => unknown("There is no such rule", "#rules", "All rules, with search"),
            },
            Address::Rules => ().into_any(),
        }
    })
    .into_any()
}

/// What the window is called while the page is shown.
fn name(session: Session, address: &Address) -> String {
    let title = match address {
        Address::Lessons => "Lessons".to_owned(),
        Address::Rules => "Rules".to_owned(),
        Address::Rule(id) => crate::rules::rule(id).map_or("Rules", |rule| rule.title).to_owned(),
        Address::Lesson(slug) => session.lessons.with(|texts| match texts {
            LessonTexts::Ready(all) => section_title(all, slug),
            LessonTexts::Waiting | LessonTexts::Failed(_) => "Lessons".to_owned(),
        }),
    };
    format!("{title} · Drydock")
}

fn section_title(all: &Lessons, slug: &str) -> String {
    let page = all.page(slug).and_then(|at| all.pages.get(at));
    page.map_or("Lessons".to_owned(), |page| page.title.replace('`', ""))
}

fn title(text: &str) -> AnyView {
    view! { <h2 class="page-title" id=TITLE><super::parts::Coded text /></h2> }.into_any()
}

fn unknown(says: &str, url: &'static str, all: &'static str) -> AnyView {
    view! {
        {title(says)}
        <p class="page-text">
            "The address may have been cut off or be of another version. Your file is as you left it. "
            <a href=url>{all}</a>
        </p>
    }
    .into_any()
}

fn heading(text: &'static str) -> AnyView {
    view! { <h3>{text}</h3> }.into_any()
}
