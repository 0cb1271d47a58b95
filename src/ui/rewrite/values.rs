//! What the file cannot tell: the path of the health check, the number of workers, the user's name.

use leptos::prelude::*;

use crate::input::Choices;
use crate::rewrite::Rewrite;
use crate::ui::session::Session;

/// One field.
#[derive(Clone, Copy)]
struct Field {
    id: &'static str,
    label: &'static str,
    placeholder: &'static str,
    /// What has to stand in the text, and what it must not be, for the notice.
    rule: &'static str,
    /// Whether the rewrite uses it.
    is_used: fn(&Rewrite) -> bool,
    read: fn(&Choices) -> String,
    /// Writes it; `None` where the text will not do.
    write: fn(&mut Choices, &str) -> Option<()>,
}

const FIELDS: [Field; 3] = [
    Field {
        id: "rewrite-path",
        label: "Health check path",
        placeholder: "not known",
        rule: "A path starts with “/” and has no spaces or quotes, such as /health.",
        is_used: |rewrite| has(rewrite, "HEALTHCHECK"),
        read: |choices| choices.health_path.clone().unwrap_or_default(),
        write: |choices, text| {
            choices.health_path = if text.is_empty() { None } else { Some(path(text)?) };
            Some(())
        },
    },
    Field {
        id: "rewrite-workers",
        label: "Workers",
        placeholder: "2",
        rule: "Workers is a number from 1 to 64.",
        is_used: |rewrite| rewrite.dockerfile.contains("workers"),
        read: |choices| choices.workers.to_string(),
        write: |choices, text| {
            choices.workers = text.parse().ok().filter(|workers| (1..=64).contains(workers))?;
            Some(())
        },
    },
    Field {
        id: "rewrite-user",
        label: "User",
        placeholder: "appuser",
        rule: "A user name has small letters, digits, “-” and “_”, at most 32, a letter first.",
        is_used: |rewrite| {
            let user = format!("USER {}", rewrite.input.choices.user);
            has(rewrite, &user)
        },
        read: |choices| choices.user.clone(),
        write: |choices, text| {
            choices.user = user(text)?;
            Some(())
        },
    },
];

/// Whether a line of the new Dockerfile starts with `start`.
fn has(rewrite: &Rewrite, start: &str) -> bool {
    rewrite.dockerfile.lines().any(|line| line.starts_with(start))
}

/// A path that can stand in a command without quoting.
fn path(text: &str) -> Option<String> {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "/-._~?=&%".contains(c);
    (text.starts_with('/') && text.len() <= 200 && text.chars().all(is_plain))
        .then(|| text.to_owned())
}

/// A name that `useradd` takes.
fn user(text: &str) -> Option<String> {
    let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_';
    let starts = text.starts_with(|c: char| c.is_ascii_lowercase());
    (starts && text.len() <= 32 && text.chars().all(is_plain)).then(|| text.to_owned())
}

/// The fields that this rewrite uses; nothing where it uses none.
#[component]
pub(super) fn Values(session: Session) -> impl IntoView {
    let used = Memo::new(move |_| {
        let Some(proposal) = session.proposal.get() else { return Vec::new() };
        let used = (0..FIELDS.len()).filter(|&at| (FIELDS[at].is_used)(&proposal.rewrite));
        used.collect::<Vec<_>>()
    });
    view! {
        <Show when=move || used.with(|used| !used.is_empty())>
            <div class="rewrite-values">
                <h2 class="visually-hidden">"Your values"</h2>
                <For each=move || used.get() key=|at| *at let:at>
                    <Value session field=FIELDS[at] />
                </For>
            </div>
        </Show>
    }
}

#[component]
fn Value(session: Session, field: Field) -> impl IntoView {
    let value = Memo::new(move |_| session.input.with(|input| (field.read)(&input.choices)));
    let commit = move |event| {
        let text = event_target_value(&event);
        let mut choices = session.input.with_untracked(|input| input.choices.clone());
        if (field.write)(&mut choices, text.trim()).is_some() {
            session.choose(|kept| *kept = choices);
        } else {
            session.notice.set(Some(field.rule.to_owned()));
        }
    };
    view! {
        <label for=field.id>{field.label}</label>
        <input
            id=field.id
            type="text"
            autocomplete="off"
            autocapitalize="off"
            spellcheck="false"
            placeholder=field.placeholder
            prop:value=move || value.get()
            on:change=commit
        />
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_needs_no_quotes_is_taken() {
        assert_eq!(path("/health").as_deref(), Some("/health"));
        assert_eq!(
            (path("health"), path("/a b"), path("/a'"), path("/a\n")),
            (None, None, None, None)
        );
        assert_eq!(user("app-1").as_deref(), Some("app-1"));
        assert_eq!((user(""), user("1a"), user("A"), user("a;b")), (None, None, None, None));
    }

    #[test]
    fn an_empty_path_is_not_known_again() {
        let mut choices = Choices { health_path: Some("/up".to_owned()), ..Choices::default() };
        assert_eq!((FIELDS[0].write)(&mut choices, ""), Some(()));
        assert_eq!(choices.health_path, None);
        assert_eq!((FIELDS[1].write)(&mut choices, "0"), None);
        assert_eq!(choices.workers, 2);
    }
}
