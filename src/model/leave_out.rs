//! What needs to be in no image, as lines of an ignore file.

use super::copies::{is_folder_name, is_whole_context};
use super::{Act, IgnoreFile, Install, Manager, Model, Stage, Step};
use crate::input::DOCKERIGNORE;
use crate::syntax::Word;
use crate::syntax::shell::base_name;

/// Lines that belong together stand in one entry. `**/` matches at any depth.
const LINES: [&str; 21] = [
    ".git",
    ".gitignore",
    ".dockerignore",
    "Dockerfile*",
    "docker-compose*.yml\ncompose*.yaml",
    "**/.env\n**/.env.*",
    "**/__pycache__",
    "**/*.py[co]",
    "**/.pytest_cache",
    "**/.mypy_cache",
    "**/.ruff_cache",
    ".venv\nvenv",
    NODE_MODULES,
    TARGET,
    ".coverage",
    "htmlcov",
    "tests/",
    "docs/",
    "*.md\n!README.md",
    ".vscode",
    ".idea",
];
const NODE_MODULES: &str = "**/node_modules";
/// What Cargo builds on the machine of whoever works on the program: gigabytes.
const TARGET: &str = "target/";
/// Those of [`LINES`] whose absence is worth a word: whatever the language, with Python, with Node.
const ANY: [&str; 2] = [".git", "**/.env\n**/.env.*"];
const PYTHON: [&str; 3] = ["**/__pycache__", "**/*.py[co]", ".venv\nvenv"];
/// A new ignore file, and what must be true for the build to work without what it hides.
pub fn ignore_file(model: &Model) -> (String, Option<&'static str>) {
    let mut text = String::new();
    for lines in kept(model) {
        text.push_str(lines);
        text.push('\n');
    }
    (text, assumption(model))
}

/// What must be true for the build to work without `.env` files and `.git`.
pub fn assumption(model: &Model) -> Option<&'static str> {
    let installs_itself = |(stage, step): (&Stage, &Step)| {
        let above = stage.steps.get(..step.index).unwrap_or_default();
        step.installs().any(|(install, command)| install.reads_source(command))
            && above.iter().any(|step| step.whole_context().is_some())
    };
    if installs_node_packages(model) {
        Some("The build reads nothing from a `.env` file.")
    } else if model.run_steps().any(installs_itself) {
        Some("Installing your own package reads nothing from `.git`.")
    } else {
        None
    }
}

/// The first folder that is taken from the build context.
pub fn folder<'m, 'a>(model: &'m Model<'a>) -> Option<(&'m Step<'a>, &'a Word)> {
    for (_, step) in model.copy_steps() {
        let Some(transfer) = step.from_context() else { continue };
        for source in &transfer.sources {
            let path = source.text.trim_end_matches('/');
            let name = base_name(path);
            let is_folder = is_folder_name(name) && !name.contains('$') && !path.is_empty();
            if is_folder || is_whole_context(&source.text) {
                return Some((step, source));
            }
        }
    }
    None
}

/// The copies of the whole context that reach the final image, each with its source.
pub fn shipped<'m, 'a>(model: &'m Model<'a>) -> Vec<(&'m Step<'a>, &'a Word)> {
    let mut shipped = Vec::new();
    for (stage, step, at) in model.copied_first(is_whole_context) {
        let source = step.from_context().and_then(|transfer| transfer.sources.get(at));
        if let Some(source) = source.filter(|_| model.ships(stage, step)) {
            shipped.push((step, source));
        }
    }
    shipped
}

/// The lines that an ignore file which says something should have and has not; none where the context's files show
/// that nothing of the kind is there.
pub fn missing(model: &Model) -> Vec<&'static str> {
    let Some(file) = model.ignore_file() else { return Vec::new() };
    let mut missing = Vec::new();
    for lines in kept(model) {
        let is_wanted = ANY.contains(&lines)
            || (PYTHON.contains(&lines) && is_python(model))
            || lines == TARGET
            || (lines == NODE_MODULES && installs_node_packages(model));
        let is_there = lines.lines().next().is_none_or(|line| {
            file.verdict(&example(line)).is_ignored
                || file.verdict(&format!("{}/a", example(line))).is_ignored
        });
        let is_real = || match &model.input().context {
            Some(files) => {
                let hidden = IgnoreFile::parse(lines);
                files.iter().any(|file| hidden.verdict(&file.path).is_ignored)
            }
            None => true,
        };
        if is_wanted && !is_there && is_real() {
            missing.push(lines);
        }
    }
    missing
}

/// A path at the top of the context that `pattern` matches: `.env.a` for `**/.env.*`.
pub fn example(pattern: &str) -> String {
    let name = pattern.trim_start_matches("**/").trim_matches('/');
    let (name, class) = name.split_once('[').unwrap_or((name, ""));
    let mut path = name.replace(['*', '?'], "a");
    path.extend(class.chars().next());
    path
}

/// Whether packages of Node are installed.
pub fn installs_node_packages(model: &Model) -> bool {
    let is_node = |install: &Install| install.manager.is_of_node();
    model.run_steps().any(|(_, step)| step.installs.iter().any(is_node))
}

/// The list without what would hide a file that the Dockerfile names.
fn kept(model: &Model) -> Vec<&'static str> {
    let copied = model.copied_paths();
    // Of the words of commands only those that can name the two folders below.
    let steps = ["tests", "docs"].into_iter().flat_map(|name| model.steps_with(name));
    let commands = steps.flat_map(|(_, step)| step.commands());
    let words = commands.flat_map(|command| &command.words).map(|word| word.text.as_str());
    let used: Vec<_> =
        words.filter(|word| word.contains("tests") || word.contains("docs")).collect();
    let hides = |lines: &str, names: &[&str]| {
        let file = IgnoreFile::parse(lines);
        names.iter().any(|name| file.verdict(name).is_ignored)
    };
    let mut kept = LINES.to_vec();
    kept.retain(|&lines| {
        let is_free = match lines {
            // Without an install in the file they can only come from the folder.
            NODE_MODULES => !copies_node_modules(model),
            TARGET => {
                model.run_steps().any(|(_, step)| step.does(Manager::Cargo, Act::Build).is_some())
            }
            "tests/" | "docs/" => !hides(lines, &used),
            _ => true,
        };
        is_free && !hides(lines, &copied)
    });
    kept
}

fn copies_node_modules(model: &Model) -> bool {
    let mut images = model.stages().iter().filter_map(|stage| model.root_image(stage));
    images.any(|(_, image)| image.official() == Some("node")) && !installs_node_packages(model)
}

fn is_python(model: &Model) -> bool {
    let mut images = model.stages().iter().filter_map(|stage| model.root_image(stage));
    images.any(|(_, image)| image.official() == Some("python"))
        || model.launch().is_some_and(|launch| launch.is_python())
}

impl Model<'_> {
    /// The text of the ignore file, where one was given.
    pub fn ignore_text(&self) -> Option<&str> {
        self.input().text(DOCKERIGNORE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::{ContextFile, Input};
    use crate::syntax::parse;

    fn missing_in(text: &str, ignore: &str, context: Option<&[&str]>) -> Vec<&'static str> {
        let mut input = Input::new(text).with_file(DOCKERIGNORE, ignore);
        let file = |path: &&str| ContextFile { path: (*path).to_owned(), bytes: 1 };
        input.context = context.map(|paths| paths.iter().map(file).collect());
        let file = parse(&input.dockerfile);
        missing(&Model::build(&file, &input))
    }

    #[test]
    fn what_a_list_lacks() {
        let python = "FROM python:3.11\nCOPY . .\n";
        assert_eq!(
            missing_in(python, ".git\n.env\n.env.*\n__pycache__\n*.pyc\n", None),
            [".venv\nvenv"]
        );
        assert_eq!(missing_in("FROM a\nCOPY . .\n", "docs", None), ANY);
        assert_eq!(missing_in("FROM a\nCOPY . .\n", "*\n!src", None), [""; 0]);
        assert_eq!(
            missing_in("FROM node:22\nRUN npm ci\nCOPY . .\n", ".git\n**/.env*", None),
            [NODE_MODULES]
        );
        assert_eq!(missing_in("FROM a\nCOPY . .\n", "docs", Some(&[".git/HEAD"])), [".git"]);
        assert_eq!(missing_in("FROM a\nCOPY .git .\nCOPY . .\n", ".env", None), [""; 0]);
    }

    #[test]
    fn what_cargo_built_on_the_machine_stays_there() {
        let rust = "FROM rust:1\nCOPY . .\nRUN cargo build --release\n";
        assert_eq!(missing_in(rust, ".git\n**/.env*\n", None), [TARGET]);
        assert_eq!(missing_in("FROM a\nCOPY . .\n", ".git\n**/.env*\n", None), [""; 0]);
        let text = |text: &str| {
            let (file, input) = (parse(text), Input::new(text));
            ignore_file(&Model::build(&file, &input)).0
        };
        assert!(text(rust).contains("\ntarget/\n"));
        assert!(!text("FROM a\nCOPY target/release/app /app\n").contains("target"));
        assert!(!text("FROM a\nCOPY . .\nRUN npm ci\n").contains("target"));
    }

    #[test]
    fn examples_match_their_pattern() {
        for line in LINES.iter().flat_map(|lines| lines.lines()).filter(|l| !l.starts_with('!')) {
            assert!(IgnoreFile::parse(line).verdict(&example(line)).is_ignored, "{line}");
        }
    }
}
