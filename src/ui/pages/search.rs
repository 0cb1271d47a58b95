//! Which rules the list shows.

use crate::finding::Severity;
use crate::rules::{Fixes, RULES, Rule};

/// What is asked for.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Wanted {
    /// Each of these words is part of the id, the title or the name in another tool.
    pub words: String,
    /// Rules of one lesson, by its id; "none" for those outside both, empty for all.
    pub lesson: String,
    /// Rules of this severity, by its word; empty for all.
    pub severity: String,
    /// Rules with a fix only.
    pub fixable: bool,
}

impl Wanted {
    /// The rules that fit, sorted by id.
    pub fn rules(&self) -> Vec<&'static Rule> {
        let words = self.words.to_lowercase();
        let words: Vec<&str> = words.split_whitespace().collect();
        RULES.iter().filter(|rule| self.takes(rule, &words)).collect()
    }

    fn takes(&self, rule: &Rule, words: &[&str]) -> bool {
        let lesson = match self.lesson.as_str() {
            "" => true,
            "none" => rule.taught.is_empty(),
            id => rule.taught.iter().any(|section| section.lesson == id),
        };
        let severity = self.severity.is_empty() || rule.severity.as_str() == self.severity;
        let fixable = !self.fixable || rule.fixes != Fixes::Never;
        if !(lesson && severity && fixable) {
            return false;
        }
        let text = format!("{} {} {}", rule.id, rule.title, rule.aliases.join(" ")).to_lowercase();
        words.iter().all(|word| text.contains(word))
    }
}

/// The word for people.
pub fn severity_name(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "Error",
        Severity::Warning => "Warning",
        Severity::Info => "Note",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(wanted: &Wanted) -> Vec<&str> {
        wanted.rules().iter().map(|rule| rule.id).collect()
    }

    fn words(words: &str) -> Wanted {
        Wanted { words: words.to_owned(), ..Wanted::default() }
    }

    #[test]
    fn nothing_asked_is_everything() {
        assert_eq!(ids(&Wanted::default()).len(), RULES.len());
    }

    #[test]
    fn a_word_is_found_in_id_title_and_the_names_of_other_tools() {
        assert!(ids(&words("Runs ROOT")).contains(&"runs-as-root"));
        assert!(ids(&words("dl3042")).contains(&"pip-cache-in-image"));
        assert_eq!(ids(&words("nothing is called so")), [""; 0]);
    }

    #[test]
    fn filters_take_their_share() {
        let of = |lesson: &str| Wanted { lesson: lesson.to_owned(), ..Wanted::default() };
        assert!(ids(&of("flask-for-production")).contains(&"python-output-buffered"));
        assert!(!ids(&of("docker-for-production")).contains(&"python-output-buffered"));
        let (all, outside) = (RULES.len(), of("none").rules());
        assert!(outside.iter().all(|rule| rule.taught.is_empty()) && outside.len() < all);
        let errors = Wanted { severity: "error".to_owned(), ..Wanted::default() };
        assert!(errors.rules().iter().all(|rule| rule.severity == Severity::Error));
        let fixable = Wanted { fixable: true, ..Wanted::default() };
        assert!(fixable.rules().iter().all(|rule| rule.fixes != Fixes::Never));
    }
}
