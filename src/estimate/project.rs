//! What a project of Python asks for in `pyproject.toml` or `Pipfile`, as requirement lines. Only what lists packages is
//! read; what is written in another way counts as not known.

use crate::input::Input;
use crate::model::Manager;

/// The packages of a project.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Project {
    /// A requirement line each.
    pub(super) lines: Vec<String>,
    /// Whether there is more than could be read.
    pub(super) has_more: bool,
    /// Whether a list of packages was found at all.
    is_listed: bool,
}

/// What `manager` installs for the project, with `dev` what is for development too; `None` where its list is not given, or
/// says nothing of packages.
pub(super) fn packages(input: &Input, manager: Manager, dev: bool) -> Option<Project> {
    let file = if manager == Manager::Pipenv { "Pipfile" } else { "pyproject.toml" };
    let mut project = Project::default();
    let all = statements(input.text(file)?);
    for (path, value) in &all {
        match manager {
            Manager::Pipenv => {
                project.keyed(path, "packages.", value);
                if dev {
                    project.keyed(path, "dev-packages.", value);
                }
            }
            Manager::Poetry | Manager::Uv => project.pyproject(manager, dev, path, value, &all),
            _ => return None,
        }
    }
    (project.is_listed || project.has_more).then_some(project)
}

impl Project {
    fn pyproject(
        &mut self,
        manager: Manager,
        dev: bool,
        path: &str,
        value: &str,
        all: &[(String, String)],
    ) {
        let is_uv = manager == Manager::Uv;
        match path {
            "project.dependencies" => self.listed(value),
            "project.dynamic" => self.has_more |= value.contains("dependencies"),
            "dependency-groups.dev" | "tool.uv.dev-dependencies" if dev && is_uv => {
                self.listed(value);
            }
            _ if is_uv => {}
            _ => {
                self.keyed(path, "tool.poetry.dependencies.", value);
                if dev {
                    self.keyed(path, "tool.poetry.dev-dependencies.", value);
                    let rest = path.strip_prefix("tool.poetry.group.");
                    if let Some((group, _)) = rest.and_then(|rest| rest.split_once('.')) {
                        let optional = format!("tool.poetry.group.{group}.optional");
                        if !all.iter().any(|(path, value)| *path == optional && value == "true") {
                            self.keyed(
                                path,
                                &format!("tool.poetry.group.{group}.dependencies."),
                                value,
                            );
                        }
                    }
                }
            }
        }
    }

    /// `["flask>=3", {include-group = "test"}]`
    fn listed(&mut self, value: &str) {
        self.is_listed = true;
        let Some(list) = value.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) else {
            self.has_more = true;
            return;
        };
        for one in parts(list) {
            match unquoted(one) {
                Some(text) => self.lines.push(text.to_owned()),
                None => self.has_more = true,
            }
        }
    }

    /// `flask = "^3.0"`, where the path is `table` and the name.
    fn keyed(&mut self, path: &str, table: &str, value: &str) {
        let Some(name) = path.strip_prefix(table) else { return };
        self.is_listed = true;
        let is_name =
            name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
        if name == "python" {
            return;
        }
        let fields = match value.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
            Some(body) => parts(body).into_iter().filter_map(|one| one.split_once('=')).collect(),
            None => Vec::new(),
        };
        let field = |wanted: &str| {
            let mut found = fields.iter().filter(|(key, _)| key.trim() == wanted);
            found.next().map(|(_, value)| value.trim())
        };
        if field("optional") == Some("true") {
            return;
        }
        let is_elsewhere =
            ["path", "git", "url", "file", "editable"].into_iter().any(|key| field(key).is_some());
        let version = match unquoted(value) {
            Some(version) => Some(version),
            None if value.starts_with('{') => field("version").map_or(Some("*"), unquoted),
            // A list of versions, one for each Python: which one is not told here.
            None => value.starts_with('[').then_some("*"),
        };
        let Some(version) = version.filter(|_| is_name && !is_elsewhere) else {
            self.has_more = true;
            return;
        };
        let extras = field("extras").and_then(|list| list.strip_prefix('[')?.strip_suffix(']'));
        let extras: Vec<&str> =
            parts(extras.unwrap_or("")).into_iter().filter_map(unquoted).collect();
        let extras =
            if extras.is_empty() { String::new() } else { format!("[{}]", extras.join(",")) };
        let bare = version.trim_start_matches(['^', '~', '=', ' ']);
        self.lines.push(match version.chars().next() {
            Some('*') | None => format!("{name}{extras}"),
            Some('^' | '~') => format!("{name}{extras}~={bare}"),
            Some('<' | '>' | '!') => format!("{name}{extras}{bare}"),
            Some(_) => format!("{name}{extras}=={bare}"),
        });
    }
}

/// `key = value` with the table before the key, quotes of keys left out, and values in one line without comments.
fn statements(text: &str) -> Vec<(String, String)> {
    let (mut found, mut table) = (Vec::new(), String::new());
    let mut open: Option<(String, String)> = None;
    for line in text.lines() {
        let line = without_comment(line).trim();
        let (path, value) = if let Some((path, value)) = open.take() {
            (path, value + " " + line)
        } else if let Some(name) = line.strip_prefix('[') {
            table = name.trim_matches(['[', ']', ' ']).replace(['"', '\''], "");
            continue;
        } else if let Some((key, value)) = line.split_once('=') {
            let key = key.trim().replace(['"', '\''], "");
            (format!("{table}.{key}"), value.trim().to_owned())
        } else {
            continue;
        };
        if depth(&value) > 0 {
            open = Some((path, value));
        } else {
            found.push((path, value));
        }
    }
    found
}

/// How each byte of a text stands: inside of quotes, or not.
fn outside(text: &str) -> impl Iterator<Item = (usize, u8)> {
    let mut quote = None;
    text.bytes().enumerate().filter(move |&(_, byte)| {
        match quote {
            Some(end) if byte == end => quote = None,
            Some(_) => return false,
            None if matches!(byte, b'"' | b'\'') => quote = Some(byte),
            None => {}
        }
        true
    })
}

fn without_comment(line: &str) -> &str {
    let at = outside(line).find(|(_, byte)| *byte == b'#').map(|(at, _)| at);
    &line[..at.unwrap_or(line.len())]
}

/// How many brackets are open at the end.
fn depth(value: &str) -> i32 {
    outside(value).fold(0, |depth, (_, byte)| match byte {
        b'[' | b'{' => depth + 1,
        b']' | b'}' => depth - 1,
        _ => depth,
    })
}

/// What stands between the commas that are in no inner bracket.
fn parts(body: &str) -> Vec<&str> {
    let (mut found, mut start, mut depth) = (Vec::new(), 0, 0);
    for (at, byte) in outside(body) {
        match byte {
            b'[' | b'{' => depth += 1,
            b']' | b'}' => depth -= 1,
            b',' if depth == 0 => {
                found.push(body[start..at].trim());
                start = at + 1;
            }
            _ => {}
        }
    }
    found.push(body[start..].trim());
    found.retain(|one| !one.is_empty());
    found
}

/// The text of a value in quotes.
fn unquoted(value: &str) -> Option<&str> {
    let value = value.trim();
    ['"', '\''].into_iter().find_map(|quote| value.strip_prefix(quote)?.strip_suffix(quote))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Lines, with `…` behind them where there is more.
    fn read(file: &str, text: &str, manager: Manager, dev: bool) -> String {
        match packages(&Input::new("").with_file(file, text), manager, dev) {
            None => "not known".to_owned(),
            Some(project) if project.has_more => project.lines.join(" ") + " …",
            Some(project) => project.lines.join(" "),
        }
    }

    #[test]
    fn poetry() {
        let text = "[tool.poetry]\nname = \"shop\"\n[tool.poetry.dependencies]\npython = \"^3.11\"\nflask = \"^3.0.1\" # web\nuvicorn = { version = \"0.34\", extras = [\"standard\"] }\nrequests = \"*\"\npandas = { version = \"^2.2\", optional = true }\n[tool.poetry.group.docs.dependencies]\nmkdocs = '<2'\n[tool.poetry.group.spare]\noptional = true\n[tool.poetry.group.spare.dependencies]\nscipy = \"*\"\n";
        let main = "flask~=3.0.1 uvicorn[standard]==0.34 requests";
        assert_eq!(read("pyproject.toml", text, Manager::Poetry, false), main);
        let all = format!("{main} mkdocs<2");
        assert_eq!(read("pyproject.toml", text, Manager::Poetry, true), all);
        for (line, expected) in [
            ("torch = { path = \"../torch\" }", " …"),
            ("lib = {git = \"https://example.org/lib.git\"}", " …"),
            ("a = {markers = \"python_version < '3.8'\", version = \"*\"}", "a"),
            (
                "numpy = [\n  {version = \"<=1.26\", python = \"<3.9\"},\n  {version = \"^2\"},\n]",
                "numpy",
            ),
            ("a = {extras = ['b', 'c'], version = '1'}", "a[b,c]==1"),
        ] {
            let text = format!("[tool.poetry.dependencies]\n{line}\n");
            assert_eq!(read("pyproject.toml", &text, Manager::Poetry, false), expected, "{line}");
        }
        let sub = "[tool.poetry.dependencies.pandas]\nversion = \"^2\"\n";
        assert_eq!(read("pyproject.toml", sub, Manager::Poetry, false), " …");
    }

    #[test]
    fn uv() {
        let text = "[project]\nname = \"shop\"\ndependencies = [\n    \"fastapi>=0.115\", # the web\n    'uvicorn[standard]',\n]\n[dependency-groups]\ndev = [\"pytest\", {include-group = \"lint\"}]\nlint = [\"ruff\"]\n";
        let main = "fastapi>=0.115 uvicorn[standard]";
        assert_eq!(read("pyproject.toml", text, Manager::Uv, false), main);
        assert_eq!(read("pyproject.toml", text, Manager::Uv, true), format!("{main} pytest …"));
        for (text, expected) in [
            (
                "[project]\ndependencies = [\"flask\", \"gunicorn==23.0.0\"]\n",
                "flask gunicorn==23.0.0",
            ),
            ("[project]\ndependencies = []\n", ""),
            ("[project]\ndynamic = [\"dependencies\"]\n", " …"),
            ("[tool.uv]\ndev-dependencies = [\"pytest\"]\n", "pytest"),
            ("[tool.black]\nline-length = 88\n", "not known"),
            ("[project\ndependencies = [\"", "not known"),
        ] {
            assert_eq!(read("pyproject.toml", text, Manager::Uv, true), expected, "{text}");
        }
        assert_eq!(packages(&Input::new(""), Manager::Uv, true), None);
    }

    #[test]
    fn pipenv() {
        let text = "[[source]]\nurl = \"https://pypi.org/simple\"\n[packages]\nflask = \"==3.0.0\"\n\"psycopg2\" = \"*\"\n[dev-packages]\npytest = \"*\"\n\"e1839a8\" = {path = \".\", editable = true}\n[requires]\npython_version = \"3.11\"\n";
        assert_eq!(read("Pipfile", text, Manager::Pipenv, false), "flask==3.0.0 psycopg2");
        assert_eq!(read("Pipfile", text, Manager::Pipenv, true), "flask==3.0.0 psycopg2 pytest …");
    }
}
