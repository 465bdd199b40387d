import type { HTMLInputTypeAttribute, ReactNode } from "react";
import { Field } from "../../common/field.tsx";
import styles from "./forms.module.css";

interface TextFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly hint?: ReactNode;
  readonly error?: string | undefined;
  readonly placeholder?: string | undefined;
  readonly type?: HTMLInputTypeAttribute;
  /** What a browser may fill in by itself; nothing unless told. */
  readonly autoComplete?: string;
  readonly isRequired?: boolean;
  readonly isDisabled?: boolean;
  /** Values that are offered while one types. */
  readonly suggestions?: readonly string[] | undefined;
}

export function TextField({
  label,
  value,
  onChange,
  hint,
  error,
  type = "text",
  autoComplete = "off",
  isRequired = false,
  isDisabled = false,
  placeholder,
  suggestions,
}: TextFieldProps) {
  return (
    <Field label={label} hint={hint} error={error}>
      {(props) => (
        <>
          <input
            {...props}
            type={type}
            value={value}
            autoComplete={autoComplete}
            spellCheck={false}
            required={isRequired}
            disabled={isDisabled}
            placeholder={placeholder}
            list={suggestions === undefined ? undefined : `${props.id}-list`}
            onChange={(event) => onChange(event.target.value)}
          />
          {suggestions !== undefined && (
            <datalist id={`${props.id}-list`}>
              {suggestions.map((one) => (
                <option key={one}>{one}</option>
              ))}
            </datalist>
          )}
        </>
      )}
    </Field>
  );
}

interface LongTextFieldProps extends Omit<TextFieldProps, "type" | "suggestions" | "autoComplete"> {
  readonly rows?: number;
}

/** For keys and certificates: many lines, in the letters of a machine. */
export function LongTextField({
  label,
  value,
  onChange,
  hint,
  error,
  placeholder,
  isRequired = false,
  rows = 5,
}: LongTextFieldProps) {
  return (
    <Field label={label} hint={hint} error={error}>
      {({ className, ...props }) => (
        <textarea
          {...props}
          className={`${className} ${styles["mono"]}`}
          rows={rows}
          value={value}
          spellCheck={false}
          autoComplete="off"
          required={isRequired}
          placeholder={placeholder}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}

interface SelectFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** Value and what is read. */
  readonly options: readonly (readonly [string, string])[];
  readonly hint?: ReactNode;
}

export function SelectField({ label, value, onChange, options, hint }: SelectFieldProps) {
  return (
    <Field label={label} hint={hint}>
      {(props) => (
        <select {...props} value={value} onChange={(event) => onChange(event.target.value)}>
          {options.map(([one, text]) => (
            <option key={one} value={one}>
              {text}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

interface ChoicesProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly options: readonly (readonly [string, string])[];
}

/** A few ways of which one is taken, all of them seen at once. */
export function Choices({ label, value, onChange, options }: ChoicesProps) {
  return (
    <fieldset className={styles["choices"]}>
      <legend className={styles["legend"]}>{label}</legend>
      {options.map(([one, text]) => (
        <label key={one} className={one === value ? styles["chosen"] : ""}>
          <input
            type="radio"
            className="visually-hidden"
            name={label}
            checked={one === value}
            onChange={() => onChange(one)}
          />
          {text}
        </label>
      ))}
    </fieldset>
  );
}
