import { useQuery } from "@tanstack/react-query";
import { formatCount } from "../../../lib/format.ts";
import { Skeleton } from "../../common/states.tsx";
import type { Application } from "../queries.ts";
import { usersQuery } from "../queries.ts";
import styles from "./used-by.module.css";

interface UsedByProps {
  readonly find: (apps: readonly Application[]) => readonly string[];
  /** What becomes of them, such as `They will not find new commits any more.` */
  readonly harm: string;
}

const maxNames = 50;

/** The applications that something is used by, before it is taken from them. */
export function UsedBy({ find, harm }: UsedByProps) {
  const { data, error } = useQuery(usersQuery);
  if (error !== null && data === undefined)
    return <p>Which applications use it could not be found out: {error.message}</p>;
  if (data === undefined) return <Skeleton lines={2} label="Looking for applications that use it" />;
  const names = find(data);
  if (names.length === 0) return <p>No application that you may see uses it.</p>;
  return (
    <>
      <p className={styles["harm"]}>
        {formatCount(names.length, "application uses", "applications use")} it. {harm}
      </p>
      <ul className={styles["names"]}>
        {names.slice(0, maxNames).map((name) => (
          <li key={name}>{name}</li>
        ))}
        {names.length > maxNames && <li className="muted">and {names.length - maxNames} more</li>}
      </ul>
    </>
  );
}
