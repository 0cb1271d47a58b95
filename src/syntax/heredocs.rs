//! The heredocs that a line opens, found as Docker finds them: by splitting it into words of a shell.

use super::words;
use crate::text::TextRange;

/// A word such as `3<<-"EOF"`.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Opener {
    /// All of it, in bytes of the joined text.
    pub range: TextRange,
    /// Without quotes.
    pub name: String,
    /// `<<-`
    pub strips_tabs: bool,
    /// Whether nothing of the name is quoted.
    pub expands: bool,
}

/// The heredocs of an instruction's joined text, in order. None where a quote or a `${` is left open, however many
/// there are: then Docker takes the line as it stands.
pub(super) fn openers(text: &str) -> Vec<Opener> {
    if !text.contains("<<") || !may_hold_heredocs(text) {
        return Vec::new();
    }
    let mut splitter =
        Splitter { text, at: 0, inside: Vec::new(), start: None, openers: Vec::new() };
    splitter.run().map_or_else(Vec::new, |()| splitter.openers)
}

/// RUN, COPY and ADD, also behind ONBUILD.
fn may_hold_heredocs(text: &str) -> bool {
    let mut fields = text.split(words::is_blank).filter(|field| !field.is_empty());
    let mut first = fields.next();
    if first.is_some_and(|word| word.eq_ignore_ascii_case("ONBUILD")) {
        first = fields.find(|field| !field.starts_with("--"));
    }
    first
        .is_some_and(|word| ["RUN", "COPY", "ADD"].iter().any(|one| one.eq_ignore_ascii_case(word)))
}

/// Whether a word of COPY or ADD is one, which then is no path.
pub(super) fn is_opener(word: &str) -> bool {
    opener(TextRange::default(), word).is_some()
}

struct Splitter<'a> {
    text: &'a str,
    at: usize,
    /// What ends the quote and the `${` that are open: `"`, `}`, or `/` for the first half of `${a/b/c}`.
    inside: Vec<char>,
    /// Where the word began.
    start: Option<usize>,
    openers: Vec<Opener>,
}

impl Splitter<'_> {
    /// To the end of the text. `None` where something is left open.
    fn run(&mut self) -> Option<()> {
        while let Some(c) = self.peek() {
            let inside = self.inside.last().copied();
            if inside.is_none() {
                if c.is_whitespace() {
                    self.end_word();
                    self.at += c.len_utf8();
                    continue;
                }
                self.start.get_or_insert(self.at);
            }
            self.at += c.len_utf8();
            match (inside, c) {
                (Some('/'), '/') => {
                    self.inside.pop();
                    self.inside.push('}');
                }
                (Some(closer), c) if c == closer => drop(self.inside.pop()),
                (_, '$') => self.dollar()?,
                (Some('"'), '\\') => self.skip(&['"', '$', '\\']),
                (Some('"'), _) => {}
                (_, '\'') => self.at += self.rest().find('\'')? + 1,
                (_, '"') => self.inside.push('"'),
                (_, '\\') => self.at += self.peek().map_or(0, char::len_utf8),
                // The name may stand apart: `<< EOF`.
                (None, '<') if self.peek() == Some('<') => {
                    self.at += 1;
                    while self.peek().is_some_and(|c| matches!(c, ' ' | '\t' | '\r')) {
                        self.at += 1;
                    }
                }
                _ => {}
            }
        }
        self.end_word();
        self.inside.is_empty().then_some(())
    }

    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    /// Steps over one of these ASCII characters, if one is next.
    fn skip(&mut self, characters: &[char]) {
        if self.peek().is_some_and(|c| characters.contains(&c)) {
            self.at += 1;
        }
    }

    /// Behind a `$`: a name, or `{` and all up to where the text inside it begins. `None` where Docker gives up.
    fn dollar(&mut self) -> Option<()> {
        if self.peek() != Some('{') {
            self.name();
            return Some(());
        }
        self.at += 1;
        if matches!(self.peek()?, '{' | '}' | ':') {
            return None;
        }
        self.name();
        let modifier = self.peek()?;
        self.at += modifier.len_utf8();
        match modifier {
            '}' => return Some(()),
            ':' => {
                let second = self.peek().filter(|c| !matches!(c, '#' | '%'))?;
                self.at += second.len_utf8();
                self.inside.push('}');
            }
            '+' | '-' | '?' | '#' | '%' => self.inside.push('}'),
            '/' => {
                self.skip(&['/']);
                self.inside.push('/');
            }
            _ => return None,
        }
        Some(())
    }

    fn name(&mut self) {
        let rest = self.rest();
        let length = match rest.chars().next() {
            Some(c) if c.is_numeric() => rest.find(|c: char| !c.is_numeric()),
            Some('@' | '*' | '#' | '?' | '-' | '$' | '!') => Some(1),
            _ => rest.find(|c: char| !c.is_alphanumeric() && c != '_'),
        };
        self.at += length.unwrap_or(rest.len());
    }

    fn end_word(&mut self) {
        if let Some(start) = self.start.take() {
            let range = TextRange::new(start, self.at);
            self.openers.extend(opener(range, range.of(self.text)));
        }
    }
}

/// Reads `3<<-"EOF"`: an optional number, `<<`, an optional `-`, and one name.
fn opener(range: TextRange, word: &str) -> Option<Opener> {
    let rest = word.trim_start_matches(|c: char| c.is_ascii_digit()).strip_prefix("<<")?;
    let (strips_tabs, raw) = rest.strip_prefix('-').map_or((false, rest), |raw| (true, raw));
    let raw = raw.trim_start();
    let name = words::unquote(raw, '\\');
    if raw.contains('<') || name.is_empty() {
        return None;
    }
    Some(Opener { range, name, strips_tabs, expands: !is_quoted(raw) })
}

/// Whether a quote stands in the word that is not escaped.
fn is_quoted(raw: &str) -> bool {
    let mut chars = raw.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => drop(chars.next()),
            '"' | '\'' => return true,
            _ => {}
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The openers as `name`, with `-` for stripped tabs and `'` for a body that is taken as it stands.
    fn show(text: &str) -> Vec<String> {
        let mark = |opener: Opener| {
            let tabs = if opener.strips_tabs { "-" } else { "" };
            let quoted = if opener.expands { "" } else { "'" };
            format!("{tabs}{quoted}{}", opener.name)
        };
        openers(text).into_iter().map(mark).collect()
    }

    #[test]
    fn words_that_open_a_heredoc() {
        for (text, expected) in [
            ("RUN <<EOF", "EOF"),
            ("run 3<<-EOF cat", "-EOF"),
            ("RUN cat << EOF > f", "EOF"),
            ("RUN <<'EOF'", "'EOF"),
            ("RUN <<E\"O\"F", "'EOF"),
            ("RUN <<\\EOF", "EOF"),
            ("RUN <<eo\\'f", "eo'f"),
            ("COPY <<\"two words\" /d", "'two words"),
            ("COPY <<a <<b /d", "a b"),
            ("ONBUILD RUN <<EOF", "EOF"),
            ("RUN <<$EOF", "$EOF"),
            ("RUN <<${EOF}", "${EOF}"),
            ("RUN <<E${X:-Y}", "E${X:-Y}"),
            ("RUN echo ${X:-'}'} <<EOF", "EOF"),
            ("RUN echo ${X/a/b} \"${Y#c}\" <<EOF", "EOF"),
            ("RUN echo $((1 << 3))", "3))"),
        ] {
            assert_eq!(show(text).join(" "), expected, "{text}");
        }
    }

    #[test]
    fn words_that_open_none() {
        for text in [
            "CMD <<EOF",
            "RUN \"<<EOF\"",
            "RUN '<<EOF'",
            "RUN a<<EOF",
            "RUN cat <<<EOF",
            "RUN <<",
            "RUN <<- EOF",
            "RUN <<\"\"",
            "RUN \\<<EOF",
            "RUN echo it's <<EOF",
            "RUN echo \"a <<EOF",
            "RUN echo ${#a} <<EOF",
            "RUN echo ${a <<EOF",
            "ONBUILD ONBUILD RUN <<EOF",
        ] {
            assert_eq!(show(text), [] as [String; 0], "{text}");
        }
    }
}
