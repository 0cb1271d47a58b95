//! Shell text made by a grammar, and shell text with something wrong in it.

use proptest::collection::vec;
use proptest::prelude::*;

/// A piece of a word.
fn piece(list: BoxedStrategy<String>) -> BoxedStrategy<String> {
    let doubled = prop_oneof![
        4 => "[ a-z;|&()<>'#é]{0,6}",
        1 => Just("\\\"".to_owned()),
        1 => Just("\\$".to_owned()),
        1 => Just("\\n".to_owned()),
        1 => Just("$X".to_owned()),
        1 => Just("${X:-a b}".to_owned()),
        1 => list.clone().prop_map(|list| format!("$( {list})")),
    ];
    prop_oneof![
        12 => "[a-z0-9/._+@:,%-]{1,8}",
        1 => "[é→]",
        2 => "'[ a-z;|&()<>\"$`\\\\#\n]{0,6}'",
        2 => vec(doubled, 0..3).prop_map(|parts| format!("\"{}\"", parts.concat())),
        1 => prop::sample::select(vec!["\\ ", "\\;", "\\'", "\\\"", "\\\\", "\\&", "\\(", "\\#"]).prop_map(str::to_owned),
        1 => prop::sample::select(vec!["$X", "${X}", "${X:-a b}", "${X%.*}", "${X#\"a b\"}", "$1", "$?", "$@"]).prop_map(str::to_owned),
        1 => prop::sample::select(vec!["$((1 + 2))", "$(( (a) * 2 ))", "`a b`", "$'a\\tb'", "*.[ch]", "{a,b}", "~/x"]).prop_map(str::to_owned),
        1 => list.prop_map(|list| format!("$( {list})")),
    ]
    .boxed()
}

fn simple(list: BoxedStrategy<String>) -> impl Strategy<Value = String> {
    let word = vec(piece(list), 1..4).prop_map(|pieces| pieces.concat()).boxed();
    let assignment = word.clone().prop_map(|value| format!("X_1={value}"));
    let operator = prop::sample::select(vec![">", ">>", "2>", "<", "&>", "<<<", ">|", "1>>"]);
    let redirect = prop_oneof![
        (operator, "[ \t]?", word.clone())
            .prop_map(|(operator, blank, to)| format!("{operator}{blank}{to}")),
        Just("2>&1".to_owned()),
        Just("<&-".to_owned()),
    ];
    let part = prop_oneof![6 => word.clone(), 1 => redirect];
    let blank = prop::sample::select(vec![" ", "  ", "\t", " \\\n "]);
    (vec(assignment, 0..2), "[a-z][a-z0-9_-]{0,6}x", vec((blank, part), 0..5)).prop_map(
        |(assignments, program, parts)| {
            let mut text = assignments.join(" ");
            if !text.is_empty() {
                text.push(' ');
            }
            text += &program;
            for (blank, part) in parts {
                text += blank;
                text += &part;
            }
            text
        },
    )
}

/// Commands with what joins them.
fn joined(command: BoxedStrategy<String>) -> impl Strategy<Value = String> {
    let operators = vec![
        " && ",
        " || ",
        "; ",
        " | ",
        "&&",
        "|",
        ";",
        " & ",
        "\n",
        " &&\n  ",
        " # its\n",
        "\n\n",
        " |\n# a\n",
    ];
    let operator = prop::sample::select(operators);
    (command.clone(), vec((operator, prop::bool::weighted(0.1), command), 0..3)).prop_map(
        |(first, more)| {
            let mut text = first;
            for (operator, is_not, command) in more {
                text += operator;
                if is_not && !operator.contains('|') {
                    text += "! ";
                }
                text += &command;
            }
            text
        },
    )
}

/// A list of commands, compound ones among them.
pub fn list() -> impl Strategy<Value = String> {
    let leaf = Just("true".to_owned()).boxed();
    let leaf = joined(simple(leaf).boxed()).boxed();
    leaf.prop_recursive(4, 48, 4, |inner| {
        let list = inner.boxed();
        let compound = prop_oneof![
            6 => simple(list.clone()),
            1 => list.clone().prop_map(|list| format!("( : && {list} )")),
            1 => list.clone().prop_map(|list| format!("{{ {list}\n}} > log")),
            1 => (list.clone(), list.clone()).prop_map(|(a, b)| format!("if {a}; then {b}; fi")),
            1 => (list.clone(), list.clone(), list.clone()).prop_map(|(a, b, c)| format!("if {a}\nthen\n{b}\nelif {b}; then {c}\nelse {c}\nfi")),
            1 => (list.clone(), list.clone()).prop_map(|(a, b)| format!("while {a}; do {b}; done < in")),
            1 => list.clone().prop_map(|list| format!("for x in a \"b c\" $y; do {list}; done")),
            1 => (list.clone(), list.clone()).prop_map(|(a, b)| format!("case $x in (a|'b c') {a} ;; (*) {b}; esac")),
            1 => list.clone().prop_map(|list| format!("f() {{ {list}; }}")),
            1 => simple(list.clone()).prop_map(|command| format!("{{ {command} <<EOF\n$x 'y )\nEOF\n}}")),
            1 => simple(list).prop_map(|command| format!("( {command} <<-'E F' | tr a b\n\tx \"\n\tE F\n )")),
        ];
        joined(compound.boxed())
    })
}

/// `text` with a few bytes taken out, put in or doubled.
pub fn broken(texts: Vec<String>) -> impl Strategy<Value = String> {
    let pieces = [
        "'", "\"", "`", "$", "(", ")", "{", "}", ";", "&", "|", "<", ">", "\\", "\n", "#", " ",
        "$(", "<<E", "fi", " esac ", "in", "=", "!", "[[", "é",
    ];
    let change = (
        any::<prop::sample::Index>(),
        prop::option::of(prop::sample::select(pieces.to_vec())),
        0..3_usize,
    );
    (prop::sample::select(texts), vec(change, 1..3)).prop_map(|(text, changes)| {
        let mut text: Vec<char> = text.chars().collect();
        for (at, piece, length) in changes {
            let at = at.index(text.len() + 1);
            let end = (at + length).min(text.len());
            text.splice(at..end, piece.unwrap_or_default().chars());
        }
        text.into_iter().collect()
    })
}
