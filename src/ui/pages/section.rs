//! A section of a lesson, and the contents of both.

use std::cmp::Reverse;

use leptos::prelude::*;

use super::{blocks, heading, rules, title};
use crate::lesson::{Lessons, Page};
use crate::rules::{RULES, Rule, Section};
use crate::ui::browser::route::Route;
use crate::ui::parts::Coded;
use crate::ui::project::Place;
use crate::ui::samples;
use crate::ui::session::Session;

/// The page of the section that is the `at`th.
pub fn section(session: Session, route: Route, all: &Lessons, at: usize) -> AnyView {
    let Some(page) = all.pages.get(at) else { return ().into_any() };
    let differs = (!page.differs.is_empty()).then(|| {
        view! {
            <div class="page-differs">
                {heading("Where this differs from the handout")}
                {blocks::blocks(&page.differs)}
            </div>
        }
        .into_any()
    });
    let taught = taught_in(page);
    let checks = (!taught.is_empty()).then(|| {
        view! {
            {heading("What Drydock checks of it")}
            {rules::rows(&taught)}
        }
        .into_any()
    });
    view! {
        <p class="page-over">{page.lesson.clone()}</p>
        {title(&page.title)}
        {blocks::blocks(&page.text)}
        {differs}
        {checks}
        {try_it(session, route, page)}
        <nav class="page-around" aria-label="Sections">
            {around(all, page, at.checked_sub(1), "Previous")}
            {around(all, page, Some(at + 1), "Next")}
        </nav>
    }
    .into_any()
}

/// The rules that the section teaches, what matters most first.
fn taught_in(page: &Page) -> Vec<&'static Rule> {
    let mut out = Vec::new();
    for rule in RULES {
        let is_it =
            |section: &Section| section.title == page.title && section.lesson_name() == page.lesson;
        if rule.taught.iter().any(is_it) {
            out.push(rule);
        }
    }
    out.sort_by_key(|rule| Reverse(rule.severity));
    out
}

fn try_it(session: Session, route: Route, page: &Page) -> AnyView {
    let Some(sample) = samples::sample(&page.sample) else { return ().into_any() };
    let open = move |_| {
        session.open(Place::Sample(sample.id));
        route.close();
    };
    view! {
        {heading("Try it")}
        {blocks::blocks(&page.try_it)}
        <p class="page-try">
            <button type="button" class="button" on:click=open>
                {format!("Open “{}: {}”", sample.lesson, sample.name)}
            </button>
            <span class="muted">"What you wrote stays under “Your file”."</span>
        </p>
    }
    .into_any()
}

/// The way to the section before or behind, within the lesson.
fn around(all: &Lessons, page: &Page, at: Option<usize>, word: &'static str) -> AnyView {
    let other = at.and_then(|at| all.pages.get(at)).filter(|other| other.lesson == page.lesson);
    let Some(other) = other else { return view! { <span></span> }.into_any() };
    view! {
        <a href=format!("#lesson/{}", other.slug())>
            <span>{word}</span>
            <b><Coded text=other.title.clone() /></b>
        </a>
    }
    .into_any()
}

/// The sections of both lessons.
pub fn contents(all: &Lessons) -> AnyView {
    let mut out = Vec::new();
    let mut items = Vec::new();
    for (at, page) in all.pages.iter().enumerate() {
        let count = match taught_in(page).len() {
            0 => String::new(),
            1 => "1 rule".to_owned(),
            count => format!("{count} rules"),
        };
        items.push(
            view! {
                <li>
                    <a href=format!("#lesson/{}", page.slug())><Coded text=page.title.clone() /></a>
                    <span class="muted">{count}</span>
                </li>
            }
            .into_any(),
        );
        if all.pages.get(at + 1).is_none_or(|next| next.lesson != page.lesson) {
            let items = std::mem::take(&mut items);
            out.push(
                view! {
                    <h3>{page.lesson.clone()}</h3>
                    <ol class="page-rules">{items}</ol>
                }
                .into_any(),
            );
        }
    }
    view! {
        {title("Lessons")}
        <p class="page-text">
            "What both lessons teach, section by section: in short, with what Drydock checks of it, and where it says something else than the handout."
        </p>
        {out}
    }
    .into_any()
}
