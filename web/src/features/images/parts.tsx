import { GitCommitHorizontal } from "lucide-react";
import { commitAddress } from "../../lib/commit-address.ts";
import { formatMoment, formatRevision } from "../../lib/format.ts";
import { Status } from "../common/status.tsx";
import { Ago, useNow } from "../common/time.tsx";
import type { Automation } from "./automation.ts";
import { stateOf, targetOf } from "./automation.ts";
import styles from "./parts.module.css";

interface PartProps {
  readonly automation: Automation;
}

/** Whether it is well, in a word, with the controller's reason. */
export function Ready({ automation }: PartProps) {
  const state = stateOf(automation);
  const { reason } = automation;
  const shown = state === "Ready" || state === "Failed" ? reason : "";
  return (
    <span className={styles["ready"]}>
      <Status of="automation" status={state} />
      {shown !== "" && <span className="muted">· {shown}</span>}
    </span>
  );
}

/** A name that is broken only where it is too long for a line. */
export function Word({ text }: { readonly text: string }) {
  return <span className={styles["word"]}>{text}</span>;
}

/** An address, which takes several lines where it has to. */
export function Place({ text }: { readonly text: string }) {
  return <span className={styles["place"]}>{text}</span>;
}

export function Commit({ automation }: PartProps) {
  const { lastCommit } = automation;
  if (lastCommit === "") return null;
  const address = commitAddress(targetOf(automation).repoURL, lastCommit);
  const text = <code title={lastCommit}>{formatRevision(lastCommit)}</code>;
  return (
    <span className={styles["commit"]}>
      <GitCommitHorizontal aria-hidden="true" />
      {address === undefined ? (
        text
      ) : (
        <a href={address} target="_blank" rel="noreferrer">
          {text}
        </a>
      )}
    </span>
  );
}

export function LastScan({ automation }: PartProps) {
  const { isScanAsked, lastScan } = automation;
  if (isScanAsked) return <span role="status">Scan asked for…</span>;
  return lastScan === "" ? <span className="muted">Never</span> : <Ago time={lastScan} />;
}

export function NextScan({ automation: { nextScan, isSuspended } }: PartProps) {
  const nowMs = useNow();
  if (isSuspended || nextScan === "") return null;
  return <time dateTime={nextScan}>{formatMoment(nextScan, nowMs)}</time>;
}
