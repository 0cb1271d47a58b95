#!/usr/bin/env python3
"""Makes bookworm.txt and trixie.txt: what Debian packages add to an image, from the archive's own index and from its largest packages.

Run: python3 debian.py FOLDER [--check]    (a folder for apt's lists and some 1.4 GB of packages; needs apt-get, dpkg-deb and
Debian's keyring; --check compares with what apt itself would install)
"""

import datetime
import fnmatch
import io
import json
import os
import random
import re
import subprocess
import sys
import tarfile
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
WORK = Path(sys.argv[1]).absolute() if len(sys.argv) > 1 else sys.exit(__doc__)
SUITES = ["bookworm", "trixie"]
KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"
# The largest packages, whose files are looked at one by one, and how many of the small ones stand for the rest.
LARGEST, SAMPLE = 700, 60

# What slim images tell dpkg to leave out and to keep: debuerreotype's scripts/.slimify-excludes and .slimify-includes.
EXCLUDED = ["doc", "groff", "info", "linda", "lintian/overrides", "locale", "man"]
INCLUDED = ["doc/*/copyright", "locale/all_languages", "locale/currency/*", "locale/l10n/*", "locale/languages", "locale/locale.alias"]

# What the images install, without recommended packages: the Dockerfiles of docker-library's python, buildpack-deps.
PYTHON_SLIM = (
    "ca-certificates netbase tzdata libbz2-1.0 libdb5.3 libdb5.3t64 libffi8 libgdbm6 libgdbm6t64 libgdbm-compat4 libgdbm-compat4t64 "
    "liblzma5 libncursesw6 libnsl2 libreadline8 libreadline8t64 libsqlite3-0 libssl3 libssl3t64 libtirpc3 libtirpc3t64 libuuid1 zlib1g"
)
BUILDPACK = (
    "ca-certificates curl gnupg netbase sq tzdata wget git mercurial openssh-client subversion procps autoconf automake bzip2 "
    "default-libmysqlclient-dev dpkg-dev file g++ gcc imagemagick libbz2-dev libc6-dev libcurl4-openssl-dev libdb-dev libevent-dev "
    "libffi-dev libgdbm-dev libglib2.0-dev libgmp-dev libjpeg-dev libkrb5-dev liblzma-dev libmagickcore-dev libmagickwand-dev "
    "libmaxminddb-dev libncurses5-dev libncursesw5-dev libpng-dev libpq-dev libreadline-dev libsqlite3-dev libssl-dev libtool "
    "libwebp-dev libxml2-dev libxslt-dev libyaml-dev make patch unzip xz-utils zlib1g-dev"
)
PYTHON_FULL = "libbluetooth-dev tk-dev uuid-dev"


def apt(suite, *arguments, **options):
    """apt-get on a folder of its own, so that nothing of this machine counts."""
    return subprocess.run(["apt-get", *arguments], env={**os.environ, "APT_CONFIG": str(WORK / suite / "apt.conf")}, check=True, **options)


def update(suite):
    """apt's lists of the suite with its updates, stored as official images store them; gives their size."""
    root = WORK / suite
    for folder in ["etc/apt/preferences.d", "etc/apt/apt.conf.d", "var/lib/apt/lists/partial", "var/cache/apt/archives/partial", "var/lib/dpkg"]:
        (root / folder).mkdir(parents=True, exist_ok=True)
    (root / "var/lib/dpkg/status").touch()
    archive, security = "http://deb.debian.org/debian", "http://deb.debian.org/debian-security"
    lines = [f"deb [signed-by={KEYRING}] {archive} {suite} main", f"deb [signed-by={KEYRING}] {archive} {suite}-updates main",
             f"deb [signed-by={KEYRING}] {security} {suite}-security main"]
    (root / "etc/apt/sources.list").write_text("\n".join(lines) + "\n")
    (root / "apt.conf").write_text(f'Dir "{root}";\nDir::State::status "{root}/var/lib/dpkg/status";\nAPT::Architecture "amd64";\n'
                                   'APT::Architectures { "amd64"; };\nAcquire::Languages "none";\nAcquire::GzipIndexes "true";\nAPT::Sandbox::User "root";\n')
    apt(suite, "update", "-q")
    return sum(file.stat().st_size for file in (root / "var/lib/apt/lists").iterdir() if file.is_file())


def index(suite):
    """The suite's packages by name, newest version, and who provides what."""
    packages, provided = {}, defaultdict(list)
    lists = sorted((WORK / suite / "var/lib/apt/lists").glob("*_Packages*"), key=lambda file: ("security" in file.name, "updates" in file.name))
    for file in lists:
        text = subprocess.run(["/usr/lib/apt/apt-helper", "cat-file", str(file)], check=True, capture_output=True, text=True).stdout
        for block in text.split("\n\n"):
            fields = dict(re.findall(r"^([A-Za-z-]+): (.*)$", block, re.M))
            if "Package" in fields:
                packages[fields["Package"]] = fields
    for name, fields in packages.items():
        for provides in fields.get("Provides", "").split(","):
            provided[re.sub(r"[ :(].*", "", provides.strip())].append(name)
    return packages, provided


class Suite:
    """A suite's packages, and what comes with what."""

    def __init__(self, suite):
        self.packages, self.provided = index(suite)
        required = [name for name, fields in self.packages.items() if fields.get("Essential") == "yes" or fields.get("Priority") == "required"]
        # Where one of several is asked for, debootstrap takes the smallest.
        merged = self.closure(["usr-is-merged", "mawk"], set(), False)
        self.minimal = merged | self.closure([*set(required) - {"usrmerge"}, "apt"], merged, False)
        self.levels = [self.minimal]
        for names in [PYTHON_SLIM, BUILDPACK, PYTHON_FULL]:
            self.levels.append(self.levels[-1] | self.closure(names.split(), self.levels[-1], False))

    def real(self, name):
        """The package that apt takes for a name."""
        if name in self.packages:
            return name
        return min(self.provided.get(name, []), default=None)

    def groups(self, name, fields):
        """The alternatives of each dependency."""
        for field in fields:
            for group in self.packages[name].get(field, "").split(","):
                if group.strip():
                    yield [re.sub(r"[ :(\[].*", "", one.strip()) for one in group.split("|")]

    def needs(self, name, fields, present=frozenset()):
        """What `name` asks for beside `present`: of each dependency the first alternative that there is, unless another is there."""
        for group in self.groups(name, fields):
            if any(one in present or not present.isdisjoint(self.provided.get(one, ())) for one in group):
                continue
            real = next(filter(None, map(self.real, group)), None)
            if real:
                yield real

    def closure(self, names, present, recommends):
        """What installing `names` adds to `present`."""
        fields = ["Pre-Depends", "Depends"] + ["Recommends"] * recommends
        there, todo = set(present), [self.real(name) for name in names]
        while todo:
            name = todo.pop()
            if name and name not in there:
                there.add(name)
                todo += self.needs(name, fields, there)
        return there - present

    def level(self, name):
        """In which base it is first: 0 Debian, 1 Python's slim image, 2 full images, 3 Python's full image, 4 none."""
        return next((at for at, names in enumerate(self.levels) if name in names), 4)

    def edges(self, name):
        """What it brings along: dependencies, then recommended packages that no dependency brings anyway."""
        rest = self.packages.keys()
        depends = {one for one in self.needs(name, ["Pre-Depends", "Depends"], self.minimal) if one not in self.minimal}
        # A dependency of a dependency need not be written.
        for one in sorted(depends):
            if any(one in self.brought(other) for other in depends - {one}):
                depends.discard(one)
        brought = set().union(*map(self.brought, depends)) if depends else set()
        recommends = {one for one in self.needs(name, ["Recommends"], self.minimal | brought | {name}) if one not in self.minimal}
        return sorted(depends & rest), sorted(recommends & rest)

    def brought(self, name, known={}):
        """The closure of `name`, remembered."""
        key = (id(self), name)
        if key not in known:
            known[key] = self.closure([name], self.minimal, False)
        return known[key]


def is_left_out(path):
    """Whether a slim image leaves the file out; a star of dpkg's stands for slashes too, as one of fnmatch does."""
    below = path.removeprefix("./").removeprefix("usr/share/")
    if below == path.removeprefix("./"):
        return False
    return any(below.startswith(f"{folder}/") for folder in EXCLUDED) and not any(fnmatch.fnmatch(below, kept) for kept in INCLUDED)


def look_into(deb):
    """Bytes of a package's files, of those that slim leaves out, and of what dpkg notes about it; remembered beside the package."""
    note = deb.with_suffix(".json")
    if note.exists():
        return json.loads(note.read_text())
    files = subprocess.run(["dpkg-deb", "--fsys-tarfile", str(deb)], check=True, capture_output=True).stdout
    everything = left_out = noted = 0
    with tarfile.open(fileobj=io.BytesIO(files)) as tar:
        for member in tar:
            noted += len(member.name)
            if member.isreg():
                everything += member.size
                left_out += member.size * is_left_out(member.name)
    control = subprocess.run(["dpkg-deb", "--ctrl-tarfile", str(deb)], check=True, capture_output=True).stdout
    with tarfile.open(fileobj=io.BytesIO(control)) as tar:
        noted += sum(member.size for member in tar if member.isreg())
    note.write_text(json.dumps([everything, left_out, noted]))
    return everything, left_out, noted


def download(suite, names):
    """The packages' files by name."""
    folder = WORK / suite / "debs"
    folder.mkdir(exist_ok=True)
    here = {file.name.split("_")[0]: file for file in folder.glob("*.deb")}
    missing = [name for name in names if name not in here]
    for at in range(0, len(missing), 25):
        apt(suite, "download", "-q", *missing[at:at + 25], cwd=folder)
    return {file.name.split("_")[0]: file for file in folder.glob("*.deb")}


def without_numbers(name):
    """`gcc-12` and `gcc-14`, `libcurl4` and `libcurl4t64` are the same package of two suites."""
    return re.sub(r"t64$", "", re.sub(r"[0-9.]+", "0", name.replace("t64", "")))


@dataclass
class Row:
    """One package, or several that always come together."""

    kb: int
    left_out: int
    level: int
    depends: set
    recommends: set


def fold(rows, wanted):
    """Packages that nobody asks for by name go into the one that alone brings them, or into others that come with the same ones."""
    while True:
        brings = defaultdict(set)
        for name, row in rows.items():
            for one in row.depends:
                brings[one].add((name, "depends"))
            for one in row.recommends - row.depends:
                brings[one].add((name, "recommends"))
        into, alike = {}, {}
        for name in sorted(rows.keys() - wanted):
            if len(brings[name]) == 1:
                [(parent, kind)] = brings[name]
                if kind == "depends" and rows[parent].level == rows[name].level and parent not in into:
                    into[name] = parent
                    continue
            other = alike.setdefault((rows[name].level, frozenset(brings[name])), name)
            if other != name and other not in into:
                into[name] = other
        # One at a time along a chain: what takes another in stays for this round.
        into = {name: other for name, other in into.items() if other not in into}
        if not into:
            return
        for name, other in into.items():
            gone, kept = rows.pop(name), rows[other]
            kept.kb += gone.kb
            kept.left_out += gone.left_out
            kept.depends |= gone.depends
            kept.recommends |= gone.recommends
        for name, row in rows.items():
            row.depends = {into.get(one, one) for one in row.depends} - {name}
            row.recommends = {into.get(one, one) for one in row.recommends} - {name} - row.depends


def write(suite, rows, lists, today):
    """The table, sorted by name; a package that is only ever brought along is called by a number."""
    numbers = "0123456789abcdefghijklmnopqrstuvwxyz"
    wanted = set(HERE.joinpath("debian_wanted.txt").read_text().split())
    real = {one for row in rows.values() for one in row.depends if row.kb == 0}
    labels = {}
    for name in sorted(rows):
        at = len(labels)
        labels[name] = name if name in wanted | real else "_" + numbers[at // 1296] + numbers[at // 36 % 36] + numbers[at % 36]
    names = lambda links: " ".join(sorted(labels[one] for one in links))
    rows = sorted(((labels[name], row) for name, row in rows.items()), key=lambda pair: pair[0])
    lines = [f"{label}|{row.kb}|{row.left_out}|{row.level}|{names(row.depends)}|{names(row.recommends)}".rstrip("|") for label, row in rows]
    head = [f"# {today} Debian's archive, {suite} with updates and security, main, amd64. Made by debian.py.",
            "# name|kB unpacked|kB of it that slim images leave out|base that holds it|depends|recommends",
            "# Bases: 0 Debian, 1 Python's slim image, 2 full images (buildpack-deps), 3 Python's full image, 4 none.",
            f"/lists|{round(lists / 1000)}"]
    HERE.joinpath(f"{suite}.txt").write_text("\n".join(head + lines) + "\n")


def main():
    tested = HERE.joinpath("held_out.txt").read_text().split()
    wanted = [line for line in HERE.joinpath("debian_wanted.txt").read_text().split() if line]
    lists = {name: update(name) for name in SUITES}
    suites = {name: Suite(name) for name in SUITES}
    taken = {name: set().union(*(suite.closure([one], suite.minimal, True) for one in wanted if suite.real(one))) for name, suite in suites.items()}
    first = suites["bookworm"]
    size = lambda suite, name: int(suite.packages[name].get("Installed-Size", 0))
    # Of each package that is opened: bytes with what dpkg notes, bytes that slim leaves out, in terms of Installed-Size.
    measured, sample = {}, []
    for suite_name, suite in suites.items():
        order = sorted(taken[suite_name], key=lambda name: (-size(suite, name), name))
        largest = [name for name in order[:LARGEST] if without_numbers(name) not in measured]
        if suite is first:
            # What tests/images builds to see how far off the estimates are must not stand for the rest.
            small = sorted(set(order[LARGEST:]) - first.closure(tested, first.minimal, True))
            sample = random.Random(1).sample(small, SAMPLE)
        files = download(suite_name, largest + sample * (suite is first))
        for name in largest:
            everything, left_out, noted = look_into(files[name])
            measured[without_numbers(name)] = ((everything + noted) / (size(suite, name) * 1024), left_out / (size(suite, name) * 1024))
        if suite is first:
            seen = [look_into(files[name]) for name in sample]
            stated = sum(size(first, name) for name in sample) * 1024
            usual = sum(everything + noted for everything, _, noted in seen) / stated, sum(left_out for _, left_out, _ in seen) / stated

    today = datetime.date.today().isoformat()
    for suite_name, suite in suites.items():
        rows = {}
        for name in taken[suite_name] | {suite.real(one) for one in wanted if suite.real(one) in suite.minimal}:
            all_of_it, left_out = measured.get(without_numbers(name), usual)
            kb, level = size(suite, name) * 1.024, suite.level(name)
            depends, recommends = ([], []) if level == 0 else suite.edges(name)
            rows[name] = Row(round(kb * all_of_it), round(kb * left_out), level, set(depends), set(recommends))
        for row in rows.values():
            row.depends &= rows.keys()
            row.recommends &= rows.keys()
        count = len(rows)
        fold(rows, {suite.real(name) for name in wanted})
        # Another name of a package is one that only brings it along.
        for name in wanted:
            if suite.real(name) and suite.real(name) != name:
                rows[name] = Row(0, 0, 4, {suite.real(name)}, set())
        write(suite_name, rows, lists[suite_name], today)
        print(f"{suite_name}: {count} packages in {len(rows)} rows")
    print(f"small ones: {usual[0]:.3f} of Installed-Size, {usual[1]:.3f} of it left out by slim, from {SAMPLE}; lists {lists}")
    if "--check" in sys.argv:
        check(suites, wanted)


def check(suites, wanted):
    """Prints how often apt itself would install the same packages on a slim base."""
    for name, suite in suites.items():
        status = WORK / name / "var/lib/dpkg/status"
        stanza = lambda one: "\n".join(f"{key}: {value}" for key, value in suite.packages[one].items() if key in ("Package", "Version", "Architecture", "Provides", "Depends", "Pre-Depends", "Multi-Arch"))
        status.write_text("\n\n".join(stanza(one) + "\nStatus: install ok installed" for one in sorted(suite.minimal)) + "\n")
        same, differ = 0, []
        for one in wanted:
            if suite.real(one):
                answer = subprocess.run(["apt-get", "install", "-sqq", "--no-install-recommends", one], env={**os.environ, "APT_CONFIG": str(WORK / name / "apt.conf")}, capture_output=True, text=True)
                chosen = set(re.findall(r"^Inst (\S+)", answer.stdout, re.M))
                ours = suite.closure([one], suite.minimal, False)
                same += chosen == ours
                if chosen != ours:
                    kb = lambda names: sum(int(suite.packages[each].get("Installed-Size", 0)) for each in names)
                    differ.append((abs(kb(chosen) - kb(ours)), one, sorted(chosen - ours)[:4], sorted(ours - chosen)[:4]))
        status.write_text("")
        print(f"{name}: as apt itself for {same}, otherwise for {len(differ)}")
        for line in sorted(differ, reverse=True)[:12]:
            print("  ", *line)


if __name__ == "__main__":
    main()
