//! `.dockerignore`: Docker's own pattern rules.

/// One line that says something.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Pattern {
    /// 1-based.
    line: usize,
    /// Its segments, cleaned: no leading slash, no `.`.
    segments: Vec<String>,
    /// `!`: brings back.
    brings_back: bool,
}

/// A parsed ignore file.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct IgnoreFile {
    patterns: Vec<Pattern>,
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
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let patterns = text.lines().enumerate().filter(|(_, line)| !line.starts_with('#'));
        let patterns = patterns.filter_map(|(at, line)| {
            let line = line.trim();
            let (brings_back, path) =
                line.strip_prefix('!').map_or((false, line), |rest| (true, rest.trim()));
            let mut segments: Vec<String> = Vec::new();
            for segment in path.split('/') {
                match segment {
                    "" | "." => {}
                    ".." => drop(segments.pop()),
                    segment => segments.push(segment.to_owned()),
                }
            }
            (!segments.is_empty()).then_some(Pattern { line: at + 1, segments, brings_back })
        });
        Self { patterns: patterns.collect() }
    }

    /// What becomes of `path`, a file below the context's root. The last line that matches it or a folder above it counts.
    pub fn verdict(&self, path: &str) -> Verdict {
        let path: Vec<&str> =
            path.split('/').filter(|segment| !segment.is_empty() && *segment != ".").collect();
        let mut verdict = Verdict { is_ignored: false, line: None };
        for pattern in &self.patterns {
            if (1..=path.len()).any(|depth| matches(&pattern.segments, &path[..depth])) {
                verdict = Verdict { is_ignored: !pattern.brings_back, line: Some(pattern.line) };
            }
        }
        verdict
    }

    /// Whether no line says anything.
    pub fn is_empty(&self) -> bool {
        self.patterns.is_empty()
    }
}

/// Whether all segments match; `**` stands for any number of them.
fn matches(pattern: &[String], path: &[&str]) -> bool {
    // Row by row over the pattern: which prefixes of the path it can have eaten so far.
    let mut reach = vec![false; path.len() + 1];
    reach[0] = true;
    for segment in pattern {
        let mut next = vec![false; path.len() + 1];
        for at in 0..=path.len() {
            if segment == "**" {
                next[at] = reach[at] || (at > 0 && next[at - 1]);
            } else {
                next[at] = at > 0 && reach[at - 1] && matches_segment(segment, path[at - 1]);
            }
        }
        reach = next;
    }
    reach[path.len()]
}

/// `*`, `?`, `[a-z]`, `\x` within one segment.
fn matches_segment(pattern: &str, name: &str) -> bool {
    let pattern: Vec<char> = pattern.chars().collect();
    let name: Vec<char> = name.chars().collect();
    let (mut p, mut n) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while n < name.len() {
        if pattern.get(p) == Some(&'*') {
            star = Some((p, n));
            p += 1;
        } else if let Some(length) = pattern.get(p..).and_then(|rest| matches_one(rest, name[n])) {
            p += length;
            n += 1;
        } else if let Some((at, eaten)) = star {
            star = Some((at, eaten + 1));
            p = at + 1;
            n = eaten + 1;
        } else {
            return false;
        }
    }
    pattern[p..].iter().all(|&c| c == '*')
}

/// How many characters of the pattern match `c`, or `None`.
fn matches_one(pattern: &[char], c: char) -> Option<usize> {
    match *pattern.first()? {
        '?' => Some(1),
        '\\' => (*pattern.get(1)? == c).then_some(2),
        '[' => {
            let end = pattern.iter().skip(2).position(|&c| c == ']')? + 2;
            let (negated, from) =
                if matches!(pattern[1], '^' | '!') { (true, 2) } else { (false, 1) };
            let class = pattern.get(from..end)?;
            let mut found = false;
            let mut at = 0;
            while at < class.len() {
                if class.get(at + 1) == Some(&'-') && at + 2 < class.len() {
                    found |= (class[at]..=class[at + 2]).contains(&c);
                    at += 3;
                } else {
                    found |= class[at] == c;
                    at += 1;
                }
            }
            (found != negated).then_some(end + 1)
        }
        literal => (literal == c).then_some(1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ignored(file: &str, path: &str) -> bool {
        IgnoreFile::parse(file).verdict(path).is_ignored
    }

    #[test]
    fn patterns_are_anchored_at_the_root() {
        assert!(ignored("__pycache__\n*.pyc", "__pycache__/a"));
        assert!(!ignored("__pycache__\n*.pyc", "src/__pycache__/a"));
        assert!(!ignored("*.pyc", "src/a.pyc"));
        assert!(ignored("**/*.py[co]", "src/a.pyc"));
        assert!(ignored("**/.env", ".env"));
    }

    #[test]
    fn the_last_line_that_matches_wins() {
        assert!(!ignored("*.md\n!README.md", "README.md"));
        assert!(ignored("!README.md\n*.md", "README.md"));
        assert_eq!(IgnoreFile::parse("# x\n*.md\n!README.md").verdict("README.md").line, Some(3));
    }

    #[test]
    fn slashes_blanks_and_comments() {
        assert!(ignored("/docs/ ", "docs/a/b.txt"));
        assert!(ignored("./docs", "docs"));
        assert!(!ignored("docs # all", "docs"));
        assert!(ignored("a/**/b", "a/b"));
        assert!(ignored("a?c", "abc"));
    }
}
