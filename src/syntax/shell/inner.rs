//! Shell text that is given to a shell: `sh -c "…"`, its exec form, and heredocs that are scripts.

use super::plain::Plain;
use super::words::assignment;
use super::{Command, Script, base_name, reader};
use crate::syntax::ast::Word;
use crate::text::TextRange;

/// Programs that start the one behind them.
const STARTERS: [&str; 7] = ["dumb-init", "env", "exec", "nohup", "sudo", "time", "tini"];

/// Whether the program is a shell whose language is read here; PowerShell and `cmd` are not.
pub fn is_shell(program: &str) -> bool {
    matches!(base_name(program), "sh" | "bash" | "ash" | "dash" | "ksh" | "zsh")
}

/// Reads a heredoc's body as a script. Opaque where its first line names another interpreter.
pub fn read_script(file: &str, body: TextRange) -> Script {
    let text = body.of(file);
    // `<<-` drops tabs.
    if let Some(line) = text.trim_start_matches('\t').strip_prefix("#!") {
        let mut words = line.lines().next().unwrap_or_default().split_whitespace();
        let program = words.find(|word| base_name(word) != "env" && !word.starts_with('-'));
        if !program.is_some_and(is_shell) {
            return Script::opaque(body);
        }
    }
    reader::read(text, &|range| TextRange::new(range.start + body.start, range.end + body.start), 0)
}

/// Reads the text in the exec form `["sh", "-c", "…"]`. `None` for any other.
pub fn read_exec(words: &[Word], file: &str) -> Option<Script> {
    let (true, [word, ..]) = options(behind_shell(words)?)? else { return None };
    if word.text.is_empty() {
        return None;
    }
    let plain = without_escapes(word, file);
    // A string in pieces has no place for each letter: then every place is that of the whole string.
    let source = |range| plain.as_ref().map_or(word.range, |plain| plain.source(range));
    Some(reader::read(&word.text, &source, 1))
}

/// The text of a JSON string with the place of each letter.
fn without_escapes(word: &Word, file: &str) -> Option<Plain> {
    let mut rest = word.range.of(file).strip_prefix('"')?.strip_suffix('"')?;
    let mut at = word.range.start + 1;
    let mut plain = Plain::default();
    for c in word.text.chars() {
        let length = match rest.strip_prefix('\\') {
            // Beyond U+FFFF a letter is two escapes.
            Some(escaped) if escaped.starts_with('u') => 6 + 6 * usize::from(c > '\u{ffff}'),
            Some(_) => 2,
            None if rest.starts_with(c) => c.len_utf8(),
            None => return None,
        };
        rest = rest.get(length..)?;
        plain.push(c.encode_utf8(&mut [0; 4]), TextRange::new(at, at + length));
        at += length;
    }
    rest.is_empty().then_some(plain)
}

/// The words behind the shell that the command starts.
fn behind_shell(words: &[Word]) -> Option<&[Word]> {
    let mut rest = words;
    while let Some((word, more)) = rest.split_first() {
        let name = word.text.as_str();
        if is_shell(name) {
            return Some(more);
        }
        let is_option = name.starts_with('-') || assignment(name);
        if !STARTERS.contains(&base_name(name)) && (!is_option || rest.len() == words.len()) {
            return None;
        }
        rest = more;
    }
    None
}

/// Splits the options of a shell off: whether `-c` is among them, and what follows. `None` where `-o` misses its value.
fn options(mut words: &[Word]) -> Option<(bool, &[Word])> {
    let mut has_text = false;
    while let Some((word, more)) = words.split_first() {
        let Some(letters) = word.text.strip_prefix(['-', '+']) else { break };
        words = more;
        if !letters.starts_with('-') {
            has_text |= letters.contains('c') && word.text.starts_with('-');
            if letters.ends_with(['o', 'O']) {
                words = words.get(1..)?;
            }
        }
    }
    Some((has_text, words))
}

impl Command {
    /// Whether the next word is shell text: it is `sh -c` so far.
    pub(super) fn takes_text(&self) -> bool {
        // Nobody gives a shell this many options.
        self.words.len() < 16
            && matches!(behind_shell(&self.words).and_then(options), Some((true, [])))
    }
}

impl Script {
    /// Tells the body of the heredoc that `opener` opens: `bash <<EOF` runs it. Ranges are bytes of `file`.
    pub fn feed(&mut self, opener: TextRange, file: &str, body: TextRange) {
        let at = self.commands.partition_point(|command| command.range.start <= opener.start);
        let Some(command) = self.commands[..at].last_mut() else { return };
        // The last one counts.
        let is_input = command.redirects.iter().rfind(|one| one.operator.contains('<'));
        if is_input.is_some_and(|one| one.target.range.end == opener.end)
            && matches!(behind_shell(&command.words).and_then(options), Some((false, [])))
        {
            command.inner = Some(Box::new(read_script(file, body)));
        }
    }
}
