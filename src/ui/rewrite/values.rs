//! What the file cannot tell: health path, port, workers, user, registry, what a private base is made from, and which
//! stage ships.

use leptos::prelude::*;

use crate::analysis::Proposal;
use crate::input::Choices;
use crate::ui::session::Session;

/// One field.
#[derive(Clone, Copy)]
struct Field {
    id: &'static str,
    label: &'static str,
    placeholder: &'static str,
    /// What has to stand in the text, and what it must not be, for the notice.
    rule: &'static str,
    /// Texts to choose from; any other may be typed.
    offers: &'static [&'static str],
    /// Whether it matters for this file.
    is_used: fn(&Proposal) -> bool,
    read: fn(&Choices) -> String,
    /// Writes it; `None` where the text will not do.
    write: fn(&mut Choices, &str) -> Option<()>,
}

const FIELDS: [Field; 5] = [
    Field {
        id: "rewrite-path",
        label: "Health check path",
        placeholder: "not known",
        rule: "A path starts with “/” and has no spaces or quotes, such as /health.",
        offers: &[],
        is_used: |proposal| has(proposal, "HEALTHCHECK"),
        read: |choices| choices.health_path.clone().unwrap_or_default(),
        write: |choices, text| {
            choices.health_path = if text.is_empty() { None } else { Some(path(text)?) };
            Some(())
        },
    },
    Field {
        id: "rewrite-port",
        label: "Port",
        placeholder: "none",
        rule: "A port is a number from 1 to 65535.",
        offers: &[],
        // Where the file names a port, that one counts.
        is_used: |proposal| {
            let starts = has(proposal, "CMD") || has(proposal, "ENTRYPOINT");
            proposal.rewrite.input.choices.port.is_some()
                || (starts && !has(proposal, "EXPOSE") && !has(proposal, "HEALTHCHECK"))
        },
        read: |choices| choices.port.map(|port| port.to_string()).unwrap_or_default(),
        write: |choices, text| {
            let port = || text.parse().ok().filter(|port| *port > 0);
            choices.port = if text.is_empty() { None } else { Some(port()?) };
            Some(())
        },
    },
    Field {
        id: "rewrite-workers",
        label: "Workers",
        placeholder: "2",
        rule: "Workers is a number from 1 to 64.",
        offers: &[],
        is_used: |proposal| proposal.rewrite.dockerfile.contains("workers"),
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
        offers: &[],
        is_used: |proposal| {
            let user = format!("USER {}", proposal.rewrite.input.choices.user);
            has(proposal, &user)
        },
        read: |choices| choices.user.clone(),
        write: |choices, text| {
            choices.user = user(text)?;
            Some(())
        },
    },
    Field {
        id: "rewrite-registry",
        label: "Registry",
        placeholder: "Docker Hub",
        rule: "A registry is a host and a path, such as public.ecr.aws/docker/library/.",
        offers: &[
            "public.ecr.aws/docker/library/",
            "123456789012.dkr.ecr.us-east-1.amazonaws.com/docker-hub/library/",
            "123456789012.dkr.ecr.us-east-1.amazonaws.com/",
        ],
        is_used: |proposal| {
            proposal.is_on_docker_hub || proposal.rewrite.input.choices.registry.is_some()
        },
        read: |choices| choices.registry.clone().unwrap_or_default(),
        write: |choices, text| {
            choices.registry = if text.is_empty() { None } else { Some(registry(text)?) };
            Some(())
        },
    },
];

/// Whether a line of the new Dockerfile starts with `start`.
fn has(proposal: &Proposal, start: &str) -> bool {
    proposal.rewrite.dockerfile.lines().any(|line| line.starts_with(start))
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

/// Whether the text has only what the name of an image has, and not too much of it.
fn is_name(text: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "/-._:".contains(c);
    text.len() <= 200 && text.chars().all(is_plain)
}

/// A registry with its path, which ends in `/`.
fn registry(text: &str) -> Option<String> {
    let host = text.split('/').next().unwrap_or_default();
    let is_host = host == "localhost" || host.contains(['.', ':']);
    (is_host && is_name(text)).then(|| format!("{}/", text.trim_end_matches('/')))
}

/// An image that a private base can be made from.
fn image(text: &str) -> Option<String> {
    is_name(text).then(|| text.to_owned())
}

/// The fields that this rewrite uses; nothing where it uses none.
#[component]
pub(super) fn Values(session: Session) -> impl IntoView {
    let used = Memo::new(move |_| {
        let Some(proposal) = session.proposal.get() else { return Vec::new() };
        let used = (0..FIELDS.len()).filter(|&at| (FIELDS[at].is_used)(&proposal));
        used.collect::<Vec<_>>()
    });
    let base =
        Memo::new(move |_| session.proposal.get().and_then(|found| found.private_base.clone()));
    let targets = Memo::new(move |_| {
        session.proposal.get().map(|found| found.targets.clone()).unwrap_or_default()
    });
    let is_any = move || {
        used.with(|used| !used.is_empty())
            || base.with(Option::is_some)
            || targets.with(|targets| !targets.is_empty())
    };
    view! {
        <Show when=is_any>
            <div class="rewrite-values">
                <h2 class="visually-hidden">"Your values"</h2>
                <For each=move || used.get() key=|at| *at let:at>
                    <Value session field=FIELDS[at] />
                </For>
                {move || base.get().map(|name| base_field(session, name))}
                {move || targets.with(|names| target_field(session, names))}
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
            list=(!field.offers.is_empty()).then(|| format!("{}-offers", field.id))
            prop:value=move || value.get()
            on:change=commit
        />
        {(!field.offers.is_empty()).then(|| {
            let offers: Vec<_> = field.offers.iter().map(|text| view! { <option value=*text></option> }).collect();
            view! { <datalist id=format!("{}-offers", field.id)>{offers}</datalist> }
        })}
    }
}

/// What the private base `name` is made from.
fn base_field(session: Session, name: String) -> AnyView {
    let of = name.clone();
    let value = Memo::new(move |_| {
        session.input.with(|input| input.choices.bases.get(&of).cloned().unwrap_or_default())
    });
    let hint = format!("What {name} is made from: it is weighed and treated like that image.");
    let commit = move |event| {
        let text = event_target_value(&event);
        match image(text.trim()) {
            Some(known) => session.choose(|choices| {
                if known.is_empty() {
                    choices.bases.remove(&name);
                } else {
                    choices.bases.insert(name.clone(), known);
                }
            }),
            None => session
                .notice
                .set(Some("An image is a name and a tag, such as python:3.11-slim.".to_owned())),
        }
    };
    view! {
        <label for="rewrite-base">"Base is made from"</label>
        <input
            id="rewrite-base"
            type="text"
            autocomplete="off"
            autocapitalize="off"
            spellcheck="false"
            placeholder="not known"
            title=hint
            prop:value=move || value.get()
            on:change=commit
        />
    }
    .into_any()
}

/// Which of the stages `names` ships; nothing where there is no choice.
fn target_field(session: Session, names: &[String]) -> Option<AnyView> {
    if names.is_empty() {
        return None;
    }
    let chosen = session.input.with_untracked(|input| input.target.clone()).unwrap_or_default();
    let mut options = vec![view! { <option value="">"the last one"</option> }.into_any()];
    for name in names {
        let is_chosen = name.eq_ignore_ascii_case(&chosen);
        options.push(
            view! { <option value=name.clone() selected=is_chosen>{name.clone()}</option> }
                .into_any(),
        );
    }
    let commit = move |event| {
        let name = event_target_value(&event);
        session.ship((!name.is_empty()).then_some(name));
    };
    Some(
        view! {
            <label for="rewrite-target">"Stage that ships"</label>
            <select id="rewrite-target" on:change=commit>
                {options}
            </select>
        }
        .into_any(),
    )
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
        for (at, text) in [(1, "70000"), (2, "0"), (4, "python"), (4, "a.b/x y")] {
            assert_eq!((FIELDS[at].write)(&mut choices, text), None, "{text}");
        }
        assert_eq!(choices, Choices::default());
        assert_eq!((FIELDS[4].write)(&mut choices, "public.ecr.aws/docker/library"), Some(()));
        assert_eq!(choices.registry.as_deref(), Some("public.ecr.aws/docker/library/"));
    }
}
