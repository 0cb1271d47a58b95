//! Any text at all: it is read, checked, weighed and rewritten, and what holds for every Dockerfile holds for it.

#![no_main]

use drydock::analysis::{Analysis, Proposal, weigh};
use drydock::estimate::Tables;
use drydock::input::Input;
use drydock::rewrite::{Level, rewrite};
use drydock::syntax::{Item, parse};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    nothing_is_lost(text);
    // A beginning of it, as somebody types: the length decides where it is cut.
    let cut = (0..=text.len() / 2).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0);
    nothing_is_lost(&text[..cut]);
    let input = Input::new(text);
    let analysis = Analysis::of(&input);
    assert_eq!(Analysis::of(&input), analysis, "the same text, another answer");
    for finding in &analysis.findings {
        assert!(text.get(finding.range.start..finding.range.end).is_some(), "{finding:?}");
    }
    let tables = Tables::built_in();
    assert_eq!(weigh(&input, tables), weigh(&input, tables), "the same text, another weight");
    let proposal = Proposal::of(&input, tables).rewrite;
    for level in [Level::Safe, Level::All] {
        let once = rewrite(&input, level);
        assert!(level == Level::Safe || once == proposal, "the same text, another rewrite");
        let (before, after) = (parse(text).errors.len(), parse(&once.dockerfile).errors.len());
        assert!(after <= before, "{after} errors where there were {before}:\n{}", once.dockerfile);
        let twice = rewrite(&once.input, level);
        assert_eq!(twice.dockerfile, once.dockerfile, "a second rewrite changes the first");
    }
});

/// Items are in order and disjoint, and only blanks lie between them.
fn nothing_is_lost(text: &str) {
    let mut at = 0;
    for item in &parse(text).items {
        let range = match item {
            Item::Directive(directive) => directive.range,
            Item::Comment(range) => *range,
            Item::Instruction(instruction) => instruction.range,
        };
        assert!(range.start >= at, "{range:?} begins before {at}");
        assert!(is_blank(&text[at..range.start]), "lost {:?}", &text[at..range.start]);
        at = range.end;
    }
    assert!(is_blank(&text[at..]), "lost {:?}", &text[at..]);
}

fn is_blank(text: &str) -> bool {
    text.trim_start_matches('\u{feff}').trim().is_empty()
}
