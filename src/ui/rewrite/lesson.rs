//! Where the rewrite differs from the production file of the lesson "Docker for Production", and why.

use leptos::prelude::*;

use crate::analysis::Proposal;
use crate::input::DOCKERIGNORE;
use crate::ui::parts::Coded;
use crate::ui::session::Session;

/// A sentence for each difference that this rewrite really has.
fn differences(proposal: &Proposal) -> Vec<String> {
    let rewrite = &proposal.rewrite;
    let text = rewrite.dockerfile.as_str();
    let mut out = Vec::new();
    if text.contains("--without-pip") {
        out.push(
            "Packages go into a virtual environment, not through `--target`: the lesson's form leaves commands such as \
             `uvicorn` outside PATH, so its container does not start."
                .to_owned(),
        );
    }
    if let [builder, .., last] = proposal.stages.as_slice()
        && builder.base != last.base
    {
        out.push(format!(
            "The builder keeps `{}`, your base image, because packages may need its compilers; the lesson builds on slim.",
            builder.base
        ));
    }
    if words(text, "HEALTHCHECK").next().is_some()
        && rewrite.input.choices.health_path.is_none()
        && text.contains("socket")
    {
        out.push(
            "The health check opens a connection and asks for no path: which path answers in your app is not known. The \
             lesson asks for `/health`."
                .to_owned(),
        );
    }
    if words(text, "COPY").any(|words| copies_everything(&words)) {
        let ignored = rewrite.input.text(DOCKERIGNORE).is_some();
        let kept_out =
            if ignored { ", and `.dockerignore` keeps out what does not belong" } else { "" };
        out.push(format!(
            "`COPY . .` copies the whole folder, not `./src`: your code may lie anywhere in it{kept_out}."
        ));
    }
    out
}

/// The words after `keyword` on each line that starts with it.
fn words<'a>(text: &'a str, keyword: &'static str) -> impl Iterator<Item = Vec<&'a str>> {
    text.lines().filter_map(move |line| {
        let mut words = line.split_whitespace();
        words.next().is_some_and(|word| word.eq_ignore_ascii_case(keyword)).then(|| words.collect())
    })
}

fn copies_everything(words: &[&str]) -> bool {
    let from_a_stage = words.iter().any(|word| word.starts_with("--from="));
    let mut paths = words.iter().filter(|word| !word.starts_with("--"));
    !from_a_stage && matches!(paths.next(), Some(&("." | "./")))
}

/// The sentences; nothing where there is no difference.
#[component]
pub(super) fn FromTheLesson(session: Session) -> impl IntoView {
    let sentences = Memo::new(move |_| {
        session.proposal.get().map(|proposal| differences(&proposal)).unwrap_or_default()
    });
    view! {
        <Show when=move || sentences.with(|sentences| !sentences.is_empty())>
            <section class="rewrite-lesson">
                <h2>"Differs from the lesson's file because …"</h2>
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
    use crate::analysis::StageBox;
    use crate::rewrite::Rewrite;

    fn proposal(text: &str, bases: &[&str]) -> Proposal {
        let stage = |&base: &&str| StageBox {
            name: String::new(),
            base: base.to_owned(),
            is_final: false,
            copied: Vec::new(),
            user: None,
        };
        Proposal {
            rewrite: Rewrite { dockerfile: text.to_owned(), ..Rewrite::default() },
            stages: bases.iter().map(stage).collect(),
            ..Proposal::default()
        }
    }

    #[test]
    fn only_what_is_true_is_said() {
        assert!(
            differences(&proposal("FROM a\nCOPY ./src .\nCOPY --from=b . .\n", &["a", "a"]))
                .is_empty()
        );
        let text = "FROM a AS b\nRUN python -m venv --without-pip /opt/venv\nFROM a-slim\nCOPY --chown=u . .\n\
                    HEALTHCHECK CMD [\"python\", \"-c\", \"import socket\"]\n";
        assert_eq!(differences(&proposal(text, &["a", "a-slim"])).len(), 4);
    }
}
