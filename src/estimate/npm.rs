//! What Node packages weigh: a few measured ones, a range for each other; shared dependencies widen the range.

use super::Bytes;

/// What a few packages add with all they need, in kilobytes: `npm install NAME` with npm 11.19 and Node 20 on 2026-11-22, newest versions.
const MEASURED: [(&str, u32); 22] = [
    ("@nestjs/common", 6005),
    ("@nestjs/core", 7006),
    ("@types/node", 2708),
    ("@vitejs/plugin-react", 49),
    ("axios", 3034),
    ("eslint", 12023),
    ("express", 2345),
    ("fastify", 8495),
    ("jest", 36547),
    ("lodash", 1414),
    ("mongoose", 9829),
    ("next", 317_088),
    ("nodemon", 1509),
    ("pg", 474),
    ("prettier", 11443),
    ("prisma", 210_095),
    ("react", 200),
    ("react-dom", 8130),
    ("react-router-dom", 4889),
    ("react-scripts", 232_805),
    ("typescript", 30445),
    ("vite", 35669),
];
/// A package that nobody measured.
const UNMEASURED: (f64, f64, f64) = (0.02, 2.0, 40.0);
/// A project whose package.json is not given: Express alone is 2 MB, seven server packages 13 MB, Next.js with React 325 MB.
const NOT_GIVEN: (f64, f64, f64) = (2.0, 40.0, 350.0);
/// npm's cache beside what it installed: 0.4 to 1.4 times as much in seven projects.
const CACHE: (f64, f64, f64) = (0.4, 1.1, 1.5);

/// What is installed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct NodePackages {
    /// Unpacked, in `node_modules`.
    pub(super) installed: Bytes,
    /// Where the number comes from, a sentence.
    pub(super) why: &'static str,
}

impl NodePackages {
    /// Packages by name: `express`, `express@4`.
    pub(super) fn of<'t>(names: impl IntoIterator<Item = &'t str>) -> Self {
        let (mut known, mut unknown) = (0.0, Bytes::default());
        for name in names {
            match measured(name) {
                Some(mb) => known += mb,
                None => unknown = unknown + Bytes::mb(UNMEASURED.0, UNMEASURED.1, UNMEASURED.2),
            }
        }
        let why = if unknown.is_zero() {
            "Each package as npm installed it on 2026-11-22; shared dependencies and other versions differ"
        } else {
            "A few packages as npm installed them on 2026-11-22, a range for each other"
        };
        Self { installed: Bytes::mb(known * 0.6, known * 0.95, known * 1.3) + unknown, why }
    }

    /// What a package.json asks for; `dev` takes devDependencies as well.
    pub(super) fn of_project(package_json: &str, dev: bool) -> Self {
        let mut names = dependencies(package_json, "dependencies");
        if dev {
            names.extend(dependencies(package_json, "devDependencies"));
        }
        Self::of(names)
    }

    /// Packages nobody told of.
    pub(super) fn not_given() -> Self {
        let (low, likely, high) = NOT_GIVEN;
        let why = "Your packages are not known: Express alone is 2 MB, seven server packages 13 MB, Next.js with React 325 MB";
        Self { installed: Bytes::mb(low, likely, high), why }
    }

    /// What npm's cache keeps of them.
    pub(super) fn cache(&self) -> Bytes {
        self.installed.times(CACHE.0, CACHE.1, CACHE.2)
    }
}

fn measured(name: &str) -> Option<f64> {
    // The @ of a scope stands first, that of a version later.
    let end = name.char_indices().skip(1).find(|&(_, c)| c == '@').map_or(name.len(), |(at, _)| at);
    let at = MEASURED.binary_search_by(|(known, _)| (*known).cmp(&name[..end])).ok()?;
    MEASURED.get(at).map(|&(_, kilobytes)| f64::from(kilobytes) / 1000.0)
}

/// The keys of one object of a package.json, whose values are texts.
fn dependencies<'t>(package_json: &'t str, section: &str) -> Vec<&'t str> {
    let body = package_json
        .split_once(&format!("\"{section}\""))
        .and_then(|(_, rest)| rest.split_once('{'))
        .and_then(|(between, rest)| (between.trim() == ":").then_some(rest))
        .and_then(|rest| rest.split_once('}'))
        .map_or("", |(body, _)| body);
    // "name": "1.2", ...: of the pieces between quotes every fourth is a name.
    body.split('"').skip(1).step_by(4).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted() {
        assert!(MEASURED.is_sorted_by_key(|(name, _)| *name));
    }

    #[test]
    fn package_json() {
        let text = r#"{ "name": "app", "dependencies": { "express": "^5.0.0", "@nestjs/core": "11" },
            "devDependencies": { "jest": "30" }, "scripts": {} }"#;
        assert_eq!(dependencies(text, "dependencies"), ["express", "@nestjs/core"]);
        assert_eq!(dependencies(text, "devDependencies"), ["jest"]);
        assert_eq!(dependencies("{}", "dependencies"), [""; 0]);
        let (prod, all) =
            (NodePackages::of_project(text, false), NodePackages::of_project(text, true));
        assert!(all.installed.likely > prod.installed.likely + 30_000_000);
    }

    #[test]
    fn versions_behind_the_name_do_not_matter() {
        assert_eq!(measured("express@4.19"), measured("express"));
        assert_eq!(measured("@nestjs/core@11"), measured("@nestjs/core"));
        assert_eq!(measured("no-such-package"), None);
    }
}
