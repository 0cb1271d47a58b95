//! Text with code in it: words in backticks.

use leptos::prelude::*;

use super::term::{self, Term};

/// `text` with its words in backticks as code.
#[component]
pub fn Coded(
    /// The text.
    #[prop(into)]
    text: String,
) -> impl IntoView {
    pieces(text)
        .into_iter()
        .map(|(is_code, piece)| if is_code { code(piece) } else { piece.into_any() })
        .collect_view()
}

/// `text` with its words in backticks as code, and the first use of each word of the word list with its definition.
#[component]
pub fn Prose(
    /// The text.
    #[prop(into)]
    text: String,
) -> impl IntoView {
    let mut seen = Vec::new();
    let mut out = Vec::new();
    for (is_code, piece) in pieces(text) {
        if is_code {
            out.push(code(piece));
            continue;
        }
        let mut rest = piece.as_str();
        while let Some((before, word, after)) = term::first_in(rest, &seen) {
            seen.push(word);
            out.push(before.to_owned().into_any());
            out.push(view! { <Term word /> }.into_any());
            rest = after;
        }
        out.push(rest.to_owned().into_any());
    }
    out
}

fn code(text: String) -> AnyView {
    view! { <code>{text}</code> }.into_any()
}

/// The pieces between backticks, and whether each is code. A lone backtick is itself.
fn pieces(text: String) -> Vec<(bool, String)> {
    let ticks = text.matches('`').count();
    if ticks == 0 || ticks % 2 == 1 {
        return vec![(false, text)];
    }
    let parts = text.split('`').enumerate().map(|(nth, piece)| (nth % 2 == 1, piece.to_owned()));
    parts.filter(|(_, piece)| !piece.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(text: &str) -> Vec<(bool, String)> {
        pieces(text.to_owned())
    }

    #[test]
    fn code_stands_between_backticks() {
        let all = [(true, "COPY . ."), (false, " stands above "), (true, "pip"), (false, ".")];
        assert_eq!(
            split("`COPY . .` stands above `pip`."),
            all.map(|(code, text)| (code, text.to_owned()))
        );
        assert_eq!(split("one ` alone"), [(false, "one ` alone".to_owned())]);
    }
}
