import { useState } from "react";
import type { AnswerOf } from "../../../lib/api/index.ts";
import { Button } from "../../common/button.tsx";
import { Field } from "../../common/field.tsx";
import { LinesField } from "./lines-field.tsx";
import type { Source } from "./edit-source.ts";
import { parametersOf, setHelm, setParameter } from "./edit-source.ts";
import styles from "./source.module.css";

type Details = NonNullable<AnswerOf<"repository", "getAppDetails">["helm"]>;

interface HelmFieldsProps {
  readonly source: Source;
  /** As the chart has it; undefined while that is not known. */
  readonly details: Details | undefined;
  readonly onChange: (source: Source) => void;
}

/** What can be set in a chart. */
export function HelmFields({ source, details, onChange }: HelmFieldsProps) {
  const { helm = {} } = source;
  const files = details?.valueFiles ?? [];
  return (
    <section className={styles["section"]} aria-label="Helm">
      <h3>Helm</h3>
      <div className={styles["pair"]}>
        <Field label="Release name" hint="Empty for the application's name.">
          {(props) => (
            <input
              {...props}
              spellCheck={false}
              value={helm.releaseName ?? ""}
              onChange={(event) => onChange(setHelm(source, "releaseName", event.target.value))}
            />
          )}
        </Field>
        <LinesField
          label="Value files"
          hint={
            files.length === 0
              ? "One a line, later ones win."
              : `One a line, later ones win. There are: ${files.join(", ")}.`
          }
          lines={helm.valueFiles ?? []}
          onChange={(lines) => onChange(setHelm(source, "valueFiles", lines))}
        />
      </div>
      <Field
        label="Values"
        hint={
          helm.valuesObject === undefined
            ? "YAML that wins over the value files."
            : "They are set as an object (valuesObject); edit them in the YAML of the whole."
        }
      >
        {(props) => (
          <textarea
            {...props}
            className={`${props.className} ${styles["textarea"]}`}
            spellCheck={false}
            disabled={helm.valuesObject !== undefined}
            rows={Math.min(14, 3 + (helm.values ?? "").split("\n").length)}
            value={helm.values ?? ""}
            onChange={(event) => onChange(setHelm(source, "values", event.target.value))}
          />
        )}
      </Field>
      <Parameters source={source} details={details} onChange={onChange} />
    </section>
  );
}

const shownParameters = 40;

function Parameters({ source, details, onChange }: HelmFieldsProps) {
  const [text, setText] = useState("");
  const [name, setName] = useState("");
  const all = parametersOf(source, details?.parameters ?? []);
  const found = all.filter((one) => one.name.toLowerCase().includes(text.toLowerCase()));
  return (
    <div className={styles["parameters"]}>
      <h3>Parameters</h3>
      <p className="muted">They win over all values. Empty fields show what the chart says.</p>
      {all.length > 8 && (
        <input
          type="search"
          className={styles["input"]}
          aria-label="Find parameters"
          placeholder="Find parameters"
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      )}
      {found.slice(0, shownParameters).map(({ name: one, chart, own }) => (
        <div key={one} className={styles["parameter"]}>
          <label htmlFor={`parameter-${one}`} data-own={own === undefined ? undefined : true}>
            {one}
          </label>
          <input
            id={`parameter-${one}`}
            className={styles["input"]}
            spellCheck={false}
            value={own ?? ""}
            placeholder={chart ?? ""}
            onChange={(event) => onChange(setParameter(source, one, event.target.value))}
          />
          {own !== undefined && (
            <Button size="small" onClick={() => onChange(setParameter(source, one, undefined))}>
              {chart === undefined ? "Remove" : "As chart"}
            </Button>
          )}
        </div>
      ))}
      {found.length > shownParameters && (
        <p className="muted">{found.length - shownParameters} more: find them by name.</p>
      )}
      <form
        className={styles["parameter"]}
        onSubmit={(event) => {
          event.preventDefault();
          if (name.trim() === "") return;
          onChange(setParameter(source, name.trim(), ""));
          setName("");
        }}
      >
        <input
          className={styles["input"]}
          aria-label="Name of another parameter"
          placeholder="another.parameter"
          spellCheck={false}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <span />
        <Button size="small" type="submit" disabled={name.trim() === ""}>
          Add
        </Button>
      </form>
    </div>
  );
}
