import { useQuery } from "@tanstack/react-query";
import { Link, getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { GitCommitHorizontal, RefreshCw, SearchX, WifiOff } from "lucide-react";
import { formatCount, formatRepository } from "../../lib/format.ts";
import { Button, IconButton } from "../common/button.tsx";
import { Page } from "../common/page.tsx";
import { Failure, Skeleton, State } from "../common/states.tsx";
import { Status } from "../common/status.tsx";
import { Ago, useNow } from "../common/time.tsx";
import { useWaitingForMe } from "../promotion/waiting-query.ts";
import { isFound } from "../settings/parts/find-in.ts";
import { FindBox } from "../settings/parts/settings-frame.tsx";
import { examplePipeline } from "./example.ts";
import { Flow } from "./flow.tsx";
import { headlineOf } from "./headline.ts";
import styles from "./list-page.module.css";
import type { PipelinesSearch } from "./list-search.ts";
import { activeOf } from "./phrases.ts";
import type { Pipeline, Promotion, Stage } from "./pipeline.ts";
import { keyOf, stagesOf } from "./pipeline.ts";
import { brokenGlassQuery, openPromotionsQuery, pipelinesQuery } from "./queries.ts";
import { Revision, Signs, UnderWay } from "./stage-parts.tsx";
import { useLivePipelines } from "./use-live-pipelines.ts";

const route = getRouteApi("/inside/pipelines");

/** Rows that are drawn at first, and more with each click. */
const step = 50;

/** All pipelines that one may see, each with its stages from left to right. */
export function PipelinesPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const show = (next: PipelinesSearch): void =>
    void navigate({ search: next, replace: true, resetScroll: false });
  const { data: pipelines, error, refetch } = useQuery(pipelinesQuery);
  const open = useQuery(openPromotionsQuery);
  const glass = useQuery(brokenGlassQuery);
  const waiting = useWaitingForMe();
  const [limit, setLimit] = useState(step);
  const { isConnected } = useLivePipelines(pipelines !== undefined);
  const projects = [...new Set((pipelines ?? []).map(({ project }) => project))].toSorted();
  const shown = (pipelines ?? []).filter((pipeline) => isShown(pipeline, search));
  // What is under way belongs into the rows: they come when both are known, and do not move then.
  const isRead =
    pipelines !== undefined && waiting !== undefined && [open, glass].every(({ isPending }) => !isPending);
  return (
    <Page
      tab="Pipelines"
      title={
        <>
          Pipelines <span className="muted">{pipelines?.length.toLocaleString("en")}</span>
        </>
      }
      actions={
        <>
          {!isConnected && (
            <span role="status" className={styles["offline"]}>
              <WifiOff aria-hidden="true" /> Connecting again…
            </span>
          )}
          <IconButton label="Ask again" onClick={() => void Promise.all([refetch(), open.refetch()])}>
            <RefreshCw />
          </IconButton>
        </>
      }
    >
      {isRead && <WaitingForMe waiting={waiting} />}
      {pipelines?.length !== 0 && (
        <div className={styles["tools"]}>
          <FindBox
            what="pipelines"
            text={search.text ?? ""}
            onChange={(text) => show(withText(search, text))}
          />
          <select
            aria-label="Project"
            className={styles["project"]}
            value={search.project ?? ""}
            onChange={(event) => show(withProject(search, event.target.value))}
          >
            <option value="">All projects</option>
            {projects.map((project) => (
              <option key={project}>{project}</option>
            ))}
          </select>
        </div>
      )}
      {error !== null && pipelines === undefined ? (
        <Failure error={error} onRetry={() => void refetch()} />
      ) : !isRead ? (
        <Skeleton lines={9} label="Loading pipelines" />
      ) : shown.length > 0 ? (
        <ul className={styles["rows"]} aria-label="Pipelines">
          {shown.slice(0, limit).map((pipeline) => (
            <Row
              key={keyOf(pipeline)}
              pipeline={pipeline}
              promotions={[...(open.data ?? []), ...(glass.data ?? [])]}
            />
          ))}
        </ul>
      ) : pipelines.length > 0 ? (
        <State
          icon={<SearchX />}
          title="No pipeline matches"
          actions={<Button onClick={() => show({})}>Show all pipelines</Button>}
        >
          The filters leave none of those that you may see.
        </State>
      ) : (
        <NoPipelines />
      )}
      {isRead && shown.length > limit && (
        <div className={styles["more"]}>
          <Button onClick={() => setLimit(limit + step)}>
            Show {Math.min(step, shown.length - limit)} more of {(shown.length - limit).toLocaleString("en")}
          </Button>
        </div>
      )}
      <p role="status" className="visually-hidden">
        {isRead && formatCount(shown.length, "pipeline")}
      </p>
    </Page>
  );
}

/** What somebody who comes here has to do. */
function WaitingForMe({ waiting }: { readonly waiting: readonly Promotion[] }) {
  if (waiting.length === 0) return null;
  return (
    <section className={styles["waiting"]} aria-label="Waits for you">
      <p>
        {waiting.length === 1 ? "A promotion waits" : `${waiting.length} promotions wait`} for your approval:
      </p>
      <ul>
        {waiting.map(({ namespace, name, spec, status }) => (
          <li key={`${namespace}/${name}`}>
            <Link to="/promotions/$namespace/$name" params={{ namespace, name }}>
              {name}
            </Link>{" "}
            {spec.reason ?? status.commits?.[0]?.subject}
          </li>
        ))}
      </ul>
    </section>
  );
}

function isShown(pipeline: Pipeline, { text = "", project = "" }: PipelinesSearch): boolean {
  if (project !== "" && pipeline.project !== project) return false;
  const stages = stagesOf(pipeline).flatMap(({ name, spec, applications }) => [
    name,
    spec.branch,
    ...applications.map((app) => app.name),
  ]);
  return isFound(text, [
    pipeline.name,
    pipeline.namespace,
    pipeline.project,
    pipeline.spec.repoURL,
    ...stages,
  ]);
}

function withText({ text: _text, ...search }: PipelinesSearch, text: string): PipelinesSearch {
  return text === "" ? search : { ...search, text };
}

function withProject({ project: _project, ...search }: PipelinesSearch, project: string): PipelinesSearch {
  return project === "" ? search : { ...search, project };
}

interface RowProps {
  readonly pipeline: Pipeline;
  /** That are under way, and those that broke the glass, of all pipelines. */
  readonly promotions: readonly Promotion[];
}

function Row({ pipeline, promotions }: RowProps) {
  const { namespace, name, project, spec } = pipeline;
  const own = promotions.filter((each) => each.spec.pipeline === name && each.namespace === namespace);
  const nowMs = useNow();
  return (
    <li className={styles["row"]}>
      <header className={styles["head"]}>
        <h2>
          <Link to="/pipelines/$namespace/$name" params={{ namespace, name }}>
            {name}
          </Link>
        </h2>
        <span className="muted">
          {project} · {formatRepository(spec.repoURL)}
        </span>
      </header>
      <p className={styles["headline"]}>{headlineOf({ pipeline, promotions: own, nowMs })}</p>
      <Flow stages={stagesOf(pipeline)} label={`Stages of ${name}`} look="row">
        {(stage) => <SmallStage stage={stage} pipeline={pipeline} promotions={own} />}
      </Flow>
    </li>
  );
}

function SmallStage({ stage, pipeline, promotions }: RowProps & { readonly stage: Stage }) {
  const { namespace, name } = pipeline;
  const { health, healthySince, revision, since } = stage.status;
  return (
    <>
      <div className={styles["stageHead"]}>
        <h3>
          <Link to="/pipelines/$namespace/$name" params={{ namespace, name }} search={{ stage: stage.name }}>
            {stage.name}
          </Link>
        </h3>
        <Status
          of="health"
          status={health}
          message={healthySince === undefined ? undefined : `Healthy since ${healthySince}`}
        />
      </div>
      <p className={styles["line"]}>
        <Revision revision={revision} pipeline={pipeline} promotions={promotions} />{" "}
        <span className="muted">
          <Ago time={since} />
        </span>
      </p>
      <Signs stage={stage} bringer={promotions.find((each) => each.name === stage.status.promotion)} />
      <UnderWay active={activeOf(stage, promotions)} />
    </>
  );
}

function NoPipelines() {
  return (
    <>
      <State icon={<GitCommitHorizontal />} title="No pipelines yet">
        A pipeline brings revisions from one environment to the next: what was good on <code>main</code> goes
        to <code>staging</code>, and to <code>prod</code> when people have approved it. Save this, with your
        repository and your applications, and apply it with <code>kubectl apply -f pipeline.yaml</code>:
      </State>
      <pre className={styles["example"]}>
        <code>{examplePipeline}</code>
      </pre>
    </>
  );
}
