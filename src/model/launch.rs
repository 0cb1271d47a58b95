//! What the container runs: ENTRYPOINT and CMD together, and the server in them.

use super::wrappers::{is_wrapper, plain_name, program};
use super::{Base, Model, Step};
use crate::syntax::shell::base_name;
use crate::syntax::{Body, Keyword, Kind, Word};

/// The process that the final image starts.
#[derive(Clone, Debug)]
pub struct Launch<'m> {
    /// The step that holds [`Launch::words`].
    pub step: &'m Step<'m>,
    /// The other one of ENTRYPOINT and CMD, where both count.
    pub other: Option<&'m Step<'m>>,
    /// All words of the command, wrappers and all.
    pub words: Vec<Word>,
    /// Whether the words are elements of a JSON array in the file.
    pub is_exec: bool,
    /// Where the program is among the words, behind wrappers and `python -m`.
    pub program: usize,
    /// Whether the shell text does more than start this one program.
    pub is_compound: bool,
}

impl<'m> Launch<'m> {
    /// The program's name without its folder: `uvicorn`.
    pub fn program(&self) -> &str {
        self.words.get(self.program).map_or("", |word| base_name(&word.text))
    }

    /// What stands behind the program.
    pub fn arguments(&self) -> &[Word] {
        self.words.get(self.program + 1..).unwrap_or_default()
    }

    /// Whether the program is started by `python -m`.
    pub fn is_module(&self) -> bool {
        self.program > 0 && self.words.get(self.program - 1).is_some_and(|word| word.text == "-m")
    }

    /// Whether the program is Python or something written in it that is well known.
    pub fn is_python(&self) -> bool {
        let tools = ["celery", "alembic", "django-admin", "fastapi", "flask", "pytest"];
        let name = self.program();
        self.is_module()
            || is_python(name)
            || self.server().is_some_and(|server| server.language == "python")
            || tools.contains(&name)
            || has_extension(name, "py")
    }

    /// Whether Python is told by `-u` to hand on its output at once.
    pub fn is_unbuffered(&self) -> bool {
        let python = self.words.iter().position(|word| is_python(base_name(&word.text)));
        let options = self.words.get(python.map_or(usize::MAX, |at| at + 1)..).unwrap_or_default();
        options
            .iter()
            .map(|word| word.text.as_str())
            .take_while(|text| text.starts_with('-') && !matches!(*text, "-m" | "-c"))
            .filter(|text| !text.starts_with("--"))
            .flat_map(|text| text.chars().take_while(|&c| !matches!(c, 'W' | 'X')))
            .any(|c| c == 'u')
    }

    /// The Python that starts the program, as it is written: `python3` of `python3 -m uvicorn`.
    pub fn interpreter(&self) -> Option<&str> {
        let before = self.words.get(..self.program)?;
        before.iter().map(|word| word.text.as_str()).rfind(|text| is_python(base_name(text)))
    }

    /// The step that holds `word`.
    pub fn step_of(&self, word: &Word) -> &Step<'m> {
        let other = self.other.filter(|other| other.instruction.range.contains(word.range));
        other.unwrap_or(self.step)
    }

    /// Whether each word has a place of its own in the file, so that it can be edited there.
    pub fn is_in_place(&self) -> bool {
        let mut ranges: Vec<_> = self.words.iter().map(|word| word.range).collect();
        ranges.sort_unstable();
        ranges.windows(2).all(|pair| pair[0].end <= pair[1].start)
    }

    /// The value of an option: behind it, behind its `=`, or glued to a short one.
    pub fn option_value(&self, names: &[&str]) -> Option<&str> {
        let arguments = self.arguments();
        arguments.iter().enumerate().find_map(|(at, word)| {
            let text = word.text.as_str();
            if names.contains(&text) {
                return arguments.get(at + 1).map(|value| value.text.as_str());
            }
            names.iter().find_map(|name| {
                let rest = text.strip_prefix(name)?;
                let is_short = name.len() == 2 && !rest.is_empty();
                rest.strip_prefix('=').or_else(|| is_short.then_some(rest))
            })
        })
    }

    /// Whether it has one of these options, with or without a value.
    pub fn has_option(&self, names: &[&str]) -> bool {
        self.arguments()
            .iter()
            .any(|word| names.contains(&word.text.split('=').next().unwrap_or_default()))
    }
}

/// The words that CMD or ENTRYPOINT stands for; the shell form is one text for a shell.
fn words_of(step: &Step<'_>) -> Vec<String> {
    let Some(Body::Exec(words)) = step.instruction.body() else {
        let text = step.instruction.logical.text.trim();
        let text = text.split_once(char::is_whitespace).map_or("", |(_, text)| text.trim());
        let mut shell: Vec<String> = match step.shell {
            Some(words) => words.iter().map(|word| word.text.clone()).collect(),
            None => vec!["/bin/sh".to_owned(), "-c".to_owned()],
        };
        shell.push(text.to_owned());
        return shell;
    };
    words.iter().map(|word| word.text.clone()).collect()
}

fn has_extension(name: &str, extension: &str) -> bool {
    name.rsplit_once('.').is_some_and(|(_, end)| end == extension)
}

fn is_python(name: &str) -> bool {
    plain_name(name) == "python"
}

impl<'a> Model<'a> {
    /// The ENTRYPOINT and the CMD that count in the final image; empty ones do not.
    pub fn starters<'m>(&'m self) -> (Option<&'m Step<'a>>, Option<&'m Step<'a>>) {
        let mut entrypoint: Option<&'m Step<'a>> = None;
        let mut cmd: Option<&'m Step<'a>> = None;
        for stage in self.final_chain() {
            let mut own_cmd = false;
            for step in &stage.steps {
                match step.instruction.kind {
                    Kind::Cmd(_) => (cmd, own_cmd) = (Some(step), true),
                    Kind::Entrypoint(_) => {
                        entrypoint = Some(step);
                        // An ENTRYPOINT resets a CMD that comes from below.
                        cmd = cmd.filter(|_| own_cmd);
                    }
                    _ => {}
                }
            }
        }
        let is_empty = |step: &&Step<'a>| step.commands().is_empty() && !step.is_opaque();
        (entrypoint.filter(|step| !is_empty(step)), cmd.filter(|step| !is_empty(step)))
    }

    /// The words of the process that the final image starts, by Docker's table, and whether they are all: where the
    /// file names no ENTRYPOINT, one of the base image may stand before them. `None` where the file names no command.
    pub fn argv(&self) -> Option<(Vec<String>, bool)> {
        let (entrypoint, cmd) = self.starters();
        let mut words = entrypoint.map(words_of).unwrap_or_default();
        // The shell form leaves CMD out.
        let takes_cmd = entrypoint.is_none_or(|step| step.script().is_none());
        words.extend(cmd.filter(|_| takes_cmd).map(words_of).unwrap_or_default());
        let has_own = self.final_steps().any(|(_, step)| step.keyword() == Keyword::Entrypoint);
        let is_bare = || {
            self.final_chain().next().is_some_and(|root| root.base == Base::Scratch)
                || self.final_image().is_some_and(|(_, image)| image.starts_plainly())
        };
        (!words.is_empty()).then(|| (words, has_own || is_bare()))
    }

    /// The process that the final image starts, by Docker's table for ENTRYPOINT and CMD. `None` where the file names none.
    pub fn launch(&self) -> Option<Launch<'_>> {
        match self.starters() {
            (None, None) => None,
            (None, Some(step)) | (Some(step), None) => read(step, None),
            (Some(entrypoint), Some(_)) if entrypoint.script().is_some() => read(entrypoint, None),
            (Some(entrypoint), Some(cmd)) => {
                // The program is in CMD where ENTRYPOINT is a wrapper or a script that runs its arguments.
                let first = entrypoint.commands().first()?;
                let name = first.program();
                let passes_on =
                    is_wrapper(name) || has_extension(name, "sh") || name.contains("entrypoint");
                if passes_on { read(cmd, Some(entrypoint)) } else { read(entrypoint, Some(cmd)) }
            }
        }
    }
}

/// The process that `step` starts, with the words of `other` where both count.
fn read<'m>(step: &'m Step<'m>, other: Option<&'m Step<'m>>) -> Option<Launch<'m>> {
    let exec = matches!(step.instruction.body(), Some(Body::Exec(_)));
    let commands = step.commands();
    let command = commands.last()?;
    let mut launch = Launch {
        step,
        other,
        words: command.words.clone(),
        is_exec: exec,
        program: 0,
        is_compound: commands.len() > 1 || command.depth > 0 || step.is_opaque(),
    };
    if let Some(script) = command.inner.as_ref().filter(|_| exec) {
        launch.words.clone_from(&script.commands.last()?.words);
        launch.is_exec = false;
        launch.is_compound = script.commands.len() > 1 || script.opaque.is_some();
    } else if exec
        && let Some(cmd) = other.filter(|other| matches!(other.instruction.kind, Kind::Cmd(_)))
    {
        launch.words.extend(cmd.commands().iter().flat_map(|command| command.words.clone()));
    }
    launch.program = program(&launch.words);
    (!launch.words.is_empty()).then_some(launch)
}

#[cfg(test)]
mod tests {
    use crate::input::Input;
    use crate::model::Model;
    use crate::syntax::parse;

    /// The words of the started process with blanks between, `…` before them where the base may add some.
    fn argv(text: &str) -> String {
        let (file, input) = (parse(text), Input::new(text));
        let Some((words, is_all)) = Model::build(&file, &input).argv() else {
            return String::new();
        };
        format!("{}{}", if is_all { "" } else { "… " }, words.join(" "))
    }

    #[test]
    fn entrypoint_and_cmd_by_dockers_table() {
        let (exec_e, shell_e) = ("ENTRYPOINT [\"e\", \"1\"]", "ENTRYPOINT e 1");
        let (exec_c, shell_c) = ("CMD [\"c\", \"2\"]", "CMD c 2");
        for (entrypoint, cmd, expected) in [
            ("", "", ""),
            ("", exec_c, "c 2"),
            ("", shell_c, "/bin/sh -c c 2"),
            (exec_e, "", "e 1"),
            (exec_e, exec_c, "e 1 c 2"),
            (exec_e, shell_c, "e 1 /bin/sh -c c 2"),
            (shell_e, "", "/bin/sh -c e 1"),
            (shell_e, exec_c, "/bin/sh -c e 1"),
            (shell_e, shell_c, "/bin/sh -c e 1"),
        ] {
            assert_eq!(argv(&format!("FROM debian\n{cmd}\n{entrypoint}\n")), expected);
        }
    }

    #[test]
    fn what_is_inherited_counts() {
        for (text, expected) in [
            ("FROM acme\nCMD [\"c\"]\n", "… c"),
            ("FROM acme\nENTRYPOINT []\nCMD [\"c\"]\n", "c"),
            ("FROM a AS b\nENTRYPOINT [\"e\"]\nFROM b\nCMD [\"c\"]\n", "e c"),
            ("FROM a AS b\nCMD [\"c\"]\nFROM b\nENTRYPOINT [\"e\"]\n", "e"),
            ("FROM a AS b\nCMD [\"c\"]\nFROM b\nCMD []\n", ""),
            ("FROM scratch\nSHELL [\"bash\", \"-c\"]\nCMD a \\\n  b\n", "bash -c a   b"),
        ] {
            assert_eq!(argv(text), expected, "{text}");
        }
    }
}
