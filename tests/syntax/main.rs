//! What is written, read as Docker reads it: cases with what is in them, and two other parsers to compare with.

mod buildkit;
mod cases;
mod generate;
mod other_parser;
mod rewritten;
mod show;

use cases::{Case, cases};
use drydock::syntax::{Instruction, Item, parse};
use drydock::text::TextRange;
use show::{Piece, pieces, show};

/// `DRYDOCK_UPDATE=1 cargo core --test syntax` writes what is read into the cases. Then look at the difference.
#[test]
fn every_case_is_read_as_it_says() {
    if cases::update() {
        return;
    }
    for case in cases() {
        assert_eq!(show(&case.text), case.expected, "{}:{} {}", case.file, case.line, case.name);
    }
}

#[test]
fn cases_have_names_of_their_own() {
    let mut names: Vec<_> = cases().into_iter().map(|case| case.name).collect();
    assert!(names.len() >= 150, "only {} cases", names.len());
    names.sort();
    names.windows(2).for_each(|pair| assert_ne!(pair[0], pair[1]));
}

#[test]
fn line_ends_and_a_byte_order_mark_change_nothing() {
    for case in cases() {
        let name = &case.name;
        let expected = show(&case.text);
        assert_eq!(show(&crlf(&case.text)).replace('␍', ""), expected, "{name} with CRLF");
        assert_eq!(show(&format!("\u{feff}{}", case.text)), expected, "{name} with BOM");
    }
}

#[test]
fn nothing_is_lost() {
    for case in cases() {
        for text in copies(&case.text) {
            check_lossless(&text);
        }
    }
}

#[test]
fn every_beginning_of_a_file_can_be_read() {
    for case in cases() {
        // With another escape character, lines go on that should not.
        for text in [case.text.clone(), crlf(&case.text), case.text.replace("\\\n", "`\n")] {
            text.char_indices().for_each(|(at, _)| check_lossless(&text[..at]));
        }
    }
}

#[test]
fn at_every_place_stands_what_the_tree_says() {
    let mut seen = 0;
    for Case { text, .. } in cases() {
        for text in copies(&text) {
            let file = parse(&text);
            for instruction in file.instructions() {
                for piece in pieces(instruction) {
                    check_piece(&text, instruction, &piece, file.escape);
                    seen += 1;
                }
            }
        }
    }
    assert!(seen > 3000, "only {seen} pieces were looked at");
}

/// With other line ends, with a byte order mark, and without the last line end.
fn copies(text: &str) -> [String; 4] {
    let bare = text.strip_suffix('\n').unwrap_or(text);
    [text.to_owned(), crlf(text), format!("\u{feff}{text}"), bare.to_owned()]
}

fn crlf(text: &str) -> String {
    text.replace('\n', "\r\n")
}

/// Items are in order and disjoint, only blanks lie between them, and what an instruction holds lies inside it.
fn check_lossless(text: &str) {
    let file = parse(text);
    let mut at = 0;
    for item in &file.items {
        let range = match item {
            Item::Directive(directive) => directive.range,
            Item::Comment(range) => *range,
            Item::Instruction(instruction) => instruction.range,
        };
        assert!(range.start >= at && range.end <= text.len(), "{range:?} in {text:?}");
        check_blank(text, at, range.start);
        if let Item::Instruction(instruction) = item {
            for piece in pieces(instruction) {
                assert!(range.contains(piece.range), "{piece:?} outside of {range:?} in {text:?}");
                assert!(
                    text.get(piece.range.start..piece.range.end).is_some(),
                    "{piece:?} in {text:?}"
                );
            }
        }
        at = range.end;
    }
    check_blank(text, at, text.len());
    for error in &file.errors {
        assert!(text.get(error.range.start..error.range.end).is_some(), "{error:?} in {text:?}");
        assert!(!error.message.is_empty());
    }
}

fn check_blank(text: &str, start: usize, end: usize) {
    let gap = TextRange::new(start, end).of(text);
    assert!(gap.trim_start_matches('\u{feff}').trim().is_empty(), "lost {gap:?} of {text:?}");
}

/// The source at the piece is its value, but for what quotes, escapes and continued lines add.
fn check_piece(text: &str, instruction: &Instruction, piece: &Piece, escape: char) {
    let source = buildkit::joined(text, instruction, piece.range);
    let Some(value) = &piece.value else { return };
    match serde_json::from_str::<String>(&source) {
        Ok(string) if source.contains('\\') => assert_eq!(&string, value, "{source} in {text:?}"),
        _ => {
            let plain = |text: &str| text.replace(['"', '\'', escape, '\\'], "");
            assert_eq!(plain(&source), plain(value), "{source} in {text:?}");
        }
    }
}
