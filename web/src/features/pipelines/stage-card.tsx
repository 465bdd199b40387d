import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type { ReactNode } from "react";
import { formatCount, formatRevision } from "../../lib/format.ts";
import { Status } from "../common/status.tsx";
import { Ago, useNow } from "../common/time.tsx";
import { GuardedButton } from "../settings/parts/guarded-button.tsx";
import { activeOf, proseOf } from "./phrases.ts";
import type { Pipeline, Promotion, Stage } from "./pipeline.ts";
import styles from "./stage-card.module.css";
import { HoldDialog, PromoteDialog, ResumeDialog, RollbackDialog } from "./stage-dialogs.tsx";
import { Glass, Revision, UnderWay } from "./stage-parts.tsx";
import { commitIn } from "./subjects.ts";
import { usePermissionFor } from "./use-pipeline-object.ts";

export interface StageProps {
  readonly stage: Stage;
  readonly pipeline: Pipeline;
  /** Of the pipeline, newest first. */
  readonly promotions: readonly Promotion[];
}

/** One stage: what is there, what could come, and what can be done. */
export function StageCard(props: StageProps) {
  const { stage, pipeline, promotions } = props;
  const { health, healthySince, revision = "", since, promotion, verified } = stage.status;
  const bringer = promotions.find(({ name }) => name === promotion);
  const { subject, author } = commitIn(revision, pipeline, promotions);
  const isVerified = verified === true && (stage.spec.verification ?? []).length > 0;
  return (
    <>
      <div className={styles["head"]}>
        <h2>{stage.name}</h2>
        <Status
          of="health"
          status={health}
          look="badge"
          message={healthySince === undefined ? undefined : `Healthy since ${healthySince}`}
        />
      </div>
      <p className={styles["branch"]}>
        {stage.spec.branch}
        {stage.spec.path !== undefined && ` / ${stage.spec.path}`}
      </p>
      <div>
        <p>
          <Revision revision={revision} pipeline={pipeline} promotions={promotions} />{" "}
          <span className="muted">
            <Ago time={since} />
            {isVerified && ", verified"}
          </span>
        </p>
        {subject !== undefined && (
          <p className={styles["subject"]}>
            {subject} {author !== undefined && <span className="muted">by {author}</span>}
          </p>
        )}
        {bringer !== undefined && (
          <p className={styles["small"]}>
            by{" "}
            <Link
              to="/promotions/$namespace/$name"
              params={{ namespace: bringer.namespace, name: bringer.name }}
            >
              {bringer.name}
            </Link>
          </p>
        )}
      </div>
      <Applications stage={stage} />
      <Glass bringer={bringer} />
      <Candidate {...props} />
      <Stops stage={stage} />
      <UnderWay active={activeOf(stage, promotions)} />
      {stage.after.length > 0 && <Buttons {...props} />}
    </>
  );
}

function Applications({ stage: { name, applications, status } }: { readonly stage: Stage }) {
  if (applications.length === 0) return <p className="muted">no applications</p>;
  return (
    <ul className={styles["apps"]} aria-label={`Applications of ${name}`}>
      {applications.map((app) => {
        const known = status.applications?.find(
          (each) => each.name === app.name && each.namespace === app.namespace,
        );
        return (
          <li key={`${app.namespace}/${app.name}`}>
            <Status of="health" status={known?.health} look="icon" />
            <Link to="/applications/$namespace/$name" params={app}>
              {app.name}
            </Link>
            {known?.sync !== undefined && known.sync !== "Synced" && <Status of="sync" status={known.sync} />}
          </li>
        );
      })}
    </ul>
  );
}

/** What could come next, with what is known of its commits. */
function Candidate({ stage, promotions }: StageProps) {
  const nowMs = useNow();
  const { candidate, hold, frozen } = stage.status;
  if (candidate === undefined) return null;
  const active = activeOf(stage, promotions);
  const { revision, subject, author, commits = 0, waitsFor = "", since } = candidate;
  // What is under way, a hold and a freeze are told by themselves.
  const isTold = active !== undefined || hold !== undefined || frozen !== undefined;
  const waits = isTold ? "" : proseOf(waitsFor, nowMs);
  const known = active?.status.commits ?? [];
  const listed = known[0]?.commit === revision ? known.slice(0, shownCommits) : [];
  const more = commits - Math.max(1, listed.length);
  return (
    <div className={styles["candidate"]}>
      <p className={styles["small"]}>
        <strong className={styles["ready"]}>
          {commits > 0 ? `+${formatCount(commits, "commit")} ready` : "Next"}
        </strong>{" "}
        <code title={revision}>{formatRevision(revision)}</code>{" "}
        <span className="muted">
          <Ago time={since} />
        </span>
      </p>
      <ul className={styles["commits"]} aria-label={`Commits for ${stage.name}`}>
        {listed.length > 0 ? (
          listed.map((each) => (
            <CommitLine key={each.commit} author={each.author}>
              {each.subject ?? formatRevision(each.commit)}
            </CommitLine>
          ))
        ) : (
          <CommitLine author={author}>{subject ?? formatRevision(revision)}</CommitLine>
        )}
        {more > 0 && <li className="muted">and {formatCount(more, "more commit")}</li>}
      </ul>
      {waits !== "" && <p className={styles["small"]}>Waits: {waits}</p>}
    </div>
  );
}

const shownCommits = 5;

function CommitLine({
  author,
  children,
}: {
  readonly author: string | undefined;
  readonly children: ReactNode;
}) {
  return (
    <li>
      {children} {author !== undefined && <span className="muted">by {author}</span>}
    </li>
  );
}

function Stops({ stage: { status } }: { readonly stage: Stage }) {
  const nowMs = useNow();
  const { hold, frozen } = status;
  if (hold === undefined && frozen === undefined) return null;
  return (
    <div className={styles["stops"]}>
      {hold !== undefined && (
        <p>
          Held by {hold.by} <Ago time={hold.since} />: {hold.reason}
        </p>
      )}
      {frozen !== undefined && <p>Frozen by {proseOf(frozen, nowMs)}</p>}
    </div>
  );
}

type Doing = "promote" | "rollback" | "hold" | "resume";

function Buttons(props: StageProps) {
  const { stage, pipeline, promotions } = props;
  const [doing, setDoing] = useState<Doing>();
  const wants = usePermissionFor(pipeline);
  const close = (): void => setDoing(undefined);
  const isHeld = stage.status.hold !== undefined || `mooring.dev/hold.${stage.name}` in pipeline.annotations;
  const isFirst = stage.status.revision === undefined && stage.status.promotion === undefined;
  const isReady = stage.status.candidate !== undefined && activeOf(stage, promotions) === undefined;
  const dialog = { ...props, onClose: close };
  return (
    <div className={styles["buttons"]} role="group" aria-label={`What can be done with ${stage.name}`}>
      <GuardedButton
        size="small"
        look={isReady ? "primary" : "plain"}
        wants={wants(`promote/${stage.name}`)}
        onClick={() => setDoing("promote")}
      >
        Promote…
      </GuardedButton>
      <GuardedButton
        size="small"
        wants={wants(`rollback/${stage.name}`)}
        disabled={isFirst}
        title={isFirst ? "Nothing is there yet that could be taken back." : undefined}
        onClick={() => setDoing("rollback")}
      >
        Roll back…
      </GuardedButton>
      <GuardedButton
        size="small"
        wants={wants(`hold/${stage.name}`)}
        onClick={() => setDoing(isHeld ? "resume" : "hold")}
      >
        {isHeld ? "Resume…" : "Hold…"}
      </GuardedButton>
      {doing === "promote" && <PromoteDialog {...dialog} />}
      {doing === "rollback" && <RollbackDialog {...dialog} />}
      {doing === "hold" && <HoldDialog {...dialog} />}
      {doing === "resume" && <ResumeDialog {...dialog} />}
    </div>
  );
}
