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
) -> impl IntoView {
    let Some((_, means)) = TERMS.iter().find(|(term, _)| *term == word) else {
        return word.into_any();
    };
    view! {
        <span class="term" tabindex="0">
            {word}
            <span class="term-means" role="note">
                {*means}
            </span>
        </span>
    }
    .into_any()
}

/// The first term in `text` that is not among `seen`: the text before it, the term, the text behind it.
pub(super) fn first_in<'a>(
    text: &'a str,
    seen: &[&str],
) -> Option<(&'a str, &'static str, &'a str)> {
    let unseen = TERMS.iter().filter(|(term, _)| !seen.contains(term));
    // `min_by_key` keeps the first of equals, so the longer term of two at one place.
    let found = unseen.filter_map(|(term, _)| Some((*term, split_at_word(text, term)?)));
    let (term, (before, after)) = found.min_by_key(|(_, (before, _))| before.len())?;
    Some((before, term, after))
}

/// What stands before and behind `word`, where that stands as a word of its own.
fn split_at_word<'a>(text: &'a str, word: &str) -> Option<(&'a str, &'a str)> {
    let is_inside = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || "-_".contains(c));
    text.match_indices(word).find_map(|(at, _)| {
        let (before, rest) = text.split_at(at);
        let after = rest.strip_prefix(word)?;
        let whole = !is_inside(before.chars().next_back()) && !is_inside(after.chars().next());
        whole.then_some((before, after))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_whole() {
        let text = "the final stage has a layer";
        assert_eq!(first_in(text, &[]), Some(("the ", "final stage", " has a layer")));
        assert_eq!(first_in(text, &["final stage"]), Some(("the final stage has a ", "layer", "")));
        assert_eq!(first_in("multilayered, layer-wise", &[]), None);
    }
}
