//! BuildKit's own line parser to compare with: the Python package `dockerfile`, which `make test` installs.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::{Value, json};

use crate::cases::{cases, fixtures};
use crate::{copies, generate};
use drydock::syntax::{Body, Instruction, Kind, Pair, Word, parse};
use drydock::text::{LineIndex, TextRange};

/// The process that answers; one for all files.
pub struct BuildKit {
    process: Child,
    questions: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl BuildKit {
    /// `None` with a printed line where the package is not installed.
    pub fn start() -> Option<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let python: PathBuf = root.join(".tools/venv/bin/python");
        if !python.exists() {
            // Not by `eprintln!`, which a test that passes keeps to itself.
            let line =
                "SKIPPED: BuildKit's parser is not there to compare with; `make test` installs it";
            writeln!(std::io::stderr(), "{line}").expect("stderr");
            return None;
        }
        let mut process = Command::new(python)
            .arg(root.join("tests/syntax/buildkit.py"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("Python starts");
        let questions = process.stdin.take().expect("a pipe");
        let answers = BufReader::new(process.stdout.take().expect("a pipe"));
        Some(Self { process, questions, answers })
    }

    pub fn ask(&mut self, text: &str) -> Value {
        writeln!(self.questions, "{}", Value::from(text)).expect("it listens");
        let mut answer = String::new();
        self.answers.read_line(&mut answer).expect("it answers");
        serde_json::from_str(&answer).expect("JSON")
    }
}

impl Drop for BuildKit {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

/// What the BuildKit of the package, 0.12, reads otherwise than one of today: `<< EOF` and `${a#b} <<EOF`, `# check=`,
/// text behind an array, and the escape character of a file in flags.
pub fn is_newer(text: &str) -> bool {
    ["<< ", "<<\t", "check"].iter().any(|part| text.contains(part))
        || (text.contains("<<") && ["#", "%", "/"].iter().any(|part| has_modifier(text, part)))
        || (parse(text).escape == '`' && text.contains("--"))
        || has_text_behind_array(text)
}

fn has_text_behind_array(text: &str) -> bool {
    parse(text).instructions().any(|instruction| {
        let arguments = joined(text, instruction, instruction.arguments);
        let starts = arguments.match_indices('[').map(|(at, _)| &arguments[at..]);
        starts.into_iter().any(|array| {
            let mut values = serde_json::Deserializer::from_str(array).into_iter::<Value>();
            let is_array = values.next().is_some_and(|value| value.is_ok());
            is_array && !array[values.byte_offset()..].trim().is_empty()
        })
    })
}

/// Whether `${name` goes on with `modifier`.
fn has_modifier(text: &str, modifier: &str) -> bool {
    text.split("${").skip(1).any(|rest| {
        rest.trim_start_matches(|c: char| c.is_alphanumeric() || c == '_').starts_with(modifier)
    })
}

/// The refusals of the line parser; those of the instruction parser come later and have cases of their own.
fn is_of_the_line(message: &str) -> bool {
    [
        "There is no instruction yet",
        "This directive is given twice",
        "The escape character",
        "This line is longer",
        "The heredoc has no end",
        "Docker takes only strings",
        "`ENV` wants `NAME=value`",
        "`LABEL` wants `NAME=value`",
        "`ENV` needs a value",
        "`LABEL` needs a value",
    ]
    .iter()
    .any(|start| message.starts_with(start))
}

/// What we read, in the words of the package.
fn ours(text: &str) -> Value {
    let file = parse(text);
    let lines = LineIndex::new(text);
    if let Some(error) = file.errors.iter().find(|error| is_of_the_line(&error.message)) {
        return json!({ "error": error.message });
    }
    let instructions: Vec<_> = file
        .instructions()
        .map(|instruction| {
            let (first, last) = (instruction.range.start, instruction.range.end);
            let flags: Vec<_> = instruction
                .flags
                .iter()
                .map(|flag| match &flag.value {
                    Some(value) => format!("--{}={}", flag.name, value.text),
                    None => format!("--{}", flag.name),
                })
                .collect();
            let heredocs: Vec<_> = instruction
                .heredocs
                .iter()
                .map(|heredoc| (&heredoc.name, heredoc.body.of(text)))
                .collect();
            let inner = match &instruction.kind {
                Kind::Onbuild(nested) => nested,
                _ => instruction,
            };
            let nested = matches!(instruction.kind, Kind::Onbuild(_))
                .then(|| inner.keyword_word.text.as_str());
            // Of a line that the instruction parser refuses we keep less.
            let is_refused =
                file.errors.iter().any(|error| instruction.range.contains(error.range));
            let values = if is_refused { None } else { values(text, instruction, inner) };
            json!({
                "keyword": instruction.keyword_word.text,
                "nested": nested,
                "json": values.as_ref().map(|_| is_json(text, instruction, inner)),
                "first": lines.line(first),
                "last": lines.line(last),
                "flags": flags,
                "values": values,
                "heredocs": heredocs,
            })
        })
        .collect();
    json!({ "instructions": instructions })
}

/// Whether the arguments, or those behind the CMD of HEALTHCHECK, are an array.
fn is_json(text: &str, whole: &Instruction, instruction: &Instruction) -> bool {
    match &instruction.kind {
        Kind::Copy(_) | Kind::Add(_) | Kind::Volume(_) => {
            let arguments = joined(text, whole, instruction.arguments);
            serde_json::from_str::<Vec<String>>(&arguments).is_ok()
        }
        Kind::Shell(_) => true,
        _ => matches!(instruction.body(), Some(Body::Exec(_))),
    }
}

/// The arguments as they are written; `None` for what the tree does not keep apart.
fn values(text: &str, whole: &Instruction, instruction: &Instruction) -> Option<Vec<String>> {
    let raw = |range: TextRange| joined(text, whole, range);
    let words = |words: &[Word]| words.iter().map(|word| raw(word.range)).collect::<Vec<_>>();
    let texts = |words: &[Word]| words.iter().map(|word| word.text.clone()).collect::<Vec<_>>();
    let array = is_json(text, whole, instruction);
    let list = |all: &[Word]| if array { texts(all) } else { words(all) };
    let pairs = |pairs: &[Pair]| {
        let sides = pairs.iter().flat_map(|pair| [Some(&pair.key), pair.value.as_ref()]);
        sides.flatten().map(|word| raw(word.range)).collect::<Vec<_>>()
    };
    Some(match &instruction.kind {
        Kind::From { image, as_word, alias } => {
            let ranges = [Some(image.range), *as_word, alias.as_ref().map(|alias| alias.range)];
            ranges.into_iter().flatten().map(raw).collect()
        }
        Kind::Arg(all) => all.iter().map(|pair| raw(pair.range)).collect(),
        Kind::Env(all) | Kind::Label(all) => pairs(all),
        Kind::Copy(transfer) | Kind::Add(transfer) => {
            let mut all = transfer.sources.clone();
            all.push(transfer.destination.clone());
            list(&all)
        }
        Kind::Expose(all) => words(all),
        Kind::Volume(all) => list(all),
        Kind::Workdir(one) | Kind::User(one) | Kind::Stopsignal(one) | Kind::Maintainer(one) => {
            vec![raw(one.range)]
        }
        Kind::Shell(all)
        | Kind::Run(Body::Exec(all))
        | Kind::Cmd(Body::Exec(all))
        | Kind::Entrypoint(Body::Exec(all)) => texts(all),
        Kind::Run(_) | Kind::Cmd(_) | Kind::Entrypoint(_) => {
            let all = raw(instruction.arguments);
            if all.is_empty() { Vec::new() } else { vec![all] }
        }
        Kind::Healthcheck(Some(Body::Exec(all))) => {
            [vec![raw(instruction.arguments).split_whitespace().next()?.to_owned()], texts(all)]
                .concat()
        }
        Kind::Healthcheck(_) => {
            let all = raw(instruction.arguments);
            let (kind, rest) = all.split_once(char::is_whitespace).unwrap_or((&all, ""));
            let rest = rest.trim_start();
            [kind, rest]
                .iter()
                .filter(|part| !part.is_empty())
                .map(|&part| part.to_owned())
                .collect()
        }
        Kind::Onbuild(_) | Kind::Broken => return None,
    })
}

/// The text of a range as Docker reads it: without what continues lines, and without comments and blank lines between.
pub fn joined(text: &str, instruction: &Instruction, range: TextRange) -> String {
    let line_end = |at: usize| text[at..].find('\n').map_or(text.len(), |end| at + end + 1);
    let line_start = |at: usize| text[..at].rfind('\n').map_or(0, |end| end + 1);
    let mut holes: Vec<(usize, usize)> = Vec::new();
    holes.extend(instruction.continuations.iter().map(|hole| (hole.start, line_end(hole.end))));
    for hole in instruction.comments.iter().chain(&instruction.empty_lines) {
        holes.push((line_start(hole.start), line_end(hole.end)));
    }
    holes.sort_unstable();
    let mut out = String::new();
    let mut at = range.start;
    for (start, end) in holes {
        if start >= range.end || end <= at {
            continue;
        }
        out.push_str(text.get(at..start).unwrap_or_default());
        at = end;
    }
    out.push_str(text.get(at..range.end).unwrap_or_default());
    out
}

/// In what the two differ.
pub fn compare(text: &str, theirs: &Value) -> Result<(), String> {
    let ours = ours(text);
    match (&ours["instructions"], &theirs["instructions"]) {
        (Value::Null, Value::Null) => Ok(()),
        (Value::Array(ours), Value::Array(theirs)) if ours.len() == theirs.len() => {
            ours.iter().zip(theirs).try_for_each(|(ours, theirs)| compare_one(text, ours, theirs))
        }
        _ => Err(format!("{text:?}\nBuildKit: {theirs}\n    ours: {ours}")),
    }
}

fn compare_one(text: &str, ours: &Value, theirs: &Value) -> Result<(), String> {
    for key in ["keyword", "first", "last", "flags", "heredocs", "json", "values", "nested"] {
        let is_kept = match key {
            // The package passes over those of ONBUILD, and takes each byte of a flag for a character.
            "heredocs" => theirs["nested"].is_null(),
            "flags" => text.is_ascii(),
            _ => !ours[key].is_null(),
        };
        if is_kept && ours[key] != theirs[key] {
            return Err(format!("{text:?}\n{key} of BuildKit: {theirs}\n{key} of ours: {ours}"));
        }
    }
    Ok(())
}

#[test]
fn buildkit_reads_every_case_the_same() {
    let Some(mut buildkit) = BuildKit::start() else { return };
    let mut compared = 0;
    for text in cases().into_iter().map(|case| case.text).chain(fixtures()) {
        for text in copies(&text).iter().filter(|text| !is_newer(text)) {
            compare(text, &buildkit.ask(text)).unwrap_or_else(|difference| panic!("{difference}"));
            compared += 1;
        }
    }
    assert!(compared > 500, "only {compared} texts were compared");
}

#[test]
fn buildkit_reads_what_is_generated_the_same() {
    let Some(buildkit) = BuildKit::start() else { return };
    let buildkit = std::cell::RefCell::new(buildkit);
    generate::check(|text| {
        if is_newer(text) { Ok(()) } else { compare(text, &buildkit.borrow_mut().ask(text)) }
    });
}
