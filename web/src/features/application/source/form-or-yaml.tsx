import styles from "./source.module.css";

interface FormOrYamlProps {
  /** Read aloud: what is chosen. */
  readonly label: string;
  readonly isYaml: boolean;
  /** What was typed as YAML is none that a form could show. */
  readonly isBroken: boolean;
  readonly onChange: (isYaml: boolean) => void;
}

/** In which of its two looks something is edited. */
export function FormOrYaml({ label, isYaml, isBroken, onChange }: FormOrYamlProps) {
  return (
    <div role="group" aria-label={label} className={styles["looks"]}>
      <button type="button" aria-pressed={!isYaml} disabled={isBroken} onClick={() => onChange(false)}>
        Form
      </button>
      <button type="button" aria-pressed={isYaml} onClick={() => onChange(true)}>
        YAML
      </button>
    </div>
  );
}
