//! What a project of Python asks for in `pyproject.toml` or `Pipfile`, as requirement lines. Only the tables that list
//! packages are read, line by line.

use crate::input::Input;
use crate::model::Manager;

/// The packages that `manager` installs for the project, those of development with `dev`; `None` where its list is not given.
pub(super) fn packages(input: &Input, manager: Manager, dev: bool) -> Option<Vec<String>> {
    match manager {
        Manager::Pipenv => Some(read(input.text("Pipfile")?, |table| match table {
            "packages" => Some(Kind::Keys),
            "dev-packages" if dev => Some(Kind::Keys),
            _ => None,
        })),
        Manager::Poetry | Manager::Uv => {
            Some(read(input.text("pyproject.toml")?, |table| match table {
                "project" => Some(Kind::List("dependencies")),
                "dependency-groups" if dev => Some(Kind::List("dev")),
                "tool.poetry.dependencies" => Some(Kind::Keys),
                "tool.poetry.group.dev.dependencies" | "tool.poetry.dev-dependencies" if dev => {
                    Some(Kind::Keys)
                }
                _ => None,
            }))
        }
        _ => None,
    }
}

/// How a table names packages.
#[derive(Clone, Copy)]
enum Kind {
    /// Each key is one: `flask = "^3.0"`.
    Keys,
    /// The texts of the list with this key are: `dependencies = ["flask>=3"]`.
    List(&'static str),
}

fn read(text: &str, kind: impl Fn(&str) -> Option<Kind>) -> Vec<String> {
    let (mut found, mut table, mut is_in_list) = (Vec::new(), None, false);
    for line in text.lines() {
        let line = line.trim();
        if line.starts_with('#') {
            continue;
        }
        if is_in_list {
            is_in_list = take_list(line, &mut found);
        } else if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.split(']').next()) {
            table = kind(name.trim());
        } else if let (Some(kind), Some((key, value))) = (table, line.split_once('=')) {
            let (key, value) = (key.trim().trim_matches('"'), value.trim());
            match kind {
                Kind::Keys if key != "python" => found.push(requirement(key, value)),
                Kind::List(name) if key == name => {
                    is_in_list = take_list(value.trim_start_matches('['), &mut found);
                }
                _ => {}
            }
        }
    }
    found
}

/// Takes the texts of a line inside a list; whether the list goes on behind it.
fn take_list(line: &str, found: &mut Vec<String>) -> bool {
    let mut rest = line;
    while let Some(start) = rest.find(['"', '\'', ']', '#']) {
        let (quote, behind) = (&rest[start..=start], &rest[start + 1..]);
        match quote {
            "]" => return false,
            "#" => return true,
            _ => {
                let Some((text, after)) = behind.split_once(quote) else { return true };
                found.push(text.to_owned());
                rest = after;
            }
        }
    }
    true
}

/// `flask` and `"^3.0"` as one line; a table of settings may hold extras and the version.
fn requirement(name: &str, value: &str) -> String {
    let texts: Vec<&str> = value.split('"').skip(1).step_by(2).collect();
    let setting = |key: &str| {
        let (_, behind) = value.split_once(key)?;
        behind.split('"').nth(1)
    };
    let (extras, version) = if value.starts_with('{') {
        let list = value.split_once("extras").and_then(|(_, rest)| rest.split(']').next());
        let list = list.map(|list| list.split('"').skip(1).step_by(2).collect::<Vec<_>>());
        (list.unwrap_or_default(), setting("version").unwrap_or("*"))
    } else {
        (Vec::new(), texts.first().copied().unwrap_or("*"))
    };
    let extras = if extras.is_empty() { String::new() } else { format!("[{}]", extras.join(",")) };
    let bare = version.trim_start_matches(['^', '~', '=', ' ']);
    let sign = match version.chars().next() {
        Some('^' | '~') => "~=",
        Some('<' | '>' | '!') => "",
        Some('*') | None => return format!("{name}{extras}"),
        Some(_) => "==",
    };
    format!("{name}{extras}{sign}{bare}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_of_each_manager() {
        let poetry = "[tool.poetry]\nname = \"shop\"\n[tool.poetry.dependencies]\npython = \"^3.11\"\nflask = \"^3.0.1\"\nuvicorn = { version = \"0.34\", extras = [\"standard\"] }\nrequests = \"*\"\n[tool.poetry.group.dev.dependencies]\npytest = \">=8\"\n";
        let uv = "[project]\nname = \"shop\"\ndependencies = [\n    \"fastapi>=0.115\", # the web\n    'uvicorn[standard]',\n]\nrequires-python = \">=3.11\"\n[dependency-groups]\ndev = [\"pytest\"]\nlint = [\"ruff\"]\n";
        let one_line =
            "[project]\ndependencies = [\"flask\", \"gunicorn==23.0.0\"]\nscripts = []\n";
        let pipenv = "[[source]]\nurl = \"https://pypi.org/simple\"\n[packages]\nflask = \"==3.0.0\"\n\"psycopg2\" = \"*\"\n[dev-packages]\npytest = \"*\"\n[requires]\npython_version = \"3.11\"\n";
        for (file, text, manager, dev, expected) in [
            (
                "pyproject.toml",
                poetry,
                Manager::Poetry,
                false,
                "flask~=3.0.1 uvicorn[standard]==0.34 requests",
            ),
            (
                "pyproject.toml",
                poetry,
                Manager::Poetry,
                true,
                "flask~=3.0.1 uvicorn[standard]==0.34 requests pytest>=8",
            ),
            ("pyproject.toml", uv, Manager::Uv, false, "fastapi>=0.115 uvicorn[standard]"),
            ("pyproject.toml", uv, Manager::Uv, true, "fastapi>=0.115 uvicorn[standard] pytest"),
            ("pyproject.toml", one_line, Manager::Uv, false, "flask gunicorn==23.0.0"),
            ("Pipfile", pipenv, Manager::Pipenv, false, "flask==3.0.0 psycopg2"),
            ("Pipfile", pipenv, Manager::Pipenv, true, "flask==3.0.0 psycopg2 pytest"),
            ("pyproject.toml", "[project\ndependencies = [\"", Manager::Uv, true, ""),
        ] {
            let found = packages(&Input::new("").with_file(file, text), manager, dev);
            assert_eq!(found.unwrap_or_default().join(" "), expected, "{text}");
        }
        assert_eq!(packages(&Input::new(""), Manager::Uv, true), None);
    }
}
