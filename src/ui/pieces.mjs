//! Cuts the program in two: what the findings need comes first, what `src/ui/later.rs` leads to follows as a piece of its own.

import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { build } from "esbuild";

const run = promisify(execFile);
const FEATURES = ["bulk-memory", "bulk-memory-opt", "multivalue", "mutable-globals", "nontrapping-float-to-int", "reference-types", "sign-ext"];
const features = FEATURES.map((name) => `--enable-${name}`);

/** What Trunk's own script does, and nothing else. */
const start = (program) => `import init from "./program.js";\nawait init({ module_or_path: new URL(${JSON.stringify(program)}, import.meta.url) });\n`;

/**
 * Takes the program as cargo built it and writes its pieces to where `write` puts a file (`write(stem, extension, bytes)`
 * gives back the name). Returns the names of the script, of the first piece, and of the second one.
 */
export async function cut(program, release, write) {
  const folder = await mkdtemp(join(tmpdir(), "drydock-"));
  const at = (name) => join(folder, name);
  try {
    await run("wasm-split-cli", ["--out-name", "program", program, folder]);
    await run("wasm-bindgen", ["--target", "web", "--no-typescript", "--keep-lld-exports", "--no-demangle", "--out-dir", folder, "--out-name", "program", at("program.wasm")]);
    const [first, second] = await Promise.all([shrink(at("program_bg.wasm"), release), shrink(at("split_later.wasm"), release)]);
    const names = { first: await write("drydock", "wasm", first), second: await write("later", "wasm", second) };
    const stdin = { contents: start(names.first), resolveDir: folder, sourcefile: "start.js" };
    const { outputFiles } = await build({ stdin, bundle: true, minify: release, write: false, format: "esm", target: "es2022", legalComments: "none" });
    const script = outputFiles[0].text.replace("./split_later.wasm", `./${names.second}`);
    return { script: await write("drydock", "js", script), ...names };
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Optimised for size in a release; as it is otherwise. */
async function shrink(path, release) {
  if (!release) return readFile(path);
  await run("wasm-opt", ["-Oz", ...features, path, "-o", `${path}.small`]);
  return readFile(`${path}.small`);
}
