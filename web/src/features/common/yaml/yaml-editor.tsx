import { Suspense, lazy } from "react";
import { Skeleton } from "../states.tsx";

export interface YamlEditorProps {
  readonly value: string;
  readonly onChange?: (value: string) => void;
  /** What is edited; read aloud. */
  readonly label: string;
  readonly isReadOnly?: boolean;
  /** Takes the room that there is, and can be searched and folded. Tab leaves it, as it does whatever is only read. */
  readonly isTall?: boolean;
}

const EditorCore = lazy(async () => ({ default: (await import("./editor-core.tsx")).EditorCore }));

/** An editor for YAML, loaded when it is first shown. */
export function YamlEditor(props: YamlEditorProps) {
  return (
    <Suspense fallback={<Skeleton lines={8} label="Loading the editor" />}>
      <EditorCore {...props} />
    </Suspense>
  );
}
