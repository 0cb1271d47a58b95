//! The commands of an instruction, those inside `sh -c "…"` among them.

use std::borrow::Cow;

use crate::syntax::shell::{self, Command, Script};
use crate::syntax::{Body, Instruction, Kind};
use crate::text::TextRange;

/// What the instruction runs, as simple commands: the exec form is one. What a shell is told to run follows the
/// command that tells it, but for CMD and ENTRYPOINT, whose words belong together.
pub(super) fn commands<'a>(instruction: &'a Instruction, source: &str) -> Cow<'a, [Command]> {
    let commands = match instruction.body() {
        Some(Body::Shell(script)) => Cow::Borrowed(script.commands.as_slice()),
        Some(Body::Exec(words)) if !words.is_empty() => {
            let ranges = words.iter().map(|word| word.range);
            Cow::Owned(vec![Command {
                range: ranges.reduce(TextRange::cover).unwrap_or_default(),
                words: words.clone(),
                inner: shell::read_exec(words, source).map(Box::new),
                ..Command::default()
            }])
        }
        _ => return Cow::Borrowed(&[]),
    };
    let starts_later = matches!(instruction.kind, Kind::Cmd(_) | Kind::Entrypoint(_));
    if starts_later || commands.iter().all(|command| command.inner.is_none()) {
        return commands;
    }
    let mut all = Vec::new();
    for command in commands.iter() {
        all.push(command.clone());
        // Shells nest only as deep as their quotes do.
        let mut inner = command.inner.as_deref();
        while let Some(script) = inner.filter(|script| is_in_place(script)) {
            let depth = command.depth + 1;
            all.extend(
                script
                    .commands
                    .iter()
                    .map(|one| Command { depth: one.depth + depth, ..one.clone() }),
            );
            inner = script.commands.iter().find_map(|command| command.inner.as_deref());
        }
    }
    Cow::Owned(all)
}

/// Whether each word of the text has a place of its own in the file, so that it can be edited there.
fn is_in_place(script: &Script) -> bool {
    let words = || script.commands.iter().flat_map(|command| &command.words);
    words().zip(words().skip(1)).all(|(one, next)| one.range.end <= next.range.start)
}

#[cfg(test)]
mod tests {
    use crate::input::Input;
    use crate::model::Model;
    use crate::syntax::parse;

    #[test]
    fn only_a_unix_shell_is_read() {
        for (before, is_read) in [
            ("FROM debian", true),
            ("FROM debian\nSHELL [\"/bin/bash\", \"-o\", \"pipefail\", \"-c\"]", true),
            ("FROM debian\nSHELL [\"conda\", \"run\", \"-n\", \"x\", \"/bin/bash\", \"-c\"]", true),
            ("FROM debian\nSHELL [\"pwsh\", \"-Command\"]", false),
            ("FROM debian AS a\nSHELL [\"pwsh\", \"-Command\"]\nFROM a", false),
            ("FROM a\nSHELL [\"cmd\", \"/S\", \"/C\"]", false),
            ("FROM mcr.microsoft.com/windows/nanoserver:ltsc2022", false),
            ("FROM mcr.microsoft.com/windows/nanoserver:ltsc2022\nSHELL [\"bash\", \"-c\"]", true),
            ("# escape=`\nFROM a", false),
            ("# escape=`\nFROM debian", true),
        ] {
            let input = Input::new(format!("{before}\nRUN a b\n"));
            let file = parse(&input.dockerfile);
            let model = Model::build(&file, &input);
            let (_, run) = model.steps().last().expect("a step");
            assert_eq!(
                (run.commands().len() == 1, !run.is_opaque()),
                (is_read, is_read),
                "{before}"
            );
        }
    }
}
