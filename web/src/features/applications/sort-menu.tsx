import styles from "./sort-menu.module.css";

const orders = [
  ["name", "Name"],
  ["healthStatus", "Health, the worst first"],
  ["syncStatus", "Sync, the worst first"],
  ["-syncedAt", "Synced last"],
  ["-createdAt", "Newest"],
  ["project", "Project"],
  ["cluster", "Cluster"],
  ["namespace", "Namespace"],
] as const;

interface SortMenuProps {
  readonly sort: string;
  readonly onChange: (sort: string) => void;
}

export function SortMenu({ sort, onChange }: SortMenuProps) {
  const isKnown = orders.some(([value]) => value === sort);
  return (
    <select
      aria-label="Order"
      className={styles["select"]}
      value={sort}
      onChange={(event) => onChange(event.target.value)}
    >
      {!isKnown && <option value={sort}>{sort}</option>}
      {orders.map(([value, label]) => (
        <option key={value} value={value}>
          {label}
        </option>
      ))}
    </select>
  );
}
