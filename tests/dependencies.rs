//! What Drydock relies on in other crates: that `regex` may be the small one, and that the engine's tree stays bare.

use dockerfile_parser::{Dockerfile, Instruction};
use std::process::Command;

fn from(text: &str) -> Option<dockerfile_parser::FromInstruction> {
    let parsed = Dockerfile::parse(text).ok()?;
    parsed.instructions.into_iter().find_map(|instruction| match instruction {
        Instruction::From(from) => Some(from),
        _ => None,
    })
}

#[test]
fn dockerfile_parser_checks_digests_with_our_regex() {
    let digest = format!("sha256:{}", "0123456789abcdef".repeat(4));
    let good = from(&format!("FROM debian@{digest}\n")).expect("a whole digest is read");
    assert_eq!(good.image_parsed.hash, Some(digest));
    assert!(from("FROM debian@sha256:0123\n").is_none(), "a short digest is refused");
    let no_hex = format!("FROM debian@sha256:{}\n", "xyz_".repeat(16));
    assert!(from(&no_hex).is_none(), "a digest without a hexadecimal digit is refused");
}

#[test]
fn dockerfile_parser_fills_in_variables_with_our_regex() {
    let parsed = Dockerfile::parse("ARG VERSION=3.11\nARG NAME=python\nFROM ${NAME}:$VERSION\n")
        .expect("it parses");
    let Some(Instruction::From(from)) = parsed.instructions.last() else { panic!("no FROM") };
    let resolved = from.image_parsed.resolve_vars(&parsed).expect("both are known");
    assert_eq!((resolved.image.as_str(), resolved.tag.as_deref()), ("python", Some("3.11")));

    let parsed = Dockerfile::parse("FROM python:$UNKNOWN\n").expect("it parses");
    let Some(Instruction::From(from)) = parsed.instructions.last() else { panic!("no FROM") };
    assert_eq!(from.image_parsed.resolve_vars(&parsed), None);
}

#[test]
fn leptos_config_finds_its_section_with_our_regex() {
    let text = "[package]\nname = \"x\"\n\n[package.metadata.leptos]\noutput-name = \"page\"\nreload-port = 4001\n";
    let options = leptos_config::get_config_from_str(text).expect("the section is found");
    assert_eq!((&*options.output_name, options.reload_port), ("page", 4001));
    assert!(
        leptos_config::get_config_from_str("# [package.metadata.leptos]\n").is_err(),
        "only at a line's start"
    );
}

/// What `cargo tree` says about who needs `package` in the engine without features; `None` where nobody does.
fn needed_by_the_engine(package: &str) -> Option<String> {
    let tree =
        ["tree", "--offline", "--locked", "--no-default-features", "-e", "normal", "-i", package];
    let output = Command::new(env!("CARGO"))
        .args(tree)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo runs");
    let found = String::from_utf8_lossy(&output.stdout).into_owned();
    (!found.is_empty()).then_some(found)
}

#[test]
fn the_engine_knows_no_browser_and_no_wire_format() {
    assert!(needed_by_the_engine("dockerfile-parser").is_some(), "cargo tree finds what is there");
    for package in ["leptos", "gloo", "web-sys", "js-sys", "wasm-bindgen", "serde", "clap"] {
        assert_eq!(needed_by_the_engine(package), None, "the engine needs {package}");
    }
}
