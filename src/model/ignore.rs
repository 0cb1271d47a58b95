//! `.dockerignore`: Docker's own pattern rules.

/// One line that says something.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Pattern {
    /// 1-based.
    line: usize,
    parts: Vec<Part>,
    /// `!`: brings back.
    brings_back: bool,
}

/// What a piece of a pattern stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    /// Itself.
    One(char),
    /// `?`: any character of a name.
    Any,
    /// `*`: any part of a name.
    Name,
    /// `**/`: any folders, or none.
    Folders,
    /// `**` at the end: anything.
    Rest,
    /// `[a-z]`, `[^a-z]`: ranges, and whether they are left out. It may be a slash too.
    Class(Vec<(char, char)>, bool),
}

/// A parsed ignore file.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct IgnoreFile {
    patterns: Vec<Pattern>,
    refused: Option<usize>,
}

/// What becomes of a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// Whether it stays out of the build context.
    pub is_ignored: bool,
    /// The 1-based line that decides; `None` where no line matches.
    pub line: Option<usize>,
}

impl IgnoreFile {
    /// Reads `text`. A `#` in the first column is a comment; blanks around a pattern and slashes around it mean nothing.
    pub fn parse(text: &str) -> Self {
        let mut file = Self::default();
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        for (at, line) in text.lines().enumerate() {
            let pattern = line.trim();
            if line.starts_with('#') || pattern.is_empty() {
                continue;
            }
            let inverted = pattern.strip_prefix('!');
            let pattern = clean(inverted.unwrap_or(pattern).trim());
            match parts(&pattern) {
                Some(parts) if !pattern.is_empty() => {
                    let brings_back = inverted.is_some();
                    file.patterns.push(Pattern { line: at + 1, parts, brings_back });
                }
                _ => drop(file.refused.get_or_insert(at + 1)),
            }
        }
        file
    }

    /// What becomes of `path`, which is seen from the context's root. The last line that matches it or a folder above
    /// it counts.
    pub fn verdict(&self, path: &str) -> Verdict {
        let path: Vec<char> = clean(path).chars().collect();
        let mut patterns = self.patterns.iter().rev();
        let last = patterns.find(|pattern| matches(&pattern.parts, &path));
        Verdict {
            is_ignored: last.is_some_and(|pattern| !pattern.brings_back),
            line: last.map(|pattern| pattern.line),
        }
    }

    /// Whether no line says anything.
    pub fn is_empty(&self) -> bool {
        self.patterns.is_empty()
    }

    /// The first 1-based line for which Docker refuses to build: `!` alone, a bracket or an escape without its end.
    pub fn refused_line(&self) -> Option<usize> {
        self.refused
    }
}

/// The path from the context's root in its shortest form: no `.`, no `..` but at its start, no slash at either end.
fn clean(path: &str) -> String {
    let mut names: Vec<&str> = Vec::new();
    for name in path.split('/') {
        match name {
            "" | "." => {}
            ".." if names.last().is_some_and(|last| *last != "..") => drop(names.pop()),
            ".." if path.starts_with('/') => {}
            name => names.push(name),
        }
    }
    if names.is_empty() && !path.is_empty() { ".".to_owned() } else { names.join("/") }
}

/// The pieces of a pattern; `None` where Docker refuses it.
fn parts(pattern: &str) -> Option<Vec<Part>> {
    let mut parts = Vec::new();
    let mut chars = pattern.chars().peekable();
    while let Some(c) = chars.next() {
        parts.push(match c {
            '*' if chars.next_if_eq(&'*').is_some() => {
                let has_slash = chars.next_if_eq(&'/').is_some();
                let rest = || pattern.get(2..).unwrap_or_default();
                if chars.peek().is_none() {
                    Part::Rest
                } else if parts.is_empty()
                    && !has_slash
                    && !rest().contains(['*', '?', '[', ']', '\\'])
                {
                    // Without other signs, `**x` is taken for the end of a path.
                    Part::Rest
                } else {
                    Part::Folders
                }
            }
            '*' => Part::Name,
            '?' => Part::Any,
            '\\' => Part::One(chars.next()?),
            '[' => {
                let is_negated = chars.next_if_eq(&'^').is_some();
                let mut ranges = Vec::new();
                while ranges.is_empty() || chars.next_if_eq(&']').is_none() {
                    let low = class_char(&mut chars)?;
                    let has_end = chars.next_if_eq(&'-').is_some();
                    ranges.push((low, if has_end { class_char(&mut chars)? } else { low }));
                }
                Part::Class(ranges, is_negated)
            }
            c => Part::One(c),
        });
    }
    Some(parts)
}

fn class_char(chars: &mut std::iter::Peekable<std::str::Chars<'_>>) -> Option<char> {
    match chars.next()? {
        '-' | ']' => None,
        '\\' => chars.next(),
        c => Some(c),
    }
}

/// Whether the pattern matches the path or a folder above it.
fn matches(parts: &[Part], path: &[char]) -> bool {
    // Most patterns begin with plain characters, and most paths with others: then no list has to be made.
    let plain = parts.iter().zip(path).take_while(|(part, c)| **part == Part::One(**c)).count();
    if matches!(parts.get(plain), Some(Part::One(_))) {
        return false;
    }
    // Which beginnings of the path the pieces so far match.
    let mut reach = vec![false; path.len() + 1];
    reach[plain] = true;
    for part in parts.get(plain..).unwrap_or_default() {
        let mut next = vec![false; path.len() + 1];
        // Whether a beginning that reaches up to here may grow, and whether any piece is left at all.
        let (mut grows, mut is_alive) = (false, false);
        for at in 0..=path.len() {
            let c = at.checked_sub(1).map(|at| path[at]);
            let before = at > 0 && reach[at - 1];
            next[at] = match part {
                Part::One(one) => before && c == Some(*one),
                Part::Any => before && c != Some('/'),
                Part::Class(ranges, is_negated) => {
                    let is_in =
                        |c: char| ranges.iter().any(|&(low, high)| (low..=high).contains(&c));
                    before && c.is_some_and(|c| is_in(c) != *is_negated)
                }
                Part::Name => reach[at] || (grows && c != Some('/')),
                Part::Rest => reach[at] || grows,
                Part::Folders => reach[at] || (grows && c == Some('/')),
            };
            grows = match part {
                Part::Folders => grows || reach[at],
                _ => next[at],
            };
            is_alive |= next[at];
        }
        if !is_alive {
            return false;
        }
        reach = next;
    }
    (0..=path.len()).any(|end| reach[end] && path.get(end).is_none_or(|c| *c == '/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The verdict as `out 2` or `in`, with the line that decides.
    fn verdict(file: &str, path: &str) -> String {
        let verdict = IgnoreFile::parse(file).verdict(path);
        let word = if verdict.is_ignored { "out" } else { "in" };
        verdict.line.map_or_else(|| word.to_owned(), |line| format!("{word} {line}"))
    }

    fn check(table: &[(&str, &str, &str)]) {
        for (file, path, expected) in table {
            assert_eq!(verdict(file, path), *expected, "{path} with {file:?}");
        }
    }

    #[test]
    fn patterns_are_anchored_at_the_root() {
        check(&[
            ("__pycache__", "__pycache__/a", "out 1"),
            ("__pycache__", "src/__pycache__/a", "in"),
            ("*.pyc", "src/a.pyc", "in"),
            (".env", "src/.env", "in"),
            ("tests/", "src/tests/a.py", "in"),
            ("Dockerfile", "Dockerfile.prod", "in"),
        ]);
    }

    #[test]
    fn a_folder_takes_what_is_in_it() {
        check(&[
            ("docs", "docs/a/b.txt", "out 1"),
            ("docs/", "docs", "out 1"),
            ("d*s", "docs/a", "out 1"),
            ("docs/*", "docs", "in"),
            ("docs/*", "docs/a/b", "out 1"),
            ("docs\n!docs/README.md", "docs/README.md", "in 2"),
            ("docs/secret\n!docs", "docs/secret/key", "in 2"),
        ]);
    }

    #[test]
    fn the_last_line_that_matches_wins() {
        check(&[
            ("*.md\n!README.md", "README.md", "in 2"),
            ("!README.md\n*.md", "README.md", "out 2"),
            ("*.md\n!README.md", "docs/README.md", "in"),
            ("*\n!src\nsrc/x", "src/a", "in 2"),
            ("*\n!src\nsrc/x", "src/x", "out 3"),
            ("! a\nb", "a", "in 1"),
        ]);
    }

    #[test]
    fn comments_blanks_and_slashes() {
        check(&[
            ("# docs", "docs", "in"),
            (" # docs", "# docs", "out 1"),
            ("docs # all", "docs", "in"),
            ("\n\n  docs  \r\n", "docs", "out 3"),
            ("\u{feff}docs", "docs", "out 1"),
            ("/docs", "docs", "out 1"),
            ("./docs//a/", "docs/a", "out 1"),
            ("x/../docs", "docs", "out 1"),
            ("/../docs", "docs", "out 1"),
            ("../docs", "docs", "in"),
            (".", "docs", "in"),
            ("/", "docs", "in"),
            ("docs", "/docs/", "out 1"),
            ("docs", "./docs", "out 1"),
        ]);
    }

    #[test]
    fn two_stars_cross_folders() {
        check(&[
            ("**", "a/b", "out 1"),
            ("**/.env", ".env", "out 1"),
            ("**/.env", "a/b/.env", "out 1"),
            ("**/.env", "a.env", "in"),
            ("**/*.py[co]", "src/a.pyc", "out 1"),
            ("a/**/b", "a/b", "out 1"),
            ("a/**/b", "a/x/y/b", "out 1"),
            ("a/**", "a", "in"),
            ("a/**", "a/x/y", "out 1"),
            ("a**", "abc/d", "out 1"),
            ("**env", "a/b.env", "out 1"),
            ("**e?v", "a/b.env", "in"),
            ("a**b", "axb", "in"),
            ("a**b", "ax/b", "out 1"),
            ("a/*.txt**", "a/file.txt", "out 1"),
            ("*x**y/z", "xxy/z", "out 1"),
            ("**/a/*/b", "x/a/y/b/z", "out 1"),
        ]);
    }

    #[test]
    fn signs_within_a_name() {
        check(&[
            ("a?c", "abc", "out 1"),
            ("a?c", "a/c", "in"),
            ("a*c", "a/c", "in"),
            ("a*b*c", "aXbbYc", "out 1"),
            ("a[b-d]e", "ace", "out 1"),
            ("a[^b-d]e", "ace", "in"),
            ("a[!b]e", "abe", "out 1"),
            ("a[!b]e", "a!e", "out 1"),
            ("a[^b]c", "a/c", "out 1"),
            ("a[\\-x]", "a-", "out 1"),
            ("a\\*b", "a*b", "out 1"),
            ("a\\*b", "axb", "in"),
            ("A", "a", "in"),
            ("a.b", "axb", "in"),
            ("\u{e4}?", "\u{e4}\u{263a}", "out 1"),
        ]);
    }

    #[test]
    fn dockerfile_and_ignore_file_are_files_like_others() {
        check(&[
            ("Dockerfile*\n.dockerignore", "Dockerfile.prod", "out 1"),
            ("Dockerfile*\n.dockerignore", ".dockerignore", "out 2"),
            ("docs", "Dockerfile", "in"),
        ]);
    }

    #[test]
    fn lines_that_docker_refuses() {
        for (file, line) in [
            ("a\n!", Some(2)),
            ("[", Some(1)),
            ("a[]b]", Some(1)),
            ("[a-]", Some(1)),
            ("a\\", Some(1)),
            ("[a]\n\\[", None),
        ] {
            assert_eq!(IgnoreFile::parse(file).refused_line(), line, "{file}");
        }
    }

    #[test]
    fn many_stars_stay_quick() {
        let file = IgnoreFile::parse(&format!("{}b", "**/a*".repeat(200)));
        assert!(!file.verdict(&"a/".repeat(2000)).is_ignored);
    }
}
