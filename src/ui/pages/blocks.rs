//! The blocks of a page as they are drawn: text, lists, code, tables, the picture of stages.

use leptos::prelude::*;

use crate::lesson::Block;
use crate::ui::parts::{Coded, Prose};

/// What an opening fence says of the picture of stages.
const STAGES: &str = "stages";

/// All of them, items gathered in lists.
pub fn blocks(all: &[Block]) -> AnyView {
    let mut out = Vec::new();
    let mut items = Vec::new();
    for block in all {
        if let Block::Item(item) = block {
            items.push(view! { <li>{inline(item)}</li> }.into_any());
            continue;
        }
        list(&mut out, &mut items);
        out.push(match block {
            Block::Text(text) => paragraph(text),
            Block::Code { info, text } if info == STAGES => stages(text),
            Block::Code { text, .. } => code(text),
            Block::Table(rows) => table(rows),
            Block::Item(_) => ().into_any(),
        });
    }
    list(&mut out, &mut items);
    out.into_any()
}

fn list(out: &mut Vec<AnyView>, items: &mut Vec<AnyView>) {
    if !items.is_empty() {
        out.push(view! { <ul class="page-list">{std::mem::take(items)}</ul> }.into_any());
    }
}

fn inline(item: &str) -> AnyView {
    match Block::link(item) {
        Some((text, url)) => link(text, url),
        None => view! { <Coded text=item /> }.into_any(),
    }
}

/// A link; one that leads to another host opens beside Drydock.
pub fn link(text: &str, url: &str) -> AnyView {
    let outside = !url.starts_with('#');
    view! {
        <a
            href=url.to_owned()
            target=outside.then_some("_blank")
            rel=outside.then_some("noreferrer")
        >
            <Coded text />
        </a>
    }
    .into_any()
}

/// Text, a blank line between its paragraphs.
pub fn paragraphs(text: &str) -> AnyView {
    let mut out = Vec::new();
    for text in text.split("\n\n") {
        out.push(paragraph(text));
    }
    out.into_any()
}

fn paragraph(text: &str) -> AnyView {
    view! { <p class="page-text"><Prose text /></p> }.into_any()
}

/// Code, as it is.
pub fn code(text: &str) -> AnyView {
    let text = text.trim_end().to_owned();
    view! { <pre class="page-code" tabindex="0"><code>{text}</code></pre> }.into_any()
}

/// A table. Where it is narrow, each row becomes a small card whose cells carry the name of their column.
fn table(rows: &[Vec<String>]) -> AnyView {
    let Some((head, rows)) = rows.split_first() else { return ().into_any() };
    let mut columns = Vec::new();
    for name in head {
        columns.push(view! { <th scope="col"><Coded text=name /></th> }.into_any());
    }
    let mut body = Vec::new();
    for row in rows {
        let mut cells = Vec::new();
        for (name, text) in head.iter().zip(row) {
            let name = name.replace('`', "");
            cells.push(view! { <td data-column=name><Coded text /></td> }.into_any());
        }
        body.push(view! { <tr>{cells}</tr> }.into_any());
    }
    view! {
        <table class="table page-table" class:many={head.len() > 3}>
            <thead><tr>{columns}</tr></thead>
            <tbody>{body}</tbody>
        </table>
    }
    .into_any()
}

/// Boxes with arrows between them. A line is `Name: thing, thing`, or `> what is copied`.
fn stages(text: &str) -> AnyView {
    let mut out = Vec::new();
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        if let Some(copied) = line.strip_prefix("> ") {
            out.push(
                view! {
                    <li class="rewrite-arrow">
                        <span class="visually-hidden">"copied from it: "</span>
                        {copied.to_owned()}
                    </li>
                }
                .into_any(),
            );
        } else if let Some((name, holds)) = line.split_once(": ") {
            let name = name.to_owned();
            let last = lines.peek().is_none();
            out.push(
                view! {
                    <li class="rewrite-stage" class:final=last>
                        <strong>{name}</strong>
                        <span><Coded text=holds /></span>
                        <span class="muted">
                            {if last { "becomes your image" } else { "stays behind" }}
                        </span>
                    </li>
                }
                .into_any(),
            );
        }
    }
    view! { <ol class="rewrite-stages">{out}</ol> }.into_any()
}
