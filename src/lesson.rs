//! The long text of a rule, read from the Markdown file beside it.
//!
//! The shape is ours and strict, so no Markdown library is needed: `# title`, one paragraph, then the headings
//! of [`HEADINGS`], each once, in any order. Prose sections hold paragraphs, `Before` and `After` hold fenced
//! blocks, `Sources` holds a list.

mod page;

use std::collections::BTreeMap;

pub use self::page::{PAGE, Page, slug};
use crate::finding::DOCKERFILE;
use crate::input::{DOCKERIGNORE, Given, Input};

const WHY: &str = "Why";
const DO: &str = "Do";
const BEFORE: &str = "Before";
const AFTER: &str = "After";
const LEAVE_IT: &str = "Leave it";
const SOURCES: &str = "Sources";
const OUTSIDE: &str = "Outside the Dockerfile";

/// Every heading that a lesson may have; all but the last are needed.
const HEADINGS: [&str; 7] = [WHY, DO, BEFORE, AFTER, LEAVE_IT, SOURCES, OUTSIDE];

/// What is there to say about one rule. In prose, words in backticks are code and a blank line parts paragraphs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lesson {
    /// The consequence, at most eight words; the rule's title.
    pub title: String,
    /// What and what to do, for any file; a finding says it for one.
    pub message: String,
    /// Why it matters, at most three sentences.
    pub why: String,
    /// The change.
    pub what_to_do: String,
    /// Files with the problem, as (name, text); one of them is the Dockerfile.
    pub before: Vec<(String, String)>,
    /// The same files without it.
    pub after: Vec<(String, String)>,
    /// When not to follow the rule.
    pub leave_it: String,
    /// Where it is taught, and at most one page elsewhere.
    pub sources: Vec<Source>,
    /// What to do in other places; empty for most rules.
    pub outside: Vec<Block>,
}

/// A section of a lesson ("Docker for Production, section …") or a page elsewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// What it is called.
    pub text: String,
    /// Its address, where it has one.
    pub url: Option<String>,
}

/// A piece of a section.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// A paragraph, on one line.
    Text(String),
    /// A list item, on one line.
    Item(String),
    /// A fenced block.
    Code {
        /// What stands after the opening fence: `dockerfile`, `sh`, `text requirements.txt`.
        info: String,
        /// The lines between the fences, each with its line end.
        text: String,
    },
    /// A table: its rows, the head first.
    Table(Vec<Vec<String>>),
}

impl Block {
    /// The text and the address of a list item that is a link and nothing else.
    pub fn link(item: &str) -> Option<(&str, &str)> {
        item.strip_prefix('[')?.strip_suffix(')')?.split_once("](")
    }
}

/// The lessons of all rules, and the pages of the lessons' own sections.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Lessons {
    /// By rule id.
    pub by_id: BTreeMap<String, Lesson>,
    /// A page a section, in the order of the lessons.
    pub pages: Vec<Page>,
}

impl Lessons {
    /// Reads a text of lessons, each led by a line `--- rule-id`, and of pages, led by `--- lesson/name`. What cannot
    /// be read is left out.
    pub fn parse_bundle(bundle: &str) -> Self {
        let mut all = Self::default();
        let texts = bundle.strip_prefix("--- ").into_iter().flat_map(|rest| rest.split("\n--- "));
        for text in texts {
            let Some((id, markdown)) = text.split_once('\n') else { continue };
            let id = id.trim();
            if id.starts_with(PAGE) {
                all.pages.extend(Page::parse_all(markdown).unwrap_or_default());
            } else if let Ok(lesson) = Lesson::parse(markdown) {
                all.by_id.insert(id.to_owned(), lesson);
            }
        }
        all
    }

    /// The lesson of the rule `id`.
    pub fn get(&self, id: &str) -> Option<&Lesson> {
        self.by_id.get(id)
    }

    /// Where the page with the address `slug` stands among [`Lessons::pages`].
    pub fn page(&self, slug: &str) -> Option<usize> {
        self.pages.iter().position(|page| page.slug() == slug)
    }
}

impl Lesson {
    /// Reads one Markdown file.
    ///
    /// # Errors
    /// What is missing or out of place, in a sentence for the author of the file.
    pub fn parse(markdown: &str) -> Result<Self, String> {
        let mut lines = markdown.lines().skip_while(|line| line.trim().is_empty());
        let title = lines.next().and_then(|line| line.strip_prefix("# ")).map(str::trim);
        let title = title
            .filter(|title| !title.is_empty())
            .ok_or("the title is missing: start with `# `")?;
        let mut sections = sections(lines)?;
        Ok(Self {
            title: title.to_owned(),
            message: prose("", &sections.remove("").unwrap_or_default())?,
            why: prose(WHY, &take(&mut sections, WHY)?)?,
            what_to_do: prose(DO, &take(&mut sections, DO)?)?,
            before: files(BEFORE, take(&mut sections, BEFORE)?)?,
            after: files(AFTER, take(&mut sections, AFTER)?)?,
            leave_it: prose(LEAVE_IT, &take(&mut sections, LEAVE_IT)?)?,
            sources: sources(&take(&mut sections, SOURCES)?)?,
            outside: sections.remove(OUTSIDE).unwrap_or_default(),
        })
    }

    /// The text of the file `name` before the change.
    pub fn before(&self, name: &str) -> Option<&str> {
        text_of(&self.before, name)
    }

    /// The project before the change. A file that only the change makes is known not to be there.
    pub fn project_before(&self) -> Input {
        let mut input = project(&self.before);
        for (name, _) in self.after.iter().filter(|(name, _)| self.before(name).is_none()) {
            input.files.insert(name.clone(), Given::Absent);
        }
        input
    }

    /// The project after the change.
    pub fn project_after(&self) -> Input {
        project(&self.after)
    }

    /// The text of the file `name` after the change.
    pub fn after(&self, name: &str) -> Option<&str> {
        text_of(&self.after, name)
    }
}

fn project(files: &[(String, String)]) -> Input {
    let mut input = Input::default();
    for (name, text) in files {
        if name == DOCKERFILE {
            input.dockerfile.clone_from(text);
        } else {
            input = input.with_file(name, text);
        }
    }
    input
}

fn text_of<'a>(files: &'a [(String, String)], name: &str) -> Option<&'a str> {
    files.iter().find(|(file, _)| file == name).map(|(_, text)| text.as_str())
}

/// What follows the title, by heading; what stands above the first heading has the key "".
fn sections<'a>(
    mut lines: impl Iterator<Item = &'a str>,
) -> Result<BTreeMap<&'a str, Vec<Block>>, String> {
    let mut sections = BTreeMap::<&str, Vec<Block>>::new();
    let mut heading = "";
    // Whether the next line of text goes on with the block above it.
    let mut open = false;
    while let Some(line) = lines.next() {
        let line = line.trim_end();
        if let Some(found) = line.strip_prefix("## ") {
            heading = found.trim();
            if !HEADINGS.contains(&heading) {
                return Err(format!("`## {heading}` is not a heading of a lesson"));
            }
            if sections.insert(heading, Vec::new()).is_some() {
                return Err(format!("`## {heading}` stands here twice"));
            }
            open = false;
            continue;
        }
        add(sections.entry(heading).or_default(), &mut open, line, &mut lines)
            .ok_or_else(|| format!("a block of `## {heading}` is not closed"))?;
    }
    Ok(sections)
}

/// Adds `line` to `blocks`, with the lines up to the closing fence if it opens one; `None` if there is no such fence.
/// `open` tells whether the next line of text goes on with the block above it.
fn add<'a>(
    blocks: &mut Vec<Block>,
    open: &mut bool,
    line: &str,
    rest: &mut impl Iterator<Item = &'a str>,
) -> Option<()> {
    let goes_on = std::mem::replace(open, false);
    if let Some(info) = line.strip_prefix("```") {
        let text = fenced(rest)?;
        blocks.push(Block::Code { info: info.trim().to_owned(), text });
    } else if let Some(item) = line.strip_prefix("- ") {
        blocks.push(Block::Item(item.trim().to_owned()));
        *open = true;
    } else if line.starts_with('|') {
        let cells = line.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect();
        match blocks.last_mut() {
            // What parts the head from the rows.
            Some(Block::Table(_)) if line.starts_with("|--") => {}
            Some(Block::Table(rows)) => rows.push(cells),
            _ => blocks.push(Block::Table(vec![cells])),
        }
    } else if !line.is_empty() {
        match blocks.last_mut() {
            Some(Block::Text(text) | Block::Item(text)) if goes_on => {
                text.push(' ');
                text.push_str(line.trim());
            }
            _ => blocks.push(Block::Text(line.trim().to_owned())),
        }
        *open = true;
    }
    Some(())
}

/// The lines up to the closing fence, or `None` where there is none.
fn fenced<'a>(lines: &mut impl Iterator<Item = &'a str>) -> Option<String> {
    let mut text = String::new();
    for line in lines {
        if line.trim_end() == "```" {
            return Some(text);
        }
        text.push_str(line);
        text.push('\n');
    }
    None
}

fn take(sections: &mut BTreeMap<&str, Vec<Block>>, heading: &str) -> Result<Vec<Block>, String> {
    sections.remove(heading).ok_or_else(|| format!("`## {heading}` is missing"))
}

/// The paragraphs of a section; `heading` is "" for the message, which is one paragraph.
fn prose(heading: &str, blocks: &[Block]) -> Result<String, String> {
    let name = if heading.is_empty() {
        "the message below the title".to_owned()
    } else {
        format!("`## {heading}`")
    };
    let mut paragraphs = Vec::new();
    for block in blocks {
        match block {
            Block::Text(text) => paragraphs.push(text.as_str()),
            Block::Item(_) | Block::Code { .. } | Block::Table(_) => {
                return Err(format!("{name} may hold text only"));
            }
        }
    }
    match paragraphs.len() {
        0 => Err(format!("{name} is empty")),
        1 => Ok(paragraphs.concat()),
        _ if heading.is_empty() => Err(format!("{name} may have one paragraph only")),
        _ => Ok(paragraphs.join("\n\n")),
    }
}

/// The files of `Before` or `After`, the Dockerfile first.
fn files(heading: &str, blocks: Vec<Block>) -> Result<Vec<(String, String)>, String> {
    let mut files = Vec::<(String, String)>::new();
    for block in blocks {
        let Block::Code { info, text } = block else {
            return Err(format!("`## {heading}` may hold fenced blocks only"));
        };
        let name = match info.split_once(' ') {
            None if info == "dockerfile" => DOCKERFILE,
            None if info == "dockerignore" => DOCKERIGNORE,
            Some(("text", name)) => name.trim(),
            _ => return Err(format!("`## {heading}` has a block `{info}`: which file is it?")),
        };
        if text_of(&files, name).is_some() {
            return Err(format!("`## {heading}` has two blocks for {name}"));
        }
        files.push((name.to_owned(), text));
    }
    if files.first().is_none_or(|(name, _)| name != DOCKERFILE) {
        return Err(format!("`## {heading}` does not start with a `dockerfile` block"));
    }
    Ok(files)
}

fn sources(blocks: &[Block]) -> Result<Vec<Source>, String> {
    let mut sources = Vec::new();
    for block in blocks {
        let Block::Item(item) = block else {
            return Err(format!("`## {SOURCES}` may hold a list only"));
        };
        sources.push(match Block::link(item) {
            Some((text, url)) => Source { text: text.to_owned(), url: Some(url.to_owned()) },
            None => Source { text: item.clone(), url: None },
        });
    }
    if sources.is_empty() { Err(format!("`## {SOURCES}` is empty")) } else { Ok(sources) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SMALL: &str = "\
# The consequence

What, and
what to do.

## Why

Because.

## Do

This.

And that.

## Before

```dockerfile
FROM a
# not a heading
```

```text requirements.txt
flask
```

## After

```dockerfile
FROM b
```

```dockerignore
.git
```

## Leave it

Never.

## Sources

- Docker for Production, section Health Checks
- [A page](https://example.org/page)
";

    fn without(heading: &str) -> String {
        let start = SMALL.find(&format!("## {heading}\n")).unwrap();
        let end = SMALL[start + 3..].find("\n## ").map_or(SMALL.len(), |at| start + 3 + at);
        format!("{}{}", &SMALL[..start], &SMALL[end..])
    }

    #[test]
    fn reads_every_part() {
        let lesson = Lesson::parse(SMALL).unwrap();
        assert_eq!(lesson.title, "The consequence");
        assert_eq!(lesson.message, "What, and what to do.");
        assert_eq!(lesson.why, "Because.");
        assert_eq!(lesson.what_to_do, "This.\n\nAnd that.");
        assert_eq!(lesson.before(DOCKERFILE), Some("FROM a\n# not a heading\n"));
        assert_eq!(lesson.before("requirements.txt"), Some("flask\n"));
        assert_eq!(lesson.after(DOCKERFILE), Some("FROM b\n"));
        assert_eq!(lesson.after(DOCKERIGNORE), Some(".git\n"));
        assert_eq!(lesson.after("requirements.txt"), None);
        assert_eq!(lesson.leave_it, "Never.");
        assert_eq!(lesson.sources[0].url, None);
        assert_eq!(lesson.sources[1].text, "A page");
        assert_eq!(lesson.sources[1].url.as_deref(), Some("https://example.org/page"));
        assert!(lesson.outside.is_empty());
        let before = lesson.project_before();
        assert_eq!(before.dockerfile, "FROM a\n# not a heading\n");
        assert_eq!(before.text("requirements.txt"), Some("flask\n"));
        assert_eq!(before.files.get(DOCKERIGNORE), Some(&Given::Absent));
        assert_eq!(lesson.project_after().text(DOCKERIGNORE), Some(".git\n"));
    }

    #[test]
    fn reads_text_and_code_outside_the_dockerfile() {
        let lesson = Lesson::parse(include_str!("rules/healthcheck_missing.md")).unwrap();
        assert!(
            matches!(&lesson.outside[..], [Block::Text(_), Block::Code { info, .. }] if info == "json")
        );
    }

    #[test]
    fn line_ends_of_windows_read_the_same() {
        assert_eq!(Lesson::parse(&SMALL.replace('\n', "\r\n")), Lesson::parse(SMALL));
    }

    #[test]
    fn says_which_heading_is_missing() {
        for heading in &HEADINGS[..6] {
            let error = Lesson::parse(&without(heading)).unwrap_err();
            assert_eq!(error, format!("`## {heading}` is missing"));
        }
    }

    #[test]
    fn says_what_is_missing_or_out_of_place() {
        let error = |from: &str, to: &str| Lesson::parse(&SMALL.replacen(from, to, 1)).unwrap_err();
        assert!(error("# The consequence\n", "").contains("title"));
        assert!(error("What, and\nwhat to do.\n", "").contains("message below the title is empty"));
        assert!(error("what to do.\n", "what to do.\n\nMore.\n").contains("one paragraph"));
        assert!(error("Because.", "").contains("`## Why` is empty"));
        assert!(error("Because.", "- Because.").contains("text only"));
        assert!(error("```dockerfile\n", "```\n").contains("which file"));
        assert!(
            error("```dockerfile\nFROM a\n# not a heading\n```\n", "")
                .contains("`dockerfile` block")
        );
        assert!(error("```text requirements.txt", "```dockerfile").contains("two blocks"));
        assert!(error("```\n\n## Leave it", "## Leave it").contains("not closed"));
        assert!(error("## Leave it", "## Why").contains("twice"));
        assert!(error("## Leave it", "## Ignore it").contains("not a heading"));
        assert!(error("- Docker for", "Docker for").contains("list"));
        assert!(Lesson::parse("").is_err());
    }

    #[test]
    fn a_bundle_leaves_out_what_is_broken() {
        let lessons = Lessons::parse_bundle(&format!(
            "--- a-rule\n{SMALL}--- broken\n# Title\n--- b-rule\n{SMALL}"
        ));
        assert_eq!(lessons.by_id.keys().collect::<Vec<_>>(), ["a-rule", "b-rule"]);
        assert_eq!(lessons.get("a-rule"), lessons.get("b-rule"));
        assert_eq!(Lessons::parse_bundle("").by_id.len(), 0);
        assert_eq!(Lessons::parse_bundle("nonsense"), Lessons::default());
    }
}
