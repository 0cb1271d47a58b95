//! What Docker itself says of images, pasted by the learner: `docker images`, `docker history`, `docker image inspect`.

use crate::estimate::Bytes;

/// What a pasted text holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pasted {
    /// Images with their sizes: at least one.
    Images(Vec<Seen>),
    /// The history of one image, newest row first: at least one.
    History(Vec<Row>),
}

/// One image as Docker lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// Name and tag: `myapp:1.0`; the id where it has none.
    pub name: String,
    /// Unpacked, as precisely as it was printed.
    pub unpacked: Bytes,
    /// Compressed, where that is printed too.
    pub compressed: Option<Bytes>,
    /// Which command and layout it comes from.
    pub layout: Layout,
}

/// Where a number stood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// The column SIZE of `docker images`, before Docker 29.
    Size,
    /// DISK USAGE less CONTENT SIZE of `docker images`, from Docker 29 on.
    DiskUsage,
    /// `"Size"` of `docker image inspect`.
    Inspect,
    /// The sum of `docker history`.
    History,
    /// Typed.
    Typed,
}

/// One row of a history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The Dockerfile's keyword, upper case; "RUN" for a bare command; empty where it cannot be told.
    pub keyword: String,
    /// What the row adds.
    pub bytes: Bytes,
}

/// What a history says of the lines of a Dockerfile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lines {
    /// 1-based lines of the final image's instructions, top to bottom, with what each adds.
    pub lines: Vec<(usize, Bytes)>,
    /// All rows below them: the base image.
    pub base: Bytes,
}

/// What a text is that is none of the three.
pub const NOT_DOCKERS: &str = "This is not what docker images, docker history or docker image inspect print. Paste all of their output, the line of titles with it.";
/// What is said of a list without rows.
pub const NO_ROWS: &str = "These are the titles alone: no image is listed below them.";
/// What is said of sizes that were shortened away.
pub const NO_SIZES: &str = "This is a history, but its sizes cannot be read. Paste what docker history --no-trunc --human=false IMAGE prints.";
/// What is said of `inspect` where its number means something else.
pub const OTHER_STORE: &str = "This Docker keeps images in containerd's store, where inspect's Size is not what the image weighs unpacked. Paste what docker images prints.";

/// Reads what was pasted; the error says in one sentence what is the matter.
pub fn read(text: &str) -> Result<Pasted, &'static str> {
    let text = text.trim_start_matches('\u{feff}');
    let is_json = text.trim_start().starts_with(['[', '{']);
    if is_json && text.contains("\"RootFS\"") {
        return inspect(text).map(Pasted::Images);
    }
    let mut lines = text.lines();
    let Some(title) = lines.find(|line| is_title(line)) else { return Err(NOT_DOCKERS) };
    if title.contains("CREATED BY") {
        return history(lines).map(Pasted::History);
    }
    let mut seen = Vec::new();
    for line in lines {
        if title.contains("DISK USAGE") {
            seen.extend(disk_usage(line));
        } else {
            seen.extend(size_column(line));
        }
    }
    if seen.is_empty() { Err(NO_ROWS) } else { Ok(Pasted::Images(seen)) }
}

fn is_title(line: &str) -> bool {
    let has = |word: &str| line.contains(word);
    has("IMAGE") && has("SIZE") && (has("REPOSITORY") || has("DISK USAGE") || has("CREATED BY"))
}

/// A row of the old list: `myapp  1.0  4f0a3a1b2c3d  2 minutes ago  1.16GB`.
fn size_column(line: &str) -> Option<Seen> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let (repository, tag, id) = (words.first()?, words.get(1)?, words.get(2)?);
    let unpacked = at_end(&words)?;
    let name = if *repository == "<none>" {
        (*id).to_owned()
    } else if *tag == "<none>" {
        (*repository).to_owned()
    } else {
        format!("{repository}:{tag}")
    };
    Some(Seen { name, unpacked, compressed: None, layout: Layout::Size })
}

/// A row of Docker 29's list: `myapp:1.0  4f0a3a1b2c3d  1.63GB  405MB  U`.
fn disk_usage(line: &str) -> Option<Seen> {
    // The platforms of an image stand below it in a tree.
    if line.trim_start().starts_with(['\u{251c}', '\u{2514}', '\u{2502}']) {
        return None;
    }
    let words: Vec<&str> = line.split_whitespace().collect();
    let (name, id) = (words.first()?, words.get(1)?);
    let (all, packed) = (size(words.get(2)?)?, size(words.get(3)?)?);
    let unpacked = Bytes {
        low: all.low.saturating_sub(packed.high),
        likely: all.likely.saturating_sub(packed.likely),
        high: all.high.saturating_sub(packed.low),
    };
    let name = if name.starts_with('<') { id } else { name };
    let compressed = Some(packed);
    Some(Seen { name: (*name).to_owned(), unpacked, compressed, layout: Layout::DiskUsage })
}

/// The size at the end of a row, also where its unit stands apart.
fn at_end(words: &[&str]) -> Option<Bytes> {
    let last = words.last()?;
    size(last).or_else(|| size(&format!("{}{last}", words.get(words.len().checked_sub(2)?)?)))
}

/// "1.16GB", "125 MB", "13.3kB", "0B": as precise as its digits.
fn size(text: &str) -> Option<Bytes> {
    let at = text.find(|c: char| !c.is_ascii_digit() && c != '.')?;
    let (number, unit) = text.split_at(at);
    let unit: u64 = match unit.trim() {
        "B" => 1,
        "kB" | "KB" => 1_000,
        "MB" => 1_000_000,
        "GB" => 1_000_000_000,
        "TB" => 1_000_000_000_000,
        _ => return None,
    };
    let (whole, part) = number.split_once('.').unwrap_or((number, ""));
    if whole.is_empty() || part.len() > 9 || whole.len() > 9 || part.contains('.') {
        return None;
    }
    let mut step = unit;
    let mut bytes = whole.parse::<u64>().ok()?.checked_mul(unit)?;
    for digit in part.chars() {
        step /= 10;
        bytes = bytes.checked_add(u64::from(digit.to_digit(10)?).checked_mul(step)?)?;
    }
    // Bytes are whole; everything else was rounded.
    let half = if unit == 1 || bytes == 0 { 0 } else { step / 2 };
    Some(Bytes { low: bytes.saturating_sub(half), likely: bytes, high: bytes.saturating_add(half) })
}

/// What somebody types: "1.16 GB", "125MB", or a number of megabytes alone.
pub fn typed(text: &str) -> Option<Bytes> {
    let text = text.trim().replace(',', ".");
    let together: String = text.split_whitespace().collect();
    size(&together).or_else(|| size(&format!("{together}MB"))).filter(|bytes| bytes.likely > 0)
}

fn history<'t>(lines: impl Iterator<Item = &'t str>) -> Result<Vec<Row>, &'static str> {
    // What a heredoc holds goes on in the lines below.
    let mut records: Vec<String> = Vec::new();
    for line in lines {
        let first = line.split_whitespace().next().unwrap_or_default();
        let is_id = first.len() >= 12 && first.bytes().all(|byte| byte.is_ascii_hexdigit());
        if first == "<missing>" || first.starts_with("sha256:") || is_id {
            records.push(line.to_owned());
        } else if let Some(last) = records.last_mut() {
            last.push_str("  ");
            last.push_str(line);
        }
    }
    if records.is_empty() {
        return Err(NO_ROWS);
    }
    records.iter().map(|record| row(record).ok_or(NO_SIZES)).collect()
}

/// Columns stand two blanks apart or more; from the right the first that is a size is the size.
fn row(record: &str) -> Option<Row> {
    let mut cells: Vec<&str> = Vec::new();
    for cell in record.split("  ") {
        let cell = cell.trim();
        if !cell.is_empty() {
            cells.push(cell);
        }
    }
    let bytes_of = |cell: &str| cell.parse().ok().map(Bytes::exact).or_else(|| size(cell));
    let at = cells.iter().rposition(|cell| bytes_of(cell).is_some())?;
    let bytes = bytes_of(cells.get(at)?)?;
    // The id and the time stand before the command.
    let by = cells.get(2..at)?.join(" ");
    Some(Row { keyword: keyword(&by), bytes })
}

fn keyword(by: &str) -> String {
    let mut words = by.split_whitespace();
    let first = words.next().unwrap_or_default();
    if first == "/bin/sh" || first.starts_with('|') {
        // The classic builder: `/bin/sh -c #(nop)  CMD [...]`, or the command alone.
        let nop = by.split_once("#(nop)").and_then(|(_, rest)| rest.split_whitespace().next());
        return nop.unwrap_or("RUN").to_owned();
    }
    let is_keyword = !first.is_empty() && first.bytes().all(|byte| byte.is_ascii_uppercase());
    if is_keyword { first.to_owned() } else { String::new() }
}

/// What `rows`, newest first, say of the instructions of a final image: line and keyword each, top to bottom.
/// `None` where the rows are not of those instructions.
pub fn by_line(rows: &[Row], steps: &[(usize, &str)]) -> Option<Lines> {
    let mut rows = rows.iter().peekable();
    let mut lines = Vec::new();
    for &(line, keyword) in steps.iter().rev() {
        match rows.next_if(|row| row.keyword == keyword) {
            Some(row) => lines.push((line, row.bytes)),
            // Neither ARG nor ONBUILD leaves a row with every builder, nor a WORKDIR that is there already.
            None if matches!(keyword, "ARG" | "ONBUILD" | "WORKDIR" | "MAINTAINER") => {}
            None => return None,
        }
    }
    lines.reverse();
    let base = rows.map(|row| row.bytes).sum();
    (!lines.is_empty()).then_some(Lines { lines, base })
}

/// The images of a JSON array of objects: their first tag and their size.
fn inspect(text: &str) -> Result<Vec<Seen>, &'static str> {
    let mut seen = Vec::new();
    let mut name = String::new();
    let mut bytes = None;
    let (mut depth, mut top) = (0_usize, None);
    let mut keys: Vec<&str> = Vec::new();
    let mut rest = text;
    let mut is_classic = false;
    while let Some(c) = rest.chars().next() {
        let after = &rest[c.len_utf8()..];
        match c {
            '{' | '[' => {
                depth += 1;
                keys.push("");
                if c == '{' && top.is_none() {
                    top = Some(depth);
                }
                rest = after;
            }
            '}' | ']' => {
                if top == Some(depth) {
                    let size: u64 = bytes.take().ok_or(NOT_DOCKERS)?;
                    if !is_classic {
                        return Err(OTHER_STORE);
                    }
                    let unpacked = Bytes::exact(size);
                    let name = std::mem::take(&mut name);
                    seen.push(Seen { name, unpacked, compressed: None, layout: Layout::Inspect });
                    (top, is_classic) = (None, false);
                }
                depth = depth.saturating_sub(1);
                keys.pop();
                rest = after;
            }
            '"' => {
                let Some(end) = string_end(after) else { return Err(NOT_DOCKERS) };
                let word = &after[..end];
                rest = &after[end + 1..];
                let key = keys.last().copied().unwrap_or_default();
                if rest.trim_start().starts_with(':') {
                    if let Some(last) = keys.last_mut() {
                        *last = word;
                    }
                    if top == Some(depth)
                        && word == "Size"
                        && let Some(value) = rest.trim_start().strip_prefix(':')
                    {
                        let value = value.trim_start();
                        let digits = value.find(|c: char| !c.is_ascii_digit());
                        bytes = value[..digits.unwrap_or(value.len())].parse().ok();
                    }
                } else {
                    let outer = keys.len().checked_sub(2).and_then(|at| keys.get(at)).copied();
                    match (key, outer) {
                        ("Id", _) if name.is_empty() => name = short(word),
                        ("", Some("RepoTags")) if !name.contains(':') => word.clone_into(&mut name),
                        ("Name", Some("GraphDriver")) => is_classic = !is_containerd(word),
                        _ => {}
                    }
                }
            }
            _ => rest = after,
        }
    }
    if seen.is_empty() { Err(NOT_DOCKERS) } else { Ok(seen) }
}

/// The store's own names for how it lays files out.
fn is_containerd(driver: &str) -> bool {
    matches!(driver, "overlayfs" | "native" | "stargz" | "nydus" | "blockfile" | "erofs")
}

/// The first twelve digits of an id, which is how Docker prints it.
fn short(id: &str) -> String {
    id.trim_start_matches("sha256:").chars().take(12).collect()
}

/// Where the quote stands that ends a JSON string.
fn string_end(text: &str) -> Option<usize> {
    let mut is_escaped = false;
    for (at, c) in text.char_indices() {
        match c {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            '"' => return Some(at),
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Name, unpacked and compressed megabytes.
    fn images(text: &str) -> Vec<String> {
        match read(text) {
            Ok(Pasted::Images(seen)) => seen
                .iter()
                .map(|one| {
                    let packed = one.compressed.map_or(0, |bytes| bytes.likely / 1000);
                    format!("{} {} {packed}", one.name, one.unpacked.likely / 1000)
                })
                .collect(),
            other => vec![format!("{other:?}")],
        }
    }

    #[test]
    fn the_old_list() {
        let text = "$ docker images\n\
            REPOSITORY   TAG         IMAGE ID       CREATED          SIZE\n\
            myapp        1.0         4f0a3a1b2c3d   2 minutes ago    153MB\n\
            myapp        dev         9d1c2b3a4f5e   About an hour ago   1.16GB\n\
            <none>       <none>      0123456789ab   3 days ago       13.3kB\n\
            localhost:5000/a/b   <none>   0123456789ac   3 days ago       7.8MB\n";
        assert_eq!(
            images(text),
            [
                "myapp:1.0 153000 0",
                "myapp:dev 1160000 0",
                "0123456789ab 13 0",
                "localhost:5000/a/b 7800 0"
            ]
        );
        let podman = "REPOSITORY  TAG  IMAGE ID  CREATED  SIZE\nlocalhost/myapp  1.0  4f0a3a1b2c3d  2 minutes ago  1.02 GB\n";
        assert_eq!(images(podman), ["localhost/myapp:1.0 1020000 0"]);
    }

    #[test]
    fn the_list_of_docker_29() {
        let text = "                                              i Info \u{2192}   U  In Use\n\
            IMAGE          ID             DISK USAGE   CONTENT SIZE   EXTRA\n\
            myapp:1.0      8541484afbc9        259MB         64.3MB    U\n\
            \u{251c}\u{2500} linux/amd64   828f4f57525d       259MB         64.3MB\n\
            <untagged>     28fb556c1ea1       1.63GB          405MB\n";
        assert_eq!(images(text), ["myapp:1.0 194700 64300", "28fb556c1ea1 1225000 405000"]);
    }

    #[test]
    fn a_printed_size_is_as_precise_as_its_digits() {
        let bytes = |low, likely, high| Some(Bytes { low, likely, high });
        assert_eq!(size("1.16GB"), bytes(1_155_000_000, 1_160_000_000, 1_165_000_000));
        assert_eq!(size("125MB"), bytes(124_500_000, 125_000_000, 125_500_000));
        assert_eq!(size("512B"), bytes(512, 512, 512));
        assert_eq!(size("0B"), bytes(0, 0, 0));
        for text in ["GB", "1.2.3GB", "12", "12 apples", "-3MB", "99999999999GB", ".5GB"] {
            assert_eq!(size(text), None, "{text}");
        }
        assert_eq!(typed(" 1,16 GB ").map(|bytes| bytes.likely), Some(1_160_000_000));
        assert_eq!(typed("205").map(|bytes| bytes.likely), Some(205_000_000));
        assert_eq!(typed("a lot"), None);
        assert_eq!(typed("0"), None);
    }

    const HISTORY: &str = "IMAGE                                                                     CREATED                     CREATED BY                                                          SIZE        COMMENT\n\
        sha256:4f0a3a1b2c3d4f0a3a1b2c3d4f0a3a1b2c3d4f0a3a1b2c3d4f0a3a1b2c3d4f0a   2026-11-20T10:11:12+01:00   CMD [\"uvicorn\" \"main:app\" \"--host\" \"0.0.0.0\"]                       0           buildkit.dockerfile.v0\n\
        <missing>                                                                 2026-11-20T10:11:12+01:00   RUN /bin/sh -c pip install -r requirements.txt # buildkit           53842134    buildkit.dockerfile.v0\n\
        <missing>                                                                 2026-11-20T10:10:58+01:00   COPY . . # buildkit                                                 42651300    buildkit.dockerfile.v0\n\
        <missing>                                                                 2026-11-20T10:10:57+01:00   WORKDIR /app                                                        0           buildkit.dockerfile.v0\n\
        <missing>                                                                 2026-08-25T00:00:00Z        CMD [\"python3\"]                                                     0           buildkit.dockerfile.v0\n\
        <missing>                                                                 2026-08-25T00:00:00Z        RUN /bin/sh -c set -eux;  apt-get update; # buildkit                46011223    buildkit.dockerfile.v0\n\
        <missing>                                                                 2026-08-25T00:00:00Z        # debian.sh --arch 'amd64' out/ 'trixie'                            78633984    debuerreotype 0.15\n";

    #[test]
    fn a_history_finds_the_lines_of_its_dockerfile() {
        let Ok(Pasted::History(rows)) = read(HISTORY) else { panic!("a history") };
        assert_eq!(rows.len(), 7);
        let steps = [(4, "WORKDIR"), (6, "COPY"), (8, "RUN"), (10, "CMD")];
        let found = by_line(&rows, &steps).expect("the same image");
        assert_eq!(
            found.lines.iter().map(|(line, bytes)| (*line, bytes.likely)).collect::<Vec<_>>(),
            [(4, 0), (6, 42_651_300), (8, 53_842_134), (10, 0)]
        );
        assert_eq!(found.base.likely, 46_011_223 + 78_633_984);
        assert_eq!(by_line(&rows, &[(2, "RUN"), (3, "CMD"), (4, "USER")]), None);
    }

    #[test]
    fn histories_of_other_builders() {
        let classic = "IMAGE          CREATED         CREATED BY                                      SIZE      COMMENT\n\
            4e8db158f18d   3 weeks ago     /bin/sh -c #(nop)  CMD [\"redis-server\"]         0B        \n\
            <missing>      3 weeks ago     |1 A=b /bin/sh -c pip install flask             11.4MB    \n\
            <missing>      3 weeks ago     /bin/sh -c #(nop) COPY dir:0a1b in /app         1.05kB    \n";
        let Ok(Pasted::History(rows)) = read(classic) else { panic!("a history") };
        let words: Vec<&str> = rows.iter().map(|row| row.keyword.as_str()).collect();
        assert_eq!(words, ["CMD", "RUN", "COPY"]);
        assert_eq!(rows[1].bytes.likely, 11_400_000);
        let heredoc = "IMAGE  CREATED  CREATED BY  SIZE  COMMENT\n\
            <missing>   2026-11-20T10:11:12Z   RUN /bin/sh -c <<EOF\n  echo  one\nEOF # buildkit   120   buildkit.dockerfile.v0\n";
        let Ok(Pasted::History(rows)) = read(heredoc) else { panic!("a history") };
        assert_eq!((rows[0].keyword.as_str(), rows[0].bytes.likely), ("RUN", 120));
    }

    #[test]
    fn inspected() {
        let json = |driver: &str| {
            format!(
                "[\n  {{\n    \"Id\": \"sha256:4f0a3a1b2c3d4f0a\",\n    \"RepoTags\": [\n      \"myapp:1.0\",\n      \"b:2\"\n    ],\n    \"Config\": {{ \"Labels\": {{ \"Size\": \"7\" }} }},\n    \
                 \"Size\": 1163000123,\n    \"GraphDriver\": {{ \"Data\": {{}}, \"Name\": \"{driver}\" }},\n    \"RootFS\": {{ \"Layers\": [] }}\n  }}\n]\n"
            )
        };
        assert_eq!(images(&json("overlay2")), ["myapp:1.0 1163000 0"]);
        assert_eq!(read(&json("overlayfs")), Err(OTHER_STORE));
        assert_eq!(read("[{\"RootFS\": {}, \"Size"), Err(NOT_DOCKERS));
    }

    #[test]
    fn what_is_none_of_them_is_said() {
        for text in
            ["", "hello", "FROM python:3.11\n", "{\"a\": 1}", "CONTAINER ID   IMAGE   COMMAND\n"]
        {
            assert_eq!(read(text), Err(NOT_DOCKERS), "{text}");
        }
        assert_eq!(read("REPOSITORY   TAG   IMAGE ID   CREATED   SIZE\n"), Err(NO_ROWS));
        let short = "IMAGE  CREATED  CREATED BY  SIZE  COMMENT\n<missing>   3 weeks ago   RUN x\n";
        assert_eq!(read(short), Err(NO_SIZES));
    }
}
