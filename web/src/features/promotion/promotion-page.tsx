import { useQuery } from "@tanstack/react-query";
import { Link, getRouteApi } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { commitAddress } from "../../lib/commit-address.ts";
import { formatDuration, formatRevision } from "../../lib/format.ts";
import { isWebAddress } from "../../lib/web-address.ts";
import { Card, Page } from "../common/page.tsx";
import { Failure, Skeleton } from "../common/states.tsx";
import { Status } from "../common/status.tsx";
import { Ago, useNow } from "../common/time.tsx";
import { GlassBanner } from "../pipelines/glass-banner.tsx";
import { doingOf, formatCause, proseOf } from "../pipelines/phrases.ts";
import type { Pipeline, Promotion } from "../pipelines/pipeline.ts";
import { durationOf } from "../pipelines/promotion-times.ts";
import { pipelineQuery, promotionQuery } from "../pipelines/queries.ts";
import { useLivePipelines } from "../pipelines/use-live-pipelines.ts";
import { Facts } from "../settings/parts/facts.tsx";
import { Commits } from "./commits.tsx";
import { Decisions } from "./decisions.tsx";
import { Approvals, Gates } from "./gates.tsx";
import { PlanTable } from "./plan-table.tsx";
import styles from "./promotion-page.module.css";
import { Steps } from "./steps.tsx";

const route = getRouteApi("/inside/promotions/$namespace/$name");

/** One step of one stage: what it brings, what it waits for, who agreed, and how it ended. */
export function PromotionPage() {
  const { namespace, name } = route.useParams();
  const { data: promotion, error, refetch } = useQuery(promotionQuery({ namespace, name }));
  const of = promotion?.spec.pipeline ?? "";
  const pipeline = useQuery({ ...pipelineQuery({ namespace, name: of }), enabled: of !== "" });
  useLivePipelines(pipeline.data !== undefined, { namespace, name: of });
  const above = (
    <>
      <Link to="/pipelines">Pipelines</Link> / {namespace}
      {of !== "" && (
        <>
          {" / "}
          <Link to="/pipelines/$namespace/$name" params={{ namespace, name: of }}>
            {of}
          </Link>
        </>
      )}
    </>
  );
  if (promotion === undefined || pipeline.isLoading)
    return (
      <Page tab={name} title={name} above={above}>
        {error === null ? (
          <Skeleton label={`Loading ${name}`} lines={10} />
        ) : (
          <Failure error={error} onRetry={() => void refetch()} />
        )}
      </Page>
    );
  return (
    <WholePromotion
      key={`${namespace}/${name}`}
      promotion={promotion}
      pipeline={pipeline.data}
      above={above}
    />
  );
}

interface WholeProps {
  readonly promotion: Promotion;
  /** Undefined where it is not there any more. */
  readonly pipeline: Pipeline | undefined;
  readonly above: ReactNode;
}

function WholePromotion({ promotion, pipeline, above }: WholeProps) {
  const { name, spec, status } = promotion;
  const { phase = "Pending", plan, gates = [], verification = [], rejection } = status;
  return (
    <Page
      tab={name}
      title={
        <span className={styles["title"]}>
          {name}
          <Status of="promotion" status={phase} look="badge" />
        </span>
      }
      above={above}
      actions={pipeline !== undefined && <Decisions promotion={promotion} pipeline={pipeline} />}
    >
      <Sentence promotion={promotion} />
      <GlassBanner promotion={promotion} />
      {rejection !== undefined && (
        <p className={styles["rejection"]}>
          Rejected by {rejection.username} <Ago time={rejection.at} />: {rejection.reason}
        </p>
      )}
      <Steps promotion={promotion} />
      <div className={styles["cards"]}>
        <About promotion={promotion} pipeline={pipeline} />
        <Card title="Gates">
          <Gates gates={gates} label="Gates" none="It has not come to its gates yet." />
          <Approvals promotion={promotion} />
        </Card>
        <Card title="Plan">
          {plan === undefined ? (
            <p className={styles["none"]}>There is no plan yet: what it would change is being worked out.</p>
          ) : (
            <PlanTable plan={plan} />
          )}
        </Card>
        <Commits promotion={promotion} pipeline={pipeline} />
        {verification.length > 0 && (
          <Card title="Verification">
            <Gates gates={verification} label="Verification" none="" />
          </Card>
        )}
      </div>
      <p role="status" className="visually-hidden">
        {`${spec.stage}: ${phase}`}
      </p>
    </Page>
  );
}

/** What is true of it, and what ends that. */
function Sentence({ promotion }: Pick<WholeProps, "promotion">) {
  const nowMs = useNow();
  const { text, since, message } = doingOf(promotion);
  const { kind, stage, revision, reason } = promotion.spec;
  const what = kind === "Rollback" ? `The rollback of ${stage} to` : `The promotion to ${stage} of`;
  const { phase, rejection } = promotion.status;
  // What a gate waits for stands beside it, and who rejected it below.
  const isSaid = phase === "Waiting" || rejection !== undefined;
  const prose = isSaid ? "" : proseOf(message, nowMs);
  return (
    <div className={styles["sentence"]}>
      <p>
        {what} {formatRevision(revision)} {text}{" "}
        <span className="muted">
          (<Ago time={since} />)
        </span>
        {prose !== "" && `: ${prose}`}
      </p>
      {reason !== undefined && <p className={styles["reason"]}>“{reason}”</p>}
    </div>
  );
}

function About({ promotion, pipeline }: Pick<WholeProps, "promotion" | "pipeline">) {
  const { namespace, spec, status } = promotion;
  const { proposal, commit, base, rolledBackBy } = status;
  const took = durationOf(promotion);
  const stage = pipeline?.spec.stages.find(({ name }) => name === spec.stage);
  const repoURL = stage?.repoURL ?? pipeline?.spec.repoURL ?? "";
  const forge = pipeline?.spec.forge?.kind;
  const linked = (text: string): ReactNode => <CommitLink commit={text} repoURL={repoURL} forge={forge} />;
  const other = (name: string): ReactNode => (
    <Link to="/promotions/$namespace/$name" params={{ namespace, name }}>
      {name}
    </Link>
  );
  const facts: readonly (readonly [string, ReactNode] | undefined)[] = [
    [
      "Asked for by",
      <>
        {formatCause(spec)}, <Ago time={spec.requestedAt} />
      </>,
    ],
    ["Revision", linked(spec.revision)],
    spec.rollbackTo === undefined || spec.rollbackTo === "" ? undefined : ["Back to", other(spec.rollbackTo)],
    commit === undefined ? undefined : ["Commit", linked(commit)],
    base === undefined || base === "" ? undefined : ["Made for", linked(base)],
    stage === undefined
      ? undefined
      : ["Branch", stage.path === undefined ? stage.branch : `${stage.branch} / ${stage.path}`],
    proposal === undefined
      ? undefined
      : [
          "Pull request",
          isWebAddress(proposal.url) ? (
            <a href={proposal.url} target="_blank" rel="noreferrer">
              #{proposal.number}
            </a>
          ) : (
            `#${proposal.number}`
          ),
        ],
    spec.release === undefined ? undefined : ["Release", spec.release],
    rolledBackBy === undefined || rolledBackBy === "" ? undefined : ["Taken back by", other(rolledBackBy)],
    took === undefined ? undefined : ["Took", formatDuration(took)],
  ];
  return (
    <Card title="About it">
      <Facts facts={facts} />
    </Card>
  );
}

interface CommitLinkProps {
  readonly commit: string;
  readonly repoURL: string;
  readonly forge: string | undefined;
}

function CommitLink({ commit, repoURL, forge }: CommitLinkProps) {
  const address = commitAddress(repoURL, commit, forge);
  const text = <code title={commit}>{formatRevision(commit)}</code>;
  if (address === undefined) return text;
  return (
    <a href={address} target="_blank" rel="noreferrer">
      {text}
    </a>
  );
}
