import type { ReactNode } from "react";
import styles from "./facts.module.css";

interface FactsProps {
  /** What is left out where it says nothing. */
  readonly facts: readonly (readonly [name: string, value: ReactNode] | undefined)[];
}

/** Names and values. */
export function Facts({ facts }: FactsProps) {
  return (
    <dl className={styles["facts"]}>
      {facts
        .filter((fact) => fact !== undefined)
        .map(([name, value]) => (
          <div key={name} className={styles["fact"]}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}

interface TagsProps {
  readonly values: readonly string[];
  /** What it means that there is none. */
  readonly none: string;
}

/** Short texts beside each other. */
export function Tags({ values, none }: TagsProps) {
  if (values.length === 0) return <span className="muted">{none}</span>;
  return (
    <ul className={styles["tags"]}>
      {values.map((value) => (
        <li key={value}>{value}</li>
      ))}
    </ul>
  );
}
