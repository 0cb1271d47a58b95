//! The word list: what a term means, in one line.

use leptos::prelude::*;

/// Terms and their definitions. Where one term is part of another, the longer one stands first.
const TERMS: &[(&str, &str)] = &[
    (
        "final stage",
        "The stage whose files become the image: the last one, or the one named with --target.",
    ),
    ("base image", "The image that a stage starts from: what stands after FROM."),
    (
        "build context",
        "The folder that docker build sends to the builder; COPY can take files from it only.",
    ),
    (
        "build stage",
        "A stage that only prepares files for another one; the image does not keep it.",
    ),
    ("exec form", "A command written as a JSON list: it runs without a shell around it."),
    ("shell form", "A command written as plain text: a shell starts first and runs it."),
    ("heredoc", "Several lines handed to one instruction, between <<EOF and EOF."),
    ("builder", "A stage that installs or compiles; the final stage copies only the results."),
    (
        "layer",
        "What one instruction adds to the image. A later layer hides files but never takes bytes away.",
    ),
];

/// `word` with its definition on a dotted underline. A word that is not in the list is plain text.
#[component]
pub fn Term(
    /// A word of the list.
    word: &'static str,
    /// How it is written here, where that differs.
    #[prop(optional, into)]
    shown: Option<String>,
) -> impl IntoView {
    let shown = shown.unwrap_or_else(|| word.to_owned());
    let Some((_, means)) = TERMS.iter().find(|(term, _)| *term == word) else {
        return shown.into_any();
    };
    view! {
        <span class="term" tabindex="0">
            {shown}
            <span class="term-means" role="note">
                {*means}
            </span>
        </span>
    }
    .into_any()
}

/// The first term in `text` that is not among `seen`: its byte offset and the word of the list.
pub(super) fn first_in(text: &str, seen: &[&str]) -> Option<(usize, &'static str)> {
    let unseen = TERMS.iter().filter(|(term, _)| !seen.contains(term));
    // `min_by_key` keeps the first of equals, so the longer term of two at one place.
    unseen.filter_map(|(term, _)| Some((find_word(text, term)?, *term))).min_by_key(|(at, _)| *at)
}

/// Where `word` stands in `text` as a word of its own, in lower case.
fn find_word(text: &str, word: &str) -> Option<usize> {
    let is_inside =
        |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '-' || c == '_');
    text.match_indices(word).map(|(at, _)| at).find(|&at| {
        let before = text[..at].chars().next_back();
        let after = text[at + word.len()..].chars().next();
        !is_inside(before) && !is_inside(after)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_whole() {
        assert_eq!(first_in("the final stage has a layer", &[]), Some((4, "final stage")));
        assert_eq!(first_in("the final stage has a layer", &["final stage"]), Some((22, "layer")));
        assert_eq!(first_in("multilayered, layer-wise", &[]), None);
    }
}
