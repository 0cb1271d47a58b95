//! One rule with its lesson.

use leptos::prelude::*;

use super::blocks::{self, link, paragraphs};
use super::search::severity_name;
use super::{heading, title};
use crate::analysis::Analysis;
use crate::finding::{DOCKERFILE, Severity};
use crate::lesson::{Lesson, Lessons};
use crate::rules::{Fixes, Rule};
use crate::ui::issues::taught;
use crate::ui::parts::diff::DiffView;
use crate::ui::parts::{Coded, buys};

/// The page of `rule`.
pub fn rule(rule: &'static Rule, all: &Lessons) -> AnyView {
    let lesson = all.get(rule.id);
    let class = lesson.map_or("", |lesson| fix_class(rule, lesson));
    view! {
        <p class="page-over">"Rule " <code>{rule.id}</code></p>
        {title(rule.title)}
        <p class="issue-badges">
            <span class=format!("badge {}", rule.severity.as_str())>{severity_name(rule.severity)}</span>
            {buys(Some(rule))}
            <span class="badge">{class}</span>
        </p>
        {lesson.map(long_text)}
        {places(rule, lesson)}
    }
    .into_any()
}

/// How far its fix can be trusted, as the example of its lesson shows it.
fn fix_class(rule: &Rule, lesson: &Lesson) -> &'static str {
    let found = Analysis::of(&lesson.project_before()).findings;
    let fix = found.into_iter().find(|one| one.rule == rule.id).and_then(|one| one.fix);
    match fix {
        Some(fix) if rule.fixes != Fixes::Never => fix.applicability.label(),
        _ => "By hand",
    }
}

fn long_text(lesson: &Lesson) -> AnyView {
    let outside = (!lesson.outside.is_empty()).then(|| {
        view! {
            {heading("Outside the Dockerfile")}
            {blocks::blocks(&lesson.outside)}
        }
        .into_any()
    });
    view! {
        {paragraphs(&lesson.message)}
        {heading("Why")}
        {paragraphs(&lesson.why)}
        {heading("Do")}
        {paragraphs(&lesson.what_to_do)}
        {heading("Before and after")}
        {change(lesson)}
        {heading("Leave it when")}
        {paragraphs(&lesson.leave_it)}
        {outside}
    }
    .into_any()
}

/// The example, file by file; one that stays the same is shown as it is.
fn change(lesson: &Lesson) -> AnyView {
    let new = lesson.after.iter().filter(|(name, _)| lesson.before(name).is_none());
    let mut out = Vec::new();
    for (name, _) in lesson.before.iter().chain(new) {
        let before = lesson.before(name).unwrap_or_default();
        let after = lesson.after(name).unwrap_or(before);
        let says = if lesson.before(name).is_none() { " (new file)" } else { "" };
        let body = if before == after {
            blocks::code(before)
        } else {
            let (before, after) = (before.to_owned(), after.to_owned());
            view! { <div class="page-diff"><DiffView before after context=usize::MAX /></div> }
                .into_any()
        };
        out.push(
            view! {
                <p class="issue-file" hidden=name == DOCKERFILE>
                    <code>{name.clone()}</code>
                    {says}
                </p>
                {body}
            }
            .into_any(),
        );
    }
    out.into_any()
}

/// Where it is taught, what others call it, and where to read on.
fn places(rule: &'static Rule, lesson: Option<&Lesson>) -> AnyView {
    let mut out = Vec::new();
    let mut add = |title: &'static str, items: Vec<AnyView>| {
        if !items.is_empty() {
            let mut rows = Vec::new();
            for item in items {
                rows.push(view! { <li>{item}</li> }.into_any());
            }
            out.push(view! { {heading(title)} <ul class="page-list">{rows}</ul> }.into_any());
        }
    };
    add("In the lessons", rule.taught.iter().map(taught).collect());
    let mut links = Vec::new();
    for source in lesson.map_or(&[][..], |lesson| &lesson.sources) {
        if let Some(url) = &source.url {
            links.push(link(&source.text, url));
        }
    }
    add("Sources", links);
    let mut names = Vec::new();
    for alias in rule.aliases {
        names.push(view! { <code>{*alias}</code> }.into_any());
    }
    add("Elsewhere called", names);
    if rule.severity != Severity::Error {
        let comment =
            format!("`# drydock ignore={}` in the line above, and a reason behind it", rule.id);
        add("To silence it", vec![view! { <Coded text=comment /> }.into_any()]);
    }
    out.into_any()
}
