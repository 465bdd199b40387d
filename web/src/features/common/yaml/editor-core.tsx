import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { foldGutter, foldKeymap } from "@codemirror/language";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import type { Extension } from "@codemirror/state";
import { EditorState } from "@codemirror/state";
import { EditorView, drawSelection, highlightActiveLine, keymap } from "@codemirror/view";
import { useEffect, useRef } from "react";
import { yamlSetup } from "./setup.ts";
import type { YamlEditorProps } from "./yaml-editor.tsx";
import styles from "./yaml.module.css";

/** For texts that are longer than the screen. */
const tall: readonly Extension[] = [
  foldGutter(),
  highlightSelectionMatches(),
  search({ top: true }),
  EditorView.lineWrapping,
  keymap.of([...searchKeymap, ...foldKeymap]),
  EditorView.theme({
    "&": { height: "100%" },
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
    ".cm-foldPlaceholder": {
      backgroundColor: "var(--surface-hover)",
      border: "0",
      color: "var(--text-muted)",
    },
  }),
];

/** The editor itself; `YamlEditor` loads it when it is needed. */
export function EditorCore(props: YamlEditorProps) {
  const { value, onChange, label, isReadOnly = false, isTall = false } = props;
  const place = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(undefined);
  const first = useRef(value);
  const tell = useRef(onChange);
  useEffect(() => {
    tell.current = onChange;
  }, [onChange]);
  useEffect(() => {
    const { current } = place;
    if (current === null) return undefined;
    const editor = new EditorView({
      parent: current,
      doc: first.current,
      extensions: [
        ...yamlSetup,
        history(),
        drawSelection(),
        isReadOnly ? [] : highlightActiveLine(),
        // Escape lets the keyboard out of the editor again: Tab goes on from there.
        keymap.of([...defaultKeymap, ...historyKeymap, ...(isReadOnly || isTall ? [] : [indentWithTab])]),
        isTall ? tall : [],
        EditorState.readOnly.of(isReadOnly),
        EditorView.editable.of(!isReadOnly),
        EditorView.contentAttributes.of({
          "aria-label": label,
          "aria-readonly": String(isReadOnly),
          tabindex: "0",
        }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) tell.current?.(update.state.doc.toString());
        }),
      ],
    });
    view.current = editor;
    return () => {
      first.current = editor.state.doc.toString();
      editor.destroy();
    };
  }, [label, isReadOnly, isTall]);
  useEffect(() => {
    const editor = view.current;
    if (editor === undefined || editor.state.doc.toString() === value) return;
    editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: value } });
  }, [value]);
  return <div ref={place} className={`${styles["editor"]} ${isTall ? styles["tall"] : ""}`} />;
}
