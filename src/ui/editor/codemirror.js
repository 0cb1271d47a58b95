//! CodeMirror over the textarea: a surface that shows what Rust says and reports what the learner does. It judges nothing.
//! Offsets are UTF-16 units. It stands in a shadow root, where its style sheets are adopted and a strict policy lets them be.

import { defaultKeymap, history, historyKeymap, isolateHistory, undo } from "@codemirror/commands";
import { Annotation, EditorState, RangeSet, StateEffect, StateField } from "@codemirror/state";
import {
  Decoration, EditorView, GutterMarker, ViewPlugin, WidgetType, gutter, gutterLineClass, highlightSpecialChars, keymap, lineNumbers,
} from "@codemirror/view";
import { NARROW, theme } from "./theme.js";

/** By number, as Rust's `TokenKind` and `Severity` count. */
const COLOURS = ["keyword", "comment", "string", "flag", "variable", "operator", "heredoc"]
  .map((name) => Decoration.mark({ class: `tok-${name}` }));
const SEVERITIES = ["info", "warning", "error"];
const WORDS = { info: "Note", warning: "Warning", error: "Error" };
/** ◇ ▲ ■; drawn, because fonts draw them in all sizes. */
const SHAPES = { info: "M5 .5 9.5 5 5 9.5 .5 5Z", warning: "M5 1 9.5 9H.5Z", error: "M1 1h8v8H1Z" };

/** Marks a change that Rust made, so that it is not reported back. */
const fromRust = Annotation.define();
const setShown = StateEffect.define();

const narrow = () => matchMedia(NARROW).matches;

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
    this.severity = SEVERITIES[Math.max(...findings.map((finding) => SEVERITIES.indexOf(finding.severity)))];
    this.place = place;
    this.findings = findings;
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
function draw(doc, tokens, findings, selected, callbacks, choose) {
  const lines = new Map();
  for (const finding of findings) {
    const { at, place } = spot(doc, finding);
    const key = `${at} ${place}`;
    if (!lines.has(key)) lines.set(key, { at, place, findings: [] });
    lines.get(key).findings.push(finding);
  }
  const signs = [...lines.values()].map(({ at, place, findings }) => new Sign(findings, place, choose).range(at));
  const lined = findings
    .filter((finding) => !finding.missing)
    .flatMap((finding) =>
      pieces(doc, finding).map(([from, to]) => Decoration.mark({ class: `squiggle ${finding.severity}` }).range(from, to)));

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
    lined: Decoration.set(lined, true),
    around: Decoration.set(around, true),
    beside: RangeSet.of(beside, true),
  };
}

/** Wrapped lines go on two columns right of where they begin. */
const hanging = ViewPlugin.define(
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

/**
 * Puts an editor into `host`, an element of any size.
 * `place` is [anchor, head, scrollTop, focused]; the callbacks are `change(text)`, `select(index or -1)`, `fix(index)`, `step(next)`.
 */
export function create(host, label, text, place, change, select, fix, step) {
  const callbacks = { change, select, fix, step };
  host.hidden = false;
  const root = host.shadowRoot ?? host.attachShadow({ mode: "open" });

  const selected = (state) => state.field(shown).selected;
  /** Opens the first finding, or the one after the open one; closes the open one where it stands alone. */
  const choose = (indices) => {
    const open = indices.indexOf(selected(view.state));
    if (indices.length) select(open === 0 && indices.length === 1 ? -1 : indices[(open + 1) % indices.length]);
  };

  const shown = StateField.define({
    create: (state) => draw(state.doc, Decoration.none, [], -1, callbacks, choose),
    update(value, tr) {
      for (const effect of tr.effects) if (effect.is(setShown)) return effect.value;
      if (!tr.docChanged) return value;
      // Until Rust has spoken about the new text, the old words move along with it.
      const findings = value.findings.map((finding) => {
        const from = tr.changes.mapPos(finding.from, 1);
        return { ...finding, from, to: Math.max(from, tr.changes.mapPos(finding.to, -1)) };
      });
      return draw(tr.newDoc, value.tokens.map(tr.changes), findings, value.selected, callbacks, choose);
    },
    provide: (field) => [
      ...["tokens", "lined", "around"].map((key) => EditorView.decorations.from(field, (value) => value[key])),
      gutterLineClass.from(field, (value) => value.beside),
    ],
  });

  /** A click on an underlined word opens its finding; on a phone a tap anywhere on a marked line does. */
  const pick = (event, view) => {
    const at = view.posAtCoords({ x: event.clientX, y: event.clientY });
    if (at === null || event.button !== 0) return [];
    const { doc } = view.state;
    const line = doc.lineAt(at);
    const hit = ({ from, to, missing }) =>
      narrow() ? doc.lineAt(from).number === line.number : !missing && from <= at && at <= to && line.from < line.to;
    return view.state.field(shown).findings
      .filter(hit)
      .sort((a, b) => a.to - a.from - (b.to - b.from))
      .map((finding) => finding.index);
  };

  const extensions = [
    history(),
    highlightSpecialChars(),
    EditorView.lineWrapping,
    hanging,
    shown,
    lineNumbers(),
    gutter({ class: "signs", markers: (view) => view.state.field(shown).signs }),
    EditorState.languageData.of(() => [{ commentTokens: { line: "#" } }]),
    EditorState.tabSize.of(4),
    keymap.of([
      {
        key: "F8",
        run: () => (step(true), true),
        shift: () => (step(false), true),
        preventDefault: true,
        stopPropagation: true,
      },
      { key: "Escape", run: ({ state }) => selected(state) >= 0 && (select(-1), true) },
      ...defaultKeymap,
      ...historyKeymap,
    ]),
    EditorView.contentAttributes.of({ "aria-label": label }),
    EditorView.updateListener.of(({ docChanged, state, transactions }) => {
      if (docChanged && !transactions.some((tr) => tr.annotation(fromRust))) change(state.doc.toString());
    }),
    EditorView.domEventHandlers({
      // On a phone the first tap reads and the next one writes: the keyboard would hide the message.
      mousedown(event, view) {
        if (!narrow() || view.hasFocus) return false;
        const found = pick(event, view);
        if (!found.length || found.includes(selected(view.state))) return false;
        select(found[0]);
        return true;
      },
      click(event, view) {
        if (narrow() || !view.state.selection.main.empty) return;
        const found = pick(event, view);
        if (!found.includes(selected(view.state))) choose(found);
      },
    }),
    theme,
  ];

  /** The signs have names; the line numbers beside them would only be noise. */
  const nameGutters = () => {
    view.dom.querySelector(".cm-gutters")?.removeAttribute("aria-hidden");
    view.dom.querySelector(".cm-lineNumbers")?.setAttribute("aria-hidden", "true");
  };
  const [anchor, head, scrollTop, focused] = place;
  const clamp = (at, { length }) => Math.min(at, length);
  const start = (doc, anchor, head) => {
    const state = EditorState.create({ doc, extensions });
    return state.update({ selection: { anchor: clamp(anchor, state.doc), head: clamp(head, state.doc) } }).state;
  };

  const view = new EditorView({ parent: root, root, state: start(text, anchor, head) });
  nameGutters();
  view.requestMeasure({
    read: () => {},
    write: () => {
      view.scrollDOM.scrollTop = scrollTop;
    },
  });
  if (focused) view.focus();

  return {
    text: () => view.state.doc.toString(),

    /** [anchor, head, scrollTop, focused], as `create` takes it. */
    place() {
      const { anchor, head } = view.state.selection.main;
      return Uint32Array.of(anchor, head, view.scrollDOM.scrollTop, view.hasFocus ? 1 : 0);
    },

    /** Another document: nothing of the old one can be undone. */
    load(text) {
      view.setState(start(text, 0, 0));
      nameGutters();
      view.scrollDOM.scrollTop = 0;
    },

    /** One step that undo takes back whole. `ranges` holds from and to of each change, sorted, in the old text. */
    edit(ranges, inserts) {
      const { doc } = view.state;
      const changes = inserts.map((insert, i) => ({ from: clamp(ranges[2 * i], doc), to: clamp(ranges[2 * i + 1], doc), insert }));
      view.dispatch({ changes, annotations: [fromRust.of(true), isolateHistory.of("full")], userEvent: "input.fix" });
    },

    /** Colours as from, to, kind; findings as index, from, to, severity, missing, with a message and the title of the fix or "". */
    show(colours, marks, messages, fixes, selected) {
      const { doc } = view.state;
      const tokens = [];
      for (let i = 0; i < colours.length; i += 3) {
        const from = clamp(colours[i], doc);
        const to = clamp(colours[i + 1], doc);
        if (from < to) tokens.push(COLOURS[colours[i + 2]].range(from, to));
      }
      const findings = messages.map((message, i) => {
        const [index, from, to, severity, missing] = marks.subarray(5 * i);
        return {
          index, from: clamp(from, doc), to: clamp(to, doc), severity: SEVERITIES[severity], missing: missing === 1, message, fix: fixes[i],
        };
      });
      view.dispatch({ effects: setShown.of(draw(doc, Decoration.set(tokens, true), findings, selected, callbacks, choose)) });
    },

    /** Brings the finding into view; while the learner is in the text, the caret goes there too. */
    revealFinding(index) {
      const finding = view.state.field(shown).findings.find((finding) => finding.index === index);
      if (!finding) return;
      const { head } = view.state.selection.main;
      const away = head < finding.from || head > finding.to;
      view.dispatch({
        ...(view.hasFocus && away && { selection: { anchor: finding.from } }),
        effects: EditorView.scrollIntoView(finding.from, narrow() ? { y: "start", yMargin: 32 } : { y: "nearest", yMargin: 72 }),
      });
    },

    /** Scrolls to the offset and puts the caret there. */
    reveal(offset) {
      const anchor = clamp(offset, view.state.doc);
      view.dispatch({ selection: { anchor }, effects: EditorView.scrollIntoView(anchor, { y: "center" }) });
    },

    focus: () => view.focus(),
    undo: () => undo(view),

    destroy() {
      view.destroy();
      host.hidden = true;
    },
  };
}
