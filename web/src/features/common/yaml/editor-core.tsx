import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { EditorState } from "@codemirror/state";
import { EditorView, drawSelection, highlightActiveLine, keymap } from "@codemirror/view";
import { useEffect, useRef } from "react";
import { yamlSetup } from "./setup.ts";
import type { YamlEditorProps } from "./yaml-editor.tsx";
import styles from "./yaml.module.css";

/** The editor itself; `YamlEditor` loads it when it is needed. */
export function EditorCore({ value, onChange, label, isReadOnly = false }: YamlEditorProps) {
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
        keymap.of([...defaultKeymap, ...historyKeymap, ...(isReadOnly ? [] : [indentWithTab])]),
        EditorState.readOnly.of(isReadOnly),
        EditorView.contentAttributes.of({ "aria-label": label }),
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
  }, [label, isReadOnly]);
  useEffect(() => {
    const editor = view.current;
    if (editor === undefined || editor.state.doc.toString() === value) return;
    editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: value } });
  }, [value]);
  return <div ref={place} className={styles["editor"]} />;
}
