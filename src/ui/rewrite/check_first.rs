//! "Check before you use it": what the rewrite takes for granted.

use std::collections::BTreeSet;

use leptos::prelude::*;

use crate::rewrite::Rewrite;
use crate::ui::parts::Coded;
use crate::ui::session::Session;

/// The assumptions of all steps that were applied, each once, in the order of the steps.
pub(super) fn assumptions(rewrite: &Rewrite) -> Vec<String> {
    let mut seen = BTreeSet::new();
    let all = rewrite.applied.iter().flat_map(|step| &step.assumes);
    all.filter(|sentence| seen.insert(sentence.as_str())).cloned().collect()
}

/// The list; nothing where the rewrite takes nothing for granted.
#[component]
pub(super) fn CheckFirst(session: Session) -> impl IntoView {
    let sentences = Memo::new(move |_| {
        session.proposal.get().map(|proposal| assumptions(&proposal.rewrite)).unwrap_or_default()
    });
    view! {
        <Show when=move || sentences.with(|sentences| !sentences.is_empty())>
            <section class="rewrite-check" aria-labelledby="rewrite-check">
                <h2 id="rewrite-check">"Check before you use it"</h2>
                <ul>
                    {move || {
                        sentences
                            .get()
                            .into_iter()
                            .map(|text| view! { <li><Coded text /></li> })
                            .collect_view()
                    }}
                </ul>
            </section>
        </Show>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Applicability;
    use crate::rewrite::Step;

    #[test]
    fn each_assumption_stands_once() {
        let step = |assumes: &[&str]| Step {
            rule: "a-rule",
            title: String::new(),
            applicability: Applicability::Ask,
            assumes: assumes.iter().map(|&text| text.to_owned()).collect(),
        };
        let rewrite = Rewrite {
            applied: vec![step(&["b", "a"]), step(&[]), step(&["a", "c"])],
            ..Rewrite::default()
        };
        assert_eq!(assumptions(&rewrite), ["b", "a", "c"]);
    }
}
