//! The rewrite as Markdown, for the description of a pull request.

use crate::analysis::Proposal;
use crate::diff;
use crate::estimate::{Estimate, format};
use crate::finding::DOCKERFILE;
use crate::input::Input;
use crate::rewrite::Step;
use crate::rules;

/// What changes and why, what to check, what it weighs, and the diff. `now` is what `input` weighs.
pub(super) fn pull_request(input: &Input, now: &Estimate, proposal: &Proposal) -> String {
    let rewrite = &proposal.rewrite;
    let mut out = vec!["## Dockerfile for production\n".to_owned()];
    if now.total.is_some() && proposal.estimate.total.is_some() {
        let (before, after) = (format::total(now), format::total(&proposal.estimate));
        out.push(format!("Image, unpacked, linux/amd64: {before} before, {after} after.\n"));
    }
    out.push("| Change | Buys |\n| --- | --- |".to_owned());
    out.extend(rewrite.applied.iter().map(row));
    let assumptions = super::check_first::assumptions(rewrite);
    if !assumptions.is_empty() {
        out.push("\n### Check before merging\n".to_owned());
        out.extend(assumptions.into_iter().map(|sentence| format!("- [ ] {sentence}")));
    }
    let changes = diff::unified(&input.dockerfile, &rewrite.dockerfile, 3);
    out.push(fenced("diff", DOCKERFILE, &changes));
    out.extend(rewrite.files.iter().map(|(name, text)| fenced("", name, text)));
    out.join("\n")
}

fn row(step: &Step) -> String {
    let buys = rules::rule(step.rule).map(|rule| rule.buys).unwrap_or_default();
    let buys: Vec<_> = buys.iter().map(|buys| buys.label()).collect();
    format!("| {} | {} |", step.title.replace('|', "\\|"), buys.join(", "))
}

fn fenced(language: &str, name: &str, text: &str) -> String {
    // A fence longer than any inside, so that the text cannot close it.
    let fence = "`".repeat(text.split(|c| c != '`').map(str::len).max().unwrap_or(0).max(2) + 1);
    let end = if text.ends_with('\n') { "" } else { "\n" };
    format!("\n### `{name}`\n\n{fence}{language}\n{text}{end}{fence}\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Applicability;
    use crate::rewrite::Rewrite;

    #[test]
    fn says_what_to_check_and_shows_the_diff() {
        let step = Step {
            rule: "a-rule",
            title: "Pipe a | b".to_owned(),
            applicability: Applicability::Ask,
            assumes: vec!["Nothing needs c.".to_owned()],
        };
        let rewrite = Rewrite {
            dockerfile: "FROM a:1-slim\n".to_owned(),
            files: [(".dockerignore".to_owned(), "```\n.git".to_owned())].into(),
            applied: vec![step],
            ..Rewrite::default()
        };
        let proposal = Proposal { rewrite, ..Proposal::default() };
        let text = pull_request(&Input::new("FROM a:1\n"), &Estimate::default(), &proposal);
        for part in [
            "| Pipe a \\| b |  |\n",
            "- [ ] Nothing needs c.\n",
            "```diff\n-FROM a:1\n+FROM a:1-slim\n```\n",
            "### `.dockerignore`\n\n````\n```\n.git\n````\n",
        ] {
            assert!(text.contains(part), "{part}\nis not in\n{text}");
        }
        assert!(!text.contains("unpacked"), "no size is stated where none is known");
    }
}
