import { Link } from "@tanstack/react-router";
import { CirclePause, Flame, PackageCheck, Snowflake } from "lucide-react";
import type { ReactNode } from "react";
import { formatRevision } from "../../lib/format.ts";
import { Ago, useNow } from "../common/time.tsx";
import { doingOf, formatCandidate, proseOf } from "./phrases.ts";
import type { Pipeline, Promotion, Stage } from "./pipeline.ts";
import styles from "./stage-parts.module.css";
import { commitIn } from "./subjects.ts";

interface RevisionProps {
  readonly revision: string | undefined;
  readonly pipeline: Pipeline;
  readonly promotions: readonly Promotion[];
}

/** A commit by its first letters, with what it is called on hover. */
export function Revision({ revision, pipeline, promotions }: RevisionProps) {
  if (revision === undefined || revision === "") return <span className="muted">nothing known</span>;
  const { subject, author } = commitIn(revision, pipeline, promotions);
  const lines = [subject, author === undefined ? undefined : `by ${author}`, revision];
  return (
    <code title={lines.filter((line) => line !== undefined).join("\n")}>{formatRevision(revision)}</code>
  );
}

interface SignProps {
  readonly tone: "paused" | "moving" | "bad";
  readonly icon: ReactNode;
  readonly title?: string | undefined;
  readonly children: ReactNode;
}

function Sign({ tone, icon, title, children }: SignProps) {
  return (
    <li className={`${styles["sign"]} ${styles[tone]}`} title={title}>
      <span aria-hidden="true">{icon}</span>
      {children}
    </li>
  );
}

/** That what is in a stage was let past its gates. */
export function Glass({ bringer }: Pick<SignsProps, "bringer">) {
  const broken = bringer?.status.breakGlass;
  if (broken === undefined) return null;
  return (
    <ul className={styles["signs"]}>
      <Sign tone="bad" icon={<Flame />} title={`By ${broken.username}: ${broken.reason}`}>
        Glass broken
      </Sign>
    </ul>
  );
}

interface SignsProps {
  readonly stage: Stage;
  /** The promotion that brought what is there, where it is known. */
  readonly bringer: Promotion | undefined;
}

/** What is special about a stage: new commits for it, a hold, a freeze, gates that were passed by force. */
export function Signs({ stage, bringer }: SignsProps) {
  const nowMs = useNow();
  const { candidate, hold, frozen } = stage.status;
  const broken = bringer?.status.breakGlass;
  if (candidate === undefined && hold === undefined && frozen === undefined && broken === undefined)
    return null;
  return (
    <ul className={styles["signs"]} aria-label={`Signs of ${stage.name}`}>
      {broken !== undefined && (
        <Sign tone="bad" icon={<Flame />} title={`By ${broken.username}: ${broken.reason}`}>
          Glass broken
        </Sign>
      )}
      {candidate !== undefined && (
        <Sign
          tone="moving"
          icon={<PackageCheck />}
          title={[candidate.subject, candidate.author === undefined ? undefined : `by ${candidate.author}`]
            .filter((line) => line !== undefined)
            .join("\n")}
        >
          {formatCandidate(candidate)} ready
        </Sign>
      )}
      {hold !== undefined && (
        <Sign tone="paused" icon={<CirclePause />} title={`By ${hold.by}: ${hold.reason}`}>
          Held
        </Sign>
      )}
      {frozen !== undefined && (
        <Sign tone="paused" icon={<Snowflake />} title={proseOf(frozen, nowMs)}>
          Frozen
        </Sign>
      )}
    </ul>
  );
}

/** What is under way in a stage. */
export function UnderWay({ active }: { readonly active: Promotion | undefined }) {
  const nowMs = useNow();
  if (active === undefined) return null;
  const { text, since, message } = doingOf(active);
  const { namespace, name, spec } = active;
  return (
    <p className={styles["underWay"]} title={message === "" ? undefined : proseOf(message, nowMs)}>
      <Link to="/promotions/$namespace/$name" params={{ namespace, name }}>
        {spec.kind === "Rollback" ? "Rollback to " : ""}
        {formatRevision(spec.revision)}
      </Link>{" "}
      {text}{" "}
      <span className="muted">
        (<Ago time={since} />)
      </span>
    </p>
  );
}
