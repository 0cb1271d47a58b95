//! The command line as it is run: exit status, JSON Lines, SARIF, text, and what it does with bad input.
#![cfg(feature = "cli")]
#![expect(clippy::disallowed_methods, reason = "it writes files for the command line to read")]

use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

const DEV: &str = "lesson-a-dev/Dockerfile";
const LESSONS: [&str; 5] =
    ["lesson-a-dev", "lesson-a-prod", "lesson-a-complete", "lesson-b-dev", "lesson-b-prod"];

/// `drydock` with the fixtures as its working directory, so that no machine's paths are printed.
fn drydock(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_drydock"));
    command.args(arguments).current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures"));
    command.env_remove("NO_COLOR").env_remove("CLICOLOR_FORCE").stdin(Stdio::null());
    command
}

fn run(arguments: &[&str]) -> Output {
    drydock(arguments).output().expect("it starts")
}

fn run_with_input(arguments: &[&str], input: &[u8]) -> Output {
    let mut command = drydock(arguments);
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    child.stdin.take().expect("it is piped").write_all(input).expect("it reads");
    child.wait_with_output().expect("it ends")
}

fn stdout(output: &Output) -> &str {
    std::str::from_utf8(&output.stdout).expect("standard output is UTF-8")
}

fn stderr_lines(output: &Output) -> Vec<&str> {
    std::str::from_utf8(&output.stderr).expect("standard error is UTF-8").lines().collect()
}

fn status(output: &Output) -> i32 {
    output.status.code().expect("it was not killed")
}

fn json_lines(output: &Output) -> Vec<Value> {
    stdout(output)
        .lines()
        .map(|line| serde_json::from_str(line).expect("each line is JSON"))
        .collect()
}

fn rules_found(line: &Value) -> Vec<&str> {
    let findings = line["findings"].as_array().expect("findings are a list");
    findings.iter().map(|finding| finding["rule"].as_str().expect("a rule is a word")).collect()
}

/// A file of this test alone, outside the repository.
fn scratch(name: &str, bytes: &[u8]) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&path, bytes).expect("the test's own folder can be written");
    path
}

#[test]
fn the_lesson_s_development_file_is_found_out() {
    let output = run(&["check", "--format", "json", DEV]);
    assert_eq!(status(&output), 1);
    let lines = json_lines(&output);
    let found = rules_found(&lines[0]);
    for rule in [
        "full-base-image",
        "copy-whole-context",
        "copy-source-before-install",
        "pip-cache-in-image",
        "dev-reload-flag",
        "runs-as-root",
        "healthcheck-missing",
        "python-output-buffered",
        "single-stage-build",
    ] {
        assert!(found.contains(&rule), "{rule} is not in {found:?}");
    }
}

#[test]
fn a_finding_has_the_agreed_form() {
    let output = run(&["check", "--format", "json", DEV]);
    let line = &json_lines(&output)[0];
    assert_eq!(line["schema"], 1);
    assert_eq!(line["file"], DEV);
    assert!(line["score"].is_u64() && line["grade"].is_string());
    assert_eq!(line["suppressed"], Value::Array(Vec::new()));
    let finding = |rule: &str| {
        let findings = line["findings"].as_array().expect("findings are a list");
        findings.iter().find(|finding| finding["rule"] == rule).cloned().unwrap_or_default()
    };
    let cache = finding("pip-cache-in-image");
    assert_eq!(cache["severity"], "warning");
    assert_eq!(cache["aliases"][0], "DL3042");
    assert_eq!(cache["range"]["start"]["line"], 8);
    assert_eq!(cache["range"]["end"]["line"], 8);
    assert_eq!(
        cache["lesson"]["source"].as_str().map(|source| source.ends_with("-for-production")),
        Some(true)
    );
    assert_eq!(cache["missing"], false);
    assert_eq!(cache["fix"]["applicability"], "safe");
    assert!(cache["advice"].is_null());
    let check = finding("healthcheck-missing");
    assert_eq!(check["missing"], true);
    assert_eq!(
        check["range"]["start"], check["range"]["end"],
        "what is missing has an empty range"
    );
}

#[test]
fn columns_count_characters_from_one() {
    let output =
        run_with_input(&["check", "--format", "json", "-"], "# é❌\nFROM python:3.11\n".as_bytes());
    let line = &json_lines(&output)[0];
    assert_eq!(line["file"], "-");
    let findings = line["findings"].as_array().expect("findings are a list");
    let base = findings
        .iter()
        .find(|finding| finding["rule"] == "docker-hub-base-image")
        .expect("it is found");
    assert_eq!(base["range"]["start"], serde_json::json!({"line": 2, "column": 6}));
}

#[test]
fn the_exit_status_tells_a_clean_file_from_one_with_warnings() {
    assert_eq!(status(&run(&["check", DEV])), 1);
    let clean = b"FROM scratch\n";
    let output = run_with_input(&["check", "--format", "json", "-"], clean);
    let worst = json_lines(&output)[0]["findings"]
        .as_array()
        .map(|findings| findings.iter().any(|finding| finding["severity"] != "info"));
    assert_eq!(status(&output), i32::from(worst == Some(true)));
}

#[test]
fn a_file_that_cannot_be_read_does_not_stop_the_others() {
    let output = run(&["check", "--format", "json", "no-such-file", DEV, "."]);
    assert_eq!(status(&output), 2);
    assert_eq!(json_lines(&output).len(), 1);
    assert_eq!(
        stderr_lines(&output),
        [
            "drydock: no-such-file: there is no such file",
            "drydock: .: it is a directory, not a file"
        ]
    );
    for command in ["fix", "size"] {
        let output = run(&[command, "--format", "json", "no-such-file", DEV]);
        assert_eq!(
            (status(&output), json_lines(&output).len(), stderr_lines(&output).len()),
            (2, 1, 1),
            "{command}"
        );
    }
}

#[test]
fn text_that_is_not_utf8_is_refused_in_one_line() {
    let path = scratch("latin1", b"# caf\xe9\nFROM scratch\n");
    let path = path.to_str().expect("the target folder's name is UTF-8");
    let output = run(&["check", path]);
    assert_eq!(status(&output), 2);
    assert_eq!(
        stderr_lines(&output),
        [format!("drydock: {path}: it is not UTF-8 text (byte 6 does not belong there)")]
    );
    assert!(output.stdout.is_empty());
}

#[test]
fn wrong_arguments_give_one_line() {
    for arguments in
        [&[][..], &["chek"], &["check"], &["check", "--format", "xml", DEV], &["fix", DEV, DEV]]
    {
        let output = run(arguments);
        assert_eq!(status(&output), 2, "{arguments:?}");
        let lines = stderr_lines(&output);
        assert!(lines.len() == 1 && lines[0].starts_with("drydock: "), "{arguments:?}: {lines:?}");
    }
    assert_eq!(status(&run(&["--help"])), 0);
    assert_eq!(stdout(&run(&["--version"])), concat!("drydock ", env!("CARGO_PKG_VERSION"), "\n"));
}

#[test]
fn standard_input_is_read_once() {
    let output = run_with_input(&["check", "--format", "json", "-", "-"], b"FROM scratch\n");
    assert_eq!((status(&output), json_lines(&output).len()), (2, 1));
    assert_eq!(stderr_lines(&output), ["drydock: -: standard input can be read only once"]);
}

#[test]
fn files_come_in_the_order_given() {
    let files = LESSONS.map(|name| format!("{name}/Dockerfile"));
    let mut arguments = vec!["check", "--format", "json"];
    arguments.extend(files.iter().map(String::as_str));
    let output = run(&arguments);
    let lines = json_lines(&output);
    let names: Vec<_> = lines.iter().filter_map(|line| line["file"].as_str()).collect();
    assert_eq!(names, files);
}

#[test]
fn any_other_file_is_known_by_its_name() {
    let dockerfile = scratch(
        "go.Dockerfile",
        b"FROM golang:1.25\nWORKDIR /src\nCOPY . .\nRUN go mod download\nRUN go build -o /bin/app .\nCMD [\"/bin/app\"]\n",
    );
    let list = scratch("go.mod", b"module a\nreplace b => ../b\n");
    let (dockerfile, list) = (dockerfile.to_str().expect("UTF-8"), list.to_str().expect("UTF-8"));
    let lists_first = |output: &Output| {
        json_lines(output)[0]["text"].as_str().expect("a text").contains("COPY go.mod")
    };
    let fix = ["fix", "--all", "--format", "json", dockerfile];
    assert!(lists_first(&run(&fix)));
    assert!(!lists_first(&run(&[&fix[..], &["--beside", list]].concat())));
}

#[test]
fn the_given_files_are_taken_into_account() {
    let ignore = scratch("ignore", b".git\n.env\n**/.env\n**/__pycache__\n");
    let ignore = ignore.to_str().expect("the target folder's name is UTF-8");
    let without = run(&["fix", "--all", "--format", "json", DEV]);
    let with = run(&["fix", "--all", "--format", "json", "--dockerignore", ignore, DEV]);
    assert!(json_lines(&without)[0]["files"][".dockerignore"].is_string());
    assert_ne!(json_lines(&with)[0]["files"], json_lines(&without)[0]["files"]);
    let unreadable = run(&["check", "--format", "json", "--requirements", "no-such-file", DEV]);
    assert_eq!((status(&unreadable), json_lines(&unreadable).len()), (2, 1));
}

#[test]
fn a_target_has_to_be_a_stage() {
    let output =
        run(&["check", "--format", "json", "--target", "builder", DEV, "lesson-a-prod/Dockerfile"]);
    assert_eq!((status(&output), json_lines(&output).len()), (2, 1));
    assert_eq!(stderr_lines(&output), [format!("drydock: {DEV}: no stage is called builder")]);
    assert!(status(&run(&["check", "--target", "0", DEV])) < 2);
}

#[test]
fn a_private_base_is_what_it_is_said_to_be() {
    const FILE: &str = "lesson-b-prod/Dockerfile";
    let own = "123456789012.dkr.ecr.us-east-1.amazonaws.com/cruddur-python:3.10-slim-buster";
    let fix = ["fix", "--all", FILE];
    let two_stages = |output: &Output| stdout(output).contains(" AS builder\n");
    assert!(!two_stages(&run(&fix)), "nothing is known of the base");
    let told = format!("{own}=python:3.10-slim-buster");
    assert!(two_stages(&run(&[&fix[..], &["--base", &told]].concat())));
    assert_eq!(status(&run(&[&fix[..], &["--base", own]].concat())), 2);
}

#[test]
fn text_is_for_people() {
    let output = run(&["check", DEV]);
    snapshot("lesson-a-dev/check.txt", stdout(&output));
    assert!(output.stderr.is_empty());
}

/// Compares `text` with the file `name`; with `UPDATE_SNAPSHOTS` set, writes it.
fn snapshot(name: &str, text: &str) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name);
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        std::fs::write(&path, text).expect("the fixtures can be written");
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        kept == text,
        "{name} differs; if the new text is right, run again with UPDATE_SNAPSHOTS=1:\n{text}"
    );
}

#[test]
fn there_are_no_colours_in_a_pipe() {
    for (name, value) in [("NO_COLOR", "1"), ("CLICOLOR_FORCE", "1"), ("TERM", "xterm-256color")] {
        let output = drydock(&["check", DEV]).env(name, value).output().expect("it starts");
        assert!(!output.stdout.contains(&0x1b), "{name}");
    }
}

#[test]
fn a_source_line_gives_the_terminal_no_orders() {
    let output = run_with_input(&["check", "-"], b"FROM python:3.11\nCMD \x1b[31mpython app.py\n");
    assert!(!output.stdout.contains(&0x1b));
}

#[test]
fn fix_prints_the_file_and_names_the_others() {
    let output = run(&["fix", "--all", DEV]);
    assert_eq!(status(&output), 0);
    let lines = run(&["fix", "--all", "--format", "json", DEV]);
    let line = &json_lines(&lines)[0];
    assert_eq!(Some(stdout(&output)), line["text"].as_str());
    assert!(line["applied"].as_array().is_some_and(|applied| !applied.is_empty()));
    let names: Vec<_> =
        line["files"].as_object().map(|files| files.keys().collect()).unwrap_or_default();
    for name in names {
        assert!(
            stderr_lines(&output).iter().any(|line| line.starts_with(name.as_str())),
            "{name} is not named"
        );
    }
}

#[test]
fn the_rewritten_development_file_is_nearly_clean_and_stays() {
    let once = run(&["fix", "--all", DEV]);
    let checked = run_with_input(&["check", "--format", "json", "-"], &once.stdout);
    let line = &json_lines(&checked)[0];
    assert_eq!(status(&checked), 0, "nothing above info is left: {:?}", rules_found(line));
    assert!(rules_found(line).len() <= 3, "{:?}", rules_found(line));
    let twice = run_with_input(&["fix", "--all", "-"], &once.stdout);
    assert_eq!(stdout(&twice), stdout(&once), "a second rewrite changes nothing");
}

#[test]
fn fix_without_all_takes_only_safe_changes() {
    let output = run(&["fix", "--format", "json", DEV]);
    let line = &json_lines(&output)[0];
    let applied = line["applied"].as_array().expect("applied is a list");
    assert!(
        !applied.is_empty() && applied.iter().all(|step| step["applicability"] == "safe"),
        "{applied:?}"
    );
}

#[test]
fn fix_keeps_line_ends() {
    let dev = std::fs::read_to_string(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/fixtures/lesson-a-dev/Dockerfile"
    ));
    let windows = dev.expect("the fixture is there").replace('\n', "\r\n");
    let output = run_with_input(&["fix", "--all", "-"], windows.as_bytes());
    let lone: Vec<_> =
        stdout(&output).split_inclusive('\n').filter(|line| !line.ends_with("\r\n")).collect();
    assert!(lone.is_empty(), "{lone:?}");
}

#[test]
fn development_files_score_below_production_files() {
    let files = LESSONS.map(|name| format!("{name}/Dockerfile"));
    let score = |file: &String| {
        let output = run(&["check", "--format", "json", file]);
        json_lines(&output)[0]["score"].as_u64().expect("a score is a number")
    };
    let scores: Vec<_> = files.iter().map(|file| (file, score(file))).collect();
    let (dev, prod): (Vec<_>, Vec<_>) = scores.iter().partition(|(file, _)| file.contains("-dev"));
    let best_dev = dev.iter().map(|(_, score)| score).max();
    let worst_prod = prod.iter().map(|(_, score)| score).min();
    assert!(best_dev < worst_prod, "{scores:?}");
}

#[test]
fn size_weighs_before_and_after() {
    let output = run(&["size", "--format", "json", DEV]);
    assert_eq!(status(&output), 0);
    let line = &json_lines(&output)[0];
    assert_eq!(line["before"]["base"]["image"], "python:3.11");
    assert_eq!(line["before"]["base"]["basis"], "measured");
    let likely = |side: &str| line[side]["total"]["likely"].as_u64().unwrap_or_default();
    assert!(likely("before") > likely("after") && likely("after") > 0, "{line}");
    let layer = &line["before"]["layers"][0];
    assert_eq!((&layer["instruction"], &layer["line"]), (&Value::from("FROM"), &Value::from(2)));
    let text = run(&["size", DEV]);
    assert!(stdout(&text).contains("python:3.11-slim"), "{}", stdout(&text));
}

#[test]
fn sizes_that_are_not_known_are_null() {
    let output =
        run_with_input(&["size", "--format", "json", "-"], b"FROM example.com/nobody/knows:1\n");
    let line = &json_lines(&output)[0];
    assert!(line["before"]["total"].is_null(), "{line}");
    assert_eq!(line["before"]["layers"][0]["basis"], "unknown", "{line}");
    assert!(line["before"]["layers"][0]["likely"].is_null(), "{line}");
}

#[test]
fn rules_lists_the_catalogue() {
    let output = run(&["rules", "--format", "json"]);
    assert_eq!(status(&output), 0);
    let lines = json_lines(&output);
    let rules = lines[0]["rules"].as_array().expect("rules are a list");
    assert_eq!(rules.len(), drydock::rules::RULES.len());
    for rule in rules {
        assert!(rule["applicability"].as_array().is_some_and(|words| !words.is_empty()), "{rule}");
        assert!(rule["sources"].as_array().is_some_and(|sources| !sources.is_empty()), "{rule}");
    }
    let text = run(&["rules"]);
    assert!(drydock::rules::RULES.iter().all(|rule| stdout(&text).contains(rule.id)));
}

#[test]
fn sarif_is_one_log_for_all_files() {
    let output =
        run(&["check", "--format", "sarif", DEV, "no-such-file", "lesson-b-dev/Dockerfile"]);
    assert_eq!(status(&output), 2);
    let log = &json_lines(&output)[0];
    assert_eq!(log["version"], "2.1.0");
    let run = &log["runs"][0];
    assert_eq!(run["invocations"][0]["executionSuccessful"], false);
    let results = run["results"].as_array().expect("results are a list");
    let uri = |result: &Value| {
        result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].clone()
    };
    for file in [DEV, "lesson-b-dev/Dockerfile"] {
        assert!(results.iter().any(|result| uri(result) == file), "{file}");
    }
    for result in results {
        let index = result["ruleIndex"]
            .as_u64()
            .and_then(|index| usize::try_from(index).ok())
            .expect("an index");
        assert_eq!(run["tool"]["driver"]["rules"][index]["id"], result["ruleId"]);
    }
}

#[test]
fn nobody_reading_on_is_no_failure() {
    let mut child = drydock(&["check", DEV]);
    let mut child = child.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("it ends");
    assert!(output.stderr.is_empty(), "{:?}", stderr_lines(&output));
    assert_eq!(status(&output), 1);
}

#[test]
fn odd_input_is_answered_too() {
    let long = "RUN echo a\n".repeat(20_000);
    for input in [
        "",
        "\u{feff}FROM scratch\n",
        "hello there\n",
        "FROM",
        "RUN <<E\n",
        "\\",
        "FROM a\\\n",
        long.as_str(),
    ] {
        for arguments in [&["check", "-"][..], &["fix", "--all", "-"], &["size", "-"]] {
            let output = run_with_input(arguments, input.as_bytes());
            let shown: String = input.chars().take(20).collect();
            assert!(status(&output) < 2, "{arguments:?} {shown:?}: {:?}", stderr_lines(&output));
        }
    }
}
