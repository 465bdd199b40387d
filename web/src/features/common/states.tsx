import { CloudOff, SearchX, ShieldX, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { ApiError } from "../../lib/api/index.ts";
import { Button } from "./button.tsx";
import styles from "./states.module.css";

interface StateProps {
  readonly icon: ReactNode;
  readonly title: string;
  readonly children?: ReactNode;
  readonly actions?: ReactNode;
}

/** A page, or a part of one, that has nothing to show, and why. */
export function State({ icon, title, children, actions }: StateProps) {
  return (
    <div className={styles["state"]}>
      <span aria-hidden="true" className={styles["icon"]}>
        {icon}
      </span>
      <h2>{title}</h2>
      {children !== undefined && <div className={styles["text"]}>{children}</div>}
      {actions !== undefined && <div className={styles["actions"]}>{actions}</div>}
    </div>
  );
}

interface FailureProps {
  readonly error: Error;
  readonly onRetry?: () => void;
}

/** What went wrong, in the server's words. */
export function Failure({ error, onRetry }: FailureProps) {
  const status = error instanceof ApiError ? error.status : undefined;
  const retry = onRetry !== undefined && <Button onClick={onRetry}>Try again</Button>;
  if (status === 403)
    return (
      <State icon={<ShieldX />} title="You may not see this">
        {error.message}
      </State>
    );
  if (status === 404)
    return (
      <State icon={<SearchX />} title="It is not there">
        {error.message}
      </State>
    );
  if (status === 0)
    return (
      <State icon={<CloudOff />} title="No connection to the server" actions={retry}>
        {error.message}
      </State>
    );
  return (
    <State icon={<TriangleAlert />} title="That did not work" actions={retry}>
      {error.message}
    </State>
  );
}

interface SkeletonProps {
  readonly lines?: number;
  readonly label?: string;
}

/** Stands where something is about to be. */
export function Skeleton({ lines = 6, label = "Loading" }: SkeletonProps) {
  return (
    <div role="status" className={styles["skeleton"]} data-skeleton="">
      <span className="visually-hidden">{label}</span>
      {Array.from({ length: lines }, (_, i) => (
        <div key={i} aria-hidden="true" className={styles["bar"]} />
      ))}
    </div>
  );
}
