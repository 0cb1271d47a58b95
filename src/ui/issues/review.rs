//! Below the list: what matters most, what the score counts, a review to copy, and what comments silence.

use leptos::prelude::*;

use super::card::place;
use crate::analysis::{Analysis, Score, top_three};
use crate::finding::{Finding, Origin};
use crate::rules::rule;
use crate::ui::browser::clipboard;
use crate::ui::session::{Key, Session};

/// The three findings that matter most, where there are more.
fn top(session: Session) -> Vec<(Key, &'static str)> {
    let counts = session.counts.get();
    if counts.fix + counts.consider <= 3 {
        return Vec::new();
    }
    session.findings.with(|all| {
        let top = top_three(all.iter().map(|(_, finding)| finding));
        let known = |chosen: &Finding| all.iter().find(|(_, finding)| finding == chosen);
        top.into_iter().filter_map(known).map(|(key, finding)| (*key, finding.title)).collect()
    })
}

fn links(session: Session, top: Vec<(Key, &'static str)>) -> AnyView {
    if top.is_empty() {
        return ().into_any();
    }
    let mut links = Vec::new();
    for (key, title) in top {
        links.push(link(session, key, title));
    }
    view! {
        <div class="issues-top">
            <h2>"If you do three things"</h2>
            <ol>{links}</ol>
        </div>
    }
    .into_any()
}

fn link(session: Session, key: Key, title: &'static str) -> AnyView {
    view! {
        <li>
            <button type="button" class="link" on:click=move |_| session.select(Some(key))>
                {title}
            </button>
        </li>
    }
    .into_any()
}

/// Below the list.
pub fn review(session: Session) -> AnyView {
    // Typing changes neither, most of the time.
    let top = Memo::new(move |_| top(session));
    let score = Memo::new(move |_| score(session));
    let has_text = move || !session.findings.with(|all| all.is_empty());
    let copy = move |_| {
        let text = session.analysis.with_untracked(|analysis| comment(analysis));
        clipboard::copy_and_say(session, &text, "The review is copied.", "");
    };
    view! {
        <div class="issues-review">
            {move || links(session, top.get())}
            {move || silenced(&session.analysis.get())}
            {move || score.get().as_ref().map(costs)}
            <button type="button" class="button quiet" hidden=move || !has_text() on:click=copy>
                "Copy as a review comment"
            </button>
        </div>
    }
    .into_any()
}

/// The score of what can be read as a Dockerfile.
fn score(session: Session) -> Option<Score> {
    session.analysis.with(|analysis| {
        let is_read = analysis.mistaken.is_none() && !analysis.text.trim().is_empty();
        is_read.then(|| analysis.score.clone())
    })
}

/// What each rule takes off the score.
fn costs(score: &Score) -> AnyView {
    let mut rows = Vec::new();
    for (id, cost) in &score.costs {
        let title = rule(id).map_or(*id, |rule| rule.title);
        rows.push(
            view! { <tr><td>{title}</td><td class="number">{format!("−{cost}")}</td></tr> }
                .into_any(),
        );
    }
    view! {
        <details>
            <summary>{format!("Score {} of 100 ({})", score.points, score.grade)}</summary>
            <p class="muted">
                "An error takes 25 points, a warning 8, a recommendation of a lesson 2; each further place of the same kind takes one more, up to three. Notes and matters of taste take nothing. The checklist above says more than this number."
            </p>
            <table class="table"><tbody>{rows}</tbody></table>
        </details>
    }
    .into_any()
}

/// What comments silence, for reading only.
fn silenced(analysis: &Analysis) -> AnyView {
    if analysis.suppressed.is_empty() {
        return ().into_any();
    }
    let mut rows = Vec::new();
    for finding in &analysis.suppressed {
        let place = place(finding, &analysis.lines, &analysis.text);
        rows.push(
            view! { <li>{finding.title} <span class="issue-place">{place}</span></li> }.into_any(),
        );
    }
    view! {
        <details class="muted">
            <summary>{format!("Silenced by a comment · {}", analysis.suppressed.len())}</summary>
            <ul>{rows}</ul>
        </details>
    }
    .into_any()
}

/// The findings as Markdown for a review: the three that matter most, then the others in short.
fn comment(analysis: &Analysis) -> String {
    let counted = || analysis.findings.iter().filter(|finding| finding.origin != Origin::Note);
    let top = top_three(counted());
    let mut out = String::from("**Dockerfile, before production**\n");
    let mut line = |mark: &str, finding: &Finding, says: &str| {
        let place = place(finding, &analysis.lines, &analysis.text);
        for part in ["\n", mark, " ", finding.title, " (", &place, ")", says] {
            out += part;
        }
    };
    for finding in &top {
        line("1.", finding, &format!(": {}", finding.message));
    }
    let mut mark = "\nAlso:\n\n-";
    for finding in counted().filter(|finding| !top.contains(finding)) {
        line(mark, finding, "");
        mark = "-";
    }
    out.push('\n');
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::Input;

    #[test]
    fn a_review_begins_with_what_matters_most() {
        let analysis =
            Analysis::of(&Input::new("FROM python:3.11-slim\nCOPY app.py .\nCMD python app.py\n"));
        let text = comment(&analysis);
        let lines: Vec<&str> = text.lines().filter(|line| !line.is_empty()).collect();
        assert_eq!(lines[0], "**Dockerfile, before production**");
        assert!(lines[1].starts_with("1. Your app runs as root (before line 3): "), "{text}");
        assert!(lines[4..].iter().all(|line| *line == "Also:" || line.starts_with("- ")), "{text}");
    }
}
