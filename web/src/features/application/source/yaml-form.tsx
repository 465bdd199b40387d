import { useMemo, useState } from "react";
import { toYaml } from "../../common/yaml/to-yaml.ts";
import { YamlEditor } from "../../common/yaml/yaml-editor.tsx";
import { isSame } from "../is-same.ts";
import { parseYaml } from "./parse-yaml.ts";
import styles from "./source.module.css";

type Value = Readonly<Record<string, unknown>>;

interface YamlFormProps {
  readonly value: object;
  readonly onChange: (value: Value) => void;
  /** What is edited, such as `the spec`. */
  readonly what: string;
  readonly problem: string | undefined;
  readonly onProblem: (problem: string | undefined) => void;
}

/** An object as YAML, kept in step with the form that shows the same. */
export function YamlForm({ value, onChange, what, problem, onProblem }: YamlFormProps) {
  const [text, setText] = useState(() => toYaml(value));
  const shown = useMemo(() => {
    if (problem !== undefined) return text;
    const parsed = parseYaml(text, what);
    // What was typed stays as it was typed, until it is discarded or something else is shown.
    return parsed.isValid && isSame(parsed.value, value) ? text : toYaml(value);
  }, [text, problem, value, what]);
  return (
    <>
      {problem !== undefined && (
        <p role="alert" className={styles["error"]}>
          {problem}
        </p>
      )}
      <YamlEditor
        label={`${what} as YAML`}
        value={shown}
        onChange={(typed) => {
          setText(typed);
          const parsed = parseYaml(typed, what);
          onProblem(parsed.isValid ? undefined : parsed.problem);
          if (parsed.isValid) onChange(parsed.value);
        }}
      />
    </>
  );
}
