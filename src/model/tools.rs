//! Which programs a stage has: what its image brings, what it installs, what it copies.

use super::wrappers::is_in;
use super::{Base, Model, Stage, Step, Tool};
use crate::syntax::shell::base_name;

/// The program and the packages that bring it.
const NAMES: [(Tool, &str, &str); 8] = [
    (Tool::Shell, "sh", "bash dash busybox"),
    (Tool::Bash, "bash", "bash"),
    (Tool::Apt, "apt-get", "apt"),
    (Tool::Apk, "apk", "apk-tools"),
    (Tool::Curl, "curl", "curl"),
    (Tool::Wget, "wget", "wget"),
    (Tool::Git, "git", "git"),
    (Tool::Useradd, "useradd", "shadow passwd shadow-utils"),
];

impl Tool {
    /// The tool that is this program, where it is one of them.
    pub fn called(program: &str) -> Option<Self> {
        NAMES.iter().find(|(_, name, _)| *name == program).map(|&(tool, ..)| tool)
    }
}

impl<'a> Model<'a> {
    /// Whether the stage has the program in the end; `None` where the file does not tell.
    pub fn has(&self, stage: &Stage<'a>, tool: Tool) -> Option<bool> {
        let (_, program, packages) = NAMES.iter().find(|(one, ..)| *one == tool)?;
        let mut at = self.stages.get(stage.index);
        while let Some(one) = at {
            if one.steps.iter().any(|step| brings(step, program, packages)) {
                return Some(true);
            }
            at = match &one.base {
                Base::Stage(parent) => self.stages.get(*parent),
                Base::Image(image) => return image.has(tool),
                Base::Scratch => return Some(false),
                Base::Unknown => return None,
            };
        }
        None
    }
}

/// Whether the step installs or copies the program.
fn brings(step: &Step, program: &str, packages: &str) -> bool {
    let installs = step.installs().filter(|(install, _)| install.manager.is_of_system()).any(
        |(install, command)| {
            install.packages(command).iter().any(|package| is_in(packages, package.name))
        },
    );
    installs
        || step.transfer().is_some_and(|transfer| {
            let mut words = transfer.sources.iter().chain([&transfer.destination]);
            words.any(|word| base_name(&word.text) == program)
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::Input;
    use crate::syntax::parse;

    #[test]
    fn whether_curl_is_there() {
        for (text, expected) in [
            ("FROM python:3.11", Some(true)),
            ("FROM python:3.11-slim", Some(false)),
            ("FROM python:3.11-slim\nRUN apt-get install -y curl=7.1", Some(true)),
            ("FROM debian AS a\nRUN apt-get install curl\nFROM a", Some(true)),
            ("FROM scratch", Some(false)),
            ("FROM scratch\nCOPY --from=b /usr/bin/curl /curl", Some(true)),
            ("FROM acme/base", None),
            ("FROM $X", None),
        ] {
            let (file, input) = (parse(text), Input::new(text));
            let model = Model::build(&file, &input);
            assert_eq!(model.has(model.final_stage().unwrap(), Tool::Curl), expected, "{text}");
        }
        assert_eq!(Tool::called("curl"), Some(Tool::Curl));
    }
}
