import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { yaml } from "@codemirror/lang-yaml";
import { foldGutter, foldKeymap, HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { Compartment, EditorState } from "@codemirror/state";
import { drawSelection, EditorView, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { useEffect, useRef } from "react";
import { nonce } from "../../../lib/nonce.ts";
import styles from "./yaml-editor.module.css";

interface YamlEditorProps {
  readonly label: string;
  readonly text: string;
  readonly isEditable?: boolean;
  readonly onChange?: (text: string) => void;
}

const theme = EditorView.theme({
  "&": { height: "100%", backgroundColor: "var(--surface)", color: "var(--text)", fontSize: "13px" },
  "&.cm-focused": { outline: "2px solid var(--focus)", outlineOffset: "-1px" },
  ".cm-scroller": { fontFamily: "var(--font-mono)", lineHeight: "1.5" },
  ".cm-content": { caretColor: "var(--text)" },
  ".cm-cursor": { borderLeftColor: "var(--text)" },
  ".cm-gutters": {
    backgroundColor: "var(--surface-sunken)",
    color: "var(--text-muted)",
    borderRight: "1px solid var(--line)",
  },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    backgroundColor: "var(--surface-selected)",
  },
  ".cm-searchMatch, .cm-selectionMatch": {
    backgroundColor: "var(--warn-soft)",
    outline: "1px solid var(--warn)",
  },
  ".cm-panels": {
    backgroundColor: "var(--surface-raised)",
    color: "var(--text)",
    borderColor: "var(--line)",
  },
  ".cm-panel input, .cm-panel button": {
    backgroundImage: "none",
    backgroundColor: "var(--surface)",
    color: "var(--text)",
    border: "1px solid var(--line-strong)",
    borderRadius: "4px",
  },
  ".cm-foldPlaceholder": { backgroundColor: "var(--surface-hover)", border: "0", color: "var(--text-muted)" },
});

const colours = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: "var(--accent)" },
  { tag: [tags.string, tags.content], color: "var(--text)" },
  { tag: [tags.number, tags.bool, tags.null, tags.keyword], color: "var(--paused)" },
  { tag: tags.comment, color: "var(--text-muted)", fontStyle: "italic" },
  { tag: [tags.punctuation, tags.separator, tags.meta], color: "var(--text-muted)" },
]);

/** YAML to read, search and fold, or to write. Tab leaves it, so that the keyboard is caught nowhere (WCAG 2.2, 2.1.2). */
export function YamlEditor({ label, text, isEditable = false, onChange }: YamlEditorProps) {
  const frame = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(undefined);
  const editable = useRef(new Compartment());
  const told = useRef(onChange);
  useEffect(() => {
    told.current = onChange;
  }, [onChange]);
  useEffect(() => {
    if (frame.current === null) return undefined;
    const made = new EditorView({
      parent: frame.current,
      state: EditorState.create({
        extensions: [
          EditorView.cspNonce.of(nonce),
          lineNumbers(),
          foldGutter(),
          history(),
          drawSelection(),
          highlightSelectionMatches(),
          search({ top: true }),
          yaml(),
          syntaxHighlighting(colours),
          theme,
          EditorView.lineWrapping,
          keymap.of([...defaultKeymap, ...searchKeymap, ...historyKeymap, ...foldKeymap]),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) told.current?.(update.state.doc.toString());
          }),
          editable.current.of([]),
        ],
      }),
    });
    view.current = made;
    return () => made.destroy();
  }, []);
  useEffect(() => {
    const { current } = view;
    if (current === undefined || current.state.doc.toString() === text) return;
    current.dispatch({ changes: { from: 0, to: current.state.doc.length, insert: text } });
  }, [text]);
  useEffect(() => {
    const attributes = EditorView.contentAttributes.of({
      "aria-label": label,
      "aria-readonly": String(!isEditable),
      tabindex: "0",
    });
    view.current?.dispatch({
      effects: editable.current.reconfigure([
        attributes,
        EditorState.readOnly.of(!isEditable),
        EditorView.editable.of(isEditable),
      ]),
    });
  }, [label, isEditable]);
  return <div ref={frame} className={styles["editor"]} />;
}
