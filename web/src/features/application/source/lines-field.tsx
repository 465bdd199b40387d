import { useState } from "react";
import { Field } from "../../common/field.tsx";
import { isSame } from "../is-same.ts";
import { linesOf } from "./edit-source.ts";
import styles from "./source.module.css";

interface LinesFieldProps {
  readonly label: string;
  readonly hint: string;
  readonly lines: readonly string[];
  readonly onChange: (lines: readonly string[]) => void;
}

/** A list, one entry a line. What is typed stays as it is typed, empty lines and all. */
export function LinesField({ label, hint, lines, onChange }: LinesFieldProps) {
  const [typed, setTyped] = useState(() => lines.join("\n"));
  const text = isSame(linesOf(typed), lines) ? typed : lines.join("\n");
  return (
    <Field label={label} hint={hint}>
      {(props) => (
        <textarea
          {...props}
          className={`${props.className} ${styles["textarea"]}`}
          rows={Math.min(8, Math.max(2, lines.length + 1))}
          spellCheck={false}
          value={text}
          onChange={(event) => {
            setTyped(event.target.value);
            onChange(linesOf(event.target.value));
          }}
        />
      )}
    </Field>
  );
}
