import { MergeView, unifiedMergeView } from "@codemirror/merge";
import { EditorState } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { useEffect, useRef } from "react";
import { yamlSetup } from "./setup.ts";
import type { YamlDiffProps } from "./yaml-diff.tsx";
import styles from "./yaml.module.css";

const collapse = { margin: 3, minSize: 6 };

/** The difference itself; `YamlDiff` loads it when it is needed. */
export function DiffCore({ before, after, label, isSideBySide = false }: YamlDiffProps) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const { current } = place;
    if (current === null) return undefined;
    const readOnly = [
      ...yamlSetup,
      EditorState.readOnly.of(true),
      EditorView.editable.of(false),
      EditorView.contentAttributes.of({ "aria-label": label, tabindex: "0" }),
    ];
    if (isSideBySide) {
      const view = new MergeView({
        parent: current,
        a: { doc: before, extensions: readOnly },
        b: { doc: after, extensions: readOnly },
        collapseUnchanged: collapse,
      });
      return () => view.destroy();
    }
    const view = new EditorView({
      parent: current,
      doc: after,
      extensions: [
        ...readOnly,
        unifiedMergeView({ original: before, mergeControls: false, collapseUnchanged: collapse }),
      ],
    });
    return () => view.destroy();
  }, [before, after, label, isSideBySide]);
  return <div ref={place} className={styles["diff"]} />;
}
