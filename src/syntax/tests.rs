//! The tree loses nothing, its places are right, and a broken line costs itself only.

use super::*;
use crate::text::TextRange;

/// Everything that is hard about lines, in one file.
const HARD: &str = "\u{feff}# syntax=docker/dockerfile:1
# check=skip=all
# ❌ not for production

ARG V=3.11
FROM --platform=$BUILDPLATFORM python:${V:-3}-slim as builder
ENV A=1 B=\"two words\" \\
    # a comment inside

    C=x\\ y
LABEL a.b=c
RUN --mount=type=cache,target=/root/.cache,sharing=locked \\
    pip install \\
    # why
    -r requirements.txt && echo \"é ❌\"
RUN <<-EOF cat > /f
\tindented
\tEOF
RUN <<EOF
apt-get update
apt-get install -y curl
EOF
COPY --link --chown=a:b [\"a b\", \"c\"]
COPY [\"a b\", \"/c d/\"]
COPY <<one <<\"two\" /dest/
1
one
2
two
ADD https://example.com/x.tar.gz /x/
HEALTHCHECK --interval=5s CMD curl -f http://localhost || exit 1
ONBUILD RUN make
SHELL [\"/bin/bash\", \"-c\"]
EXPOSE 80 443/udp
VOLUME /data
STOPSIGNAL SIGTERM
USER app:app
WORKDIR /a b
MAINTAINER Jane Doe
ENTRYPOINT [\"python\", \"-m\"]
CMD python app.py \\";

fn keywords(file: &File) -> Vec<&str> {
    file.instructions().map(|i| i.keyword_word.text.as_str()).collect()
}

fn messages(text: &str) -> Vec<String> {
    let errors = parse(text).errors;
    errors.iter().map(|error| format!("{} | {}", error.range.of(text), error.message)).collect()
}

fn range(item: &Item) -> TextRange {
    match item {
        Item::Directive(directive) => directive.range,
        Item::Comment(range) => *range,
        Item::Instruction(instruction) => instruction.range,
    }
}

/// Items are in order and disjoint, and only blanks lie between them.
fn check_lossless(text: &str) {
    let file = parse(text);
    let mut at = 0;
    for item in &file.items {
        let range = range(item);
        let gap = TextRange::new(at, range.start).of(text);
        assert!(gap.trim_matches('\u{feff}').trim().is_empty(), "lost {gap:?}");
        assert!(
            range.start >= at && text.get(range.start..range.end).is_some(),
            "{range:?} in {text:?}"
        );
        at = range.end;
    }
    assert!(text[at..].trim_matches('\u{feff}').trim().is_empty(), "lost {:?}", &text[at..]);
}

#[test]
fn every_prefix_parses_and_loses_nothing() {
    for text in [HARD.to_owned(), HARD.replace('\n', "\r\n"), HARD.replace("\\\n", "`\n")] {
        for (at, _) in text.char_indices() {
            check_lossless(&text[..at]);
        }
        check_lossless(&text);
    }
}

#[test]
fn reads_every_instruction() {
    let file = parse(HARD);
    let expected = "ARG FROM ENV LABEL RUN RUN RUN COPY COPY COPY ADD HEALTHCHECK ONBUILD SHELL EXPOSE VOLUME STOPSIGNAL USER \
                    WORKDIR MAINTAINER ENTRYPOINT CMD";
    assert_eq!(keywords(&file).join(" "), expected);
    assert_eq!(file.errors, []);
    assert_eq!(keywords(&parse(&HARD.replace('\n', "\r\n"))).join(" "), expected);
}

#[test]
fn places_are_those_of_the_text() {
    let file = parse(HARD);
    let mut words = 0;
    let mut check = |word: &Word| {
        let written = word.range.of(HARD);
        let plain: String = written.chars().filter(|c| !matches!(c, '"' | '\'' | '\\')).collect();
        assert_eq!(plain, word.text, "at {:?}", word.range);
        words += 1;
    };
    for instruction in file.instructions() {
        check(&instruction.keyword_word);
        instruction.flags.iter().filter_map(|flag| flag.value.as_ref()).for_each(&mut check);
        match &instruction.kind {
            Kind::From { image, alias, .. } => {
                check(image);
                alias.iter().for_each(&mut check);
            }
            Kind::Env(pairs) | Kind::Label(pairs) | Kind::Arg(pairs) => {
                for pair in pairs {
                    check(&pair.key);
                    pair.value.iter().for_each(&mut check);
                }
            }
            Kind::Copy(transfer) | Kind::Add(transfer) => {
                transfer.sources.iter().for_each(&mut check);
                check(&transfer.destination);
            }
            _ => {}
        }
        match instruction.body() {
            Some(Body::Shell(script)) => {
                script.commands.iter().flat_map(|c| &c.words).for_each(&mut check);
            }
            Some(Body::Exec(elements)) => elements.iter().for_each(&mut check),
            None => {}
        }
    }
    assert!(words > 60, "only {words} words were looked at");
}

#[test]
fn a_comment_inside_a_run_is_no_part_of_the_command() {
    let file = parse("FROM a\nRUN pip \\\n  # no\n\n  install x\n");
    let run = file.instructions().nth(1).and_then(Instruction::body);
    let Some(Body::Shell(script)) = run else { panic!("RUN has a shell text") };
    let words: Vec<_> = script.commands[0].words.iter().map(|word| word.text.as_str()).collect();
    assert_eq!(words, ["pip", "install", "x"]);
}

#[test]
fn heredocs_end_where_docker_ends_them() {
    let text = "FROM a\nRUN <<EOF\nRUN not\n EOF\nEOF\nRUN b\n";
    let file = parse(text);
    assert_eq!(keywords(&file), ["FROM", "RUN", "RUN"]);
    let bodies: Vec<_> =
        file.instructions().flat_map(|i| &i.heredocs).map(|h| h.body.of(text)).collect();
    assert_eq!(bodies, ["RUN not\n EOF\n"]);
}

#[test]
fn the_escape_directive_changes_continuations() {
    let file = parse("# escape=`\nFROM a\nRUN dir C:\\\nRUN b `\n  c\n");
    assert_eq!(keywords(&file), ["FROM", "RUN", "RUN"]);
}

#[test]
fn a_broken_line_costs_that_line_only() {
    let text = "FROM a\nRUNN b\nCOPY x\nRUN c\n";
    assert_eq!(keywords(&parse(text)), ["FROM", "RUNN", "COPY", "RUN"]);
    assert_eq!(
        messages(text),
        [
            "RUNN | Docker knows no instruction `RUNN`. Did you mean `RUN`?",
            "x | `COPY` needs a source and a destination."
        ]
    );
}

#[test]
fn errors_stand_at_the_token() {
    for (text, expected) in [
        ("", " | There is no instruction yet."),
        ("ARG A", "ARG | There is no `FROM`"),
        ("RUN a\nFROM b", "RUN | `RUN` stands before the first `FROM`"),
        ("FROM a AS b # c", "# | A comment cannot stand behind `FROM`"),
        ("FROM a # c", "# | A comment cannot stand behind `FROM`"),
        ("FROM a\nENV A", "A | `ENV` needs a value"),
        ("FROM a\nENV A=1 B", "B | `ENV` wants `NAME=value`"),
        ("FROM a\nUSER", "USER | `USER` has nothing behind it."),
        (
            "FROM a\nCOPY --form=b c d",
            "--form | `COPY` knows no option `--form`. Did you mean `--from`?",
        ),
        ("FROM a\nHEALTHCHECK curl x", "curl | `HEALTHCHECK` wants"),
        ("FROM a\nSHELL bash", "bash | `SHELL` wants a JSON array"),
        ("FROM a\nONBUILD FROM b", "FROM | `FROM` cannot stand behind `ONBUILD`."),
        ("FROM a\nRUN <<EOF\nx", "<<EOF | The heredoc"),
    ] {
        let found = messages(text);
        assert!(
            found.first().is_some_and(|first| first.starts_with(expected)),
            "{text:?}: {found:?}"
        );
        assert_eq!(found.len(), 1, "{text:?}: {found:?}");
    }
}
