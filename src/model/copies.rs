//! COPY and ADD: what they take, from where, and where it lands.

use super::Step;
use super::files::absolute;
use crate::syntax::{Instruction, Kind, Transfer, Word};
use crate::text::TextRange;

impl<'a> Step<'a> {
    /// What COPY or ADD moves, wherever it comes from.
    pub fn transfer(&self) -> Option<&'a Transfer> {
        transfer(self.instruction)
    }

    /// What COPY or ADD takes from the build context; `None` for everything else.
    pub const fn from_context(&self) -> Option<&'a Transfer> {
        self.from_context
    }

    /// The source that is the whole build context: `.`, `./`, `/`, `*`.
    pub fn whole_context(&self) -> Option<&'a Word> {
        self.from_context()?.sources.iter().find(|word| is_whole_context(&word.text))
    }

    /// Where COPY or ADD puts things, from `/`; `None` where that cannot be told.
    pub fn destination(&self) -> Option<String> {
        self.target.clone()
    }

    /// `path` from `/`, seen from the folder that the step runs in; `None` where that cannot be told.
    pub fn absolute(&self, path: &str) -> Option<String> {
        absolute(self.workdir.as_deref(), path)
    }

    /// Sources and destination of COPY or ADD, in bytes.
    pub fn transfer_range(&self) -> TextRange {
        self.transfer().map_or(self.instruction.range, |transfer| {
            let words = transfer.sources.iter().map(|word| word.range);
            words.fold(transfer.destination.range, TextRange::cover)
        })
    }

    /// COPY or ADD of one source as people read it, without options: `COPY . .`.
    pub fn copy_text(&self, source: &Word) -> String {
        let destination = self.transfer().map_or("", |transfer| transfer.destination.text.as_str());
        format!("{} {} {destination}", self.keyword().as_str(), source.text)
    }
}

/// Files without a dot in their name.
const FILES: [&str; 9] = [
    "Dockerfile",
    "Gemfile",
    "LICENSE",
    "Makefile",
    "Pipfile",
    "Procfile",
    "Rakefile",
    "gradlew",
    "mvnw",
];

/// Whether the last part of a path looks like a folder: no dot, no pattern, no file that is known to have neither.
pub(super) fn is_folder_name(name: &str) -> bool {
    !name.contains(['.', '*', '?']) && !FILES.contains(&name)
}

/// Whether a source is the whole build context.
pub(super) fn is_whole_context(path: &str) -> bool {
    matches!(path, "." | "./" | "/" | "*" | "./*")
}

fn transfer(instruction: &Instruction) -> Option<&Transfer> {
    match &instruction.kind {
        Kind::Copy(transfer) | Kind::Add(transfer) => Some(transfer),
        _ => None,
    }
}

/// What COPY or ADD takes from the build context; `None` for everything else.
pub(super) fn from_context(instruction: &Instruction) -> Option<&Transfer> {
    let is_remote = |word: &Word| {
        // Nearly no path has a colon, and looking for one byte is quick.
        word.text.bytes().any(|byte| byte == b':')
            && (word.text.contains("://") || word.text.starts_with("git@"))
    };
    transfer(instruction).filter(|transfer| {
        instruction.flag("from").is_none()
            && instruction.heredocs.is_empty()
            && !transfer.sources.iter().any(is_remote)
    })
}

/// Whether `path` is `folder` or lies in it; both from `/`.
pub fn is_within(path: &str, folder: &str) -> bool {
    let folder = folder.trim_end_matches('/');
    path.trim_end_matches('/')
        .strip_prefix(folder)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::Input;
    use crate::model::Model;
    use crate::syntax::parse;

    #[test]
    fn folders() {
        assert!(is_within("/app/src", "/app/"));
        assert!(is_within("/app", "/app"));
        assert!(is_within("/app", "/"));
        assert!(!is_within("/apple", "/app"));
    }

    #[test]
    fn what_comes_from_the_context() {
        let text = "FROM a\nCOPY --from=b . .\nADD https://example.org/x .\nCOPY a * /\n";
        let (file, input) = (parse(text), Input::new(text));
        let model = Model::build(&file, &input);
        let whole: Vec<_> = model.steps().map(|(_, step)| step.whole_context().is_some()).collect();
        assert_eq!(whole, [false, false, true]);
    }
}
