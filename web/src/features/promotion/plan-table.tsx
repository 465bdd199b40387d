import { Link } from "@tanstack/react-router";
import type { Promotion } from "../pipelines/pipeline.ts";
import styles from "./lists.module.css";

type Plan = NonNullable<Promotion["status"]["plan"]>;

/** What each application would change, and the digest that approvals name. */
export function PlanTable({ plan: { digest, applications } }: { readonly plan: Plan }) {
  return (
    <>
      <p className={styles["digest"]}>
        Digest <code title={digest}>{formatDigest(digest)}</code>: what is approved is exactly this.
      </p>
      {applications.length === 0 ? (
        <p className={styles["none"]}>The stage has no applications.</p>
      ) : (
        <ul className={styles["list"]} aria-label="Plan by application">
          {applications.map(({ namespace, name, digest: own, summary = "", problem = "" }) => (
            <li key={`${namespace}/${name}`}>
              <div className={styles["head"]}>
                <Link to="/applications/$namespace/$name" params={{ namespace, name }}>
                  {name}
                </Link>
                <code className={styles["side"]} title={own}>
                  {formatDigest(own)}
                </code>
              </div>
              {summary !== "" && <p>{summary}</p>}
              {problem !== "" && <p className={styles["problem"]}>{problem}</p>}
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

/** Enough of a digest to tell two apart. */
export function formatDigest(digest: string): string {
  const [kind = "", hex] = digest.split(":");
  return hex === undefined ? kind.slice(0, 12) : `${kind}:${hex.slice(0, 12)}`;
}
