//! What is read of a shell text, as examples: the text, then one line for each simple command.

use super::*;

/// One line a command: how it is joined, how deep it is, `?` if it may be skipped, then assignments, words, redirections.
fn show(script: &Script) -> Vec<String> {
    let mut lines = Vec::new();
    for command in &script.commands {
        let branch = if command.conditional { "?" } else { "" };
        let words = command.assignments.iter().chain(&command.words);
        let mut words: Vec<_> = words.map(|word| word.text.clone()).collect();
        let redirects = command.redirects.iter();
        words.extend(redirects.map(|to| format!("{}{}", to.operator, to.target.text)));
        lines.push(format!("{:?}{}{branch} {}", command.joined, command.depth, words.join("·")));
        let inner = command.inner.as_ref().map(|inner| show(inner)).unwrap_or_default();
        lines.extend(inner.into_iter().map(|line| format!("  {line}")));
    }
    lines.extend(script.opaque.map(|_| "opaque".to_owned()));
    lines
}

fn read_here(text: &str) -> Script {
    read(text, &|range| range)
}

/// Reads each text and compares with the lines beside it.
fn check(cases: &[(&str, &str)]) {
    for (text, expected) in cases {
        let lines = show(&read_here(text)).join("\n");
        assert_eq!(&lines, expected, "\n--- of\n{text}");
    }
}

#[test]
fn lists_and_pipes() {
    check(&[
        ("", ""),
        ("  # nothing", ""),
        ("make", "First0 make"),
        (
            "apt-get update && apt-get install -y curl",
            "First0 apt-get·update\nAnd0 apt-get·install·-y·curl",
        ),
        ("a | tee log; b & c", "First0 a\nPipe0 tee·log\nThen0 b\nBackground0 c"),
        // What is behind `||` is skipped when all goes well, to the end of its pipe.
        ("a || b | c && d", "First0 a\nOr0? b\nPipe0? c\nAnd0 d"),
        ("a ||\n\n# why\n b\nc", "First0 a\nOr0? b\nThen0 c"),
        ("! a && b", "First0 a\nAnd0 b"),
        ("a |& b", "First0 a\nPipe0 b"),
        ("a;#b\nc # d", "First0 a\nThen0 c"),
        ("a \\\n  b\\\nc", "First0 a·bc"),
        ("a\r\nb\r\n", "First0 a\nThen0 b"),
    ]);
}

#[test]
fn quotes_are_taken_off() {
    check(&[
        (r"echo 'a  b' c\ d", "First0 echo·a  b·c d"),
        (r#"echo "a \"b\" \n \$c" '\n'"#, r#"First0 echo·a "b" \n $c·\n"#),
        (r#"e'ch'"o" ''"#, "First0 echo·"),
        (r"echo $'a\tb\x41\u00e9\'' $'\101\d'", "First0 echo·a\tbA\u{e9}'·A\\d"),
        ("echo \"a \\\n b\" 'c\nd'", "First0 echo·a  b·c\nd"),
        ("echo a#b \\# '#'", "First0 echo·a#b·#·#"),
        (r"echo \é '❌'", "First0 echo·é·❌"),
    ]);
}

#[test]
fn variables_and_substitutions_stay_as_they_are_written() {
    check(&[
        (r#"echo $X "${X:-y z}" ${X#"a b"}"#, r#"First0 echo·$X·${X:-y z}·${X#"a b"}"#),
        (r#"echo $(a "b c" | d) `e f` "$(g ")")""#, r#"First0 echo·$(a "b c" | d)·`e f`·$(g ")")"#),
        ("x=$(case $y in a) b;; esac) c", "First0 x=$(case $y in a) b;; esac)·c"),
        ("echo $(cat <<X\n)\nX\n) b", "First0 echo·$(cat <<X\n)\nX\n)·b"),
        ("echo $(a # it's )\n) b", "First0 echo·$(a # it's )\n)·b"),
        ("echo $((1 + (2 * 3))) $( (a); b)", "First0 echo·$((1 + (2 * 3)))·$( (a); b)"),
        ("echo $((a); b)", "First0 echo·$((a); b)"),
        ("echo $$'a'", "First0 echo·$$a"),
        ("diff <(a b) <(c)", "First0 diff·<(a b)·<(c)"),
        ("A=1 B='2 3' c D=4", "First0 A=1·B=2 3·c·D=4"),
        ("A=(b c\n# d\ne) && F+=1", "First0 A=(b c\n# d\ne)\nAnd0 F+=1"),
        ("\"A=1\" b", "First0 A=1·b"),
    ]);
}

#[test]
fn redirections_are_no_words() {
    check(&[
        ("a > b 2>&1 < c", "First0 a·>b·2>&1·<c"),
        ("a 2>/dev/null b", "First0 a·b·2>/dev/null"),
        ("a2>b", "First0 a2·>b"),
        ("a &> b; c &>> d", "First0 a·&>b\nThen0 c·&>>d"),
        (">a b", "First0 b·>a"),
        ("> a", "First0 >a"),
        ("a >| b <> c >&- <<< \"d e\"", "First0 a·>|b·<>c·>&-·<<<d e"),
        ("(a) > b && { c; } 2>&1 | d", "First1 a\nFirst1 c\nPipe0 d"),
    ]);
}

#[test]
fn heredocs_are_read_past() {
    check(&[
        ("cat <<EOF > f && b\n'x $(\nEOF\nc", "First0 cat·<<EOF·>f\nAnd0 b\nThen0 c"),
        ("cat <<-'E F'\n\t)\n\tE F\nc", "First0 cat·<<-E F\nThen0 c"),
        ("a <<A; b <<B\n1\nA\n2\nB\nc", "First0 a·<<A\nThen0 b·<<B\nThen0 c"),
        ("while a; do b; done <<E\nx\nE\nc", "First1 a\nFirst1? b\nThen0 c"),
        // Its body is outside of the text.
        ("cat <<EOF > f", "First0 cat·<<EOF·>f"),
        ("cat <<EOF\nx", "opaque"),
    ]);
}

#[test]
fn compound_commands() {
    check(&[
        ("(cd a && make); { b; }", "First1 cd·a\nAnd1 make\nFirst1 b"),
        ("a || { b; exit 1; }", "First0 a\nFirst1? b\nThen1? exit·1"),
        ("a && (b)", "First0 a\nFirst1 b"),
        (
            "if a; then b; elif c; then d; else e; fi && f",
            "First1 a\nFirst1? b\nFirst1? c\nFirst1? d\nFirst1? e\nAnd0 f",
        ),
        ("if a; then if b; then c; fi fi", "First1 a\nFirst2? b\nFirst2? c"),
        ("for f in *.c 'd e'; do cc $f; done", "First1? cc·$f"),
        ("for f\ndo a; done; for g do b; done", "First1? a\nFirst1? b"),
        ("for ((i = 0; i < 3; i++)); do a; done", "First1? a"),
        ("until a; do b & done | c", "First1 a\nFirst1? b\nPipe0 c"),
        (
            "case \"$x\" in a|b) c ;; (d) ;; *) e; f; esac; g",
            "First1? c\nFirst1? e\nThen1? f\nThen0 g",
        ),
        ("case $x in\n  # a\n  a) b\n  ;;\nesac", "First1? b"),
        ("f() { a; }; function g { b; }\nf", "First1? a\nFirst1? b\nThen0 f"),
        ("[[ $a =~ ^(b|c)$ && -f d ]] && e", "First0 [[·$a·=~·^(b|c)$·&&·-f·d·]]\nAnd0 e"),
        ("((i++)) || a", "First0 ((i++))\nOr0? a"),
        ("if a; then\\\n b; fi", "First1 a\nFirst1? b"),
        ("echo if then { } fi", "First0 echo·if·then·{·}·fi"),
    ]);
}

#[test]
fn text_for_another_shell_is_read_too() {
    check(&[
        ("sh -c 'a && b'", "First0 sh·-c·a && b\n  First0 a\n  And0 b"),
        (
            "bash -euo pipefail -c \"a \\\"b c\\\"\" d",
            "First0 bash·-euo·pipefail·-c·a \"b c\"·d\n  First0 a·b c",
        ),
        ("exec env X=1 /bin/sh -lc a", "First0 exec·env·X=1·/bin/sh·-lc·a\n  First0 a"),
        ("sh -c 'sh -c \"a b\"'", "First0 sh·-c·sh -c \"a b\"\n  First0 sh·-c·a b\n    First0 a·b"),
        ("sh -c \"'\"", "First0 sh·-c·'\n  opaque"),
        ("echo sh -c a; sh a.sh -c b", "First0 echo·sh·-c·a\nThen0 sh·a.sh·-c·b"),
    ]);
}

#[test]
fn what_cannot_be_read_is_opaque() {
    for (text, sure) in [
        ("a; b 'c", "First0 a"),
        ("a; b \"c", "First0 a"),
        ("a `b", ""),
        ("a $(b; c", ""),
        ("a ${b", ""),
        ("a && (b", "First0 a"),
        ("a && b &&", "First0 a\nAnd0 b"),
        ("a ;; b", ""),
        ("a; ; b", "First0 a"),
        ("| a", ""),
        ("a | | b", "First0 a"),
        ("()", ""),
        ("{ }", ""),
        ("{ a }", ""),
        ("if a; fi", "First1 a"),
        ("if a; then fi", "First1 a"),
        ("for a in b; c; do d; done", ""),
        ("while a; done", "First1 a"),
        ("case a in b) c", ""),
        ("(a) b", "First1 a"),
        ("a) b", ""),
        ("a (b)", ""),
        ("f() a", ""),
        ("fi", ""),
        ("a >", ""),
        ("exec {fd}>a", ""),
        ("echo $'\\xff'", ""),
        ("echo $'\\cA'", ""),
        ("[[ a", ""),
        ("echo $[1 + 2]", ""),
        ("a | ! b", "First0 a"),
        ("a >#b", ""),
        ("A==(b)", ""),
    ] {
        let expected =
            if sure.is_empty() { "opaque".to_owned() } else { format!("{sure}\nopaque") };
        assert_eq!(show(&read_here(text)).join("\n"), expected, "\n--- of\n{text}");
    }
}

#[test]
fn opaque_starts_where_sense_ends() {
    let text = "a && b; c 'd";
    assert_eq!(read_here(text).opaque.map(|range| range.of(text)), Some("c 'd"));
}

#[test]
fn one_more_command_fits_behind_a_chain() {
    for text in ["a", "a && b 'c' 2>&1", "a && $(b)", "! a", "a # b", "a\n# b\n"] {
        assert!(read_here(text).is_chain(), "{text}");
    }
    for text in
        ["", "a; b", "a || b", "a | b", "a &", "a;", "(a)", "a && if b; then c; fi", "a && 'b"]
    {
        assert!(!read_here(text).is_chain(), "{text}");
    }
}

#[test]
fn places_inside_quotes_are_places_in_the_file() {
    let text = r#"sh -c "a \"b c\" \$d && e""#;
    let script = read_here(text);
    let inner = script.commands[0].inner.as_ref().unwrap();
    let written: Vec<_> =
        inner.commands.iter().flat_map(|c| &c.words).map(|word| word.range.of(text)).collect();
    assert_eq!(written, ["a", r#"\"b c\""#, r"\$d", "e"]);
}

#[test]
fn the_exec_form_is_read_with_its_places() {
    let file = r#"["sh", "-c", "a \"b\" 'é\u00e9' \\\"c && d"]"#;
    let ranges = [(1, 5), (7, 11), (13, file.len() - 1)];
    let texts = ["sh", "-c", "a \"b\" 'éé' \\\"c && d"];
    let words: Vec<_> = ranges
        .into_iter()
        .zip(texts)
        .map(|((start, end), text)| Word {
            text: text.to_owned(),
            range: TextRange::new(start, end),
        })
        .collect();
    let script = read_exec(&words, file).unwrap();
    let found = script.commands.iter().flat_map(|c| &c.words);
    let found: Vec<_> = found.map(|word| (word.text.as_str(), word.range.of(file))).collect();
    assert_eq!(
        found,
        [("a", "a"), ("b", "\\\"b\\\""), ("éé", "'é\\u00e9'"), ("\"c", "\\\\\\\"c"), ("d", "d")]
    );
    assert_eq!(read_exec(&words[..2], file), None);
}

#[test]
fn a_script_is_read_if_its_first_line_names_a_shell() {
    for (text, expected) in [
        ("#!/bin/sh -e\na", "First0 a"),
        ("#!/usr/bin/env -S bash -e\na", "First0 a"),
        ("#!/usr/bin/env python3\na", "opaque"),
        ("a", "First0 a"),
    ] {
        let script = read_script(text, TextRange::new(0, text.len()));
        assert_eq!(show(&script).join("\n"), expected, "{text}");
    }
}

#[test]
fn a_heredoc_that_a_shell_reads_is_read() {
    for (line, is_read) in [
        ("bash -e <<EOF", true),
        ("cat <<EOF", false),
        ("sh -c a <<EOF", false),
        ("sh <<EOF < b", false),
    ] {
        let file = format!("{line}\na && b\nEOF\n");
        let mut script = read_here(line);
        let opener = file.find("<<").unwrap();
        let body = TextRange::new(line.len() + 1, file.len() - 4);
        script.feed(TextRange::new(opener, opener + 5), &file, body);
        let inner = script.commands[0].inner.as_deref().map(|inner| show(inner).join(" "));
        assert_eq!(inner == Some("First0 a And0 b".to_owned()), is_read, "{line}");
    }
}

#[test]
fn a_word_is_literal_if_the_shell_puts_nothing_in() {
    for raw in ["a", "'$a'", r"\$a", r#""\$a""#, "a$", "^a$|b", "'`a`'", r#""it's" '$a'"#] {
        assert!(is_literal(raw), "{raw}");
    }
    for raw in ["$a", "\"$a\"", "${a}", "a`b`", "$(a)", "\"'$a'\"", "$1", "<(a)"] {
        assert!(!is_literal(raw), "{raw}");
    }
}

#[test]
fn nesting_has_an_end() {
    for bracket in [
        "(",
        "{ ",
        "if ",
        "while ",
        "$(",
        "\"$(",
        "${a:-",
        "a=(",
        "[[ (",
        "$((",
        "((",
        "case a in b) ",
        "f() { ",
    ] {
        let text = bracket.repeat(10_000);
        assert_eq!(show(&read_here(&text)).last().map(String::as_str), Some("opaque"), "{bracket}");
    }
    let text = format!("{}a{}", "( ".repeat(40), ")".repeat(40));
    assert_eq!(show(&read_here(&text)), ["First40 a"]);
    assert_eq!(show(&read_here("(a)\n".repeat(10_000).as_str())).len(), 10_000);
}
