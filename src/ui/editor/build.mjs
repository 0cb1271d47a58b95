//! Trunk's post_build hook: puts the editor, the lesson texts, the tables of packages and the content policy into the page that Trunk has staged.

import { createHash } from "node:crypto";
import { readFile, readdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { cut } from "../pieces.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const rules = join(here, "../../rules");
const pages = join(here, "../../lessons");
const tables = join(here, "../../estimate/tables");
const staging = process.env.TRUNK_STAGING_DIR;
if (!staging) throw new Error("TRUNK_STAGING_DIR is not set: this script is a hook of `trunk build`");

const digest = (text, encoding) => createHash("sha256").update(text).digest(encoding);

/** Writes a file whose name changes with its content, so that it may be cached for ever. */
async function writeHashed(stem, extension, text) {
  const name = `${stem}-${digest(text, "hex").slice(0, 8)}.${extension}`;
  await writeFile(join(staging, name), text);
  return name;
}

/** The editor as one module, and the licences of the packages in it. */
async function bundleEditor() {
  const { outputFiles, metafile } = await build({
    entryPoints: [join(here, "codemirror.js")],
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2020",
    legalComments: "none",
    metafile: true,
    write: false,
    banner: { js: "/* Contains CodeMirror (MIT); see editor-licenses.txt. */" },
  });
  const packages = Object.keys(metafile.inputs).map((path) => path.match(/^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//)?.[1]);
  const texts = [...new Set(packages)].filter(Boolean).sort()
    .map(async (path) => `${path.replace(/^.*node_modules\//, "")}\n\n${await readFile(join(path, "LICENSE"), "utf8")}`);
  await writeFile(join(staging, "editor-licenses.txt"), (await Promise.all(texts)).join("\n\n"));
  return writeHashed("editor", "js", outputFiles[0].text);
}

/** The program in two pieces, in place of the one that Trunk made. Gives back the page with them. */
async function cutProgram(page) {
  const release = process.env.TRUNK_PROFILE === "release";
  const target = process.env.CARGO_TARGET_DIR ?? join(process.env.TRUNK_SOURCE_DIR, "target");
  const program = join(target, "wasm32-unknown-unknown", release ? "page" : "debug", "drydock-web.wasm");
  const { script, first, second } = await cut(program, release, writeHashed);
  for (const name of await readdir(staging)) {
    if (/^drydock-web-.*\.(js|wasm)$/.test(name) || name === "snippets") await rm(join(staging, name), { recursive: true });
  }
  const isTrunks = /<script\b[^>]*>[^<]*TrunkApplicationStarted[^<]*<\/script>|<link\b[^>]*(?:drydock-web-|\/snippets\/)[^>]*>/g;
  const tags =
    `<script type="module" src="./${script}"></script>` +
    `<link rel="preload" as="fetch" type="application/wasm" crossorigin href="./${first}">` +
    `<link rel="prefetch" as="fetch" type="application/wasm" crossorigin href="./${second}">`;
  return page.replace(isTrunks, "").replace("</head>", `${tags}</head>`);
}

/** All lessons in one file, each below a line `--- rule-id`, and the pages of their sections below `--- lesson/name`. */
async function gatherLessons() {
  const gather = async (folder, id) => {
    const files = (await readdir(folder)).filter((name) => name.endsWith(".md") && name !== "README.md").sort();
    return files.map(async (name) => `--- ${id(name.replace(/\.md$/, ""))}\n${(await readFile(join(folder, name), "utf8")).trimEnd()}\n`);
  };
  const texts = [
    ...(await gather(rules, (name) => name.replaceAll("_", "-"))),
    ...(await gather(pages, (name) => `lesson/${name}`)),
  ];
  return writeHashed("lessons", "txt", (await Promise.all(texts)).join("\n"));
}

/** The tables of packages in one file, each below a line `--- name`. */
async function gatherTables() {
  const names = ["bookworm", "trixie", "python", "node"];
  const texts = names.map(async (name) => `--- ${name}\n${await readFile(join(tables, `${name}.txt`), "utf8")}`);
  return writeHashed("packages", "txt", (await Promise.all(texts)).join(""));
}

/** One style sheet in place of Trunk's many, which together compress better. */
async function joinStyles(page) {
  const links = [...page.matchAll(/<link\b[^>]*\brel="?stylesheet\b[^>]*>/g)].map(([link]) => link);
  const names = links.map((link) => link.match(/\bhref="?(?:\.\/)?([^\s">]+)/)[1]);
  const sheets = await Promise.all(names.map((name) => readFile(join(staging, name), "utf8")));
  const name = await writeHashed("style", "css", sheets.join("\n"));
  await Promise.all(names.map((name) => rm(join(staging, name))));
  const joined = page.replace(links[0], `<link rel="stylesheet" href="./${name}">`);
  return links.slice(1).reduce((page, link) => page.replace(link, ""), joined);
}

/** Nothing runs, looks or connects that this page did not bring: inline scripts are named by their hash. */
function policy(page) {
  const inline = [...page.matchAll(/<script\b(?![^>]*\ssrc=)[^>]*>([\s\S]*?)<\/script>/g)].map(([, text]) => `'sha256-${digest(text, "base64")}'`);
  return [
    "default-src 'none'",
    ["script-src 'self' 'wasm-unsafe-eval'", ...new Set(inline)].join(" "),
    "style-src 'self'",
    "connect-src 'self'",
    "img-src 'self' data:",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
}

const [editor, lessons, packages] = await Promise.all([bundleEditor(), gatherLessons(), gatherTables()]);
const path = join(staging, "index.html");
let page = await joinStyles(await cutProgram(await readFile(path, "utf8")));
// Scripts are hashed last; what is added here lies outside of them.
page = page.replace(/<html\b/, `<html data-editor="${editor}" data-lessons="${lessons}" data-tables="${packages}"`);
const meta = `<meta http-equiv="Content-Security-Policy" content="${policy(page)}">`;
// Behind the charset, which must come first, and before anything that loads.
page = /<meta\s+charset[^>]*>/.test(page)
  ? page.replace(/<meta\s+charset[^>]*>/, (charset) => charset + meta)
  : page.replace(/<head[^>]*>/, (head) => head + meta);
await writeFile(path, page);
console.log(`${editor}, ${lessons}, ${packages} and the content policy are in the page`);
