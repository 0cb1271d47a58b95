//! Edits of the words of one command or of the pairs of one ENV.

use super::{Launch, Model};
use crate::syntax::{Body, Instruction, Kind, Pair, Word};
use crate::text::{EditSet, TextEdit, TextRange};

impl Model<'_> {
    /// Takes words away, by their places in `all`, with the comma or the blank that sets them off.
    /// `None` where more than that stands between them and their neighbours.
    pub fn delete_words(&self, all: &[Word], words: &[usize]) -> Option<EditSet> {
        let mut words = words.to_vec();
        words.sort_unstable();
        words.dedup();
        let runs = words.chunk_by(|a, b| a + 1 == *b);
        EditSet::new(runs.map(|run| self.delete_run(all, run)).collect::<Option<Vec<_>>>()?).ok()
    }

    /// Where `part` stands in the word as it is written, which may have quotes.
    pub fn part_of(&self, word: &Word, part: &str) -> Option<TextRange> {
        let start = word.range.start + word.range.of(self.text()).find(part)?;
        Some(TextRange::new(start, start + part.len()))
    }

    /// Takes a pair of ENV away, and the instruction with it where that holds nothing else.
    pub fn delete_pair(&self, instruction: &Instruction, pair: &Pair) -> Option<EditSet> {
        let Kind::Env(pairs) = &instruction.kind else { return None };
        if pairs.len() == 1 {
            return Some(self.remove(instruction).into());
        }
        let at = pairs.partition_point(|one| one.range.start < pair.range.start);
        // Its neighbours are all that counts.
        let from = at.saturating_sub(1);
        let near = pairs.get(from..pairs.len().min(at + 2))?;
        let words: Vec<_> =
            near.iter().map(|pair| Word { range: pair.range, ..Word::default() }).collect();
        self.delete_words(&words, &[at - from])
    }

    /// Puts words behind the last one of the command that the image starts, in the form it is written in.
    /// `None` where the last word is not the program's or has no place of its own.
    pub fn append_to_launch(&self, launch: &Launch<'_>, words: &[&str]) -> Option<EditSet> {
        let last = launch.words.last()?;
        let is_exec = matches!(launch.step_of(last).instruction.body(), Some(Body::Exec(_)));
        // An ENTRYPOINT in exec form gets the shell and its option from a CMD in shell form, not the words.
        if !launch.is_in_place() || (launch.is_exec && !is_exec) || launch.step.is_opaque() {
            return None;
        }
        let text: String = words
            .iter()
            .map(|word| if launch.is_exec { format!(", \"{word}\"") } else { format!(" {word}") })
            .collect();
        Some(TextEdit::insert(last.range.end, text).into())
    }

    /// Takes away neighbours. From the end of the word before, so that a line is not left half empty.
    fn delete_run(&self, all: &[Word], run: &[usize]) -> Option<TextEdit> {
        let (&first, &last) = (run.first()?, run.last()?);
        let inner = all.get(first..=last)?;
        if !inner.windows(2).all(|pair| self.are_neighbours(&pair[0], &pair[1])) {
            return None;
        }
        let (start, end) = (inner.first()?.range.start, inner.last()?.range.end);
        let before = first.checked_sub(1).and_then(|at| all.get(at));
        let before = before.filter(|before| self.are_neighbours(before, &inner[0]));
        let after = all.get(last + 1).filter(|after| self.are_neighbours(&all[last], after));
        let range = match (before, after) {
            (Some(before), _) => TextRange::new(before.range.end, end),
            (None, Some(after)) => TextRange::new(start, after.range.start),
            (None, None) => return None,
        };
        Some(TextEdit::delete(range))
    }

    /// Whether nothing but a comma, blanks and line continuations stands between two words.
    fn are_neighbours(&self, a: &Word, b: &Word) -> bool {
        let between = TextRange::new(a.range.end, b.range.start);
        !between.is_empty()
            && between
                .of(self.text())
                .chars()
                .all(|c| c.is_whitespace() || c == ',' || c == self.file.escape)
    }
}

#[cfg(test)]
mod tests {
    use crate::input::Input;
    use crate::model::Model;
    use crate::syntax::parse;

    /// The text after `words` of the launched command are deleted.
    fn without(text: &str, words: &[usize]) -> Option<String> {
        let (file, input) = (parse(text), Input::new(text));
        let model = Model::build(&file, &input);
        let edits = model.delete_words(&model.launch()?.words, words)?;
        Some(edits.apply(text))
    }

    /// The text after two words are put behind the launched command.
    fn appended(text: &str) -> Option<String> {
        let (file, input) = (parse(text), Input::new(text));
        let model = Model::build(&file, &input);
        let edits = model.append_to_launch(&model.launch()?, &["-w", "2"])?;
        Some(edits.apply(text))
    }

    #[test]
    fn words_go_with_their_comma_or_blank() {
        for (before, words, after) in [
            ("FROM a\nCMD [\"a\", \"b\", \"c\"]\n", vec![1], "FROM a\nCMD [\"a\", \"c\"]\n"),
            ("FROM a\nCMD [\"a\",\"b\",\"c\"]", vec![2, 1], "FROM a\nCMD [\"a\"]"),
            ("FROM a\nCMD a b  c", vec![2], "FROM a\nCMD a b"),
            (
                "FROM a\nCMD [\"a\", \\\n  \"b\", \\\n  \"c\"]\n",
                vec![1],
                "FROM a\nCMD [\"a\", \\\n  \"c\"]\n",
            ),
            (
                "FROM a\nENTRYPOINT [\"a\"]\nCMD [\"b\", \"c\", \"d\"]\n",
                vec![1, 2],
                "FROM a\nENTRYPOINT [\"a\"]\nCMD [\"d\"]\n",
            ),
            (
                "FROM a\nCMD [\"sh\", \"-c\", \"a b $C\"]\n",
                vec![1],
                "FROM a\nCMD [\"sh\", \"-c\", \"a $C\"]\n",
            ),
        ] {
            assert_eq!(without(before, &words).as_deref(), Some(after));
        }
    }

    #[test]
    fn words_stay_where_a_neighbour_is_not_one() {
        assert_eq!(without("FROM a\nENTRYPOINT [\"a\"]\nCMD [\"b\"]\n", &[1]), None);
        assert_eq!(without("FROM a\nCMD a > log b\n", &[1]), None);
        assert_eq!(without("FROM a\nCMD [\"sh\", \"-c\", \"a \\\n b\"]\n", &[1]), None);
        assert_eq!(without("FROM a\nCMD a\n", &[7]), None);
    }

    #[test]
    fn words_are_put_behind_the_last() {
        for (before, after) in [
            ("FROM a\nCMD [\"a\" ]", Some("FROM a\nCMD [\"a\", \"-w\", \"2\" ]")),
            ("FROM a\nCMD cd x && a b\n", Some("FROM a\nCMD cd x && a b -w 2\n")),
            (
                "FROM a\nCMD [\"sh\", \"-c\", \"a $P\"]",
                Some("FROM a\nCMD [\"sh\", \"-c\", \"a $P -w 2\"]"),
            ),
            (
                "FROM a\nCMD [\"b\"]\nENTRYPOINT [\"a\"]\n",
                Some("FROM a\nCMD [\"b\", \"-w\", \"2\"]\nENTRYPOINT [\"a\"]\n"),
            ),
            ("FROM a\nENTRYPOINT [\"a\"]\nCMD b\n", None),
            ("FROM a\nCMD [\"sh\", \"-c\", \"a \\\nb\"]\n", None),
        ] {
            assert_eq!(appended(before).as_deref(), after, "{before}");
        }
    }
}
