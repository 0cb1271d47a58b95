//! COPY and ADD: what they take, from where, and where it lands.

use super::stages::{find, join_text};
use super::{Model, Stage, Step};
use crate::syntax::{Kind, Transfer, Word};
use crate::text::TextRange;

impl<'a> Step<'a> {
    /// What COPY or ADD moves, wherever it comes from.
    pub fn transfer(&self) -> Option<&'a Transfer> {
        match &self.instruction.kind {
            Kind::Copy(transfer) | Kind::Add(transfer) => Some(transfer),
            _ => None,
        }
    }

    /// What COPY or ADD takes from the build context; `None` for everything else.
    pub fn from_context(&self) -> Option<&'a Transfer> {
        let is_remote = |word: &Word| word.text.contains("://") || word.text.starts_with("git@");
        self.transfer().filter(|transfer| {
            self.instruction.flag("from").is_none()
                && self.instruction.heredocs.is_empty()
                && !transfer.sources.iter().any(is_remote)
        })
    }

    /// The source that is the whole build context: `.`, `./`, `/`, `*`.
    pub fn whole_context(&self) -> Option<&'a Word> {
        let transfer = self.from_context()?;
        transfer
            .sources
            .iter()
            .find(|word| matches!(word.text.as_str(), "." | "./" | "/" | "*" | "./*"))
    }

    /// Where COPY or ADD puts things, from `/`; `None` where that cannot be told.
    pub fn destination(&self) -> Option<String> {
        self.absolute(&self.transfer()?.destination.text)
    }

    /// `path` from `/`, seen from the folder that the step runs in; `None` where that cannot be told.
    pub fn absolute(&self, path: &str) -> Option<String> {
        if path.contains(['$', '`', '*', '?', '~']) {
            return None;
        }
        join_text(self.workdir.as_deref(), path)
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

impl<'a> Model<'a> {
    /// The stage that `COPY --from` or a mount names `from`.
    pub fn stage_called(&self, from: &str) -> Option<&Stage<'a>> {
        self.stages.get(find(&self.stages, from)?)
    }

    /// What the final image takes from other stages, at once or through one another: a stage's place and a path in it.
    pub fn taken_by_final(&self) -> Vec<(usize, String)> {
        let own: Vec<_> = self.final_chain().iter().map(|stage| stage.index).collect();
        let mut taken: Vec<(usize, String)> = Vec::new();
        // A stage can copy from an earlier one only, so from the last step upwards all is known in time.
        let steps: Vec<_> = self.steps().collect();
        for (stage, step) in steps.into_iter().rev() {
            let from = step.instruction.flag_value("from").and_then(|from| self.stage_called(from));
            let (Some(from), Some(transfer)) = (from, step.transfer()) else { continue };
            let reaches = |to: String| {
                taken.iter().any(|(at, path)| *at == stage.index && is_within(&to, path))
            };
            if own.contains(&stage.index) || step.destination().is_some_and(reaches) {
                let chain = self.chain(from);
                taken.extend(chain.iter().flat_map(|stage| {
                    transfer.sources.iter().map(|word| (stage.index, word.text.clone()))
                }));
            }
        }
        taken
    }
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
    use crate::syntax::parse;

    #[test]
    fn folders() {
        assert!(is_within("/app/src", "/app/"));
        assert!(is_within("/app", "/app"));
        assert!(is_within("/app", "/"));
        assert!(!is_within("/apple", "/app"));
    }

    #[test]
    fn what_a_builder_hands_on() {
        let text = "FROM a AS one\nCOPY . /src\nFROM a AS two\nCOPY --from=one /src /mid\nFROM a\nCOPY --from=two /mid /app\n";
        let (file, input) = (parse(text), Input::new(text));
        let model = Model::build(&file, &input);
        assert_eq!(model.taken_by_final(), [(1, "/mid".to_owned()), (0, "/src".to_owned())]);
        let step = &model.stages()[0].steps[0];
        assert_eq!(
            step.whole_context().map(|word| step.copy_text(word)).as_deref(),
            Some("COPY . /src")
        );
        assert_eq!(step.destination().as_deref(), Some("/src"));
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
