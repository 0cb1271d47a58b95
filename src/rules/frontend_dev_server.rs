//! A front end is served by the program for working on it.

use super::single_stage_build::offer;
use super::{Buys, Fixes, Report, Rule, Section, Severity};
use crate::input::PACKAGE_JSON;
use crate::model::split::{self, script_called};
use crate::model::{Launch, Model, Purpose, is_in};
use crate::syntax::Word;

pub(super) const RULE: Rule = Rule {
    id: "frontend-dev-server",
    title: "Visitors get the development front end",
    severity: Severity::Warning,
    fixes: Fixes::Sometimes,
    buys: &[Buys::Stability, Buys::Size, Buys::Security],
    aliases: &[],
    taught: &[
        Section::flask("Environment Variables: Runtime vs Build-Time"),
        Section::docker("Multi-Stage Builds"),
    ],
    check,
};

fn check(model: &Model, report: &mut Report) {
    let Some(launch) = model.launch().filter(|_| !model.is_for_development()) else { return };
    let own = launch.server_words();
    let (shown, words) = match for_development(model, &launch) {
        Some(name) => (name, own),
        None => match script(model, &launch) {
            Some((name, count)) => {
                (name, launch.words.get(launch.program..launch.program + count).unwrap_or_default())
            }
            None => return,
        },
    };
    let (Some(first), Some(last)) = (words.first(), words.last()) else { return };
    let message = format!(
        "`{shown}` is a server for working on the front end; build the files once, and serve them with a web server such as nginx."
    );
    let advice = if is_in("next nuxt", shown.split(' ').next().unwrap_or_default()) {
        "Build in a Node stage, and start what was built: `next start`, or `node .output/server/index.mjs` for Nuxt."
    } else {
        "Build in a Node stage, and in an `nginx` stage copy the result: `COPY --from=build /app/dist /usr/share/nginx/html`. Create React App calls the folder `build`."
    };
    let finding = report.at(&RULE, first.range.cover(last.range), message);
    match model.stages() {
        [stage] => offer(finding, split::split(model, stage).map_err(|_| advice.to_owned())),
        _ => drop(finding.advice(advice)),
    }
}

/// The name of the server that the command is, where that is one for working on a front end.
fn for_development(model: &Model, launch: &Launch<'_>) -> Option<&'static str> {
    let server = model.dev_server(launch)?;
    if launch.arguments().iter().any(|word| word.text == "build") {
        return None;
    }
    (server.purpose == Purpose::Frontend && launch.restarter().is_empty()).then_some(server.name)
}

/// `npm start`, where package.json says what that is: the server, and how many words of the command say so.
fn script(model: &Model, launch: &Launch<'_>) -> Option<(&'static str, usize)> {
    if !is_in("npm yarn pnpm bun", launch.program()) {
        return None;
    }
    let mut words = launch.arguments().iter().map(|word| word.text.as_str());
    let (name, count) = match words.next()? {
        "run" => (words.next()?, 3),
        name => (name, 2),
    };
    // `npm run dev` is told as such.
    let command =
        script_called(model.input().text(PACKAGE_JSON)?, name).filter(|_| name != "dev")?;
    let words = command.rsplit("&&").next()?.split_whitespace();
    let words = words.skip_while(|word| word.contains('=') || *word == "cross-env");
    let words = words.map(|word| Word { text: word.to_owned(), ..Word::default() }).collect();
    let inner = Launch { words, program: 0, ..launch.clone() };
    Some((for_development(model, &inner)?, count))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, check_input, no_fix, silent, silent_input};
    use super::RULE;
    use crate::input::{Input, PACKAGE_JSON};

    #[test]
    fn by_its_own_name() {
        check(
            &RULE,
            "\
FROM node:22
CMD [\"npx\", \"vite\", \"--host\"]
#           ^^^^^^ `vite` is a server for working on the front end
",
        );
        check(
            &RULE,
            "FROM node:22\nCMD ng serve --host 0.0.0.0\n#   ^^^^^^^^ `ng serve` is a server\n",
        );
        no_fix(&RULE, "FROM node:22\nCMD next dev\n");
    }

    #[test]
    fn by_the_script_of_the_package() {
        let package = "{\"scripts\": {\"start\": \"PORT=80 react-scripts start\", \"serve\": \"serve -s build\"}}";
        check_input(
            &RULE,
            &Input::new("FROM node:22\nCMD [\"npm\", \"start\"]\n#    ^^^^^^^^^^^^^^ `react-scripts start` is a server\n")
                .with_file(PACKAGE_JSON, package),
        );
        silent_input(
            &RULE,
            &Input::new("FROM node:22\nCMD npm run serve\n").with_file(PACKAGE_JSON, package),
        );
        let server = "{\"scripts\": {\"start\": \"node server.js\"}}";
        silent_input(
            &RULE,
            &Input::new("FROM node:22\nCMD npm start\n").with_file(PACKAGE_JSON, server),
        );
    }

    #[test]
    fn silent_without_evidence() {
        for cmd in
            ["npm start", "npm run dev", "vite build", "next start", "node vite.js", "webpack"]
        {
            silent(&RULE, &format!("FROM node:22\nRUN npm run build\nCMD {cmd}\n"));
        }
        silent(&RULE, "FROM node:22 AS dev\nCMD vite\n");
    }
}
