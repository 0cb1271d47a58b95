//! Every rule, with search and filters.

use leptos::prelude::*;

use super::search::{Wanted, severity_name};
use super::title;
use crate::finding::Severity;
use crate::rules::{RULES, Rule};
use crate::ui::parts::{Coded, Mark};

/// The list. What is asked for outlives the page.
pub fn list(wanted: RwSignal<Wanted>) -> AnyView {
    let found = Memo::new(move |_| {
        wanted.with(|wanted| wanted.rules().iter().map(|rule| rule.id).collect::<Vec<_>>())
    });
    let count = move || match found.with(Vec::len) {
        0 => "No rule fits. Take a word or a filter away.".to_owned(),
        1 => "1 rule".to_owned(),
        count if count == RULES.len() => format!("All {count} rules"),
        count => format!("{count} of {} rules", RULES.len()),
    };
    let mut severities = vec![("", "Any severity")];
    for severity in [Severity::Error, Severity::Warning, Severity::Info] {
        severities.push((severity.as_str(), severity_name(severity)));
    }
    let lessons = vec![
        ("", "Both lessons and beyond"),
        ("docker-for-production", "Docker for Production"),
        ("flask-for-production", "Flask for Production"),
        ("none", "Outside the lessons"),
    ];
    let words = move |event| wanted.update(|wanted| wanted.words = event_target_value(&event));
    let fixable =
        move |event| wanted.update(|wanted| wanted.fixable = event_target_checked(&event));
    view! {
        {title("Rules")}
        <search class="page-search">
            <input
                type="search"
                class="field"
                aria-label="Search the rules"
                placeholder="apt, root, DL3042 …"
                prop:value=move || wanted.with(|wanted| wanted.words.clone())
                on:input=words
            />
            {choice("Lesson", lessons, Signal::derive(move || wanted.with(|wanted| wanted.lesson.clone())),
                move |value| wanted.update(|wanted| wanted.lesson = value))}
            {choice("Severity", severities, Signal::derive(move || wanted.with(|wanted| wanted.severity.clone())),
                move |value| wanted.update(|wanted| wanted.severity = value))}
            <label class="choice">
                <input
                    type="checkbox"
                    prop:checked=move || wanted.with(|wanted| wanted.fixable)
                    on:change=fixable
                />
                "With a fix"
            </label>
        </search>
        <p class="muted" role="status">{count}</p>
        {move || {
            found.track();
            wanted.with_untracked(|wanted| rows(&wanted.rules()))
        }}
    }
    .into_any()
}

/// A choice among words, each with the value that it stands for.
fn choice(
    label: &'static str,
    options: Vec<(&'static str, &'static str)>,
    chosen: Signal<String>,
    choose: impl Fn(String) + 'static,
) -> AnyView {
    let mut entries = Vec::new();
    for (value, name) in options {
        entries.push(
            view! { <option value=value prop:selected=move || chosen.get() == value>{name}</option> }
                .into_any(),
        );
    }
    view! {
        <select class="field" aria-label=label on:change=move |event| choose(event_target_value(&event))>
            {entries}
        </select>
    }
    .into_any()
}

/// A list of links to rules.
pub fn rows(rules: &[&'static Rule]) -> AnyView {
    let mut out = Vec::new();
    for rule in rules {
        out.push(
            view! {
                <li>
                    <Mark severity=rule.severity missing=false />
                    <a href=format!("#rule/{}", rule.id)><Coded text=rule.title /></a>
                    <code class="muted">{rule.id}</code>
                </li>
            }
            .into_any(),
        );
    }
    view! { <ul class="page-rules">{out}</ul> }.into_any()
}
