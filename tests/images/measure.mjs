// What each instruction's layer weighs, and the estimate beside it.

import { stagesOf } from './drydock.mjs';

/** The layers of a built image: those of its base as one figure, and one entry for each instruction of its own. */
export async function measured(engine, image, dockerfile) {
  const [{ history }, sizes] = [await engine.inspect(image), await engine.layers(image)];
  const own = instructionsOf(stagesOf(dockerfile));
  const below = history.length - own.length;
  let at = 0;
  const bytes = history.map(({ empty }) => (empty ? 0 : sizes[at++]));
  const layers = own.map((instruction, index) => ({ ...instruction, bytes: bytes[below + index] }));
  return { on: baseOf(stagesOf(dockerfile)), total: sum(sizes), base: sum(bytes.slice(0, below)), own: layers.filter((layer) => layer.bytes > 0) };
}

export const above = ({ total, base }) => total - base;

/** The stages that make the last one, the lowest first. */
function chain(stages) {
  const made = [stages.at(-1)];
  for (;;) {
    const below = stages.find((stage) => !made.includes(stage) && stage.name && stage.name === made[0].on.toLowerCase());
    if (!below) return made;
    made.unshift(below);
  }
}
const instructionsOf = (stages) => chain(stages).flatMap((stage) => stage.instructions);
const baseOf = (stages) => chain(stages)[0].on;

/** Measured layers beside the estimate for the same lines, in bytes; null where there is no estimate. */
export function compared({ on, own }, estimate) {
  return own.map(({ line, text, bytes }) => {
    const rows = estimate.layers.filter((row) => row.line === line);
    const total = (key) => (rows.length === 0 || rows.some((row) => row[key] === null) ? null : sum(rows.map((row) => row[key])));
    return {
      on,
      instruction: text,
      measured: bytes,
      low: total('low'),
      likely: total('likely'),
      high: total('high'),
      basis: [...new Set(rows.map((row) => row.basis))].join(', '),
      notes: rows.map((row) => row.note),
    };
  });
}

/** An estimate without its base image: low, likely and high, null where a layer's weight is not known. */
export function without({ layers }) {
  const own = layers.filter((layer) => layer.instruction !== 'FROM');
  return Object.fromEntries(['low', 'likely', 'high'].map((key) => [key, own.some((layer) => layer[key] === null) ? null : sum(own.map((layer) => layer[key]))]));
}

const sum = (numbers) => numbers.reduce((all, size) => all + size, 0);
