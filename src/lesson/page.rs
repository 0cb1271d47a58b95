//! The pages of the lessons' sections, read from one Markdown file a lesson.
//!
//! `# The lesson`, then a page below each `## Section`. Its text may be followed by `### Where this differs` and by
//! `### Try it: sample`, the id of an example project.

use super::{Block, add};

/// What the name of a lesson starts with in a bundle.
pub const PAGE: &str = "lesson/";

const DIFFERS: &str = "Where this differs";
const TRY_IT: &str = "Try it: ";

/// A section of a lesson, in our words.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Page {
    /// The lesson's name for people.
    pub lesson: String,
    /// The section's title in the lesson.
    pub title: String,
    /// What it teaches.
    pub text: Vec<Block>,
    /// Where Drydock says something else than the lesson; often empty.
    pub differs: Vec<Block>,
    /// The id of the example project to try it with; empty for none.
    pub sample: String,
    /// What to do with that project.
    pub try_it: Vec<Block>,
}

impl Page {
    /// Reads the file of one lesson.
    ///
    /// # Errors
    /// What is missing or out of place, in a sentence for the author of the file.
    pub fn parse_all(markdown: &str) -> Result<Vec<Self>, String> {
        let mut lines = markdown.lines();
        let lesson = lines.next().and_then(|line| line.strip_prefix("# "));
        let lesson = lesson.ok_or("the lesson's name is missing: start with `# `")?.trim();
        let mut pages = Vec::<Self>::new();
        let mut part = "";
        let mut open = false;
        while let Some(line) = lines.next() {
            let line = line.trim_end();
            if let Some(title) = line.strip_prefix("## ") {
                let (lesson, title) = (lesson.to_owned(), title.to_owned());
                pages.push(Self { lesson, title, ..Self::default() });
                (part, open) = ("", false);
                continue;
            }
            let Some(page) = pages.last_mut() else {
                if line.is_empty() {
                    continue;
                }
                return Err(format!("`{line}` stands above the first `## `"));
            };
            if let Some(heading) = line.strip_prefix("### ") {
                (part, open) = (heading, false);
                if let Some(sample) = heading.strip_prefix(TRY_IT) {
                    sample.clone_into(&mut page.sample);
                } else if heading != DIFFERS {
                    return Err(format!("`### {heading}` is not a heading of a page"));
                }
                continue;
            }
            let blocks = match part {
                "" => &mut page.text,
                DIFFERS => &mut page.differs,
                _ => &mut page.try_it,
            };
            add(blocks, &mut open, line, &mut lines)
                .ok_or_else(|| format!("a block of `## {}` is not closed", page.title))?;
        }
        Ok(pages)
    }

    /// What stands in its address.
    pub fn slug(&self) -> String {
        slug(&self.title)
    }
}

/// The title of a section as it stands in an address: lower case, everything else than letters and digits as one `-`.
pub fn slug(title: &str) -> String {
    let mut out = String::new();
    for c in title.chars() {
        if c.is_ascii_alphanumeric() {
            out.push(c.to_ascii_lowercase());
        } else if !out.is_empty() && !out.ends_with('-') {
            out.push('-');
        }
    }
    if out.ends_with('-') {
        out.pop();
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::Analysis;
    use crate::finding::Severity;
    use crate::lesson::Lessons;
    use crate::rules::{RULES, rule};

    const FILES: [&str; 2] = [
        include_str!("../lessons/docker-for-production.md"),
        include_str!("../lessons/flask-for-production.md"),
    ];

    fn lessons() -> Lessons {
        let pages = FILES.iter().flat_map(|text| Page::parse_all(text).expect("it can be read"));
        Lessons { pages: pages.collect(), ..Lessons::default() }
    }

    fn blocks(page: &Page) -> impl Iterator<Item = &Block> {
        page.text.iter().chain(&page.differs).chain(&page.try_it)
    }

    #[test]
    fn reads_every_part() {
        let text = "# L\n\n## A `b`?\n\nOne\ntwo.\n\n- [x](#rules)\n\n| a | b |\n|---|---|\n| c | |\n\
                    ### Where this differs\n\nHere.\n### Try it: a-dev\nNow.\n## C\n```sh\n## d\n```\n";
        let pages = Page::parse_all(text).expect("it can be read");
        let [first, second] = &pages[..] else { panic!("{pages:?}") };
        assert_eq!((first.slug().as_str(), first.sample.as_str()), ("a-b", "a-dev"));
        let [Block::Text(prose), Block::Item(item), Block::Table(rows)] = &first.text[..] else {
            panic!("{first:?}")
        };
        assert_eq!(prose, "One two.");
        assert_eq!(Block::link(item), Some(("x", "#rules")));
        assert_eq!(rows[..], [["a", "b"], ["c", ""]]);
        assert_eq!((first.differs.len(), first.try_it.len()), (1, 1));
        assert!(matches!(&second.text[..], [Block::Code { text, .. }] if text == "## d\n"));
    }

    #[test]
    fn says_what_is_out_of_place() {
        for text in ["", "## A\n", "# L\nB\n## A\n", "# L\n## A\n### B\n", "# L\n## A\n```sh\n"] {
            assert!(Page::parse_all(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn an_address_is_the_title_in_small_letters() {
        assert_eq!(slug(".dockerignore"), "dockerignore");
        assert_eq!(slug("Why set `FLASK_ENV=production`?"), "why-set-flask-env-production");
    }

    #[test]
    fn every_section_that_a_rule_names_has_a_page_and_each_address_is_one_page() {
        let lessons = lessons();
        let mut slugs: Vec<_> = lessons.pages.iter().map(Page::slug).collect();
        for section in RULES.iter().flat_map(|rule| rule.taught) {
            let page = lessons.page(&slug(section.title)).and_then(|at| lessons.pages.get(at));
            let found = page.map(|page| (page.lesson.as_str(), page.title.as_str()));
            assert_eq!(found, Some((section.lesson_name(), section.title)));
        }
        slugs.sort();
        assert!(slugs.windows(2).all(|pair| pair[0] != pair[1]), "{slugs:?}");
    }

    #[test]
    fn at_most_eighty_words_a_page() {
        for page in lessons().pages {
            let words = |block: &Block| match block {
                Block::Text(text) => text.split_whitespace().count(),
                Block::Item(item) => {
                    Block::link(item).map_or(item.as_str(), |(text, _)| text).split(' ').count()
                }
                Block::Code { .. } | Block::Table(_) => 0,
            };
            let count: usize = blocks(&page).map(words).sum();
            assert!((10..=80).contains(&count), "{}: {count} words", page.title);
        }
    }

    #[test]
    fn links_lead_somewhere_and_tables_are_whole() {
        let lessons = lessons();
        for page in &lessons.pages {
            for block in blocks(page) {
                match block {
                    Block::Item(item) => {
                        let Some((_, url)) = Block::link(item) else { continue };
                        let leads = if let Some(slug) = url.strip_prefix("#lesson/") {
                            lessons.page(slug).is_some()
                        } else if let Some(id) = url.strip_prefix("#rule/") {
                            rule(id).is_some()
                        } else {
                            url.starts_with("https://")
                        };
                        assert!(leads, "{}: {url}", page.title);
                    }
                    Block::Table(rows) => {
                        assert!(rows.len() > 1, "{}: a table without rows", page.title);
                        let same = rows.iter().all(|row| row.len() == rows[0].len());
                        assert!(same, "{}: {rows:?}", page.title);
                    }
                    Block::Text(_) | Block::Code { .. } => {}
                }
            }
        }
    }

    #[test]
    fn what_a_page_shows_as_a_whole_file_has_no_error() {
        let mut whole = 0;
        for page in lessons().pages {
            for block in blocks(&page) {
                let Block::Code { info, text } = block else { continue };
                if info != "dockerfile" || !text.starts_with("FROM ") {
                    continue;
                }
                whole += 1;
                let analysis = Analysis::of(&crate::input::Input::new(text.as_str()));
                let error = analysis.findings.iter().find(|one| one.severity == Severity::Error);
                assert_eq!(error, None, "{}", page.title);
            }
        }
        assert_eq!(whole, 2, "both production files of the Docker lesson");
    }
}
