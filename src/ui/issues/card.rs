//! An open finding: why, the change, and what can be done about it.

use std::sync::Arc;

use leptos::prelude::*;

use crate::finding::{Applicability, DOCKERFILE, Finding, Fix};
use crate::input::Input;
use crate::lesson::{Lessons, slug};
use crate::rewrite;
use crate::rules::{self, Rule, Section};
use crate::text::LineIndex;
use crate::ui::browser::{focus, lessons};
use crate::ui::lessons::LessonTexts;
use crate::ui::parts::diff::DiffView;
use crate::ui::parts::{Coded, Prose, buys};
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
pub fn card(session: Session, key: Key) -> AnyView {
    let more = RwSignal::new(false);
    let worded = worded(session);
    view! {
        <div class="issue-card">
            {move || match worded.get() {
                Some(finding) => content(session, key, finding, more),
                None => ().into_any(),
            }}
        </div>
    }
    .into_any()
}

/// The selected finding. It counts as another one when it says something else; most of the typing only moves it.
pub fn worded(session: Session) -> Memo<Option<Finding>> {
    Memo::new_with_compare(
        move |_| session.selected.get(),
        |old, new| {
            old.and_then(Option::as_ref).map(words) != new.and_then(Option::as_ref).map(words)
        },
    )
}

/// All of a finding but its place.
fn words(finding: &Finding) -> impl PartialEq {
    let fix = finding.fix.as_ref().map(|fix| (&fix.title, fix.applicability, &fix.assumes));
    (finding.rule, &finding.message, &finding.advice, fix)
}

fn content(session: Session, key: Key, finding: Finding, more: RwSignal<bool>) -> AnyView {
    let rule = rules::rule(key.rule);
    let (trust, label) = match finding.fix.as_ref().map(|fix| fix.applicability) {
        Some(Applicability::Safe) => ("badge safe", Applicability::Safe.label()),
        Some(Applicability::Ask) => ("badge check", Applicability::Ask.label()),
        None => ("badge", "By hand"),
    };
    let advice = finding.advice.map(by_hand);
    let fix = finding.fix.filter(|_| !session.fixes_off.get());
    let buttons = fix.as_ref().map(|_| fix_buttons(session, key));
    let section = rule.and_then(|rule| rule.taught.first());
    view! {
        <p class="issue-badges">
            {buys(rule)} <span class=trust>{label}</span>
        </p>
        {move || source_line(session).map(|line| quote(session, line))}
        <p class="issue-message">
            <Coded text=finding.message />
        </p>
        {move || why(session, key.rule)}
        {advice}
        {fix.map(|fix| view! { <Change session fix /> }.into_any())}
        <div class="issue-actions">
            {buttons}
            <button
                type="button"
                class="button quiet"
                aria-expanded=move || more.get().to_string()
                on:click=move |_| more.update(|more| *more = !*more)
            >
                {move || if more.get() { "Less" } else { "More" }}
            </button>
            <span class="issue-taught">{section.map(taught)}</span>
        </div>
        {move || match rule {
            Some(rule) if more.get() => details(session, rule),
            _ => ().into_any(),
        }}
    }
    .into_any()
}

/// What the learner has to do where no fix does it.
pub(in crate::ui) fn by_hand(text: String) -> AnyView {
    view! {
        <p class="issue-why">
            <b>"By hand: "</b>
            <Coded text />
        </p>
    }
    .into_any()
}

/// On a phone the file is on another screen, so the card quotes its line.
fn quote(session: Session, line: String) -> AnyView {
    view! {
        <div class="issue-quote">
            <code>{line}</code>
            <button
                type="button"
                class="button quiet small"
                on:click=move |_| session.tab.set(Tab::File)
            >
                "Show in file"
            </button>
        </div>
    }
    .into_any()
}

/// The reason, in the words of the lesson's text once that is here.
fn why(session: Session, rule: &'static str) -> AnyView {
    let all = match texts(session, "The reason is loading …") {
        Ok(all) => all,
        Err(says) => return says,
    };
    let mut paragraphs = Vec::new();
    for text in all.get(rule).map_or("", |lesson| lesson.why.as_str()).split("\n\n") {
        paragraphs.push(paragraph(text));
    }
    paragraphs.into_any()
}

/// The lessons' texts, or what to show in their place: `waiting`, or that they did not come.
pub(in crate::ui) fn texts(
    session: Session,
    waiting: &'static str,
) -> Result<Arc<Lessons>, AnyView> {
    let says = match session.lessons.get() {
        LessonTexts::Ready(all) => return Ok(all),
        LessonTexts::Waiting => {
            return Err(view! { <p class="muted">{waiting}</p> }.into_any());
        }
        LessonTexts::Failed(says) => says,
    };
    let says = view! {
        <p class="muted">
            {says} " "
            <button
                type="button"
                class="button small"
                on:click=move |_| lessons::fetch(session)
            >
                "Try again"
            </button>
        </p>
    };
    Err(says.into_any())
}

fn paragraph(text: &str) -> AnyView {
    view! {
        <p class="issue-why">
            <Prose text />
        </p>
    }
    .into_any()
}

/// What the fix of the selected finding does and what it assumes, with the lines that change.
#[component]
pub fn Change(session: Session, fix: Fix) -> impl IntoView {
    let Fix { title, assumes, .. } = fix;
    let assumes = assumes.join(" ");
    let assumes = (!assumes.is_empty()).then(|| {
        view! {
            <p class="issue-assumes">
                <b>"Check first: "</b>
                <Coded text=assumes />
            </p>
        }
        .into_any()
    });
    view! {
        <p class="issue-fix">
            <Coded text=title />
        </p>
        {assumes}
        {move || {
            // Not at each key: the lines around the change may become others while the finding says the same.
            session.settled.track();
            session.selection.track();
            let fix = session.selected.get_untracked().and_then(|finding| finding.fix);
            fix.map(|fix| diffs(&session.input.get_untracked(), &fix))
        }}
    }
}

/// The lines that `fix` changes, file by file.
fn diffs(before: &Input, fix: &Fix) -> AnyView {
    let after = rewrite::apply(before, fix);
    let mut out = Vec::new();
    if before.dockerfile != after.dockerfile {
        out.push(diff("", before.dockerfile.clone(), after.dockerfile));
    }
    for (name, given) in &after.files {
        let old = before.text(name).unwrap_or_default();
        let new = given.text().unwrap_or_default();
        if old != new {
            out.push(diff(name, old.to_owned(), new.to_owned()));
        }
    }
    out.into_any()
}

/// One file's lines that change; the Dockerfile needs no name.
fn diff(name: &str, before: String, after: String) -> AnyView {
    let says = if name.is_empty() || !before.is_empty() { "" } else { " (new file)" };
    view! {
        <p class="issue-file" hidden=name.is_empty()>
            <code>{name.to_owned()}</code>
            {says}
        </p>
        <div class="issue-diff">
            <DiffView before after context=1 />
        </div>
    }
    .into_any()
}

fn fix_buttons(session: Session, key: Key) -> AnyView {
    let fix = move |_| {
        // The row goes with its finding, and the keyboard must not be lost with it.
        let next = session.findings.with_untracked(|all| {
            let at = all.iter().position(|(other, _)| *other == key).unwrap_or_default();
            all.get(at + 1).or_else(|| all.first()).map(|(next, _)| super::row_id(*next))
        });
        session.fix(key);
        focus::soon(next.unwrap_or_default());
    };
    let all = move || {
        let same = session.findings.with(|all| {
            let of_rule = |&&(other, ref finding): &&(Key, Finding)| {
                other.rule == key.rule && finding.fix.is_some()
            };
            all.iter().filter(of_rule).count()
        });
        let fix_all = move |_| {
            session.fix_all(key.rule);
            focus::soon("tab-issues");
        };
        (same > 1).then(|| {
            view! {
                <button type="button" class="button" on:click=fix_all>
                    {format!("Fix all {same}")}
                </button>
            }
            .into_any()
        })
    };
    view! {
        <button type="button" class="button" on:click=fix>
            "Fix"
        </button>
        {all}
    }
    .into_any()
}

/// "Docker for Production · Layer Caching", as a link to its page.
pub(in crate::ui) fn taught(section: &'static Section) -> AnyView {
    view! {
        <a href=format!("#lesson/{}", slug(section.title))>
            {section.lesson_name()}
            " · "
            <Coded text=section.title />
        </a>
    }
    .into_any()
}

/// What is asked for rarely: how and when not, where it is taught, ids, sources.
fn details(session: Session, rule: &'static Rule) -> AnyView {
    let mut out = Vec::new();
    let mut add = |term: &'static str, means: Vec<AnyView>| {
        if !means.is_empty() {
            out.push(view! { <dt>{term}</dt> }.into_any());
            for means in means {
                out.push(view! { <dd>{means}</dd> }.into_any());
            }
        }
    };
    let lesson = match session.lessons.get() {
        LessonTexts::Ready(all) => all.get(rule.id).cloned(),
        LessonTexts::Waiting | LessonTexts::Failed(_) => None,
    };
    let prose = |text: &str| vec![view! { <Prose text /> }.into_any()];
    if let Some(lesson) = &lesson {
        add("Do", prose(&lesson.what_to_do));
        add("Leave it when", prose(&lesson.leave_it));
    }
    add("In the lessons", rule.taught.iter().map(taught).collect());
    let page = format!("#rule/{}", rule.id);
    add("Rule", vec![view! { <a href=page><code>{rule.id}</code></a> }.into_any()]);
    if !rule.aliases.is_empty() {
        add("Elsewhere called", vec![rule.aliases.join(", ").into_any()]);
    }
    if let Some(lesson) = lesson {
        let mut links = Vec::new();
        for source in lesson.sources {
            if let Some(url) = source.url {
                links.push(
                    view! { <a href=url target="_blank" rel="noreferrer">{source.text}</a> }
                        .into_any(),
                );
            }
        }
        add("Sources", links);
    }
    view! { <dl class="issue-more">{out}</dl> }.into_any()
}

/// The line the selected finding is about, without the blanks around it; `None` for what is missing or in another file.
fn source_line(session: Session) -> Option<String> {
    let finding = session.selected.get()?;
    let written = finding.file == DOCKERFILE && !finding.missing;
    written.then(|| {
        session.analysis.with(|analysis| {
            let line = analysis.lines.line(finding.range.start);
            analysis.lines.range(line).of(&analysis.text).trim().to_owned()
        })
    })
}
