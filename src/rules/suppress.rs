//! Comments that silence rules: ours, hadolint's, and BuildKit's `check`.

use super::Rule;
use crate::finding::{DOCKERFILE, Finding};
use crate::model::Model;
use crate::syntax::Item;
use crate::text::TextRange;

/// A comment that silences rules.
///
/// ```text
/// # drydock ignore=runs-as-root the base image sets a user
/// # drydock global ignore=expose-missing
/// # hadolint ignore=DL3042,DL3013
/// # check=skip=JSONArgsRecommended
/// ```
struct Silence {
    /// Ids in lower case, ours or those of other tools; sorted.
    ids: Vec<String>,
    /// Where findings are silenced.
    scope: TextRange,
}

/// Takes the findings that a comment silences out of `findings` and gives them back.
pub(super) fn suppress(
    model: &Model,
    rules: &[&Rule],
    findings: &mut Vec<Finding>,
) -> Vec<Finding> {
    let (everywhere, silences) = silences(model);
    if everywhere.ids.is_empty() && silences.is_empty() {
        return Vec::new();
    }
    let mut out = Vec::new();
    findings.retain(|finding| {
        let at = silences.partition_point(|one| one.scope.end < finding.range.start);
        let here = silences
            .get(at)
            .filter(|one| finding.file == DOCKERFILE && one.scope.start <= finding.range.start);
        let mut silences = here.into_iter().chain([&everywhere]).filter(|one| !one.ids.is_empty());
        let is_silent =
            silences.any(|one| rules.iter().any(|rule| rule.id == finding.rule && one.names(rule)));
        if is_silent {
            out.push(finding.clone());
        }
        !is_silent
    });
    out
}

impl Silence {
    /// Takes in what a comment names.
    fn add(&mut self, ids: &[&str]) {
        self.ids.extend(ids.iter().map(|id| id.to_ascii_lowercase()));
    }

    /// Whether `rule` is meant. What Docker refuses stays refused.
    fn names(&self, rule: &Rule) -> bool {
        let has = |id: &str| self.ids.binary_search(&id.to_ascii_lowercase()).is_ok();
        rule.id != "syntax-error"
            && (has("all") || has(rule.id) || rule.aliases.iter().any(|alias| has(alias)))
    }
}

/// What is silenced everywhere, and by instruction, top to bottom. A comment counts for the next instruction, or for
/// the one that it stands in.
fn silences(model: &Model) -> (Silence, Vec<Silence>) {
    let text = model.text();
    let at = |range| Silence { ids: Vec::new(), scope: range };
    let (mut everywhere, mut found) = (at(TextRange::at(0)), Vec::new());
    let mut waiting: Option<Silence> = None;
    for item in &model.file().items {
        match item {
            Item::Directive(directive) if directive.name.text == "check" => {
                everywhere.add(&skipped(directive.value.range.of(text)));
            }
            Item::Directive(_) => {}
            Item::Comment(range) => match read(range.of(text)) {
                Some((ids, true)) => everywhere.add(&ids),
                Some((ids, false)) => waiting.get_or_insert_with(|| at(*range)).add(&ids),
                None => {}
            },
            Item::Instruction(instruction) => {
                let mut here = waiting.take();
                for comment in &instruction.comments {
                    if let Some((ids, _)) = read(comment.of(text)) {
                        here.get_or_insert_with(|| at(instruction.range)).add(&ids);
                    }
                }
                if let Some(mut silence) = here {
                    silence.scope.end = instruction.range.end;
                    silence.ids.sort_unstable();
                    found.push(silence);
                }
            }
        }
    }
    everywhere.ids.sort_unstable();
    (everywhere, found)
}

/// The ids that a comment names, and whether it is meant for the whole file.
fn read(comment: &str) -> Option<(Vec<&str>, bool)> {
    let said = comment.trim_start_matches('#').trim();
    if let Some(value) = said.strip_prefix("check=") {
        let ids = skipped(value);
        return (!ids.is_empty()).then_some((ids, false));
    }
    let (tool, rest) = said.split_once(char::is_whitespace)?;
    if !matches!(tool, "drydock" | "hadolint") {
        return None;
    }
    let rest = rest.trim_start();
    let (is_global, rest) = match rest.strip_prefix("global") {
        Some(behind) => (true, behind.trim_start()),
        None => (false, rest),
    };
    let ids = ids(rest.strip_prefix("ignore=")?);
    (!ids.is_empty()).then_some((ids, is_global))
}

/// What `skip=` names among the settings of a `check` directive.
fn skipped(value: &str) -> Vec<&str> {
    value
        .split(';')
        .find_map(|setting| setting.trim().strip_prefix("skip="))
        .map(ids)
        .unwrap_or_default()
}

/// `a,b, c reason` names a, b and c.
fn ids(list: &str) -> Vec<&str> {
    let mut out = Vec::new();
    for part in list.split(',') {
        let mut words = part.split_whitespace();
        out.extend(words.next());
        if words.next().is_some() {
            break;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use crate::input::Input;
    use crate::model::Model;
    use crate::rules::{RULES, check};
    use crate::syntax::parse;

    /// The rules that still speak, and those that a comment silences.
    fn said(text: &str) -> (Vec<&'static str>, Vec<&'static str>) {
        let (file, input) = (parse(text), Input::new(text));
        let checked = check(RULES, &Model::build(&file, &input));
        let ids = |all: &[crate::finding::Finding]| {
            let mut ids: Vec<_> = all.iter().map(|finding| finding.rule).collect();
            ids.retain(|id| {
                matches!(*id, "pip-cache-in-image" | "shell-form-cmd" | "syntax-error")
            });
            ids
        };
        (ids(&checked.findings), ids(&checked.suppressed))
    }

    const PIP: &str = "pip-cache-in-image";
    const CMD: &str = "shell-form-cmd";

    #[test]
    fn comments_silence_the_next_instruction() {
        for comment in [
            "# drydock ignore=pip-cache-in-image the cache is wanted here",
            "#drydock   ignore=expose-missing, pip-cache-in-image",
            "# hadolint ignore=DL3042",
            "# hadolint ignore=SC2086,dl3042",
            "# check=skip=all",
            "# drydock ignore=pip-cache-in-image\n# another line",
        ] {
            let text = format!(
                "FROM python:3.11\n{comment}\nRUN pip install a\nRUN pip install b\nCMD a b\n"
            );
            assert_eq!(said(&text), (vec![PIP, CMD], vec![PIP]), "{comment}");
        }
    }

    #[test]
    fn comments_for_the_whole_file() {
        for comment in [
            "# check=skip=JSONArgsRecommended;error=true",
            "# hadolint global ignore=DL3025",
            "# drydock global ignore=shell-form-cmd",
        ] {
            let text = format!("{comment}\nFROM python:3.11\nRUN pip install a\nCMD a b\n");
            assert_eq!(said(&text), (vec![PIP], vec![CMD]), "{comment}");
        }
    }

    #[test]
    fn a_comment_between_the_lines_of_an_instruction() {
        let text =
            "FROM python:3.11\nRUN true && \\\n  # hadolint ignore=DL3042\n  pip install a\n";
        assert_eq!(said(text), (vec![], vec![PIP]));
    }

    #[test]
    fn other_comments_silence_nothing() {
        for comment in [
            "# ignore=pip-cache-in-image",
            "# drydock ignore=",
            "# drydock: pip-cache-in-image",
            "# hadolint ignore DL3042",
            "# see hadolint ignore=DL3042",
            "# the cache, pip-cache-in-image",
        ] {
            let text = format!("FROM python:3.11\n{comment}\nRUN pip install a\n");
            assert_eq!(said(&text), (vec![PIP], vec![]), "{comment}");
        }
    }

    #[test]
    fn what_docker_refuses_stays_refused() {
        let text = "# check=skip=all\nFROM a\nCOPY\n";
        assert_eq!(said(text), (vec!["syntax-error"], vec![]));
    }
}
