//! Text with code in it: words in backticks.

use leptos::prelude::*;

use super::term::{self, Term};

/// `text` with its words in backticks as code.
#[component]
pub fn Coded(#[prop(into)] text: String) -> impl IntoView {
    pieces(&text)
        .map(|(is_code, piece)| {
            if is_code {
                view! { <code>{piece.to_owned()}</code> }.into_any()
            } else {
                piece.to_owned().into_any()
            }
        })
        .collect_view()
}

/// `text` with its words in backticks as code, and the first use of each word of the word list with its definition.
#[component]
pub fn Prose(#[prop(into)] text: String) -> impl IntoView {
    let mut seen = Vec::new();
    let mut out = Vec::new();
    for (is_code, piece) in pieces(&text) {
        if is_code {
            out.push(view! { <code>{piece.to_owned()}</code> }.into_any());
            continue;
        }
        let mut rest = piece;
        while let Some((at, word)) = term::first_in(rest, &seen) {
            seen.push(word);
            out.push(rest[..at].to_owned().into_any());
            let shown = rest[at..at + word.len()].to_owned();
            out.push(view! { <Term word shown /> }.into_any());
            rest = &rest[at + word.len()..];
        }
        out.push(rest.to_owned().into_any());
    }
    out
}

/// The text between backticks, and whether it is code. A lone backtick is itself.
fn pieces(text: &str) -> impl Iterator<Item = (bool, &str)> {
    let paired = text.matches('`').count().is_multiple_of(2);
    let text = std::iter::once(text);
    let parts = text.flat_map(move |text| if paired { text.split('`') } else { text.split('\0') });
    parts
        .enumerate()
        .map(|(nth, piece)| (nth % 2 == 1, piece))
        .filter(|(_, piece)| !piece.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_stands_between_backticks() {
        let all: Vec<_> = pieces("`COPY . .` stands above `pip`.").collect();
        assert_eq!(
            all,
            [(true, "COPY . ."), (false, " stands above "), (true, "pip"), (false, ".")]
        );
        assert_eq!(pieces("one ` alone").collect::<Vec<_>>(), [(false, "one ` alone")]);
    }
}
