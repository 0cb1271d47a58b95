//! Commands that start an app anew when a file changes, or show its inside: options, and programs made for it.

use super::Launch;
use super::wrappers::is_in;
use crate::syntax::Word;

/// Programs, their option that watches files, and their options that switch on debug mode as well.
const WATCHERS: [(&str, &str, &str); 8] = [
    ("uvicorn", "--reload", ""),
    ("gunicorn", "--reload", ""),
    ("hypercorn", "--reload", ""),
    ("granian", "--reload", ""),
    ("fastapi", "--reload", ""),
    ("flask", "--reload", "--debug"),
    ("sanic", "--auto-reload", "--dev --debug"),
    ("node", "--watch", ""),
];

/// Options with a value that mean nothing without the watcher.
const SERVING: &str = "--reload-dir --reload-include --reload-exclude --reload-delay --reload-engine --reload-extra-file \
    --reload-paths --reload-ignore-dirs --reload-ignore-patterns --reload-ignore-paths --reload-tick --extra-files \
    --watch-path";

/// Programs that restart another one, with the word that makes them do so, if they need one.
const RESTARTERS: [(&str, &str); 13] = [
    ("air", ""),
    ("bun", "dev"),
    ("cargo", "watch"),
    ("dotnet", "watch"),
    ("fastapi", "dev"),
    ("nodemon", ""),
    ("npm", "dev"),
    ("pnpm", "dev"),
    ("ts-node-dev", ""),
    ("tsx", "watch"),
    ("watchfiles", ""),
    ("watchmedo", "auto-restart"),
    ("yarn", "dev"),
];

/// An option of the started program that only a developer wants. Numbers are places in the words of the launch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DevOption {
    /// The option.
    pub at: usize,
    /// Whether it also shows visitors the code, besides watching files.
    pub is_debug: bool,
    /// All that goes with it: itself wherever it stands, and the options that only serve it, with their values.
    pub words: Vec<usize>,
}

impl Launch<'_> {
    /// The options that make the program watch files or show its inside, at most one of each kind.
    pub fn dev_options(&self) -> Vec<DevOption> {
        let program = self.program();
        let Some((_, watch, debug)) = WATCHERS.iter().find(|(name, ..)| *name == program) else {
            return Vec::new();
        };
        let texts: Vec<&str> = self.words.iter().map(|word| word.text.as_str()).collect();
        let is_over = |text: &str| match program {
            // What follows the script is the script's.
            "node" => !text.starts_with('-'),
            _ => text == "--",
        };
        let own = texts.iter().skip(self.program + 1).take_while(|text| !is_over(text)).count();
        let own = self.program + 1..self.program + 1 + own;
        let mut found = Vec::new();
        for (names, is_debug) in [(watch, false), (debug, true)] {
            let mut words: Vec<usize> = own.clone().filter(|&at| is_in(names, texts[at])).collect();
            let Some(&at) = words.first() else { continue };
            if !is_debug {
                words.extend(own.clone().flat_map(|at| at..at + serving(texts[at])));
                words.retain(|&at| at < texts.len());
            }
            found.push(DevOption { at, is_debug, words });
        }
        found
    }

    /// The words of a program whose work is to restart another one: `nodemon`, `npm run dev`; empty where there is none.
    pub fn restarter(&self) -> &[Word] {
        let program = self.program();
        let mut words = self.arguments().iter().map(|word| word.text.as_str());
        let first = words.next().unwrap_or_default();
        let is_script = first == "run" && is_in("npm pnpm yarn bun", program);
        let verb = if is_script { words.next().unwrap_or_default() } else { first };
        let mut known = RESTARTERS.iter();
        let known =
            known.find(|(name, word)| *name == program && (word.is_empty() || *word == verb));
        let count = match known {
            None => 0,
            Some((_, "")) => 1,
            Some(_) => 2 + usize::from(is_script),
        };
        self.words.get(self.program..self.program + count).unwrap_or_default()
    }
}

/// How many words an option that only serves the watcher takes; 0 for any other.
fn serving(text: &str) -> usize {
    let (name, has_value) = text.split_once('=').map_or((text, false), |(name, _)| (name, true));
    match (is_in(SERVING, name), has_value) {
        (true, false) => 2,
        (true, true) => 1,
        (false, _) => usize::from(text == "--watch-preserve-output"),
    }
}
