import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, getRouteApi } from "@tanstack/react-router";
import { RefreshCw, Trash2, WifiOff } from "lucide-react";
import { useState } from "react";
import type { ReactNode } from "react";
import { call } from "../../lib/api/index.ts";
import { formatRepository } from "../../lib/format.ts";
import { isWebAddress } from "../../lib/web-address.ts";
import { Button } from "../common/button.tsx";
import { Page } from "../common/page.tsx";
import { Failure, Skeleton, State } from "../common/states.tsx";
import { Ago, useNow } from "../common/time.tsx";
import { tellError } from "../common/toast.tsx";
import { GuardedButton } from "../settings/parts/guarded-button.tsx";
import { DeletePipeline } from "./delete-pipeline.tsx";
import { Flow } from "./flow.tsx";
import { GlassBanner } from "./glass-banner.tsx";
import { headlineOf } from "./headline.ts";
import { History } from "./history.tsx";
import type { PipelineView } from "./list-search.ts";
import styles from "./pipeline-page.module.css";
import type { Pipeline, Promotion } from "./pipeline.ts";
import { stagesOf } from "./pipeline.ts";
import { historyQuery, pipelineQuery } from "./queries.ts";
import { SpecView } from "./spec-view.tsx";
import { StageCard } from "./stage-card.tsx";
import { put, useLivePipelines } from "./use-live-pipelines.ts";
import { usePermissionFor } from "./use-pipeline-object.ts";
import { readPipeline } from "./pipeline.ts";

const route = getRouteApi("/inside/pipelines/$namespace/$name");

/** One pipeline: what is true of it, and what can be done with each stage. */
export function PipelinePage() {
  const { namespace, name } = route.useParams();
  const { data: pipeline, error, refetch } = useQuery(pipelineQuery({ namespace, name }));
  const history = useQuery(historyQuery({ namespace, name }));
  const { isConnected, isGone } = useLivePipelines(pipeline !== undefined, { namespace, name });
  const above = (
    <>
      <Link to="/pipelines">Pipelines</Link> / {namespace}
    </>
  );
  const isRead = pipeline !== undefined && (history.data !== undefined || history.error !== null);
  if (isGone)
    return (
      <Page tab={name} title={name} above={above}>
        <State
          icon={<Trash2 />}
          title={`${name} was deleted`}
          actions={<Link to="/pipelines">All pipelines</Link>}
        >
          Its branches, its applications and what is deployed are as they were.
        </State>
      </Page>
    );
  if (!isRead)
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
    <WholePipeline
      key={`${namespace}/${name}`}
      pipeline={pipeline}
      promotions={history.data ?? []}
      above={above}
      isConnected={isConnected}
    />
  );
}

interface WholeProps {
  readonly pipeline: Pipeline;
  readonly promotions: readonly Promotion[];
  readonly above: ReactNode;
  readonly isConnected: boolean;
}

function WholePipeline({ pipeline, promotions, above, isConnected }: WholeProps) {
  const { view = "stages", stage } = route.useSearch();
  const navigate = route.useNavigate();
  const { namespace, name } = pipeline;
  const [isDeleting, setDeleting] = useState(false);
  const nowMs = useNow();
  const stages = stagesOf(pipeline);
  const wants = usePermissionFor(pipeline);
  return (
    <Page
      tab={name}
      title={name}
      above={above}
      actions={
        <>
          {!isConnected && (
            <span role="status" className={styles["offline"]}>
              <WifiOff aria-hidden="true" /> Connecting again…
            </span>
          )}
          <Refresh pipeline={pipeline} />
          <GuardedButton icon={<Trash2 />} wants={wants("delete")} onClick={() => setDeleting(true)}>
            Delete…
          </GuardedButton>
        </>
      }
    >
      <p className={styles["headline"]}>{headlineOf({ pipeline, promotions, nowMs })}</p>
      <Broken pipeline={pipeline} promotions={promotions} />
      <About pipeline={pipeline} />
      <Tabs view={view} pipeline={pipeline} />
      {view === "settings" ? (
        <SpecView pipeline={pipeline} />
      ) : (
        <div className={styles["content"]}>
          <Flow stages={stages} label={`Stages of ${name}`} look="columns">
            {(each) => <StageCard stage={each} pipeline={pipeline} promotions={promotions} />}
          </Flow>
          <History
            promotions={promotions}
            stages={stages.map((each) => each.name)}
            stage={stage ?? ""}
            onStage={(next) =>
              void navigate({ search: next === "" ? {} : { stage: next }, replace: true, resetScroll: false })
            }
          />
        </div>
      )}
      {isDeleting && <DeletePipeline name={{ namespace, name }} onClose={() => setDeleting(false)} />}
    </Page>
  );
}

/** A banner for each stage whose content was let past its gates. */
function Broken({ pipeline, promotions }: Pick<WholeProps, "pipeline" | "promotions">) {
  const there = stagesOf(pipeline).flatMap(({ status }) => status.promotion ?? status.active ?? []);
  const broken = promotions.filter(
    ({ name, status }) => status.breakGlass !== undefined && there.includes(name),
  );
  return broken.map((promotion) => <GlassBanner key={promotion.name} promotion={promotion} hasLink />);
}

function Refresh({ pipeline: { namespace, name } }: Pick<WholeProps, "pipeline">) {
  const queryClient = useQueryClient();
  const { mutate, isPending } = useMutation({
    mutationFn: () => call("pipeline.refresh", { namespace, name }),
    onSuccess: (answer) => put(queryClient, readPipeline(answer)),
    onError: tellError,
  });
  return (
    <Button icon={<RefreshCw />} isBusy={isPending} title="Asks its branches now" onClick={() => mutate()}>
      Refresh
    </Button>
  );
}

function About({ pipeline: { project, spec, status } }: Pick<WholeProps, "pipeline">) {
  return (
    <p className={styles["about"]}>
      Project{" "}
      <Link to="/settings/projects/$name" params={{ name: project }}>
        {project}
      </Link>
      {" · "}
      {isWebAddress(spec.repoURL) ? (
        <a href={spec.repoURL} target="_blank" rel="noreferrer">
          {formatRepository(spec.repoURL)}
        </a>
      ) : (
        formatRepository(spec.repoURL)
      )}
      {status.askedAt !== undefined && (
        <>
          {" · branches asked "}
          <Ago time={status.askedAt} />
        </>
      )}
    </p>
  );
}

const tabs: Readonly<Record<PipelineView, string>> = { stages: "Stages", settings: "Settings" };

function Tabs({
  view,
  pipeline: { namespace, name },
}: { readonly view: PipelineView } & Pick<WholeProps, "pipeline">) {
  return (
    <nav className={styles["tabs"]} aria-label="Views">
      {(["stages", "settings"] as const).map((one) => (
        <Link
          key={one}
          to="/pipelines/$namespace/$name"
          params={{ namespace, name }}
          search={one === "stages" ? {} : { view: one }}
          replace
          className={`${styles["tab"]} ${one === view ? styles["here"] : ""}`}
          aria-current={one === view ? "page" : undefined}
        >
          {tabs[one]}
        </Link>
      ))}
    </nav>
  );
}
