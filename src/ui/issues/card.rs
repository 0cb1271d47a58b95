//! An open finding: why, the change, and what can be done about it.

use leptos::prelude::*;

use crate::finding::{Applicability, DOCKERFILE, Finding, Fix};
use crate::input::Input;
use crate::lesson::{Lesson, Source};
use crate::rewrite;
use crate::rules::{self, Rule};
use crate::text::LineIndex;
use crate::ui::browser::{focus, lessons};
use crate::ui::lessons::LessonTexts;
use crate::ui::parts::diff::DiffView;
use crate::ui::parts::{Buy, Coded, Prose};
use crate::ui::session::{Key, Session, Tab};

/// Where a finding is, for people: "line 6", "before line 10", "at the end".
pub(super) fn place(finding: &Finding, lines: &LineIndex, text: &str) -> String {
    if finding.file != DOCKERFILE {
        return finding.file.to_owned();
    }
    let line = lines.line(finding.range.start);
    if !finding.missing {
        format!("line {line}")
    } else if finding.range.start >= text.trim_end().len() {
        "at the end".to_owned()
    } else {
        format!("before line {line}")
    }
}

/// The card of the selected finding.
#[component]
pub(super) fn Card(session: Session, key_of: Key) -> impl IntoView {
    let rule = rules::rule(key_of.rule);
    let more = RwSignal::new(false);
    let badges = move || {
        rule.map(|rule| rule.buys.iter().map(|buys| view! { <Buy buys=*buys /> }).collect_view())
    };
    move || {
        let finding = session.selected.get()?;
        let fix = finding.fix.clone().filter(|_| !session.fixes_off.get());
        Some(view! {
            <div class="issue-card">
                <p class="issue-badges">{badges()} <Trust finding=finding.clone() /></p>
                {source_line(session, &finding).map(|line| quote(session, line))}
                <p class="issue-message">
                    <Coded text=finding.message.clone() />
                </p>
                <Why session rule=key_of.rule />
                {finding
                    .advice
                    .clone()
                    .map(|text| {
                        view! {
                            <p class="issue-why">
                                <b>"By hand: "</b>
                                <Coded text />
                            </p>
                        }
                    })}
                {fix.clone().map(|fix| view! { <Change session fix /> })}
                <div class="issue-actions">
                    {fix.map(|_| view! { <FixButtons session key_of /> })}
                    <button
                        type="button"
                        class="button quiet"
                        aria-expanded=move || more.get().to_string()
                        on:click=move |_| more.update(|more| *more = !*more)
                    >
                        {move || if more.get() { "Less" } else { "More" }}
                    </button>
                    {taught(rule)}
                </div>
                {move || more.get().then(|| view! { <More session rule /> })}
            </div>
        })
    }
}

/// On a phone the file is on another screen, so the card quotes its line.
fn quote(session: Session, line: String) -> impl IntoView {
    view! {
        <div class="issue-quote">
            <code>{line}</code>
            <button type="button" class="button quiet small" on:click=move |_| session.tab.set(Tab::File)>
                "Show in file"
            </button>
        </div>
    }
}

/// Safe, Check first or By hand.
#[component]
fn Trust(finding: Finding) -> impl IntoView {
    let (class, label) = match finding.fix.as_ref().map(|fix| fix.applicability) {
        Some(Applicability::Safe) => ("badge safe", Applicability::Safe.label()),
        Some(Applicability::Ask) => ("badge check", Applicability::Ask.label()),
        None => ("badge", "By hand"),
    };
    view! { <span class=class>{label}</span> }
}

/// The reason, in the words of the lesson's text once that is here.
#[component]
fn Why(session: Session, rule: &'static str) -> impl IntoView {
    move || {
        match session.lessons.get() {
        LessonTexts::Waiting => view! { <p class="muted">"The reason is loading …"</p> }.into_any(),
        LessonTexts::Failed(says) => view! {
            <p class="muted">
                {says} " "
                <button type="button" class="button small" on:click=move |_| lessons::fetch(session)>
                    "Try again"
                </button>
            </p>
        }
        .into_any(),
        LessonTexts::Ready(all) => all
            .get(rule)
            .map(|lesson| lesson.why.split("\n\n").map(|text| view! { <p class="issue-why"><Prose text /></p> }).collect_view())
            .into_any(),
    }
    }
}

/// What the fix does and what it assumes, with the lines that change.
#[component]
pub fn Change(session: Session, fix: Fix) -> impl IntoView {
    let title = fix.title.clone();
    let sentences: Vec<_> =
        fix.assumes.iter().map(|text| view! { <Coded text=text.clone() /> " " }).collect();
    let assumes = (!sentences.is_empty()).then(|| {
        view! { <p class="issue-assumes"><b>"Check first: "</b>{sentences}</p> }
    });
    // The lines around the change may become others while the finding stays what it was.
    let diffs = move || {
        session.settled.track();
        let before = session.input.get_untracked();
        let after = rewrite::apply(&before, &fix);
        changed(&before, &after).into_iter().map(diff).collect_view()
    };
    view! {
        <p class="issue-fix"><Coded text=title /></p>
        {assumes}
        {diffs}
    }
}

/// One file's lines that change.
fn diff((name, before, after): (String, String, String)) -> impl IntoView {
    let heading = (name != DOCKERFILE).then(|| {
        let says = if before.is_empty() { " (new file)" } else { "" };
        view! { <p class="issue-file"><code>{name}</code>{says}</p> }
    });
    view! {
        {heading}
        <div class="issue-diff"><DiffView before after context=1 /></div>
    }
}

/// Name, text before and text after of every file that differs.
fn changed(before: &Input, after: &Input) -> Vec<(String, String, String)> {
    let mut out = Vec::new();
    if before.dockerfile != after.dockerfile {
        out.push((DOCKERFILE.to_owned(), before.dockerfile.clone(), after.dockerfile.clone()));
    }
    for (name, given) in &after.files {
        let (old, new) = (before.text(name).unwrap_or_default(), given.text().unwrap_or_default());
        if old != new {
            out.push((name.clone(), old.to_owned(), new.to_owned()));
        }
    }
    out
}

#[component]
fn FixButtons(session: Session, key_of: Key) -> impl IntoView {
    let same = move || {
        session.findings.with(|all| {
            all.iter().filter(|(key, f)| key.rule == key_of.rule && f.fix.is_some()).count()
        })
    };
    // The row goes with its finding, and the keyboard must not be lost with it.
    let next = move || {
        let all = session.findings.get_untracked();
        let at = all.iter().position(|(key, _)| *key == key_of).unwrap_or_default();
        all.get(at + 1)
            .or_else(|| all.first())
            .map_or("tab-issues".to_owned(), |(key, _)| super::row_id(*key))
    };
    view! {
        <button
            type="button"
            class="button"
            on:click=move |_| {
                let next = next();
                session.fix(key_of);
                focus::soon(next);
            }
        >
            "Fix"
        </button>
        {move || {
            (same() > 1)
                .then(|| {
                    view! {
                        <button
                            type="button"
                            class="button"
                            on:click=move |_| {
                                session.fix_all(key_of.rule);
                                focus::soon("tab-issues");
                            }
                        >
                            {format!("Fix all {}", same())}
                        </button>
                    }
                })
        }}
    }
}

/// "Docker for Production · Layer Caching".
fn taught(rule: Option<&'static Rule>) -> Option<impl IntoView> {
    let section = *rule?.taught.first()?;
    Some(view! {
        <span class="issue-taught">
            {section.lesson_name()} " · " <Coded text=section.title />
        </span>
    })
}

/// What is asked for rarely: how and when not, ids, sources.
#[component]
fn More(session: Session, rule: Option<&'static Rule>) -> impl IntoView {
    let rule = rule?;
    let text = move || {
        let LessonTexts::Ready(all) = session.lessons.get() else { return None };
        all.get(rule.id).map(from_lesson)
    };
    let others = (!rule.aliases.is_empty()).then(|| {
        view! { <dt>"Elsewhere called"</dt><dd>{rule.aliases.join(", ")}</dd> }
    });
    let sections = rule.taught.iter().map(|section| {
        view! { <dd>{section.lesson_name()} " · " <Coded text=section.title /></dd> }
    });
    Some(view! {
        <dl class="issue-more">
            {text}
            {(!rule.taught.is_empty())
                .then(|| {
                    view! {
                        <dt>"In the lessons"</dt>
                        {sections.collect_view()}
                    }
                })}
            <dt>"Rule"</dt>
            <dd>
                <code>{rule.id}</code>
            </dd>
            {others}
        </dl>
    })
}

fn from_lesson(lesson: &Lesson) -> impl IntoView + use<> {
    let sources = lesson.sources.iter().filter(|source| source.url.is_some()).cloned().map(|Source { text, url }| {
        view! { <dd><a href=url.unwrap_or_default() target="_blank" rel="noreferrer">{text}</a></dd> }
    });
    let sources = sources.collect::<Vec<_>>();
    view! {
        <dt>"Do"</dt>
        <dd><Prose text=lesson.what_to_do.clone() /></dd>
        <dt>"Leave it when"</dt>
        <dd><Prose text=lesson.leave_it.clone() /></dd>
        {(!sources.is_empty()).then(|| view! { <dt>"Sources"</dt>{sources} })}
    }
}

/// The line a finding is about, without the blanks around it; `None` for what is missing or in another file.
fn source_line(session: Session, finding: &Finding) -> Option<String> {
    let written = finding.file == DOCKERFILE && !finding.missing;
    written.then(|| {
        session.analysis.with(|analysis| {
            let line = analysis.lines.line(finding.range.start);
            analysis.lines.range(line).of(&analysis.text).trim().to_owned()
        })
    })
}
