//! What Python packages weigh: as pip installed them, a set of them at once; ranges for those that nobody measured.

use super::Bytes;
use super::packages::{Added, Packages, Source, Wanted, kilobytes};
use super::tables::Tables;

/// What a package weighs that nobody measured, in kilobytes: of those in the table, half are below 1 MB and the largest above 100 MB.
const OTHER: (u32, u32, u32) = (20, 2000, 40_000);
/// A project whose requirements are not given: Flask alone is 5 MB, FastAPI with uvicorn 17 MB, with a database 60 MB, with pandas 150 MB more.
const NOT_GIVEN: (u32, u32, u32) = (5000, 40_000, 250_000);
/// pip keeps the index page of each package beside its wheel: Flask's cache was 2.2 MB on 2026-11-22, its seven wheels 0.6 MB.
const INDEX_PAGE: (u32, u32, u32) = (0, 200, 500);
/// Packages that bring a whole toolkit for graphics processors, by versions and platforms so different that only a range holds.
const FOR_GPU: [(&str, (u32, u32, u32)); 8] = [
    ("cupy-cuda12x", (150_000, 400_000, 3_000_000)),
    ("jax", (200_000, 450_000, 4_000_000)),
    ("tensorflow", (1_000_000, 1_800_000, 5_000_000)),
    ("torch", (700_000, 5_500_000, 8_500_000)),
    ("torchaudio", (5000, 20_000, 8_500_000)),
    ("torchvision", (10_000, 30_000, 8_500_000)),
    ("vllm", (4_000_000, 9_000_000, 14_000_000)),
    ("xgboost", (200_000, 600_000, 900_000)),
];

/// What is installed at once, and what it weighs.
#[derive(Clone, Debug, Default)]
pub(super) struct Asked {
    /// All that is asked for, with what comes along.
    pub(super) packages: Packages,
    /// Whether a version is asked for, which may not be the one that was measured.
    pub(super) is_pinned: bool,
    /// Those for graphics processors.
    pub(super) for_gpu: Bytes,
}

impl Asked {
    /// Adds what requirement lines name: `fastapi==0.115`, `uvicorn[standard]`; options and comments are left out.
    pub(super) fn add<'t>(&mut self, tables: Tables, lines: impl Iterator<Item = &'t str>) {
        for line in lines {
            let Some((name, wanted)) = requirement(line) else { continue };
            self.is_pinned |= wanted != Wanted::Newest;
            let bare = name.split('[').next().unwrap_or_default();
            if let Some((_, range)) = FOR_GPU.iter().find(|(gpu, _)| *gpu == bare) {
                self.for_gpu = self.for_gpu + Bytes::kb(*range);
                continue;
            }
            let known = if tables.python.row(&name).is_some() { &name } else { bare };
            self.packages.add(source(tables), known, wanted, &mut Added::default());
        }
    }

    /// Adds packages that nobody told of.
    pub(super) fn add_unknown(&mut self) {
        self.packages.add_unknown(&mut Added::default());
    }
}

/// The source of Python packages.
const fn source(tables: Tables) -> Source {
    Source { table: tables.python, recommends: false, with_needs: false, base: None }
}

/// How packages lie in a layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// Installed by pip, which compiles them.
    Compiled,
    /// Installed by a manager that does not.
    Plain,
    /// As wheels, as they are downloaded.
    Wheels,
    /// In pip's cache: the wheels and the index pages.
    Cache,
}

/// What `added` weighs in this form.
pub(super) fn weigh(added: &Added, is_pinned: bool, form: Form) -> Bytes {
    let [installed, compiled, wheel, _] = added.numbers;
    let others = added.range(OTHER, NOT_GIVEN);
    // Of all in the table together, wheels are a quarter of what is installed.
    let (kb, others) = match form {
        Form::Compiled => (installed, others),
        Form::Plain => (installed.saturating_sub(compiled), others.percent(50, 75, 100)),
        Form::Wheels | Form::Cache => (wheel, others.percent(20, 28, 50)),
    };
    let (low, high) = if is_pinned { (82, 118) } else { (90, 110) };
    let size = kilobytes(kb).percent(low, 100, high) + others;
    let pages = if form == Form::Cache { added.named() as u64 * 100 } else { 0 };
    size + Bytes::kb(INDEX_PAGE).percent(pages, pages, pages)
}

/// Where the numbers come from, a sentence.
pub(super) fn why(tables: Tables, added: &Added, asked: &Asked) -> String {
    let date = tables.python.date();
    let mut why = match (added.is_partial, added.measured) {
        (true, _) => "Your packages are not known: Flask alone is 5 MB, FastAPI with uvicorn 17 MB, with pandas 150 MB more".to_owned(),
        (false, 0) => "Not measured: most packages are below 3 MB, a few above 40 MB".to_owned(),
        (false, _) => format!("Each package as pip installed it on {date} for Python 3.11"),
    };
    if !added.is_partial && added.measured > 0 {
        if asked.is_pinned {
            why += "; versions that you pin may differ";
        }
        if added.others > 0 {
            let are = if added.others == 1 { "is" } else { "are" };
            why = format!("{why}; {} of yours {are} not measured: a range for each", added.others);
        }
    }
    if !asked.for_gpu.is_zero() {
        why += "; those for graphics processors differ by gigabytes: only a range holds";
    }
    why
}

/// The normal name of what a requirement line asks for with its extras, and the version; `None` for options, comments, blanks.
fn requirement(line: &str) -> Option<(String, Wanted<'_>)> {
    let line =
        line.split(" #").next().unwrap_or_default().split(';').next().unwrap_or_default().trim();
    if line.is_empty() || line.starts_with(['#', '-', '.', '/']) {
        return None;
    }
    let end = line.find(['=', '<', '>', '!', '~', '@', ' ']).unwrap_or(line.len());
    let name = line.get(..end)?.to_ascii_lowercase().replace(['_', '.'], "-");
    let behind = |sign: &str| {
        let (_, rest) = line.split_once(sign)?;
        Some(rest.trim_start().split([',', ' ']).next().unwrap_or_default())
    };
    let exact = behind("==").or_else(|| behind("~=")).or_else(|| behind("<="));
    let below = || behind("<").map(Wanted::Below);
    Some((name, exact.map(Wanted::Exactly).or_else(below).unwrap_or(Wanted::Newest)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLES: Tables = Tables::built_in();

    fn asked(lines: &[&str]) -> Asked {
        let mut asked = Asked::default();
        asked.add(TABLES, lines.iter().copied());
        asked
    }

    fn added(lines: &[&str]) -> Added {
        Packages::default().merge(TABLES.python, &asked(lines).packages)
    }

    fn mb(lines: &[&str]) -> u64 {
        weigh(&added(lines), false, Form::Compiled).likely / 1_000_000
    }

    #[test]
    fn requirement_lines() {
        let name = |line| requirement(line).map(|(name, wanted)| format!("{name} {wanted:?}"));
        for (line, expected) in [
            ("Flask==3.0", Some("flask Exactly(\"3.0\")")),
            ("uvicorn[standard] >= 0.30  # server", Some("uvicorn[standard] Newest")),
            ("typing_extensions; python_version < '3.12'", Some("typing-extensions Newest")),
            ("psycopg2-binary~=2.9,!=2.9.1", Some("psycopg2-binary Exactly(\"2.9\")")),
            ("numpy >=1.2, <2", Some("numpy Below(\"2\")")),
            ("# a comment", None),
            ("-r base.txt", None),
            ("./mine", None),
            ("", None),
        ] {
            assert_eq!(name(line).as_deref(), expected, "{line}");
        }
    }

    #[test]
    fn order_split_and_repetition_do_not_change_the_total() {
        let together = added(&["flask", "pandas", "requests", "celery[redis]"]);
        for installs in [
            &[&["celery[redis]", "requests", "pandas", "flask"][..]][..],
            &[&["flask", "requests"], &["pandas"], &["celery[redis]"]],
            &[&["flask", "pandas", "requests", "celery[redis]"], &["flask", "pandas"]],
        ] {
            let (mut set, mut sum) = (Packages::default(), [0; 4]);
            for lines in installs {
                let new = set.merge(TABLES.python, &asked(lines).packages);
                for (all, one) in sum.iter_mut().zip(new.numbers) {
                    *all += one;
                }
            }
            assert_eq!(sum, together.numbers, "{installs:?}");
        }
    }

    #[test]
    fn what_packages_share_counts_once() {
        let bytes = |lines| weigh(&added(lines), false, Form::Compiled).likely;
        assert!(bytes(&["flask", "flask-cors"]) < bytes(&["flask"]) + 200_000);
        assert!(bytes(&["flask-cors"]) > 3_000_000);
        assert!(mb(&["flask", "flask"]) == mb(&["flask"]) && mb(&["flask"]) >= 3);
        assert!(mb(&["pandas"]) > 120);
    }

    #[test]
    fn forms() {
        let flask = added(&["flask"]);
        let of = |form| weigh(&flask, false, form).likely;
        assert!(of(Form::Compiled) > of(Form::Plain));
        assert!(of(Form::Plain) > of(Form::Cache) && of(Form::Cache) > of(Form::Wheels));
        // A version that somebody pins need not be the one that was measured.
        let range = |pinned| weigh(&flask, pinned, Form::Compiled);
        assert!(range(true).low < range(false).low && range(true).likely == range(false).likely);
    }

    #[test]
    fn what_is_not_known_is_a_range_that_says_so() {
        let (new, all) = (added(&["flask", "acme-internal"]), asked(&["flask", "acme-internal"]));
        assert!(why(TABLES, &new, &all).ends_with("1 of yours is not measured: a range for each"));
        let size = weigh(&new, false, Form::Compiled);
        assert!(size.high > size.likely + 30_000_000);
        let mut unknown = asked(&[]);
        unknown.add_unknown();
        let new = Packages::default().merge(TABLES.python, &unknown.packages);
        assert!(why(TABLES, &new, &unknown).starts_with("Your packages are not known"));
        let gpu = asked(&["torch==2.4"]);
        assert!(gpu.for_gpu.high > 10 * gpu.for_gpu.low);
    }
}
