import { UserRound } from "lucide-react";
import { formatAgo } from "../../../lib/format.ts";
import { useNow } from "../../common/time.tsx";
import styles from "./diff-view.module.css";
import type { Owner } from "./field-owners.ts";

/** Who set a field as it is in the cluster. */
export function OwnerMark({ owners }: { readonly owners: readonly Owner[] }) {
  const now = useNow();
  const said = owners.map(({ manager, time, isApplied }) =>
    [manager, isApplied ? "by apply" : "by an update", time === undefined ? "" : formatAgo(time, now)]
      .filter((part) => part !== "")
      .join(", "),
  );
  return (
    <span className={styles["owner"]} title={`Set by ${said.join("; ")}`}>
      <UserRound aria-hidden="true" />
      <span className="visually-hidden">set by </span>
      {owners.map(({ manager }) => manager).join(", ")}
    </span>
  );
}
