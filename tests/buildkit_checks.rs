//! The checks of `docker build --check` under their own names, each on the line where Docker reports it.
#![cfg(feature = "cli")]

use drydock::input::{DOCKERIGNORE, Input};
use drydock::model::Model;
use drydock::rules::{RULES, check_all, rule};
use drydock::syntax::parse;

/// The name, a file that has the problem, and the lines that Docker names.
const CHECKS: [(&str, &str, &[usize]); 21] = [
    ("ConsistentInstructionCasing", "FROM alpine:3\nrun true\nRUN true\n", &[2]),
    ("CopyIgnoredFile", "FROM alpine:3\nRUN true\nCOPY ignored.txt /\n", &[3]),
    ("DuplicateStageName", "FROM alpine:3 AS b\nFROM alpine:3 AS B\n", &[2]),
    ("ExposeInvalidFormat", "FROM alpine:3\nEXPOSE 80 127.0.0.1:80:80 5000:5000\n", &[2, 2]),
    ("ExposeProtoCasing", "FROM alpine:3\nEXPOSE 80/TcP\n", &[2]),
    ("FromAsCasing", "FROM alpine:3 AS a\nFROM alpine:3 as b\n", &[2]),
    ("FromPlatformFlagConstDisallowed", "FROM --platform=linux/amd64 alpine:3 AS b\n", &[1]),
    ("InvalidDefaultArgInFrom", "ARG TAG\nARG BASE\nFROM alpine:${TAG}\nFROM $BASE\n", &[3, 4]),
    (
        "InvalidDefinitionDescription",
        "# check=experimental=all\n\n# what\nARG A=1\n# why\nFROM alpine:3 AS b\n",
        &[4, 6],
    ),
    ("JSONArgsRecommended", "FROM alpine:3\nENTRYPOINT run me\n", &[2]),
    ("LegacyKeyValueFormat", "FROM alpine:3\nENV A b\nLABEL c d\n", &[2, 3]),
    ("MaintainerDeprecated", "FROM alpine:3\nMAINTAINER me@example.org\n", &[2]),
    (
        "MultipleInstructionsDisallowed",
        "FROM alpine:3\nCMD [\"a\"]\nCMD [\"b\"]\nHEALTHCHECK NONE\nHEALTHCHECK CMD a\n",
        &[2, 4],
    ),
    ("NoEmptyContinuation", "FROM alpine:3\nEXPOSE \\\n\n80\n", &[4]),
    ("RedundantTargetPlatform", "FROM --platform=$TARGETPLATFORM alpine:3\n", &[1]),
    ("ReservedStageName", "FROM alpine:3 AS scratch\nFROM alpine:3 AS context\n", &[1, 2]),
    ("SecretsUsedInArgOrEnv", "FROM alpine:3\nARG DB_PASSWORD\nENV API_KEY=hunter2\n", &[2, 3]),
    ("StageNameCasing", "FROM alpine:3 AS Builder\n", &[1]),
    ("UndefinedArgInFrom", "FROM alpine:$TAG\nARG TAG=3\n", &[1]),
    ("UndefinedVar", "FROM alpine:3\nCOPY $FOO .\nENV PATH=$PAHT:/bin\n", &[2, 3]),
    ("WorkdirRelativePath", "FROM alpine:3\nWORKDIR app\nWORKDIR src\n", &[2]),
];

/// The lines of the findings whose rules go by `name` too.
fn lines(name: &str, text: &str) -> Vec<usize> {
    let input = Input::new(text).with_file(DOCKERIGNORE, "ignored.txt\n");
    let file = parse(text);
    let model = Model::build(&file, &input);
    let is_it = |id: &str| rule(id).is_some_and(|rule| rule.aliases.contains(&name));
    let found = check_all(&model).into_iter().filter(|finding| is_it(finding.rule));
    found.map(|finding| model.lines().line(finding.range.start)).collect()
}

#[test]
fn each_is_reported_where_docker_does() {
    for (name, text, expected) in CHECKS {
        assert_eq!(lines(name, text), expected, "{name} in\n{text}");
    }
}

#[test]
fn each_name_belongs_to_one_rule() {
    for (name, ..) in CHECKS {
        let rules = RULES.iter().filter(|rule| rule.aliases.contains(&name)).count();
        assert_eq!(rules, 1, "{name}");
    }
}

#[test]
fn hadolint_ids_are_known() {
    let ids = RULES.iter().flat_map(|rule| rule.aliases).filter(|alias| alias.starts_with("DL"));
    assert!(ids.count() >= 40);
}
