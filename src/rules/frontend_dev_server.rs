//! A front end is served by the program for working on it.

use super::{Buys, Fixes, Report, Rule, Section, Severity};
use crate::input::PACKAGE_JSON;
use crate::model::{Launch, Model, is_in};
use crate::syntax::Word;

pub(super) const RULE: Rule = Rule {
    id: "frontend-dev-server",
    title: "Visitors get the development front end",
    severity: Severity::Warning,
    fixes: Fixes::Never,
    buys: &[Buys::Stability, Buys::Size, Buys::Security],
    aliases: &[],
    taught: &[
        Section::flask("Environment Variables: Runtime vs Build-Time"),
        Section::docker("Multi-Stage Builds"),
    ],
    check,
};

/// Programs, and the words that make them serve for development; those with a `!` do so unless one of the words stands
/// behind them.
const SERVERS: [(&str, &str); 12] = [
    ("astro", "dev"),
    ("craco", "start"),
    ("gatsby", "develop"),
    ("next", "dev"),
    ("ng", "serve"),
    ("nuxt", "dev"),
    ("parcel", "! build"),
    ("react-scripts", "start"),
    ("vite", "! build preview"),
    ("vue-cli-service", "serve"),
    ("webpack", "serve"),
    ("webpack-dev-server", "!"),
];

fn check(model: &Model, report: &mut Report) {
    let Some(launch) = model.launch().filter(|_| !model.is_for_development()) else { return };
    let words: Vec<_> =
        launch.words.iter().skip(launch.program).map(|word| word.text.as_str()).collect();
    let (shown, last) = if let Some(last) = serves(&words) {
        (words.get(..=last).unwrap_or_default().join(" "), last)
    } else if let Some((last, script)) = script(model, &launch) {
        (script, last)
    } else {
        return;
    };
    let start = launch.words.get(launch.program).map(|word| word.range);
    let end = launch.words.get(launch.program + last).map(|word| word.range);
    let (Some(start), Some(end)) = (start, end) else { return };
    let message = format!(
        "`{shown}` is a server for working on the front end; build the files once, and serve them with a web server such as nginx."
    );
    let advice = if shown.starts_with("next") || shown.starts_with("nuxt") {
        "Build in a Node stage, and start what was built: `next start`, or `node .output/server/index.mjs` for Nuxt."
    } else {
        "Build in a Node stage, and in an `nginx` stage copy the result: `COPY --from=build /app/dist /usr/share/nginx/html`. Create React App calls the folder `build`."
    };
    report.at(&RULE, start.cover(end), message).advice(advice);
}

/// The place of the word that makes the command a development server.
fn serves(words: &[&str]) -> Option<usize> {
    let (program, rest) = words.split_first()?;
    let (_, needed) = SERVERS.iter().find(|(name, _)| name == program)?;
    let at = rest.iter().position(|word| !word.starts_with('-'));
    let first = at.and_then(|at| rest.get(at)).copied().unwrap_or_default();
    match needed.strip_prefix('!') {
        Some(others) => (!is_in(others.trim(), first)).then_some(0),
        None => at.filter(|_| *needed == first).map(|at| at + 1),
    }
}

/// `npm start`, where package.json says what that is: the place of its last word, and the command.
fn script(model: &Model, launch: &Launch<'_>) -> Option<(usize, String)> {
    if !is_in("npm yarn pnpm bun", launch.program()) {
        return None;
    }
    let words: Vec<_> =
        launch.arguments().iter().filter(|word| !word.text.starts_with('-')).collect();
    let first: &Word = words.first()?;
    let (name, last) = match (first.text.as_str(), words.get(1)) {
        ("run", Some(name)) => (name.text.as_str(), 2),
        (name, _) => (name, 1),
    };
    // `npm run dev` is told as such.
    let command =
        script_called(model.input().text(PACKAGE_JSON)?, name).filter(|_| name != "dev")?;
    let command = command.rsplit("&&").next()?.trim();
    let words: Vec<_> = command
        .split_whitespace()
        .skip_while(|word| word.contains('=') || *word == "cross-env")
        .collect();
    serves(&words).map(|_| (last, words.join(" ")))
}

/// What `"scripts"` of a package.json has for `name`.
fn script_called<'t>(package: &'t str, name: &str) -> Option<&'t str> {
    let (_, scripts) = package.split_once("\"scripts\"")?;
    let scripts = scripts.split('}').next()?;
    let (_, value) = scripts.split_once(&format!("\"{name}\""))?;
    let value = value.trim_start().strip_prefix(':')?.trim_start().strip_prefix('"')?;
    value.split('"').next()
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
        let package = "{\"scripts\": {\"start\": \"PORT=80 react-scripts start\", \"serve\": \"vite preview\"}}";
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
            ["npm start", "npm run dev", "vite preview", "next start", "node vite.js", "webpack"]
        {
            silent(&RULE, &format!("FROM node:22\nRUN npm run build\nCMD {cmd}\n"));
        }
        silent(&RULE, "FROM node:22 AS dev\nCMD vite\n");
    }
}
