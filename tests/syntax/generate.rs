//! Dockerfiles by the thousand: a grammar of what people write, then a few bytes gone wrong.

#![expect(clippy::disallowed_methods, reason = "the environment says how many")]

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use drydock::syntax::Keyword;

/// How many files are made for one test. `DRYDOCK_FILES=100000 cargo core --test syntax generated` makes more, and
/// others each time.
const FILES: u32 = 4000;

/// Stands for the escape character until it is known which one the file has.
const ESCAPE: &str = "\u{1}";

/// Runs `test` on files with a few bytes gone wrong; the same files every time.
pub fn check(test: impl Fn(&str) -> Result<(), String>) {
    check_each(&dockerfile(), FILES, test);
}

/// Runs `test` on so many of `files`; the same files every time. A file that fails is made smaller and shown.
pub fn check_each(
    files: &impl Strategy<Value = String>,
    count: u32,
    test: impl Fn(&str) -> Result<(), String>,
) {
    let asked = std::env::var("DRYDOCK_FILES").ok().and_then(|count| count.parse().ok());
    let cases = asked.unwrap_or(count);
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    let mut runner = match asked {
        Some(_) => TestRunner::new(config),
        None => TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha)),
    };
    let outcome = runner.run(files, |text| test(&text).map_err(TestCaseError::fail));
    if let Err(error) = outcome {
        panic!("{error}");
    }
}

fn dockerfile() -> impl Strategy<Value = String> {
    let head = prop_oneof![
        6 => Just(""),
        1 => Just("\u{feff}"),
        1 => Just("# syntax=docker/dockerfile:1\n"),
        2 => Just("# escape=`\n"),
        1 => Just("# Escape = ` \n# syntax=x\n"),
        1 => Just("#escape=\\\n"),
        1 => Just("# any=thing\n# escape=`\n"),
    ];
    let items = vec(prop_oneof![1 => comment(), 1 => blank(), 8 => instruction()], 0..6);
    let slips = prop_oneof![3 => vec(slip(), 0..1), 1 => vec(slip(), 1..4)];
    (head, items, slips, any::<bool>(), 0..4_u8).prop_map(|(head, items, slips, bare, crlf)| {
        let escape = if head.contains("scape") && head.contains('`') { "`" } else { "\\" };
        let mut text = format!("{head}FROM a\n{}", items.concat()).replace(ESCAPE, escape);
        for slip in slips {
            slip.apply(&mut text);
        }
        if bare {
            text.pop();
        }
        if crlf == 0 { text.replace('\n', "\r\n") } else { text }
    })
}

fn comment() -> impl Strategy<Value = String> {
    "[ \t]{0,2}#[ a-z=<\\\\]{0,8}".prop_map(|text| text + "\n")
}

fn blank() -> impl Strategy<Value = String> {
    "[ \t]{0,2}".prop_map(|text| text + "\n")
}

/// A keyword, words, and the lines of the heredocs that they open.
fn instruction() -> impl Strategy<Value = String> {
    let keyword = prop_oneof![
        12 => (0..Keyword::ALL.len()).prop_map(|at| Keyword::ALL[at].0.to_owned()),
        8 => prop_oneof![Just("RUN"), Just("COPY"), Just("ADD"), Just("ONBUILD RUN")].prop_map(str::to_owned),
        2 => "(run|Copy|oNBUILD copy|healthcheck CMD|FOO|env)",
    ];
    let flags = vec((prop_oneof![4 => Just(" ".to_owned()), 1 => between()], flag()), 0..3);
    let words = vec((prop_oneof![4 => Just(" ".to_owned()), 1 => between()], word()), 0..6);
    let arguments = prop_oneof![
        5 => words.prop_map(|words| words.into_iter().map(|(gap, word)| gap + &word).collect::<String>()),
        1 => array(),
    ];
    let end =
        prop_oneof![8 => Just(""), 1 => Just(" "), 1 => Just(" \u{1}"), 1 => Just("\u{1}\u{1}")];
    let indent = prop_oneof![6 => Just(""), 1 => Just("  "), 1 => Just("\t")];
    (indent, keyword, flags, arguments, end, body()).prop_map(
        |(indent, keyword, flags, arguments, end, body)| {
            let flags: String = flags.into_iter().map(|(gap, flag)| gap + &flag).collect();
            let body = if arguments.contains("<<") { body } else { String::new() };
            format!("{indent}{keyword}{flags}{arguments}{end}\n{body}")
        },
    )
}

/// What stands between words: blanks, continued lines, comments and blank lines inside them.
fn between() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("\t"),
        Just("  "),
        Just(" \u{1}\n"),
        Just(" \u{1}\n    "),
        Just("\u{1}\n"),
        Just(" \u{1} \t\n# why\n  "),
        Just(" \u{1}\n\n  \n "),
        Just(" \u{1}\n \u{1}\n "),
        Just("\u{b}"),
        Just(" \u{1}x"),
    ]
    .prop_map(str::to_owned)
}

fn flag() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("--from=a"),
        Just("--link"),
        Just("--chown=\"a b\""),
        Just("--mount=type=cache,target=/x"),
        Just("--interval='5s'"),
        Just("--x"),
        Just("--"),
        Just("-x"),
    ]
    .prop_map(str::to_owned)
}

fn word() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[a-z./:]{1,4}",
        3 => "[A-Z]{1,2}=[a-z0-9]{0,3}",
        2 => "[A-Z]{0,1}=?\"[a-z \u{1}$']{0,4}\"",
        2 => "[A-Z]{0,1}=?'[a-z \u{1}$\"]{0,4}'",
        1 => "\\$[A-Z]|\\$\\{[A-Z](:?[-+?][a-z ]{0,2})?\\}",
        1 => "[a-z]\u{1}[ a-z\"'$]",
        3 => "[0-9]?<<-?[\"']?E[\"']?",
        1 => "<<?<?F?",
        1 => "#[a-z]?|&&|\\||;|AS|as|CMD|NONE|\\[|\\]|é|😀",
    ]
}

fn array() -> impl Strategy<Value = String> {
    let element = prop_oneof![
        8 => "\"[a-z /-]{0,4}\"",
        1 => "\"(\\\\n|\\\\\"|\\\\u00e9|\\\\x|é)\"",
        1 => "'a'|a|1|null|true|-1\\.5e3|\\[\\]|\\[\"a\"\\]|\\{\"a\":1\\}",
    ];
    let comma =
        prop_oneof![4 => Just(", "), 2 => Just(","), 1 => Just(" , \u{1}\n "), 1 => Just(" ")];
    let end = prop_oneof![6 => Just("]"), 1 => Just(""), 1 => Just(",]"), 1 => Just("] "), 1 => Just("] x")];
    (vec((element, comma), 0..4), end).prop_map(|(elements, end)| {
        let mut text: String =
            elements.iter().flat_map(|(element, comma)| [element.as_str(), *comma]).collect();
        if let Some((_, comma)) = elements.last() {
            text.truncate(text.len() - comma.len());
        }
        format!(" [{text}{end}")
    })
}

/// Lines of a heredoc, most of them with an end.
fn body() -> impl Strategy<Value = String> {
    let line = prop_oneof![
        Just("x\n"),
        Just("\tx \\\n"),
        Just("# x\n"),
        Just("\n"),
        Just(" E\n"),
        Just("RUN x\n"),
        Just("\tE\n"),
    ];
    let end = prop_oneof![6 => Just("E\n"), 3 => Just("E\nE\n"), 2 => Just("\tE\n"), 1 => Just("")];
    (vec(line, 0..3), end).prop_map(|(lines, end)| lines.concat() + end)
}

/// A slip of the keys, at some place of the text.
#[derive(Clone, Debug)]
enum Slip {
    Delete(prop::sample::Index, usize),
    Insert(prop::sample::Index, &'static str),
    Repeat(prop::sample::Index, usize),
}

fn slip() -> impl Strategy<Value = Slip> {
    let piece = prop::sample::select(vec![
        "\"", "'", "\\", "`", "$", "{", "}", "<", "<<E", "#", "=", "[", "]", ",", "\n", "\r", " ",
        "\t", "-", "é",
    ]);
    prop_oneof![
        (any::<prop::sample::Index>(), 1..4_usize)
            .prop_map(|(at, length)| Slip::Delete(at, length)),
        (any::<prop::sample::Index>(), piece).prop_map(|(at, piece)| Slip::Insert(at, piece)),
        (any::<prop::sample::Index>(), 1..9_usize)
            .prop_map(|(at, length)| Slip::Repeat(at, length)),
    ]
}

impl Slip {
    fn apply(&self, text: &mut String) {
        let (Self::Delete(at, _) | Self::Insert(at, _) | Self::Repeat(at, _)) = self;
        let places: Vec<usize> =
            text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
        let at = at.index(places.len());
        let start = places[at];
        let end = |length: usize| places[(at + length).min(places.len() - 1)];
        match self {
            Self::Delete(_, length) => text.replace_range(start..end(*length), ""),
            Self::Insert(_, piece) => text.insert_str(start, piece),
            Self::Repeat(_, length) => {
                let piece = text[start..end(*length)].to_owned();
                text.insert_str(start, &piece);
            }
        }
    }
}
