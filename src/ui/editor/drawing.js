//! What stands in and beside the text: signs, underlines, the message of the selected finding, the indent of wrapped lines.

import { RangeSet } from "@codemirror/state";
import { Decoration, GutterMarker, ViewPlugin, WidgetType } from "@codemirror/view";
import { NARROW } from "./theme.js";

/** By number, as Rust's `TokenKind` and `Severity` count. */
export const COLOURS = ["keyword", "comment", "string", "flag", "variable", "operator", "heredoc"]
  .map((name) => Decoration.mark({ class: `tok-${name}` }));
export const SEVERITIES = ["info", "warning", "error"];
export const weight = ({ severity }) => SEVERITIES.indexOf(severity);
const WORDS = { info: "Note", warning: "Warning", error: "Error" };
/** ◇ ▲ ■; drawn, because fonts draw them in all sizes. */
const SHAPES = { info: "M5 .5 9.5 5 5 9.5 .5 5Z", warning: "M5 1 9.5 9H.5Z", error: "M1 1h8v8H1Z" };

export const narrow = () => matchMedia(NARROW).matches;

function element(name, className, ...children) {
  const made = document.createElement(name);
  made.className = className;
  made.append(...children);
  return made;
}

/** The sign of one or more findings beside, above or below a line. */
class Sign extends GutterMarker {
  constructor(findings, place, choose) {
    super();
    findings.sort((a, b) => weight(b) - weight(a));
    this.severity = findings[0].severity;
    this.place = place;
    this.choose = choose;
    this.title = findings
      .map(({ severity, missing, message }) => `${WORDS[severity]}${missing ? ", missing" : ""}: ${message.replaceAll("`", "")}`)
      .join("\n");
    this.indices = findings.map((finding) => finding.index);
  }
  eq(other) {
    return this.place === other.place && this.title === other.title && `${this.indices}` === `${other.indices}`;
  }
  toDOM() {
    const picture = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    picture.setAttribute("viewBox", "0 0 10 10");
    const shape = document.createElementNS("http://www.w3.org/2000/svg", "path");
    shape.setAttribute("d", SHAPES[this.severity]);
    picture.append(shape);
    const sign = element("span", `sign ${this.severity} ${this.place}`, picture);
    sign.title = this.title;
    sign.setAttribute("role", "img");
    sign.setAttribute("aria-label", this.title);
    sign.addEventListener("mousedown", (event) => {
      event.preventDefault();
      this.choose(this.indices);
    });
    return sign;
  }
}

/** The selected finding's message, between the lines. */
class Band extends WidgetType {
  constructor(finding, callbacks) {
    super();
    this.finding = finding;
    this.callbacks = callbacks;
  }
  eq({ finding }) {
    return ["index", "severity", "message", "fix"].every((key) => finding[key] === this.finding[key]);
  }
  get estimatedHeight() {
    return narrow() ? 0 : 48;
  }
  toDOM(view) {
    const { index, severity, message, fix } = this.finding;
    const words = element("p", "words", ...message.split("`").map((part, i) => (i % 2 ? element("code", "", part) : part)));
    words.title = message.replaceAll("`", "");
    const band = element("div", `band ${severity}`, words);
    if (fix) {
      const button = element("button", "fix", "Fix");
      button.type = "button";
      button.title = fix.replaceAll("`", "");
      button.addEventListener("click", () => {
        this.callbacks.fix(index);
        view.focus();
      });
      band.append(button);
    }
    // The outer box holds the space: the editor measures boxes without their margins.
    return element("div", "band-row", band);
  }
  ignoreEvent() {
    return true;
  }
}

const selectedLine = Decoration.line({ class: "selected" });
const selectedGutter = new (class extends GutterMarker {
  elementClass = "selected";
})();

/** Pieces of a finding that are worth underlining: line by line, without the spaces around. */
function pieces(doc, { from, to }) {
  const found = [];
  for (let at = from; at <= to;) {
    const line = doc.lineAt(at);
    const text = doc.sliceString(at, Math.min(to, line.to));
    const start = at + text.length - text.trimStart().length;
    const end = at + text.trimEnd().length;
    if (start < end) found.push([start, end]);
    at = line.to + 1;
  }
  if (found.length) return found;
  // A place rather than a piece: underline the character there, or the last one of its line.
  const line = doc.lineAt(from);
  const start = Math.max(line.from, Math.min(from, line.to - 1));
  return start < line.to ? [[start, start + 1]] : [];
}

/** Where the sign of a finding stands: the start of a line, and on it or between it and the next one. */
function spot(doc, { from, missing }) {
  const line = doc.lineAt(from);
  return { at: line.from, place: !missing ? "on" : from === line.from ? "above" : "below" };
}

/** Everything that hangs on the findings: signs, underlines, the band and its line. */
export function draw(doc, tokens, findings, selected, callbacks, choose) {
  const lines = new Map();
  for (const finding of findings) {
    const { at, place } = spot(doc, finding);
    const key = `${at} ${place}`;
    if (!lines.has(key)) lines.set(key, { at, place, findings: [] });
    lines.get(key).findings.push(finding);
  }
  const signs = [...lines.values()].map(({ at, place, findings }) => new Sign(findings, place, choose).range(at));
  // Where two findings underline the same words, the weightier one shows.
  const lined = new Map();
  for (const finding of findings.filter(({ missing }) => !missing).sort((a, b) => weight(a) - weight(b))) {
    for (const [from, to] of pieces(doc, finding)) {
      lined.set(`${from} ${to}`, Decoration.mark({ class: `squiggle ${finding.severity}` }).range(from, to));
    }
  }

  const open = findings.find((finding) => finding.index === selected);
  const around = [];
  const beside = [];
  if (open) {
    const { at, place } = spot(doc, open);
    const above = place === "above";
    const widget = new Band(open, callbacks);
    const band = Decoration.widget({ widget, block: true, side: above ? -1 : 1 });
    around.push(band.range(above ? at : doc.lineAt(at).to));
    if (place === "on") {
      around.push(selectedLine.range(at));
      beside.push(selectedGutter.range(at));
    }
  }
  return {
    tokens,
    findings,
    selected,
    signs: RangeSet.of(signs, true),
    lined: Decoration.set([...lined.values()], true),
    around: Decoration.set(around, true),
    beside: RangeSet.of(beside, true),
  };
}

/** The same after `changes`, until Rust has spoken about the new text. */
export function moved(drawn, changes) {
  const now = { ...drawn };
  for (const key of ["tokens", "signs", "lined", "around", "beside"]) now[key] = drawn[key].map(changes);
  now.findings = drawn.findings.map((finding) => {
    const from = changes.mapPos(finding.from, 1);
    return { ...finding, from, to: Math.max(from, changes.mapPos(finding.to, -1)) };
  });
  return now;
}

/** Wrapped lines go on two columns right of where they begin. */
export const hanging = ViewPlugin.define(
  (view) => {
    const build = ({ state, visibleRanges }) => {
      const lines = [];
      for (const { from, to } of visibleRanges) {
        for (let at = from; at <= to;) {
          const line = state.doc.lineAt(at);
          const space = line.text.match(/^\s*/)[0].replaceAll("\t", "    ").length;
          if (space) lines.push(Decoration.line({ class: `hang-${Math.min(space, 16)}` }).range(line.from));
          at = line.to + 1;
        }
      }
      return Decoration.set(lines);
    };
    return {
      lines: build(view),
      update({ docChanged, viewportChanged, view }) {
        if (docChanged || viewportChanged) this.lines = build(view);
      },
    };
  },
  { decorations: ({ lines }) => lines },
);
