import { useId } from "react";
import type { ReactNode } from "react";
import styles from "./field.module.css";

interface FieldProps {
  readonly label: string;
  /** What it is for, or an example. */
  readonly hint?: ReactNode;
  readonly error?: string | undefined;
  readonly children: (props: {
    readonly id: string;
    readonly "aria-describedby"?: string;
    readonly "aria-invalid"?: boolean;
    readonly className: string;
  }) => ReactNode;
}

/** A field of a form with its label, its hint and what is wrong with it. */
export function Field({ label, hint, error, children }: FieldProps) {
  const id = useId();
  const isDescribed = hint !== undefined || error !== undefined;
  return (
    <div className={styles["field"]}>
      <label htmlFor={id}>{label}</label>
      {children({
        id,
        className: styles["input"] ?? "",
        ...(isDescribed ? { "aria-describedby": `${id}-hint` } : {}),
        ...(error === undefined ? {} : { "aria-invalid": true }),
      })}
      {isDescribed && (
        <p id={`${id}-hint`} className={error === undefined ? styles["hint"] : styles["error"]}>
          {error ?? hint}
        </p>
      )}
    </div>
  );
}

interface CheckboxProps {
  readonly label: ReactNode;
  readonly hint?: ReactNode;
  readonly isChecked: boolean;
  readonly onChange: (isChecked: boolean) => void;
  readonly isDisabled?: boolean;
}

export function Checkbox({ label, hint, isChecked, onChange, isDisabled = false }: CheckboxProps) {
  return (
    <label className={styles["checkbox"]}>
      <input
        type="checkbox"
        checked={isChecked}
        disabled={isDisabled}
        onChange={(event) => onChange(event.target.checked)}
      />
      <span>
        {label}
        {hint !== undefined && <span className={styles["hint"]}>{hint}</span>}
      </span>
    </label>
  );
}
