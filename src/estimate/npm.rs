//! What Node packages weigh: as npm installed them, a set of them at once; ranges for those that nobody measured.

use super::Bytes;
use super::packages::{Added, Packages, Source, Wanted, kilobytes};
use super::tables::Tables;

/// A package that nobody measured, in kilobytes.
const OTHER: (u32, u32, u32) = (20, 1000, 40_000);
/// A project whose package.json is not given: Express alone is 2 MB, seven server packages 13 MB, Next.js with React 325 MB.
const NOT_GIVEN: (u32, u32, u32) = (2000, 40_000, 350_000);

/// Adds packages by name to `set`, `express` or `express@4`; gives what was new.
pub(super) fn install<'t>(
    set: &mut Packages,
    tables: Tables,
    names: impl Iterator<Item = &'t str>,
) -> Added {
    let source = Source { table: tables.node, recommends: false, with_needs: true, base: None };
    let mut added = Added::default();
    for name in names {
        // The @ of a scope stands first, that of a version later.
        let at =
            name.char_indices().skip(1).find(|&(_, c)| c == '@').map_or(name.len(), |(at, _)| at);
        let (name, version) =
            (name.get(..at).unwrap_or(name), name.get(at + 1..).unwrap_or_default());
        // `4.1.2` is that one; `^4.1`, `~4.1` and `4` are the newest of 4; `latest` and `>=4` are the newest.
        let number = version.trim_start_matches(['^', '~', '=', 'v', ' ']);
        let major = number.split('.').next().and_then(|major| major.parse::<u32>().ok());
        let next = major.map(|major| major.saturating_add(1).to_string());
        let is_exact = number.len() == version.len() && number.split('.').nth(2).is_some();
        let wanted = match &next {
            Some(_) if is_exact => Wanted::Exactly(version),
            Some(next) => Wanted::Below(next),
            None => Wanted::Newest,
        };
        set.add(source, name, wanted, &mut added);
    }
    added
}

/// What `added` weighs in `node_modules`.
pub(super) fn installed(added: &Added) -> Bytes {
    kilobytes(added.numbers[0]).percent(80, 100, 118) + added.range(OTHER, NOT_GIVEN)
}

/// What the manager's cache keeps of it: the archives, and the index pages unless a lock file makes them needless.
pub(super) fn cache(added: &Added, is_locked: bool) -> Bytes {
    let [_, archives, pages, _] = added.numbers;
    let others = added.range(OTHER, NOT_GIVEN);
    // What npm kept in 60 installs was 1.01 of what is counted here, and 1.36 in one of ten.
    if is_locked {
        kilobytes(archives).percent(90, 102, 130) + others.percent(15, 25, 40)
    } else {
        kilobytes(archives + pages).percent(90, 102, 140) + others.percent(20, 100, 200)
    }
}

/// Where the number comes from, a sentence.
pub(super) fn why(tables: Tables, added: &Added) -> String {
    let date = tables.node.date();
    match (added.is_partial, added.measured, added.others) {
        (true, ..) => "Your packages are not known: Express alone is 2 MB, seven server packages 13 MB, Next.js with React 325 MB".to_owned(),
        (_, 0, _) => "Not measured: most packages are below 3 MB, a few above 40 MB".to_owned(),
        (_, _, 0) => format!("Each package as npm installed it on {date}; other versions differ"),
        (_, _, others) => format!(
            "Packages as npm installed them on {date}; {others} of yours not measured: a range for each"
        ),
    }
}

/// What a package.json asks for, as `name@version`; `dev` takes devDependencies as well.
pub(super) fn of_project(package_json: &str, dev: bool) -> Vec<String> {
    let mut names = dependencies(package_json, "dependencies");
    if dev {
        names.extend(dependencies(package_json, "devDependencies"));
    }
    names
}

/// The keys of one object of a package.json, whose values are texts, with these.
fn dependencies(package_json: &str, section: &str) -> Vec<String> {
    let body = package_json
        .split_once(&format!("\"{section}\""))
        .and_then(|(_, rest)| rest.split_once('{'))
        .and_then(|(between, rest)| (between.trim() == ":").then_some(rest))
        .and_then(|rest| rest.split_once('}'))
        .map_or("", |(body, _)| body);
    // "name": "1.2", ...: of the pieces between quotes every fourth is a name, and two behind it stands its version.
    let pieces: Vec<&str> = body.split('"').collect();
    let pairs = pieces.get(1..).unwrap_or_default().chunks(4);
    pairs.map(|pair| format!("{}@{}", pair[0], pair.get(2).unwrap_or(&""))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLES: Tables = Tables::built_in();

    fn added(installs: &[&[&str]]) -> Added {
        let (mut set, mut all) = (Packages::default(), Added::default());
        for names in installs {
            let new = install(&mut set, TABLES, names.iter().copied());
            for (sum, one) in all.numbers.iter_mut().zip(new.numbers) {
                *sum += one;
            }
            all.measured += new.measured;
            all.others += new.others;
        }
        all
    }

    #[test]
    fn order_split_and_repetition_do_not_change_the_total() {
        let together = added(&[&["express", "jest", "typescript"]]);
        for installs in [
            &[&["typescript", "jest", "express"][..]][..],
            &[&["express"], &["jest"], &["typescript"]],
            &[&["express", "jest", "typescript"], &["jest"]],
        ] {
            assert_eq!(added(installs), together, "{installs:?}");
        }
    }

    #[test]
    fn package_json() {
        let text = r#"{ "name": "app", "dependencies": { "express": "^5.0.0", "@nestjs/core": "11" },
            "devDependencies": { "jest": "30" }, "scripts": {} }"#;
        assert_eq!(of_project(text, false), ["express@^5.0.0", "@nestjs/core@11"]);
        assert_eq!(of_project(text, true), ["express@^5.0.0", "@nestjs/core@11", "jest@30"]);
        assert_eq!(of_project("{}", true), [""; 0]);
        let project = |dev| {
            let names = of_project(text, dev);
            install(&mut Packages::default(), TABLES, names.iter().map(String::as_str))
        };
        let (prod, all) = (project(false), project(true));
        assert!(installed(&all).likely > installed(&prod).likely + 20_000_000);
    }

    #[test]
    fn versions_stand_behind_the_name() {
        for (one, other) in [("express@latest", "express"), ("@nestjs/core@>=1", "@nestjs/core")] {
            assert_eq!(added(&[&[one]]), added(&[&[other]]));
        }
        assert_eq!(added(&[&["no-such-package"]]).others, 1);
    }

    #[test]
    fn a_cache_without_a_lock_file_keeps_index_pages_too() {
        let express = added(&[&["express"]]);
        assert!(cache(&express, false).likely > cache(&express, true).likely);
    }
}
