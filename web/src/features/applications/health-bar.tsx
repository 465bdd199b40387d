import { toneOf } from "../common/status.tsx";
import styles from "./health-bar.module.css";
import type { ListSearch } from "./list-search.ts";
import { toggled } from "./list-search.ts";

const order = ["Degraded", "Missing", "Unknown", "Progressing", "Suspended", "Healthy"] as const;

interface HealthBarProps {
  readonly counts: Readonly<Record<string, number>> | undefined;
  readonly search: ListSearch;
  readonly onChange: (search: ListSearch) => void;
}

/** How many are how well, as a bar whose parts filter. */
export function HealthBar({ counts = {}, search, onChange }: HealthBarProps) {
  const shown = order.filter((status) => (counts[status] ?? 0) > 0);
  const total = shown.reduce((sum, status) => sum + (counts[status] ?? 0), 0);
  return (
    <div role="group" aria-label="Health" className={styles["bar"]}>
      {shown.map((status) => {
        const count = counts[status] ?? 0;
        const isOn = search.health?.includes(status) === true;
        return (
          <button
            key={status}
            type="button"
            className={`${styles["part"]} ${styles[toneOf("health", status)]}`}
            style={{ flexGrow: count / total }}
            aria-pressed={isOn}
            aria-label={`${status}: ${count}`}
            title={`${status}: ${count.toLocaleString("en")}`}
            onClick={() => onChange(toggled(search, "health", status))}
          />
        );
      })}
    </div>
  );
}
