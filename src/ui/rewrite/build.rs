//! "Build it": the commands of the lesson's last step, filled in for this file.

use leptos::prelude::*;

use super::actions::copy_and_say;
use crate::input::Choices;
use crate::ui::session::Session;

/// The name that the commands give the image, with a version as the lesson asks for.
const IMAGE: &str = "myapp:1.0";

/// What the commands depend on.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
struct Facts {
    port: Option<u16>,
    path: Option<String>,
    target: Option<String>,
}

impl Facts {
    fn of(dockerfile: &str, choices: &Choices, target: Option<&str>) -> Self {
        Self {
            port: choices.port.or_else(|| exposed(dockerfile)),
            path: choices.health_path.clone(),
            target: target.map(str::to_owned),
        }
    }

    /// A command and what it is for, each.
    fn commands(&self) -> Vec<(String, &'static str)> {
        let target =
            self.target.as_ref().map(|name| format!("--target {name} ")).unwrap_or_default();
        let mut out = vec![
            (
                format!("docker build {target}-t {IMAGE} ."),
                "Build, in the folder of the Dockerfile.",
            ),
            (format!("docker images {IMAGE}"), "See what it weighs."),
        ];
        let Some(port) = self.port else {
            out.push((format!("docker run --rm {IMAGE}"), "Start it; Ctrl+C stops it."));
            return out;
        };
        out.push((
            format!("docker run --rm -p {port}:{port} {IMAGE}"),
            "Start it; Ctrl+C stops it.",
        ));
        let path = self.path.as_deref().unwrap_or_default().trim_start_matches('/');
        let says = if self.path.is_some() {
            "Ask, in a second terminal."
        } else {
            "Ask, in a second terminal; any answer shows that it runs, also “not found”."
        };
        out.push((format!("curl -i http://localhost:{port}/{path}"), says));
        out
    }
}

/// The first port of the last EXPOSE that names one.
fn exposed(dockerfile: &str) -> Option<u16> {
    let port = |line: &str| {
        let mut words = line.split_whitespace();
        words.next().filter(|word| word.eq_ignore_ascii_case("EXPOSE"))?;
        words.next()?.split('/').next()?.parse().ok()
    };
    dockerfile.lines().rev().find_map(port)
}

/// The commands with a button that copies them all.
pub fn build_it(session: Session, heading: bool) -> AnyView {
    let facts = Memo::new(move |_| {
        let proposal = session.proposal.get();
        session.input.with(|input| {
            let text =
                proposal.as_ref().map_or(&input.dockerfile, |found| &found.rewrite.dockerfile);
            Facts::of(text, &input.choices, input.target.as_deref())
        })
    });
    let copy = move |_| {
        let lines: Vec<String> =
            facts.with_untracked(Facts::commands).into_iter().map(|(command, _)| command).collect();
        copy_and_say(session, &lines.join("\n"), "The commands are copied.");
    };
    view! {
        <section class="rewrite-build">
            <div class="rewrite-build-head">
                {heading.then(|| view! { <h2>"Build it"</h2> })}
                <button type="button" class="button quiet" on:click=copy>
                    "Copy the commands"
                </button>
            </div>
            <ol>
                {move || {
                    facts
                        .with(Facts::commands)
                        .into_iter()
                        .map(|(command, says)| {
                            view! {
                                <li>
                                    <code>{command}</code>
                                    <span class="muted">{says}</span>
                                </li>
                            }
                        })
                        .collect_view()
                }}
            </ol>
        </section>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn commands(dockerfile: &str, choices: &Choices) -> Vec<String> {
        let commands = Facts::of(dockerfile, choices, None).commands();
        commands.into_iter().map(|(command, _)| command).collect()
    }

    #[test]
    fn port_and_path_come_from_this_file() {
        let choices = Choices { health_path: Some("/health".to_owned()), ..Choices::default() };
        assert_eq!(
            commands("FROM a\nEXPOSE 80\nFROM b\nexpose 5000/tcp 9000\n", &choices),
            [
                "docker build -t myapp:1.0 .",
                "docker images myapp:1.0",
                "docker run --rm -p 5000:5000 myapp:1.0",
                "curl -i http://localhost:5000/health",
            ]
        );
    }

    #[test]
    fn without_a_port_nothing_is_asked() {
        assert_eq!(commands("FROM a\nEXPOSE $PORT\n", &Choices::default()).len(), 3);
    }
}
