import { yaml } from "@codemirror/lang-yaml";
import { syntaxHighlighting } from "@codemirror/language";
import type { Extension } from "@codemirror/state";
import { EditorView, lineNumbers } from "@codemirror/view";
import { classHighlighter } from "@lezer/highlight";
import { nonce } from "../../../lib/nonce.ts";

const theme = EditorView.theme({
  "&": { color: "var(--text)", backgroundColor: "transparent", fontSize: "13px" },
  ".cm-content": { fontFamily: "var(--font-mono)", caretColor: "var(--text)" },
  ".cm-cursor": { borderLeftColor: "var(--text)" },
  ".cm-gutters": {
    backgroundColor: "var(--surface-sunken)",
    color: "var(--text-muted)",
    borderRight: "1px solid var(--line)",
  },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "var(--surface-hover)" },
  "&.cm-focused": { outline: "2px solid var(--focus)", outlineOffset: "-2px" },
  "&.cm-focused .cm-selectionBackground, .cm-selectionBackground": {
    backgroundColor: "var(--surface-selected) !important",
  },
  ".cm-changedLine": { backgroundColor: "var(--good-soft) !important" },
  ".cm-merge-a .cm-changedLine, .cm-deletedChunk": { backgroundColor: "var(--bad-soft) !important" },
  ".cm-changedText": { background: "color-mix(in srgb, var(--good), transparent 70%) !important" },
  ".cm-merge-a .cm-changedText, .cm-deletedChunk .cm-deletedText": {
    background: "color-mix(in srgb, var(--bad), transparent 70%) !important",
  },
  ".cm-collapsedLines::before, .cm-collapsedLines::after": { content: '"…" !important' },
  ".cm-collapsedLines": {
    background: "var(--surface-sunken) !important",
    color: "var(--text-muted) !important",
  },
});

/** What every view of YAML has: colours, line numbers, and styles that the page's security policy lets in. */
export const yamlSetup: readonly Extension[] = [
  EditorView.cspNonce.of(nonce),
  yaml(),
  syntaxHighlighting(classHighlighter),
  lineNumbers(),
  theme,
];
