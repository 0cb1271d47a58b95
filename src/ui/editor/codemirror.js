//! CodeMirror over the textarea: a surface that shows what Rust says and reports what the learner does. It judges nothing.
//! Offsets are UTF-16 units. It stands in a shadow root, where its style sheets are adopted and a strict policy lets them be.

import { defaultKeymap, history, historyKeymap, isolateHistory, undo } from "@codemirror/commands";
import { Annotation, EditorState, StateEffect, StateField } from "@codemirror/state";
import { Decoration, EditorView, gutter, gutterLineClass, highlightSpecialChars, keymap, lineNumbers } from "@codemirror/view";
import { COLOURS, SEVERITIES, draw, hanging, moved, narrow, weight } from "./drawing.js";
import { theme } from "./theme.js";

/** Marks a change that Rust made, so that it is not reported back. */
const fromRust = Annotation.define();
const setShown = StateEffect.define();

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
      return tr.docChanged ? moved(value, tr.changes) : value;
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
    const inside = ({ from, to, missing }) => !missing && from <= at && at <= to && line.from < line.to;
    const hit = (finding) => (narrow() ? doc.lineAt(finding.from).number === line.number : inside(finding));
    // What was pointed at comes first, what is not there last; of the rest the closest, then the weightiest.
    const rank = (finding) => [finding.missing, !inside(finding), finding.to - finding.from, -weight(finding)].map(Number);
    return view.state.field(shown).findings
      .filter(hit)
      .map((finding) => ({ index: finding.index, rank: rank(finding) }))
      .sort((a, b) => a.rank.map((value, i) => value - b.rank[i]).find(Boolean) ?? 0)
      .map(({ index }) => index);
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

  /** What is on its way to the screen while Rust is asked about it. */
  let coming = [];
  /** Rust speaks about a change before it is drawn: what the learner types and what there is to say about it are one drawing. */
  const dispatchTransactions = (trs, view) => {
    const typed = trs.some((tr) => tr.docChanged && !tr.annotation(fromRust));
    if (!typed) return view.update(trs);
    coming = [...trs];
    try {
      change(coming.at(-1).newDoc.toString());
    } finally {
      const all = coming;
      coming = [];
      view.update(all);
    }
  };
  const view = new EditorView({ parent: root, root, state: start(text, anchor, head), dispatchTransactions });
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
      const state = coming.at(-1)?.state ?? view.state;
      const { doc } = state;
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
      const tr = state.update({ effects: setShown.of(draw(doc, Decoration.set(tokens, true), findings, selected, callbacks, choose)) });
      if (coming.length) coming.push(tr);
      else view.dispatch(tr);
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
