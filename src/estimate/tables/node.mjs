#!/usr/bin/env node
// Makes node.txt: what Node packages add to an image, each installed by npm, linux x86-64.
//
// Run: node node.mjs FOLDER    (some 6 GB pass through the folder, which may be deleted)

import { execFileSync } from "node:child_process";
import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
if (!process.argv[2]) throw new Error("which folder?");
const work = resolve(process.argv[2]);
// The versions that were the newest on these days are weighed too, of packages that bring this many bytes and more.
const DAYS = ["2024-07-01", "2025-07-01"];
const LARGE = 500_000;
const wanted = readFileSync(join(here, "node_wanted.txt"), "utf8").split(/\s+/).filter(Boolean);

const files = (folder) => readdirSync(folder, { recursive: true }).map((name) => join(folder, name)).filter((path) => lstatSync(path).isFile());

/** The size of a package's own files: those of packages inside its node_modules are theirs. */
function weigh(folder) {
  let bytes = 0;
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    const stat = lstatSync(path);
    if (stat.isFile()) bytes += stat.size;
    else if (stat.isDirectory() && name !== "node_modules") bytes += weigh(path);
  }
  return bytes;
}

/** What npm's cache keeps by address: the content and its line in the index. */
function cached(cache) {
  const sizes = new Map();
  for (const path of files(join(cache, "_cacache/index-v5"))) {
    for (const line of readFileSync(path, "utf8").split("\n").filter(Boolean)) {
      const { key, integrity } = JSON.parse(line.slice(line.indexOf("\t") + 1));
      if (!integrity) continue;
      const [kind, sum] = [integrity.slice(0, integrity.indexOf("-")), Buffer.from(integrity.slice(integrity.indexOf("-") + 1), "base64").toString("hex")];
      const content = join(cache, "_cacache/content-v2", kind, sum.slice(0, 2), sum.slice(2, 4), sum.slice(4));
      if (existsSync(content)) sizes.set(key.replace("make-fetch-happen:request-cache:", ""), statSync(content).size + line.length);
    }
  }
  return sizes;
}

/** The place in the lock file of the package that `path` gets when it asks for `name`: the nearest, going up. */
function nearest(packages, path, name) {
  for (let at = path; at; at = at.slice(0, Math.max(0, at.lastIndexOf("/node_modules/")))) {
    if (packages[`${at}/node_modules/${name}`]) return `${at}/node_modules/${name}`;
  }
  return packages[`node_modules/${name}`] && `node_modules/${name}`;
}

/** An empty project, and npm that installs into it. */
function project(...options) {
  const [folder, cache] = [join(work, "project"), join(work, "cache")];
  for (const path of [folder, cache]) {
    rmSync(path, { recursive: true, force: true });
    mkdirSync(path, { recursive: true });
  }
  writeFileSync(join(folder, "package.json"), '{"name":"measured","version":"1.0.0"}');
  execFileSync("npm", ["install", "--silent", "--no-audit", "--no-fund", "--cache", cache, ...options], { cwd: folder, stdio: ["ignore", "inherit", "ignore"] });
  return { folder, cache, packages: JSON.parse(readFileSync(join(folder, "package-lock.json"), "utf8")).packages };
}

const sum = (paths) => paths.reduce((all, path) => all + lstatSync(path).size, 0);

/** What earlier versions of `name` bring, in bytes by version: whoever pins one pins an older one. */
function older(name) {
  const note = join(work, `${name.replace("/", "+")}.older.json`);
  if (existsSync(note)) return JSON.parse(readFileSync(note, "utf8"));
  const found = {};
  for (const day of DAYS) {
    try {
      const { folder, packages } = project("--before", day, name);
      found[packages[`node_modules/${name}`].version] = sum(files(join(folder, "node_modules")));
    } catch {
      // There was no such package, or it no longer installs.
    }
  }
  writeFileSync(note, JSON.stringify(found));
  return found;
}

/** Installs `name` alone; gives each package that came, what it asks for, its bytes and what npm's cache keeps of it. */
function install(name) {
  const note = join(work, `${name.replace("/", "+")}.json`);
  if (existsSync(note)) return JSON.parse(readFileSync(note, "utf8"));
  const { folder, cache, packages } = project(name);
  const kept = cached(cache);
  const id = (path) => path.slice(path.lastIndexOf("node_modules/") + 13);
  const index = (path) => kept.get(`https://registry.npmjs.org/${id(path).replace("/", "%2f")}`) ?? 0;
  const isHere = (path) => existsSync(join(folder, path));
  const found = Object.entries(packages).filter(([path]) => path && isHere(path)).map(([path, one]) => {
    const asked = Object.keys({ ...one.dependencies, ...one.optionalDependencies, ...one.peerDependencies });
    const places = asked.map((need) => nearest(packages, path, need)).filter(Boolean);
    // npm looks up packages for other systems too, and leaves them.
    const elsewhere = places.filter((place) => !isHere(place)).reduce((sum, place) => sum + index(place), 0);
    const needs = places.filter(isHere).map((place) => `${id(place)}@${packages[place].version}`);
    return { id: id(path), version: one.version, bytes: weigh(join(folder, path)), archive: kept.get(`https://registry.npmjs.org/${id(path)}/-/${id(path).split("/").pop()}-${one.version}.tgz`) ?? 0, index: index(path) + elsewhere, needs };
  });
  const result = { found, total: sum(files(join(folder, "node_modules"))), kept: sum(files(cache)) };
  writeFileSync(note, JSON.stringify(result));
  return result;
}

/** Packages that nobody asks for by name go into the one that alone brings them, or into others that come with the same ones. */
function fold(rows) {
  for (;;) {
    const brings = new Map([...rows.keys()].map((name) => [name, []]));
    for (const [name, row] of rows) for (const need of row.needs) brings.get(need).push(name);
    const [into, alike] = [new Map(), new Map()];
    for (const [name, by] of brings) {
      if (wanted.includes(name)) continue;
      if (by.length === 1 && by[0] !== name) {
        into.set(name, by[0]);
        continue;
      }
      const key = by.sort().join(" ");
      if (alike.has(key)) into.set(name, alike.get(key));
      else alike.set(key, name);
    }
    for (const [name, other] of [...into]) if (into.has(other)) into.delete(name);
    if (!into.size) return;
    for (const [name, other] of into) {
      const [gone, kept] = [rows.get(name), rows.get(other)];
      rows.delete(name);
      for (const field of ["bytes", "archive", "index"]) kept[field] += gone[field];
      kept.needs = new Set([...kept.needs, ...gone.needs]);
    }
    for (const [name, row] of rows) {
      row.needs = new Set([...row.needs].map((need) => into.get(need) ?? need));
      row.needs.delete(name);
    }
  }
}

mkdirSync(work, { recursive: true });
const [rows, newest, versions] = [new Map(), new Map(), new Map()];
for (const name of wanted) {
  const { found, total, kept } = install(name);
  const all = (field) => found.reduce((bytes, one) => bytes + one[field], 0);
  console.log(`${name}: ${found.length} packages, ${total} bytes, of which found ${all("bytes")}; cache ${kept}, of which found ${all("archive")} + ${all("index")}`);
  if (total >= LARGE) {
    const mine = found.find(({ id }) => id === name).version;
    const others = Object.entries(older(name)).filter(([version]) => version !== mine).map(([version, bytes]) => `${version}:${Math.round((100 * bytes) / total)}`);
    if (others.length) versions.set(name, [mine, ...others].join(" "));
  }
  for (const one of found) {
    rows.set(`${one.id}@${one.version}`, one);
    const known = newest.get(one.id);
    if (!known || one.version.localeCompare(known, "en", { numeric: true }) > 0) newest.set(one.id, one.version);
  }
}
// The newest version goes by the name alone.
const label = (full) => {
  const at = full.lastIndexOf("@");
  return newest.get(full.slice(0, at)) === full.slice(at + 1) ? full.slice(0, at) : full;
};
const labelled = new Map([...rows].map(([full, one]) => [label(full), { ...one, needs: new Set(one.needs.map(label)) }]));
fold(labelled);
// A package that is only ever brought along is called by a number.
const names = [...labelled.keys()].sort();
const short = new Map(names.map((name, at) => [name, wanted.includes(name) ? name : `_${at.toString(36).padStart(3, "0")}`]));
const kb = (bytes) => Math.round(bytes / 1000);
const lines = names.map((name) => {
  const { bytes, archive, index, needs } = labelled.get(name);
  const brings = [...needs].map((need) => short.get(need)).sort().join(" ");
  return [short.get(name), `${kb(bytes)}|${kb(archive)}|${kb(index)}|${brings}|${versions.get(name) ?? ""}`.replace(/\|+$/, "")];
});
const version = execFileSync("npm", ["--version"], { encoding: "utf8" }).trim();
writeFileSync(join(here, "node.txt"), [
  `# ${new Date().toISOString().slice(0, 10)} registry.npmjs.org, newest versions, linux x86-64, npm ${version} on Node ${process.versions.node}. Made by node.mjs.`,
  "# name|kB in node_modules|kB of npm's cache: the archives|the index pages, which npm ci does not read|what it brings along|its version, other versions:per cent of what they bring",
  ...lines.sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, rest]) => `${name}|${rest}`),
].join("\n") + "\n");
