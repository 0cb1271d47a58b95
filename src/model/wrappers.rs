//! Programs that start another one and get out of the way, and where that one stands: `exec`, `tini --`, `python -m`.

use crate::syntax::Word;
use crate::syntax::shell::base_name;

/// The name, its options that take the next word, and how many words it wants before the program.
const WRAPPERS: [(&str, &str, usize); 26] = [
    ("chpst", "-u -U -b -d -c -n -m -t -e", 0),
    ("chroot", "", 1),
    ("corepack", "", 0),
    ("ddtrace-run", "", 0),
    ("dotenv", "-f -e", 0),
    ("dumb-init", "-r", 0),
    ("env", "-u -C", 0),
    ("exec", "-a", 0),
    ("gosu", "", 1),
    ("ionice", "-c -n -t", 0),
    ("nice", "-n", 0),
    ("nohup", "", 0),
    ("npx", "-p --package -c", 0),
    ("opentelemetry-instrument", "--traces_exporter --metrics_exporter --service_name", 0),
    ("s6-setuidgid", "", 1),
    ("setpriv", "", 0),
    ("setsid", "", 0),
    ("stdbuf", "-i -o -e", 0),
    ("su-exec", "", 1),
    ("sudo", "-u -g -h -p -U", 0),
    ("time", "-o -f", 0),
    ("timeout", "-s -k", 1),
    ("tini", "-p -e", 0),
    ("unbuffer", "", 0),
    ("wait-for-it", "-t", 0),
    ("xargs", "-n -I -P -L -d -a -s", 0),
];

/// Programs that run another one in the environment that they keep.
const RUNNERS: &str = "poetry uv pipenv pdm rye hatch bundle";

/// Whether `word` is one of the words of `list`, which are set apart by blanks.
pub(crate) fn is_in(list: &str, word: &str) -> bool {
    let mut words = list.as_bytes().split(|&byte| byte == b' ');
    !word.is_empty() && words.any(|one| one == word.as_bytes())
}

/// The parts of a short list, as `split` gives them. Where a list is gone through for every command, setting up a search
/// for each part would take longer than going through its bytes.
pub(super) fn parts(list: &str, separator: u8) -> impl Iterator<Item = &str> {
    let mut rest = Some(list);
    std::iter::from_fn(move || {
        let list = rest?;
        let end = list.bytes().position(|byte| byte == separator);
        rest = end.map(|end| &list[end + 1..]);
        Some(&list[..end.unwrap_or(list.len())])
    })
}

/// A program's name without its folder and the version behind it: `python` of `/usr/bin/python3.11`.
pub(super) fn plain_name(path: &str) -> &str {
    base_name(path).trim_end_matches(|c: char| c.is_ascii_digit() || c == '.')
}

/// Whether the program starts another one and gets out of the way: `tini`, `env`.
pub fn is_wrapper(name: &str) -> bool {
    WRAPPERS.iter().any(|(wrapper, ..)| *wrapper == name)
}

/// Where the program is among `words`, behind wrappers, `poetry run` and `python -m`; the last word where it has none.
pub(super) fn program(words: &[Word]) -> usize {
    let text = |at: usize| words.get(at).map(|word| base_name(&word.text));
    let mut at = 0;
    while let Some(word) = text(at) {
        let name = word.strip_suffix(".sh").unwrap_or(word);
        let (values, skip) = match WRAPPERS.iter().find(|(wrapper, ..)| *wrapper == name) {
            Some(&(_, values, skip)) => (values, skip),
            None if is_in(RUNNERS, word) && matches!(text(at + 1), Some("run" | "exec")) => {
                ("--group --extra --with --env-file --package -p --python", 1)
            }
            None if plain_name(word) == "python" => return python(words, at),
            None => break,
        };
        let mut left = skip;
        at += 1;
        while let Some(word) = text(at) {
            if is_in(values, word) {
                at += 2;
            } else if word.starts_with('-') || word.contains('=') {
                at += 1;
            } else if left > 0 {
                (left, at) = (left - 1, at + 1);
            } else {
                break;
            }
        }
    }
    at.min(words.len().saturating_sub(1))
}

/// The module or the script that the Python at `at` runs, else itself.
fn python(words: &[Word], at: usize) -> usize {
    let text = |at: usize| words.get(at).map(|word| word.text.as_str());
    let mut next = at + 1;
    while text(next).is_some_and(|word| word.starts_with('-') && word != "-m" && word != "-c") {
        next += 1 + usize::from(matches!(text(next), Some("-W" | "-X")));
    }
    match text(next) {
        Some("-m") if next + 1 < words.len() => next + 1,
        Some(script) if script.ends_with(".py") => next,
        _ => at,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_those_of_split() {
        for list in ["", "a", "a|b", "|a||b|", "ä|ö"] {
            assert!(parts(list, b'|').eq(list.split('|')), "{list}");
        }
    }

    #[test]
    fn the_program_behind_its_wrappers() {
        for (line, expected) in [
            ("uvicorn a:b", "uvicorn"),
            ("exec gosu app uvicorn", "uvicorn"),
            ("tini -g -- python -X dev -u -m uvicorn a:b", "uvicorn"),
            ("env -u A B=1 /usr/bin/python3.11 app.py", "app.py"),
            ("poetry run python -m gunicorn", "gunicorn"),
            ("bundle exec rails s", "rails"),
            ("sudo -u app timeout -k 5 10 node a.js", "node"),
            ("python -c pass", "python"),
            ("poetry install", "poetry"),
            ("exec", "exec"),
        ] {
            let words: Vec<_> = line
                .split(' ')
                .map(|text| Word { text: text.to_owned(), ..Word::default() })
                .collect();
            assert_eq!(words[program(&words)].text, expected, "{line}");
        }
    }
}
