#!/usr/bin/env python3
"""Makes python.txt: what Python packages add to an image, each installed by pip on Python 3.11.

Run: python3.11 python.py FOLDER    (linux x86-64; some 3 GB pass through the folder, which may be deleted)
"""

import datetime
import json
import os
import subprocess
import sys
from pathlib import Path

from pip._vendor.packaging.requirements import Requirement
from pip._vendor.packaging.utils import canonicalize_name
from pip._vendor.packaging.version import Version

HERE = Path(__file__).parent
WORK = Path(sys.argv[1]).absolute() if len(sys.argv) > 1 else sys.exit(__doc__)
# The pip of the image python:3.11.
PIP = "24.0"
# Whoever pins a version pins an older one: those that were the newest on these days are weighed too, of packages of this size and more.
DAYS = ["2024-01-01", "2025-01-01", "2026-01-01"]
LARGE = 250_000


def pip(*arguments):
    """That pip, without this machine's settings."""
    settings = {key: value for key, value in os.environ.items() if not key.startswith("PIP_")}
    done = subprocess.run([WORK / "venv/bin/pip", "--disable-pip-version-check", *arguments], capture_output=True, text=True,
                          env={**settings, "PIP_CONFIG_FILE": os.devnull})
    if done.returncode:
        print(f"pip {' '.join(arguments)}: {done.stderr.strip().splitlines()[-1:]}", file=sys.stderr)
        return None
    return done.stdout


def weigh(folder):
    return sum(file.lstat().st_size for file in folder.rglob("*") if file.is_file() and not file.is_symlink())


def key(requirement):
    """`uvicorn[standard]`: the normal name with its extras."""
    extras = f"[{','.join(sorted(requirement.extras))}]" if requirement.extras else ""
    return canonicalize_name(requirement.name) + extras


def needs(metadata, extras):
    """What a package asks for on this Python with these extras."""
    for line in metadata.get("requires_dist", []):
        requirement = Requirement(line)
        if requirement.marker is None or any(requirement.marker.evaluate({"extra": extra}) for extra in ["", *extras]):
            yield requirement


def resolve(wanted):
    """Metadata of every package that comes with one that is wanted; the newest of several versions."""
    packages = {}
    for name in wanted:
        cache = WORK / "reports" / f"{name}.json"
        if not cache.exists():
            report = pip("install", "--dry-run", "--ignore-installed", "--quiet", "--only-binary=:all:", "--report", "-", name)
            cache.write_text(report or '{"install": []}')
        for item in json.loads(cache.read_text())["install"]:
            metadata = item["metadata"]
            known = packages.setdefault(canonicalize_name(metadata["name"]), metadata)
            if Version(known["version"]) < Version(metadata["version"]):
                packages[canonicalize_name(metadata["name"])] = metadata
    return packages


def measure(name, version):
    """Bytes that a package alone installs, and how many of them pip compiles."""
    target, note = WORK / "installed" / name, WORK / "sizes" / f"{name}-{version}.json"
    if not note.exists():
        pip("install", "--quiet", "--no-deps", "--only-binary=:all:", "--target", str(target), f"{name}=={version}")
        compiled = sum(file.stat().st_size for file in target.rglob("*.pyc"))
        note.write_text(json.dumps({"installed": weigh(target), "compiled": compiled}))
        subprocess.run(["rm", "-r", str(target)], check=True)
    return json.loads(note.read_text())


def wheels(packages):
    """The size of each package's wheel."""
    folder = WORK / "wheels"
    pins = [f"{name}=={metadata['version']}" for name, metadata in packages.items()]
    if not folder.exists():
        pip("download", "--quiet", "--no-deps", "--only-binary=:all:", "--dest", str(folder), *pins)
    return {canonicalize_name(file.name.split("-")[0]): file.stat().st_size for file in folder.iterdir()}


def older(name):
    """Earlier versions of a package with their bytes, as uv finds and installs them."""
    note = WORK / "older" / f"{name}.json"
    if not note.exists():
        found = {}
        for day in DAYS:
            target = WORK / "installed" / f"{name}-{day}"
            settings = {key: value for key, value in os.environ.items() if not key.startswith(("PIP_", "UV_"))}
            subprocess.run([WORK / "venv/bin/uv", "pip", "install", "--quiet", "--no-config", "--python", WORK / "venv/bin/python", "--no-deps",
                            "--only-binary", ":all:", "--compile-bytecode", "--link-mode", "copy", "--cache-dir", WORK / "uv", "--exclude-newer", day,
                            "--target", target, name], env=settings, capture_output=True)
            for info in target.glob("*.dist-info"):
                found[info.name.removesuffix(".dist-info").split("-")[1]] = weigh(target)
            subprocess.run(["rm", "-rf", str(target)], check=True)
        note.write_text(json.dumps(found))
    return json.loads(note.read_text())


def main():
    for folder in ["reports", "installed", "sizes", "older"]:
        (WORK / folder).mkdir(parents=True, exist_ok=True)
    if not (WORK / "venv").exists():
        subprocess.run([sys.executable, "-m", "venv", WORK / "venv"], check=True)
        pip("install", "--quiet", f"pip=={PIP}", "uv")
    wanted = HERE.joinpath("python_wanted.txt").read_text().split()
    packages = resolve(wanted)
    sizes = wheels(packages)
    rows, asked = {}, {key(Requirement(name)) for name in wanted if "[" in name}
    for name, metadata in sorted(packages.items()):
        size = measure(name, metadata["version"])
        requirements = [one for one in needs(metadata, []) if canonicalize_name(one.name) in packages]
        asked |= {key(one) for one in requirements if one.extras}
        rows[name] = (size["installed"], size["compiled"], sizes.get(name, 0), sorted({key(one) for one in requirements}))
    while missing := sorted(name for name in asked if name not in rows):
        for name in missing:
            requirement = Requirement(name)
            bare = canonicalize_name(requirement.name)
            if bare in packages:
                more = [one for one in needs(packages[bare], requirement.extras) if canonicalize_name(one.name) in packages]
                asked |= {key(one) for one in more if one.extras}
                rows[name] = (0, 0, 0, sorted({bare} | ({key(one) for one in more} - set(rows[bare][-1]))))
            else:
                rows[name] = (0, 0, 0, [])
    for name, (*numbers, links) in rows.items():
        rows[name] = (*numbers, [one for one in links if one in rows])
    today = datetime.date.today().isoformat()
    out = [f"# {today} pypi.org, Python 3.11, linux x86-64, newest versions, pip {PIP}. Made by python.py.",
           "# name|kB installed with what pip compiles|kB of it compiled|kB of the wheel|what it brings along|its version, other versions:per cent of its size"]
    kb = lambda size: (size + 500) // 1000
    for name, (installed, compiled, wheel, links) in sorted(rows.items()):
        versions = []
        if installed >= LARGE:
            mine = packages[name]["version"]
            others = {version: round(100 * size / installed) for version, size in older(name).items() if version != mine}
            versions = [mine] + [f"{version}:{percent}" for version, percent in sorted(others.items(), key=lambda pair: Version(pair[0])) if percent != 100]
        numbers = "|".join(str(kb(size)) for size in (installed, compiled, wheel))
        out.append(f"{name}|{numbers}|{' '.join(links)}|{' '.join(versions) if len(versions) > 1 else ''}".rstrip("|"))
    HERE.joinpath("python.txt").write_text("\n".join(out) + "\n")
    total = lambda field: sum(measure(name, metadata["version"])[field] for name, metadata in packages.items())
    print(f"{len(packages)} packages, {total('installed')} bytes, of which compiled {total('compiled')}; wheels {sum(sizes.values())}")


if __name__ == "__main__":
    main()
