import type { GateState } from "../../lib/shared.ts";
import { Status } from "../common/status.tsx";
import { Ago, useNow } from "../common/time.tsx";
import { proseOf } from "../pipelines/phrases.ts";
import type { Promotion } from "../pipelines/pipeline.ts";
import styles from "./lists.module.css";
import { formatDigest } from "./plan-table.tsx";

interface GatesProps {
  readonly gates: readonly GateState[];
  readonly label: string;
  /** Said where there are none. */
  readonly none: string;
}

/** What has to agree, one by one: whether it does, since when, and what ends that. */
export function Gates({ gates, label, none }: GatesProps) {
  const nowMs = useNow();
  if (gates.length === 0) return <p className={styles["none"]}>{none}</p>;
  return (
    <ul className={styles["list"]} aria-label={label}>
      {gates.map(({ name, kind, state, message = "", since }) => (
        <li key={name}>
          <div className={styles["head"]}>
            <span>
              <strong>{name}</strong> {name !== kind && <span className={styles["side"]}>{kind}</span>}
            </span>
            <span className={styles["state"]}>
              <Status of="gate" status={state} />
              <span className={styles["side"]}>
                <Ago time={since} />
              </span>
            </span>
          </div>
          {message !== "" && <p className={styles["side"]}>{proseOf(message, nowMs)}</p>}
        </li>
      ))}
    </ul>
  );
}

/** Who agreed to what, when and with which words. */
export function Approvals({ promotion: { status } }: { readonly promotion: Promotion }) {
  const { approvals = [], plan } = status;
  if (approvals.length === 0) return null;
  return (
    <div className={styles["part"]}>
      <h3 className={styles["partHead"]}>Approvals</h3>
      <ul className={styles["list"]} aria-label="Approvals">
        {approvals.map(({ username, at, digest, comment = "" }) => (
          <li key={`${username} ${at}`}>
            <div className={styles["head"]}>
              <strong>{username}</strong>
              <span className={styles["side"]}>
                <Ago time={at} />
              </span>
            </div>
            {comment !== "" && <p>{comment}</p>}
            {digest !== plan?.digest && (
              <p className={styles["side"]}>
                Of an earlier plan, <code title={digest}>{formatDigest(digest)}</code>: it does not count any
                more.
              </p>
            )}
          </li>
        ))}
      </ul>
    </div>
  );
}
