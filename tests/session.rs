//! The page's state, without a browser: what a learner relies on.
#![cfg(feature = "ui")]

use drydock::input::{DOCKERIGNORE, Given, Input};
use drydock::ui::later::Later;
use drydock::ui::project::{FileTab, Place};
use drydock::ui::samples::{FIRST, SAMPLES};
use drydock::ui::session::{Key, Session};
use drydock::ui::share::{LinkError, Shared, decode, encode};
use drydock::ui::storage;
use leptos::prelude::*;

const OWN: &str = "FROM node:22\nWORKDIR /srv\nCOPY package.json .\nRUN npm install\nCMD [\"node\", \"app.js\"]\n";

/// Runs `test` with a fresh session, as a first visit has it.
fn visit(test: impl FnOnce(Session)) {
    let owner = Owner::new();
    owner.with(|| test(Session::new(Some(Later::here()))));
}

fn shown(session: Session) -> String {
    session.text(FileTab::Dockerfile)
}

fn first_fix(session: Session) -> Key {
    let findings = session.findings.get_untracked();
    let mended = findings
        .iter()
        .find(|(_, finding)| finding.fix.as_ref().is_some_and(|fix| fix.edits().is_some()));
    mended.map(|(key, _)| *key).expect("the example has something to fix")
}

#[test]
fn a_fix_changes_the_text_and_is_one_step() {
    visit(|session| {
        let before = shown(session);
        let key = first_fix(session);
        session.fix(key);
        assert_ne!(shown(session), before);
        session.undo();
        assert_eq!(shown(session), before);
        assert!(!session.can_undo());
    });
}

#[test]
fn fixing_all_of_a_rule_leaves_none_that_can_be_fixed() {
    visit(|session| {
        let rule = first_fix(session).rule;
        session.fix_all(rule);
        let left = session.findings.get_untracked();
        assert!(left.iter().all(|(key, finding)| key.rule != rule || finding.fix.is_none()));
    });
}

#[test]
fn the_baseline_stays_when_the_text_changes() {
    visit(|session| {
        let start = session.baseline.get_untracked();
        session.fix(first_fix(session));
        session.typed(FileTab::Dockerfile, &format!("{}# more\n", shown(session)));
        assert_eq!(session.baseline.get_untracked(), start);
        session.back_to_start();
        assert_eq!(session.input.get_untracked(), start);
    });
}

#[test]
fn a_pasted_file_is_a_new_start_without_the_examples_neighbours() {
    visit(|session| {
        session.typed(FileTab::Dockerfile, OWN);
        assert_eq!(session.baseline.get_untracked(), Input::new(OWN));
        assert_eq!(session.place.get_untracked(), Place::Yours);
        assert_eq!(session.example.get_untracked(), None);
    });
}

#[test]
fn switching_samples_keeps_the_learners_text() {
    visit(|session| {
        let text = format!("{}# mine\n", shown(session));
        session.typed(FileTab::Dockerfile, &text);
        for sample in SAMPLES {
            session.open(Place::Sample(sample.id));
            assert_eq!(session.input.get_untracked(), sample.input());
        }
        session.open(Place::Yours);
        assert_eq!(shown(session), text);
    });
}

#[test]
fn trying_out_a_second_example_does_not_take_the_learners_file() {
    visit(|session| {
        session.typed(FileTab::Dockerfile, OWN);
        session.open(Place::Sample("b-dev"));
        session.fix(first_fix(session));
        let tried = shown(session);
        session.open(Place::Yours);
        assert_eq!(shown(session), OWN);
        session.open(Place::Sample("b-dev"));
        assert_eq!(shown(session), tried);
    });
}

#[test]
fn a_second_pasted_file_keeps_the_first() {
    visit(|session| {
        session.typed(FileTab::Dockerfile, OWN);
        session.open(Place::Sample("empty"));
        session.typed(FileTab::Dockerfile, "FROM python:3.12-slim\nCMD [\"python\"]\n");
        session.open(Place::Earlier);
        assert_eq!(shown(session), OWN);
    });
}

#[test]
fn typing_on_is_one_step() {
    visit(|session| {
        let before = shown(session);
        for tail in ["#", "# a", "# ab"] {
            session.typed(FileTab::Dockerfile, &format!("{before}{tail}"));
        }
        session.undo();
        assert_eq!(shown(session), before);
    });
}

#[test]
fn line_ends_and_marks_stay_at_the_door() {
    visit(|session| {
        session.open_text("Dockerfile", "\u{feff}FROM a\r\nRUN b\r\n");
        assert_eq!(shown(session), "FROM a\nRUN b\n");
        assert_eq!(session.exported("FROM a\n"), "FROM a\r\n");
    });
}

#[test]
fn a_file_from_disk_finds_its_tab() {
    visit(|session| {
        session.open_text("requirements-prod.txt", "flask\n");
        assert_eq!(session.text(FileTab::Requirements), "flask\n");
        assert_eq!(session.file.get_untracked(), FileTab::Requirements);
        session.open_text(".dockerignore", ".git\n");
        assert_eq!(session.text(FileTab::Dockerignore), ".git\n");
    });
}

#[test]
fn other_files_that_are_read_have_a_tab_while_they_are_given() {
    visit(|session| {
        let (before, list) = (shown(session), FileTab::Other("pyproject.toml"));
        session.open_text("pyproject.toml", "[project]\n");
        assert_eq!(
            (session.text(list), session.file.get_untracked()),
            ("[project]\n".to_owned(), list)
        );
        session.give(list, None);
        assert_eq!(session.file.get_untracked(), FileTab::Dockerfile);
        session.open_text("package-lock.json", "{}");
        assert!(
            session
                .notice
                .get_untracked()
                .is_some_and(|said| said.starts_with("package-lock.json is no"))
        );
        assert_eq!(shown(session), before);
    });
}

#[test]
fn a_text_in_the_wrong_tab_moves_and_the_old_one_comes_back() {
    visit(|session| {
        let before = shown(session);
        session.typed(FileTab::Dockerfile, "fastapi==0.115.6\nuvicorn==0.34.0\n");
        session.move_to(FileTab::Requirements);
        assert_eq!(shown(session), before);
        assert_eq!(session.text(FileTab::Requirements), "fastapi==0.115.6\nuvicorn==0.34.0\n");
    });
}

#[test]
fn fences_come_off() {
    visit(|session| {
        session.typed(FileTab::Dockerfile, "```dockerfile\nFROM debian:12\nRUN true\n```\n");
        session.strip_wrapping();
        assert_eq!(shown(session), "FROM debian:12\nRUN true\n");
    });
}

#[test]
fn the_selection_goes_round() {
    visit(|session| {
        session.select_next(false);
        let first = session.selection.get_untracked();
        assert!(first.is_some());
        session.select_next(true);
        assert_ne!(session.selection.get_untracked(), first);
        session.select_next(false);
        assert_eq!(session.selection.get_untracked(), first);
    });
}

#[test]
fn the_rewrite_follows_the_input_once_it_settles() {
    visit(|session| {
        assert!(session.proposal.get_untracked().is_none());
        session.settle();
        let proposal = session.proposal.get_untracked().expect("the input has settled");
        session.take(&proposal.rewrite.input);
        assert_eq!(shown(session), proposal.rewrite.dockerfile);
    });
}

#[test]
fn a_link_carries_everything() {
    let mut input = SAMPLES[2].input().with_file("package.json", "{}");
    input.files.insert(DOCKERIGNORE.to_owned(), Given::Absent);
    input.target = Some("builder".to_owned());
    input.choices.port = Some(5000);
    input.choices.user = "üser".to_owned();
    input.choices.without.insert("expose-missing".to_owned());
    for fixes_off in [false, true] {
        let shared = decode(&format!("#{}", encode(&input, fixes_off)));
        assert_eq!(shared, Some(Ok(Shared { input: input.clone(), fixes_off })));
    }
}

#[test]
fn a_damaged_link_says_so() {
    let link = encode(&Input::new(OWN), false);
    assert_eq!(decode(&link[..link.len() / 2]), Some(Err(LinkError::Broken)));
    assert_eq!(decode("#v1=%%%"), Some(Err(LinkError::Broken)));
    assert_eq!(decode("#v1="), Some(Err(LinkError::Broken)));
    assert_eq!(decode("#v2=abc"), Some(Err(LinkError::Newer)));
    assert_eq!(decode("#lesson/layers"), None);
    assert_eq!(decode(""), None);
}

#[test]
fn a_link_that_unfolds_to_too_much_is_refused() {
    let link = encode(&Input::new("# x\n".repeat(400_000)), false);
    assert!(link.len() < 100_000);
    assert_eq!(decode(&link), Some(Err(LinkError::TooLarge)));
}

#[test]
fn a_link_opens_beside_the_learners_file() {
    visit(|session| {
        session.typed(FileTab::Dockerfile, OWN);
        session.open_shared(Input::new("FROM shared\n"), true);
        assert_eq!(shown(session), "FROM shared\n");
        assert!(session.fixes_off.get_untracked());
        session.open(Place::Yours);
        assert_eq!(shown(session), OWN);
        assert!(!session.fixes_off.get_untracked());
    });
}

#[test]
fn another_visit_finds_everything() {
    let mut kept = None;
    visit(|session| {
        session.typed(FileTab::Dockerfile, OWN);
        session.give(FileTab::Dockerignore, Some(Given::Absent));
        session.open(Place::Sample("a-prod"));
        session.plain.set(true);
        kept = storage::save(session);
    });
    visit(|session| {
        storage::load(session, &kept.unwrap_or_default());
        assert!(session.plain.get_untracked());
        assert_eq!(session.place.get_untracked(), Place::Sample("a-prod"));
        session.open(Place::Yours);
        assert_eq!(shown(session), OWN);
        assert_eq!(session.input.get_untracked().files.get(DOCKERIGNORE), Some(&Given::Absent));
    });
}

#[test]
fn a_first_visit_and_a_cleared_one_keep_nothing() {
    visit(|session| {
        assert_eq!(storage::save(session), None);
        session.typed(FileTab::Dockerfile, OWN);
        assert!(storage::save(session).is_some());
        session.clear_everything();
        assert_eq!(storage::save(session), None);
        assert_eq!(session.input.get_untracked(), FIRST.input());
    });
}

#[test]
fn unreadable_storage_changes_nothing() {
    visit(|session| {
        storage::load(session, "{\"place\":");
        assert_eq!(session.input.get_untracked(), FIRST.input());
    });
}

#[test]
fn the_static_page_shows_the_first_example() {
    let page = include_str!("../index.html");
    let (_, rest) =
        page.split_once("<textarea id=\"dockerfile\"").expect("the page has the text field");
    let (_, rest) = rest.split_once(">\n").expect("the text starts on a line of its own");
    let (text, _) = rest.split_once("</textarea>").expect("the text field ends");
    assert_eq!(text, FIRST.input().dockerfile);
}

#[test]
fn the_first_example_lists_the_same_before_the_second_piece_is_there() {
    let listed = |later| {
        let owner = Owner::new();
        owner.with(|| {
            let session = Session::new(later);
            session.findings.get_untracked().iter().map(|(key, _)| *key).collect::<Vec<_>>()
        })
    };
    assert_eq!(listed(None), listed(Some(Later::here())));
}
