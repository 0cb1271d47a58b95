//! What RUN runs and COPY takes, found by name, so that a rule about `useradd` or `.env` does not go over all the rest.

use std::collections::BTreeMap;

use super::wrappers::is_in;
use super::{Model, Stage, Step};
use crate::syntax::shell::{Command, base_name};
use crate::syntax::{Keyword, Word};
use crate::text::TextRange;

/// Where the system's programs lie.
const FOLDERS: &str = "/bin /sbin /usr/bin /usr/sbin /usr/local/bin /usr/local/sbin";

/// Stage, step, and the place of the command or source in it.
type Place = (usize, usize, usize);

/// Where each name stands. The lists have a place of their own, so that the map is of the kind that the names of stages
/// are in, whose code the page has anyway.
#[derive(Debug, Default)]
struct Places {
    by_name: BTreeMap<String, usize>,
    lists: Vec<Vec<Place>>,
}

impl Places {
    fn add(&mut self, name: &str, place: Place) {
        if let Some(list) = self.by_name.get(name).and_then(|&at| self.lists.get_mut(at)) {
            list.push(place);
        } else {
            self.by_name.insert(name.to_owned(), self.lists.len());
            self.lists.push(vec![place]);
        }
    }

    fn of(&self, name: &str) -> &[Place] {
        let list = self.by_name.get(name).and_then(|&at| self.lists.get(at));
        list.map_or(&[], Vec::as_slice)
    }
}

/// What is looked up by name, written down while the steps are read.
#[derive(Debug, Default)]
pub(super) struct Index {
    /// The keyword of each step, with the place of its stage and its own.
    pub(super) keywords: Vec<(Keyword, usize, usize)>,
    /// The programs that RUN runs.
    programs: Places,
    /// The paths that COPY and ADD take from the build context.
    sources: Places,
}

impl Index {
    /// Takes in a step of the stage at `stage`.
    pub(super) fn add(&mut self, stage: usize, step: &Step) {
        self.keywords.push((step.keyword(), stage, step.index));
        if step.keyword() == Keyword::Run {
            for (at, command) in step.commands().iter().enumerate() {
                let (outer, own) = (name_of(&command.words), name_of(own_words(command)));
                self.programs.add(own, (stage, step.index, at));
                if outer != own {
                    self.programs.add(outer, (stage, step.index, at));
                }
            }
        }
        let sources = step.from_context().map_or(&[][..], |transfer| &transfer.sources);
        for (at, word) in sources.iter().enumerate() {
            self.sources.add(&word.text, (stage, step.index, at));
        }
    }
}

/// A command of a RUN.
#[derive(Clone, Copy, Debug)]
pub struct Ran<'m, 'a> {
    /// The stage of the RUN.
    pub stage: &'m Stage<'a>,
    /// The RUN.
    pub step: &'m Step<'a>,
    /// The command.
    pub command: &'m Command,
    /// Its place among the commands of the step.
    pub at: usize,
}

impl<'m> Ran<'m, '_> {
    /// The command behind it.
    pub fn next(&self) -> Option<&'m Command> {
        self.step.commands().get(self.at + 1)
    }
}

impl<'a> Model<'a> {
    /// The commands of all RUN whose program, without a folder of the system's, is one of `programs`: names set apart by
    /// blanks. `sudo apt-get` is found as `apt-get` and as `sudo`. They come program by program.
    pub fn commands_of<'m>(&'m self, programs: &'m str) -> impl Iterator<Item = Ran<'m, 'a>> {
        let places = programs.split(' ').flat_map(|name| self.index.programs.of(name));
        places.filter_map(|&(stage, step, at)| {
            let stage = self.stages.get(stage)?;
            let step = stage.steps.get(step)?;
            Some(Ran { stage, step, command: step.commands().get(at)?, at })
        })
    }

    /// The sources that COPY and ADD take from the build context and whose paths are wanted. They come path by path,
    /// and each path is asked about once.
    pub fn copied(&self, is_wanted: fn(&str) -> bool) -> Vec<(&Stage<'a>, &Step<'a>, &'a Word)> {
        let places = self.copied_at(is_wanted);
        places.into_iter().filter_map(|place| self.source_at(place)).collect()
    }

    /// The same in the order of the file, and of each step only the first source, with its place among them.
    pub fn copied_first(&self, is_wanted: fn(&str) -> bool) -> Vec<(&Stage<'a>, &Step<'a>, usize)> {
        let mut places = self.copied_at(is_wanted);
        places.sort_unstable();
        places.dedup_by_key(|(stage, step, _)| (*stage, *step));
        let found = places.into_iter().filter_map(|place| {
            let (stage, step, _) = self.source_at(place)?;
            Some((stage, step, place.2))
        });
        found.collect()
    }

    fn copied_at(&self, is_wanted: fn(&str) -> bool) -> Vec<Place> {
        let mut places = Vec::new();
        for list in &self.index.sources.lists {
            let first = list.first().and_then(|&place| self.source_at(place));
            if first.is_some_and(|(_, _, word)| is_wanted(&word.text)) {
                places.extend_from_slice(list);
            }
        }
        places
    }

    /// The paths that COPY and ADD take from the build context, each once.
    pub fn copied_paths(&self) -> Vec<&'a str> {
        let mut paths = Vec::new();
        for list in &self.index.sources.lists {
            let first = list.first().and_then(|&place| self.source_at(place));
            paths.extend(first.map(|(_, _, word)| word.text.as_str()));
        }
        paths
    }

    fn source_at(&self, (stage, step, at): Place) -> Option<(&Stage<'a>, &Step<'a>, &'a Word)> {
        let stage = self.stages.get(stage)?;
        let step = stage.steps.get(step)?;
        Some((stage, step, step.from_context()?.sources.get(at)?))
    }

    /// The steps in whose text `part` stands, top to bottom.
    pub fn steps_with(&self, part: &str) -> Vec<(&Stage<'a>, &Step<'a>)> {
        let places = self.text().match_indices(part);
        let mut found: Vec<(&Stage<'a>, &Step<'a>)> = Vec::new();
        for (start, _) in places {
            let is_known = |(_, step): &(_, &Step<'_>)| step.instruction.range.end > start;
            if !found.last().is_some_and(is_known) {
                found.extend(self.holder(TextRange::new(start, start + part.len())));
            }
        }
        found
    }
}

/// The name that a program is found by: without its folder, where that is one of the system's. `./apt` is another one.
fn name_of(words: &[Word]) -> &str {
    let Some(word) = words.first() else { return "" };
    match word.text.rsplit_once('/') {
        Some((folder, name)) if is_in(FOLDERS, folder) => name,
        _ => &word.text,
    }
}

/// The words of a command, without `sudo` and its options in front.
pub fn own_words(command: &Command) -> &[Word] {
    let words = command.words.as_slice();
    if command.program() != "sudo" {
        return words;
    }
    let options = words.iter().skip(1).take_while(|word| word.text.starts_with('-')).count();
    words.get(1 + options..).unwrap_or_default()
}

/// The name of the program behind `sudo`, without its folder; empty where there is none.
pub fn own_program(command: &Command) -> &str {
    own_words(command).first().map_or("", |word| base_name(&word.text))
}

/// The program and the first word behind it that is no option: `apt-get`, `install`.
pub fn program_and_verb(command: &Command) -> Option<(&Word, &Word)> {
    let (program, arguments) = own_words(command).split_first()?;
    Some((program, arguments.iter().find(|word| !word.text.starts_with('-'))?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::Input;
    use crate::syntax::parse;

    #[test]
    fn by_name() {
        let text = "FROM a\nRUN b && sudo -E /usr/bin/apt-get update | c\nCMD apt-get\nFROM d\nRUN apt-get install e\n";
        let (file, input) = (parse(text), Input::new(text));
        let model = Model::build(&file, &input);
        for (names, expected) in [
            ("apt-get", vec![(0, 1), (1, 0)]),
            ("sudo", vec![(0, 1)]),
            ("c b", vec![(0, 2), (0, 0)]),
            ("apt", vec![]),
        ] {
            let found: Vec<_> =
                model.commands_of(names).map(|ran| (ran.stage.index, ran.at)).collect();
            assert_eq!(found, expected, "{names}");
        }
        let ran = model.commands_of("apt-get").next().expect("a command");
        assert_eq!(ran.next().map(Command::program), Some("c"));
        let words =
            program_and_verb(ran.command).map(|(program, verb)| (&*program.text, &*verb.text));
        assert_eq!(words, Some(("/usr/bin/apt-get", "update")));
    }
}
