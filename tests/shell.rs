//! Our reader of shell text against brush-parser: the same commands, words and places, or ours says that it is opaque.

#![expect(clippy::disallowed_methods, reason = "fixtures and lessons are files")]

#[path = "shell/generated.rs"]
mod generated;
#[path = "shell/oracle.rs"]
mod oracle;

use std::fs;
use std::path::{Path, PathBuf};

use drydock::syntax::shell::{self, Command, Script};
use drydock::syntax::{Body, File, Instruction, Kind, Word, parse};
use drydock::text::TextRange;
use proptest::prelude::Strategy;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use oracle::{Seen, SeenWord};

/// What stands behind RUN in Dockerfiles all over the world.
const SNIPPETS: &str = include_str!("shell/snippets.txt");

/// Real texts that brush refuses or misreads, and why.
const BRUSH_IS_WRONG: [(&str, &str); 1] =
    [("ARCH=$(case", "it ends `$(` at the bracket of a pattern; bash and dash do not")];

fn read(text: &str) -> Script {
    shell::read(text, &|range| range)
}

fn word_differs(text: &str, ours: &Word, theirs: &SeenWord) -> bool {
    let is_literal = || shell::is_literal(ours.range.of(text));
    theirs.range.is_some_and(|range| range != ours.range)
        || theirs.text.as_ref().is_some_and(|plain| *plain != ours.text || !is_literal())
}

fn words_differ(text: &str, ours: &[Word], theirs: &[SeenWord]) -> bool {
    ours.len() != theirs.len()
        || ours.iter().zip(theirs).any(|(ours, theirs)| word_differs(text, ours, theirs))
}

fn command_differs(text: &str, ours: &Command, theirs: &Seen) -> bool {
    // `time` is a word like any other to us.
    let start = ours.words.iter().position(|word| theirs.timed && word.text == "time");
    let words = &ours.words[start.map_or(0, |at| at + 1)..];
    ours.joined != theirs.joined
        || ours.depth != theirs.depth
        || ours.conditional != theirs.conditional
        || words_differ(text, &ours.assignments, &theirs.assignments)
        || theirs.words.as_ref().is_some_and(|theirs| words_differ(text, words, theirs))
        || ours.redirects.len() != theirs.redirects.len()
        || ours.redirects.iter().zip(&theirs.redirects).any(|(ours, (operator, target))| {
            ours.operator != *operator || word_differs(text, &ours.target, target)
        })
}

/// What the two make of a text.
#[derive(Debug, PartialEq)]
enum Verdict {
    /// The same, or both refuse it.
    Same,
    /// Brush reads it, we do not.
    Opaque,
    /// We read it, brush does not.
    Refused(String),
    /// Both read it, and here they differ.
    Differ(String),
}

fn verdict(text: &str) -> Verdict {
    let ours = read(text);
    match (oracle::read(text), ours.opaque) {
        (Err(_), Some(_)) => Verdict::Same,
        (Ok(_), Some(_)) => Verdict::Opaque,
        (Err(why), None) => Verdict::Refused(why),
        (Ok(theirs), None) => {
            let at = (0..ours.commands.len().max(theirs.len())).find(|&at| {
                let both = ours.commands.get(at).zip(theirs.get(at));
                both.is_none_or(|(ours, theirs)| command_differs(text, ours, theirs))
            });
            at.map_or(Verdict::Same, |at| {
                Verdict::Differ(format!("{:?}\n{:?}", ours.commands.get(at), theirs.get(at)))
            })
        }
    }
}

/// The instructions that hold shell text, those behind ONBUILD too, each with what is read of it.
fn scripts(file: &File) -> Vec<(&Instruction, &Script)> {
    let mut found = Vec::new();
    for instruction in file.instructions() {
        let inside = match &instruction.kind {
            Kind::Onbuild(nested) => nested,
            _ => instruction,
        };
        if let Some(Body::Shell(script)) = inside.body() {
            found.push((instruction, script));
        }
    }
    found
}

/// Whether the script is the body of a heredoc.
fn is_body(instruction: &Instruction, script: &Script) -> bool {
    instruction.heredocs.iter().any(|heredoc| heredoc.body == script.range)
}

/// The text as the shell gets it, with the bodies of its heredocs behind it.
fn text_of(dockerfile: &str, instruction: &Instruction, script: &Script) -> String {
    if is_body(instruction, script) {
        return script.range.of(dockerfile).to_owned();
    }
    let logical = &instruction.logical;
    let start = (0..logical.text.len())
        .find(|&at| logical.source(TextRange::at(at)).start == script.range.start)
        .expect("the text stands in its instruction");
    let mut text = logical.text[start..].to_owned();
    for heredoc in &instruction.heredocs {
        text += "\n";
        text += heredoc.body.of(dockerfile);
        text += &heredoc.name;
    }
    text
}

/// Every file below `folder` with this ending.
fn files(folder: &str, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    for entry in fs::read_dir(root).expect("a folder").flatten() {
        let path = entry.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_dir() {
            found.extend(files(&format!("{folder}/{name}"), ending));
        } else if name.ends_with(ending) {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// The Dockerfiles of all fixtures and all lessons, and one for each snippet.
fn dockerfiles() -> Vec<String> {
    let mut found: Vec<_> =
        SNIPPETS.split("%%\n").map(|run| format!("FROM a\nRUN {run}")).collect();
    assert!(found.len() > 150, "only {} snippets", found.len());
    for path in files("tests/fixtures", "Dockerfile") {
        found.push(fs::read_to_string(path).expect("a fixture"));
    }
    for path in files("src/rules", ".md") {
        let lesson = fs::read_to_string(path).expect("a lesson");
        let fences = lesson.split("```dockerfile\n").skip(1);
        found.extend(fences.filter_map(|fence| Some(fence.split_once("```")?.0.to_owned())));
    }
    found
}

#[test]
fn real_texts_are_read_as_brush_reads_them() {
    let (mut count, mut opaque, mut wrong) = (0, Vec::new(), Vec::new());
    for dockerfile in dockerfiles() {
        let file = parse(&dockerfile);
        // A shell of Windows is not ours to read.
        for (instruction, script) in scripts(&file).into_iter().filter(|_| file.escape == '\\') {
            let text = text_of(&dockerfile, instruction, script);
            count += 1;
            let is_known = BRUSH_IS_WRONG.iter().any(|(part, _)| text.contains(part));
            match verdict(&text) {
                Verdict::Same => assert!(!is_known, "brush has learnt to read\n{text}"),
                Verdict::Opaque => opaque.push(text),
                verdict if !is_known => wrong.push(format!("{text}\n{verdict:?}")),
                _ => {}
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {count}:\n{}", wrong.len(), wrong.join("\n\n"));
    assert!(opaque.is_empty(), "brush reads {} of {count}:\n{}", opaque.len(), opaque.join("\n\n"));
}

/// Words, assignments and targets.
fn words(command: &Command) -> impl Iterator<Item = &Word> {
    let targets = command.redirects.iter().map(|redirect| &redirect.target);
    command.assignments.iter().chain(&command.words).chain(targets)
}

#[test]
fn the_source_at_each_place_is_the_word() {
    let mut count = 0;
    for dockerfile in dockerfiles() {
        let dockerfile = dockerfile.replace("\r\n", "\n");
        for text in [dockerfile.clone(), dockerfile.replace('\n', "\r\n")] {
            let file = parse(&text);
            for (instruction, script) in scripts(&file) {
                // Inside `[[ … ]]` and `(( … ))` an operator is a word.
                let commands = script.commands.iter();
                let plain = commands
                    .filter(|c| !c.program().starts_with("[[") && !c.program().starts_with("(("));
                for word in plain.flat_map(words) {
                    let written = word.range.of(&text);
                    let alone = format!("x {written}");
                    let alone = if is_body(instruction, script) {
                        read(&alone)
                    } else {
                        let alone = format!("# escape={}\nFROM a\nRUN {alone}", file.escape);
                        let file = parse(&alone);
                        scripts(&file)[0].1.clone()
                    };
                    let found: Vec<_> = alone.commands.iter().flat_map(words).collect();
                    assert_eq!(found.len(), 2, "{written:?} in\n{text}");
                    assert_eq!(found[1].text, word.text, "{written:?} in\n{text}");
                    count += 1;
                }
            }
        }
    }
    assert!(count > 4_000, "only {count} words were looked at");
}

#[test]
fn places_inside_another_text_are_inside_its_word() {
    let mut count = 0;
    for dockerfile in dockerfiles() {
        let file = parse(&dockerfile);
        for (instruction, script) in scripts(&file) {
            for command in &script.commands {
                let Some(inner) = &command.inner else { continue };
                let bodies = instruction.heredocs.iter().map(|heredoc| heredoc.body);
                let homes: Vec<_> = words(command).map(|word| word.range).chain(bodies).collect();
                for word in inner.commands.iter().flat_map(words) {
                    assert!(homes.iter().any(|home| home.contains(word.range)), "{dockerfile}");
                    let bare = |text: &str| text.replace(['\\', '"', '\'', '\n'], "");
                    assert_eq!(bare(word.range.of(&dockerfile)), bare(&word.text));
                    count += 1;
                }
            }
        }
    }
    assert!(count > 30, "only {count} words were looked at");
}

/// Looks at `cases` texts, the same ones each time.
fn each<S: Strategy<Value = String>>(cases: u32, texts: &S, mut check: impl FnMut(&str)) {
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut runner = TestRunner::new_with_rng(Config::with_cases(cases), rng);
    for _ in 0..cases {
        let tree = texts.new_tree(&mut runner).expect("the grammar makes texts");
        check(&proptest::strategy::ValueTree::current(&tree));
    }
}

#[test]
fn generated_texts_are_read_as_brush_reads_them() {
    each(400, &generated::list(), |text| assert_eq!(verdict(text), Verdict::Same, "{text}"));
}

#[test]
fn broken_texts_are_read_alike_or_not_at_all() {
    let snippets = SNIPPETS.split("%%\n").filter(|text| text.len() < 400 && !text.contains("<("));
    let texts = generated::broken(snippets.map(str::to_owned).collect());
    let (mut count, mut opaque) = (0, 0);
    each(4_000, &texts, |text| {
        let verdict = verdict(text);
        assert!(!matches!(verdict, Verdict::Differ(_)), "{text}\n{verdict:?}");
        count += 1;
        opaque += usize::from(verdict == Verdict::Opaque);
    });
    assert!(opaque * 100 < count, "{opaque} of {count} are opaque although brush reads them");
}

#[test]
fn every_prefix_of_a_text_is_read() {
    for text in SNIPPETS.split("%%\n") {
        for (end, _) in text.char_indices() {
            let script = read(&text[..end]);
            let sure = script.opaque.map_or(end, |range| range.start);
            assert!(
                script.commands.iter().all(|command| command.range.end <= sure),
                "{}",
                &text[..end]
            );
        }
    }
}
