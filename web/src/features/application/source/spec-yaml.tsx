import { useMemo, useState } from "react";
import { toYaml } from "../../common/yaml/to-yaml.ts";
import { YamlEditor } from "../../common/yaml/yaml-editor.tsx";
import type { Spec } from "../change-application.ts";
import { isSame } from "../is-same.ts";
import { parseYaml } from "./parse-yaml.ts";
import styles from "./source.module.css";
import type { Draft } from "./use-draft.ts";

interface SpecYamlProps {
  readonly draft: Draft;
  readonly problem: string | undefined;
  readonly onProblem: (problem: string | undefined) => void;
}

/** The whole spec as YAML. */
export function SpecYaml({ draft, problem, onProblem }: SpecYamlProps) {
  const [text, setText] = useState(() => toYaml(draft.spec));
  const shown = useMemo(() => {
    if (problem !== undefined) return text;
    const parsed = parseYaml(text, "the spec");
    // What was typed stays as it was typed, until it is discarded or somebody else's is shown.
    return parsed.isValid && isSame(parsed.value, draft.spec) ? text : toYaml(draft.spec);
  }, [text, problem, draft.spec]);
  return (
    <>
      {problem !== undefined && (
        <p role="alert" className={styles["error"]}>
          {problem}
        </p>
      )}
      <YamlEditor
        label="The spec of the application as YAML"
        value={shown}
        onChange={(typed) => {
          setText(typed);
          const parsed = parseYaml(typed, "the spec");
          onProblem(parsed.isValid ? undefined : parsed.problem);
          // The server checks every field when it is saved, and says which one is wrong.
          if (parsed.isValid) draft.edit(parsed.value as Spec);
        }}
      />
    </>
  );
}
