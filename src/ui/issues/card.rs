//! An open finding: why, the change, and what can be done about it.

use leptos::prelude::*;

use crate::finding::{Applicability, DOCKERFILE, Finding, Fix};
use crate::input::Input;
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
    view! {
        <div class="issue-card">
            {move || match session.selected.get() {
                Some(finding) => content(session, key, finding, more),
                None => ().into_any(),
            }}
        </div>
    }
    .into_any()
}

fn content(session: Session, key: Key, finding: Finding, more: RwSignal<bool>) -> AnyView {
    let rule = rules::rule(key.rule);
    let (trust, label) = match finding.fix.as_ref().map(|fix| fix.applicability) {
        Some(Applicability::Safe) => ("badge safe", Applicability::Safe.label()),
        Some(Applicability::Ask) => ("badge check", Applicability::Ask.label()),
        None => ("badge", "By hand"),
    };
    let quoted = source_line(session, &finding).map(|line| quote(session, line));
    let advice = finding.advice.map(by_hand);
    let fix = finding.fix.filter(|_| !session.fixes_off.get());
    let buttons = fix.as_ref().map(|_| fix_buttons(session, key));
    let section = rule.and_then(|rule| rule.taught.first());
    view! {
        <p class="issue-badges">
            {buys(rule)} <span class=trust>{label}</span>
        </p>
        {quoted}
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
    let says = match session.lessons.get() {
        LessonTexts::Ready(all) => {
            let mut paragraphs = Vec::new();
            for text in all.get(rule).map_or("", |lesson| lesson.why.as_str()).split("\n\n") {
                paragraphs.push(paragraph(text));
            }
            return paragraphs.into_any();
        }
        LessonTexts::Waiting => {
            return view! { <p class="muted">"The reason is loading …"</p> }.into_any();
        }
        LessonTexts::Failed(says) => says,
    };
    view! {
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
    }
    .into_any()
}

fn paragraph(text: &str) -> AnyView {
    view! {
        <p class="issue-why">
            <Prose text />
        </p>
    }
    .into_any()
}

/// What the fix does and what it assumes, with the lines that change.
#[component]
pub fn Change(session: Session, fix: Fix) -> impl IntoView {
    let title = fix.title.clone();
    let assumes = fix.assumes.join(" ");
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
            // The lines around the change may become others while the finding stays what it was.
            session.settled.track();
            diffs(&session.input.get_untracked(), &fix)
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
    let same = session.findings.with(|all| {
        all.iter()
            .filter(|(other, finding)| other.rule == key.rule && finding.fix.is_some())
            .count()
    });
    let fix = move |_| {
        // The row goes with its finding, and the keyboard must not be lost with it.
        let next = session.findings.with_untracked(|all| {
            let at = all.iter().position(|(other, _)| *other == key).unwrap_or_default();
            all.get(at + 1).or_else(|| all.first()).map(|(next, _)| super::row_id(*next))
        });
        session.fix(key);
        focus::soon(next.unwrap_or_default());
    };
    let all = (same > 1).then(|| {
        let fix_all = move |_| {
            session.fix_all(key.rule);
            focus::soon("tab-issues");
        };
        view! {
            <button type="button" class="button" on:click=fix_all>
                {format!("Fix all {same}")}
            </button>
        }
        .into_any()
    });
    view! {
        <button type="button" class="button" on:click=fix>
            "Fix"
        </button>
        {all}
    }
    .into_any()
}

/// "Docker for Production · Layer Caching".
fn taught(section: &'static Section) -> AnyView {
    view! {
        {section.lesson_name()}
        " · "
        <Coded text=section.title />
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
    add("Rule", vec![view! { <code>{rule.id}</code> }.into_any()]);
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
