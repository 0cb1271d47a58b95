//! A paste that is something else than a Dockerfile, recognised by its shape.

use super::Mistaken;
use crate::syntax::{File, Keyword};

/// What `text` looks like, where it does not look like a Dockerfile.
pub(super) fn mistaken(text: &str, file: &File) -> Option<Mistaken> {
    if text.contains('\0') || text.matches(char::REPLACEMENT_CHARACTER).count() * 50 > text.len() {
        return Some(Mistaken::Binary);
    }
    let lines: Vec<&str> =
        text.lines().map(str::trim_end).filter(|line| !line.trim().is_empty()).collect();
    let first = lines.first()?.trim_start();
    let is_fence = |word: &str| word.starts_with("```");
    if file.instructions().any(|instruction| is_fence(&instruction.keyword_word.text))
        || (first.starts_with("$ ") && has_keyword(first.trim_start_matches("$ ")))
    {
        return Some(Mistaken::Wrapped);
    }
    if file.instructions().any(|instruction| instruction.keyword == Some(Keyword::From)) {
        return None;
    }
    let plain: Vec<&str> = lines.iter().copied().filter(|line| !line.starts_with('#')).collect();
    if plain.is_empty() {
        return None;
    }
    if plain.contains(&"services:") {
        Some(Mistaken::Compose)
    } else if first.starts_with('{')
        && (text.contains("\"name\"") || text.contains("\"dependencies\""))
    {
        Some(Mistaken::PackageJson)
    } else if plain.iter().any(|line| has_keyword(line)) {
        None
    } else if plain.iter().all(|line| is_requirement(line))
        && plain.iter().any(|line| line.contains("==") || line.contains(">="))
    {
        Some(Mistaken::Requirements)
    } else if plain.iter().all(|line| !line.trim().contains(' '))
        && plain.iter().any(|line| is_ignore_pattern(line))
    {
        Some(Mistaken::Dockerignore)
    } else if text.split_whitespace().count() > 3 {
        Some(Mistaken::Prose)
    } else {
        None
    }
}

/// `text` without Markdown fences and shell prompts around it.
pub fn unwrap(text: &str) -> String {
    let fenced: Vec<&str> = text.lines().collect();
    let opening = fenced.iter().position(|line| line.trim_start().starts_with("```"));
    let inner = match opening {
        Some(start) => {
            let rest = &fenced[start + 1..];
            let end = rest.iter().position(|line| line.trim_start().starts_with("```"));
            &rest[..end.unwrap_or(rest.len())]
        }
        None => &fenced[..],
    };
    inner.iter().flat_map(|line| [line.strip_prefix("$ ").unwrap_or(line), "\n"]).collect()
}

fn has_keyword(line: &str) -> bool {
    line.split_whitespace().next().is_some_and(|word| Keyword::parse(word).is_some())
}

fn is_requirement(line: &str) -> bool {
    let name = line.split(['=', '>', '<', '~', '!', '[', ';', ' ', '@']).next().unwrap_or_default();
    line.starts_with('-')
        || (!name.is_empty()
            && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-')))
}

fn is_ignore_pattern(line: &str) -> bool {
    let names = [".git", ".env", "node_modules", "__pycache__", ".venv", "venv", ".dockerignore"];
    line.starts_with(['*', '!']) || names.contains(&line.trim_matches('/'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::parse;

    #[test]
    fn shapes() {
        for (text, expected) in [
            ("FROM a\nRUN b", None),
            ("```dockerfile\nFROM a\n```\n", Some(Mistaken::Wrapped)),
            ("Try this:\n\n```dockerfile\nFROM a\n```\n", Some(Mistaken::Wrapped)),
            ("FROM a\nRUN <<EOF cat\n```\nEOF\n", None),
            ("services:\n  web:\n    build: .\n", Some(Mistaken::Compose)),
            ("flask==3.0\nuvicorn[standard]>=0.3\n-r base.txt\n", Some(Mistaken::Requirements)),
            (".git\n*.pyc\n!README.md\n", Some(Mistaken::Dockerignore)),
            ("{\n  \"name\": \"x\"\n}", Some(Mistaken::PackageJson)),
            ("\0ELF", Some(Mistaken::Binary)),
            ("Dear all, here is my text", Some(Mistaken::Prose)),
            ("RUN make", None),
            ("# only a comment", None),
            ("", None),
        ] {
            assert_eq!(mistaken(text, &parse(text)), expected, "{text:?}");
        }
    }

    #[test]
    fn unwraps_fences_and_prompts() {
        assert_eq!(unwrap("Try this:\n```dockerfile\nFROM a\nRUN b\n```\nbye"), "FROM a\nRUN b\n");
        assert_eq!(unwrap("$ FROM a\n$ RUN b"), "FROM a\nRUN b\n");
    }
}
