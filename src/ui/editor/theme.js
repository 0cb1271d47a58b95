//! How the editor looks inside its shadow root. Every colour is a variable of style/tokens.css, so a theme switch needs no call.

import { EditorView } from "@codemirror/view";

/** Where the page is a phone's: larger type, messages in a sheet of the page's own. */
export const NARROW = "(max-width: 799px)";

const HANGING = Object.fromEntries(
  Array.from({ length: 16 }, (_, i) => [`.hang-${i + 1}`, { "--hang": `${i + 3}` }]),
);

const squiggle = (colour) => ({ textDecorationColor: `var(${colour})` });
const sign = (colour) => ({ color: `var(${colour})` });
const band = (soft, edge) => ({ backgroundColor: `var(${soft})`, borderLeftColor: `var(${edge})` });

export const theme = EditorView.theme({
  "&": { height: "100%", color: "var(--ink)" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "var(--mono)", fontSize: "13px", lineHeight: "20px", overflowX: "hidden", overflowY: "auto" },
  ".cm-content": { padding: "8px 0", caretColor: "var(--accent)" },
  ".cm-content ::selection, .cm-line::selection": { backgroundColor: "color-mix(in srgb, var(--accent) 24%, transparent)" },
  ".cm-line": { "--hang": "2", padding: "0 12px 0 calc(2px + var(--hang) * 1ch)", textIndent: "calc(var(--hang) * -1ch)" },
  ".cm-line.selected, .cm-gutterElement.selected": { backgroundColor: "var(--accent-soft)" },
  ".cm-specialChar": { color: "var(--error)" },
  ...HANGING,

  ".tok-keyword": { color: "var(--code-keyword)" },
  ".tok-comment": { color: "var(--code-comment)" },
  ".tok-string": { color: "var(--code-string)" },
  ".tok-flag, .tok-heredoc": { color: "var(--ink-2)" },
  ".tok-variable": { color: "var(--info)" },
  ".tok-operator": { color: "var(--ink-3)" },

  ".squiggle": {
    textDecoration: "underline wavy 1px",
    textDecorationSkipInk: "none",
    textUnderlineOffset: "4px",
  },
  ".squiggle.info": squiggle("--info"),
  ".squiggle.warning": squiggle("--warning-mark"),
  ".squiggle.error": squiggle("--error"),

  ".cm-gutters": { backgroundColor: "transparent", border: "none", color: "var(--ink-3)" },
  ".cm-lineNumbers": { fontSize: "11px", fontVariantNumeric: "tabular-nums" },
  ".cm-lineNumbers .cm-gutterElement": { boxSizing: "border-box", width: "32px", padding: "0 2px 0 0" },
  ".signs .cm-gutterElement": { position: "relative", width: "18px" },
  ".sign": {
    position: "absolute",
    left: "0",
    top: "0",
    width: "18px",
    height: "20px",
    display: "grid",
    placeItems: "center",
    cursor: "pointer",
  },
  ".sign.above": { top: "-10px" },
  ".sign.below": { top: "auto", bottom: "-10px" },
  ".sign svg": { width: "8px", height: "8px", overflow: "visible", fill: "currentColor", stroke: "currentColor", strokeLinejoin: "round" },
  // Hollow: a note, or something that is not there.
  ".sign.info svg, .sign.above svg, .sign.below svg": { fill: "var(--panel)", strokeWidth: "1.25" },
  ".sign.info": sign("--info"),
  ".sign.warning": sign("--warning-mark"),
  ".sign.error": sign("--error"),

  ".band-row": { padding: "2px 12px 6px 2px", whiteSpace: "normal", textIndent: "0", userSelect: "none" },
  ".band": {
    display: "flex",
    alignItems: "center",
    gap: "12px",
    minHeight: "40px",
    boxSizing: "border-box",
    padding: "5px 8px 5px 10px",
    borderLeft: "3px solid",
    borderRadius: "0 6px 6px 0",
    fontFamily: "var(--sans)",
    fontSize: "13px",
    lineHeight: "19px",
    color: "var(--ink)",
  },
  ".band.info": band("--info-soft", "--info"),
  ".band.warning": band("--warning-soft", "--warning-mark"),
  ".band.error": band("--error-soft", "--error"),
  ".words": {
    flex: "1",
    minWidth: "0",
    margin: "0",
    display: "-webkit-box",
    WebkitBoxOrient: "vertical",
    WebkitLineClamp: "2",
    overflow: "hidden",
    overflowWrap: "anywhere",
  },
  ".words code": { fontFamily: "var(--mono)", fontSize: "12px", fontWeight: "600" },
  ".fix": {
    flex: "none",
    height: "28px",
    padding: "0 12px",
    border: "1px solid var(--hairline-strong)",
    borderRadius: "6px",
    background: "var(--panel)",
    color: "var(--ink)",
    fontFamily: "var(--sans)",
    fontSize: "13px",
    fontWeight: "500",
    cursor: "pointer",
  },
  ".fix:hover": { borderColor: "var(--ink-3)" },
  ".fix:focus-visible": { outline: "2px solid var(--accent)", outlineOffset: "1px" },

  [`@media ${NARROW}`]: {
    // Smaller type makes iOS zoom into the page at the first tap.
    ".cm-scroller": { fontSize: "16px", lineHeight: "26px" },
    // So that every line can be scrolled above the sheet.
    ".cm-content": { paddingBottom: "60vh" },
    ".cm-lineNumbers": { fontSize: "12px" },
    ".cm-lineNumbers .cm-gutterElement": { width: "28px" },
    ".sign": { height: "26px" },
    ".sign.above": { top: "-13px" },
    ".sign.below": { bottom: "-13px" },
    ".band-row": { display: "none" },
  },
});
