import { Ago } from "../../common/time.tsx";
import { Status } from "../../common/status.tsx";
import type { Repository } from "../queries.ts";
import styles from "./connection.module.css";

interface ConnectionProps {
  readonly state: Repository["connectionState"];
  readonly hasTime?: boolean;
}

/** Whether a repository or a cluster answers, and why not. */
export function Connection({ state, hasTime = false }: ConnectionProps) {
  const message = state?.message ?? "";
  return (
    <div className={styles["connection"]}>
      <span className={styles["state"]}>
        <Status of="connection" status={state?.status} />
        {hasTime && state?.attemptedAt !== undefined && (
          <span className="muted">
            <Ago time={state.attemptedAt} />
          </span>
        )}
      </span>
      {message !== "" && <p className={styles["message"]}>{message}</p>}
    </div>
  );
}
