//! `parse-dockerfile` to compare with: another reader in Rust, written from the same rules.

use parse_dockerfile::{HereDoc, Instruction as Theirs, Source, Span, parse_iter};

use crate::cases::{cases, fixtures};
use crate::{crlf, generate};
use drydock::syntax::{Instruction, Keyword, parse};
use drydock::text::LineIndex;

/// Keyword, first line and the bodies of the heredocs.
type Seen = (String, usize, Vec<String>);

fn theirs(text: &str) -> Option<Vec<Seen>> {
    // It finds the heredocs of RUN only where one is the first argument, and none with a number.
    let is_missed = |one: &Instruction| {
        let later = one.keyword == Some(Keyword::Run)
            && one.heredocs.first().is_some_and(|first| first.opener.start > one.arguments.start);
        later || one.heredocs.iter().any(|heredoc| !heredoc.opener.of(text).starts_with('<'))
    };
    let file = parse(text);
    if !file.errors.is_empty() || file.instructions().any(is_missed) {
        return None;
    }
    // It takes the second of two escapes for one that continues the line, and `<<` in `<< EOF` for a word.
    if ["\\\\", "``", "<< ", "<<\t"].iter().any(|part| text.contains(part)) {
        return None;
    }
    let lines = LineIndex::new(text);
    let mut seen = Vec::new();
    for instruction in parse_iter(text).ok()? {
        let (keyword, heredocs) = parts(&instruction.ok()?)?;
        // A word may go on in the next line.
        let word = text[keyword.clone()].replace(['\\', '`', '\r', '\n'], "");
        seen.push((word, lines.line(keyword.start), heredocs));
    }
    Some(seen)
}

/// The place of the keyword, and the bodies of the heredocs.
fn parts(instruction: &Theirs) -> Option<(Span, Vec<String>)> {
    let (keyword, heredocs) = match instruction {
        Theirs::Add(add) => (&add.add, sources(&add.src)),
        Theirs::Arg(arg) => (&arg.arg, Vec::new()),
        Theirs::Cmd(cmd) => (&cmd.cmd, Vec::new()),
        Theirs::Copy(copy) => (&copy.copy, sources(&copy.src)),
        Theirs::Entrypoint(entrypoint) => (&entrypoint.entrypoint, Vec::new()),
        Theirs::Env(env) => (&env.env, Vec::new()),
        Theirs::Expose(expose) => (&expose.expose, Vec::new()),
        Theirs::From(from) => (&from.from, Vec::new()),
        Theirs::Healthcheck(healthcheck) => (&healthcheck.healthcheck, Vec::new()),
        Theirs::Label(label) => (&label.label, Vec::new()),
        Theirs::Maintainer(maintainer) => (&maintainer.maintainer, Vec::new()),
        Theirs::Onbuild(onbuild) => (&onbuild.onbuild, parts(&onbuild.instruction)?.1),
        Theirs::Run(run) => (&run.run, bodies(&run.here_docs)),
        Theirs::Shell(shell) => (&shell.shell, Vec::new()),
        Theirs::Stopsignal(stopsignal) => (&stopsignal.stopsignal, Vec::new()),
        Theirs::User(user) => (&user.user, Vec::new()),
        Theirs::Volume(volume) => (&volume.volume, Vec::new()),
        Theirs::Workdir(workdir) => (&workdir.workdir, Vec::new()),
        _ => return None,
    };
    Some((keyword.span.clone(), heredocs))
}

fn bodies<'a>(heredocs: impl IntoIterator<Item = &'a HereDoc<'a>>) -> Vec<String> {
    heredocs.into_iter().map(|heredoc| heredoc.value.clone().into_owned()).collect()
}

fn sources(sources: &[Source<'_>]) -> Vec<String> {
    let heredocs = sources.iter().filter_map(|source| match source {
        Source::HereDoc(heredoc) => Some(heredoc),
        _ => None,
    });
    bodies(heredocs)
}

fn ours(text: &str) -> Vec<Seen> {
    let lines = LineIndex::new(text);
    let file = parse(text);
    // It passes over an escape that continues nothing.
    let instructions = file.instructions().filter(|one| !one.keyword_word.text.is_empty());
    let seen = instructions.map(|instruction| {
        let bodies = instruction.heredocs.iter().map(|heredoc| {
            let body = heredoc.body.of(text);
            if heredoc.strips_tabs {
                body.split_inclusive('\n').map(|line| line.trim_start_matches('\t')).collect()
            } else {
                body.to_owned()
            }
        });
        let word = &instruction.keyword_word;
        (word.text.clone(), lines.line(word.range.start), bodies.collect())
    });
    seen.collect()
}

/// Whether the other parser reads `text` at all; if so, it has to read the same.
fn compare(text: &str) -> Result<bool, String> {
    let Some(theirs) = theirs(text) else { return Ok(false) };
    let ours = ours(text);
    if ours == theirs {
        Ok(true)
    } else {
        Err(format!("{text:?}\ntheirs: {theirs:?}\n  ours: {ours:?}"))
    }
}

#[test]
fn another_parser_reads_every_case_the_same() {
    let mut read = 0;
    for text in cases().into_iter().map(|case| case.text).chain(fixtures()) {
        // Its places are off behind a byte order mark.
        let text = text.trim_start_matches('\u{feff}');
        for text in [text.to_owned(), crlf(text)] {
            read += usize::from(compare(&text).unwrap_or_else(|difference| panic!("{difference}")));
        }
    }
    assert!(read > 200, "it read only {read} texts");
}

#[test]
fn another_parser_reads_what_is_generated_the_same() {
    let read = std::cell::Cell::new(0);
    generate::check(|text| {
        read.set(read.get() + usize::from(compare(text.trim_start_matches('\u{feff}'))?));
        Ok(())
    });
    assert!(read.get() > 500, "it read only {} texts", read.get());
}
