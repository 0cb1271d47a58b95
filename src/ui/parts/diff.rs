//! A comparison of two texts: unified and wrapped, or in two columns.

use leptos::prelude::*;

use crate::diff::{Line, Piece, Row, rows};

/// What changed from `before` to `after`, with the words that differ highlighted.
///
/// Unchanged lines further away can be unfolded; two columns carry line numbers.
#[component]
pub fn DiffView(
    /// The text as it was.
    before: String,
    /// The text as it becomes.
    after: String,
    /// Unchanged lines around a change.
    context: usize,
    /// Two columns.
    #[prop(optional)]
    sides: bool,
) -> impl IntoView {
    let whole = RwSignal::new(false);
    move || {
        let context = if whole.get() { usize::MAX } else { context };
        let draw = if sides { pair } else { unified };
        let lines = rows(&before, &after, context)
            .into_iter()
            .map(|row| match row {
                Row::Hidden(lines) => unfold(lines, whole),
                row => draw(row),
            })
            .collect_view();
        view! {
            <div class="diff" class:diff-sides=sides>
                {lines}
            </div>
        }
    }
}

fn unified(row: Row) -> AnyView {
    match row {
        Row::Same { text, .. } => view! {
            <div class="diff-row">
                <span class="diff-sign"></span>
                <code>{text}</code>
            </div>
        }
        .into_any(),
        Row::Changed { old, new } => view! {
            {old.map(|line| removed(line.pieces))}
            {new.map(|line| added(line.pieces))}
        }
        .into_any(),
        Row::Hidden(_) => ().into_any(),
    }
}

fn removed(pieces: Vec<Piece>) -> impl IntoView {
    view! {
        <del class="diff-row">
            <span class="diff-sign" aria-hidden="true">
                "-"
            </span>
            <code>{words(pieces)}</code>
        </del>
    }
}

fn added(pieces: Vec<Piece>) -> impl IntoView {
    view! {
        <ins class="diff-row">
            <span class="diff-sign" aria-hidden="true">
                "+"
            </span>
            <code>{words(pieces)}</code>
        </ins>
    }
}

fn pair(row: Row) -> AnyView {
    let (left, right) = match row {
        Row::Hidden(_) => return ().into_any(),
        Row::Same { old, new, text } => {
            let right = view! { <code>{text.clone()}</code> }.into_any();
            (side(old, view! { <code>{text}</code> }.into_any()), side(new, right))
        }
        Row::Changed { old, new } => (
            old.map_or_else(nothing, |Line { number, pieces }| {
                side(number, view! { <del><code>{words(pieces)}</code></del> }.into_any())
            }),
            new.map_or_else(nothing, |Line { number, pieces }| {
                side(number, view! { <ins><code>{words(pieces)}</code></ins> }.into_any())
            }),
        ),
    };
    view! { <div class="diff-pair">{left}{right}</div> }.into_any()
}

fn side(number: usize, line: AnyView) -> AnyView {
    view! {
        <div class="diff-side">
            <span class="diff-number">{number}</span>
            {line}
        </div>
    }
    .into_any()
}

fn nothing() -> AnyView {
    view! { <div class="diff-side diff-nothing"></div> }.into_any()
}

fn words(pieces: Vec<Piece>) -> impl IntoView {
    pieces
        .into_iter()
        .map(
            |Piece { text, changed }| {
                if changed { view! { <mark>{text}</mark> }.into_any() } else { text.into_any() }
            },
        )
        .collect_view()
}

fn unfold(lines: usize, whole: RwSignal<bool>) -> AnyView {
    let label =
        if lines == 1 { "1 line as before".to_owned() } else { format!("{lines} lines as before") };
    view! {
        <button type="button" class="diff-hidden" on:click=move |_| whole.set(true)>
            {label}
        </button>
    }
    .into_any()
}
