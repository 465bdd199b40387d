import { Checkbox, Field } from "../../common/field.tsx";
import type { Source } from "./edit-source.ts";
import { setDirectory } from "./edit-source.ts";
import styles from "./source.module.css";

interface DirectoryFieldsProps {
  readonly source: Source;
  readonly onChange: (source: Source) => void;
}

/** Which files of a directory are manifests. */
export function DirectoryFields({ source, onChange }: DirectoryFieldsProps) {
  const { directory = {} } = source;
  return (
    <section className={styles["section"]} aria-label="Directory">
      <h3>Directory of manifests</h3>
      <Checkbox
        label="With what is below it"
        hint="Reads the directories in it, too."
        isChecked={directory.recurse === true}
        onChange={(recurse) => onChange(setDirectory(source, "recurse", recurse))}
      />
      <div className={styles["pair"]}>
        {(
          [
            ["include", "Only these files", "A pattern such as {*.yml,*.yaml}. Empty for all."],
            ["exclude", "Without these files", "A pattern such as test/*."],
          ] as const
        ).map(([field, label, hint]) => (
          <Field key={field} label={label} hint={hint}>
            {(props) => (
              <input
                {...props}
                spellCheck={false}
                value={directory[field] ?? ""}
                onChange={(event) => onChange(setDirectory(source, field, event.target.value))}
              />
            )}
          </Field>
        ))}
      </div>
    </section>
  );
}
