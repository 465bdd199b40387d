import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { Gauge, RefreshCw } from "lucide-react";
import { call } from "../../lib/api/index.ts";
import { formatDuration } from "../../lib/format.ts";
import { IconButton } from "../common/button.tsx";
import { Page } from "../common/page.tsx";
import { Failure, Skeleton, State } from "../common/states.tsx";
import { SelectField } from "../settings/parts/inputs.tsx";
import styles from "./delivery-page.module.css";
import type { DeliverySearch } from "./delivery-search.ts";
import { orders, sinceOf, spans } from "./delivery-search.ts";
import { FiguresTable } from "./figures-table.tsx";
import type { DeliveryFigures, Figures } from "./sort-figures.ts";
import { formatFrequency, formatRate, sortFigures } from "./sort-figures.ts";
import { TraceBox } from "./trace-box.tsx";
import { TraceResult } from "./trace-result.tsx";

const route = getRouteApi("/inside/delivery");

/** Where a commit or an image is, and how well deliveries go. */
export function DeliveryPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const show = (next: DeliverySearch): void =>
    void navigate({ search: next, replace: true, resetScroll: false });
  const { what = "", last, project } = search;
  const query = useQuery({
    queryKey: ["figures", last ?? "30d"],
    queryFn: ({ signal }) => call("trace.figures", { since: sinceOf(last, Date.now()) }, { signal }),
    placeholderData: keepPreviousData,
  });
  const { data, error, refetch, isFetching } = query;
  return (
    <Page
      tab="Delivery"
      title="Delivery"
      actions={
        <IconButton label="Ask again" isBusy={isFetching} onClick={() => void refetch()}>
          <RefreshCw />
        </IconButton>
      }
    >
      <div className={styles["content"]}>
        <TraceBox
          what={what}
          onAsk={(text) => {
            const { what: _old, ...rest } = search;
            show(text === "" ? rest : { ...rest, what: text });
          }}
        />
        {what !== "" && <TraceResult what={what} project={project} />}
        <section className={styles["content"]} aria-labelledby="figures">
          <h2 id="figures" className={styles["heading"]}>
            How well deliveries go
          </h2>
          {data === undefined ? (
            error === null ? (
              <Skeleton lines={8} label="Loading figures" />
            ) : (
              <Failure error={error} onRetry={() => void refetch()} />
            )
          ) : (
            <FiguresView figures={data} search={search} onShow={show} />
          )}
          {error !== null && data !== undefined && <p className={styles["warning"]}>{error.message}</p>}
        </section>
      </div>
    </Page>
  );
}

interface FiguresViewProps {
  readonly figures: DeliveryFigures;
  readonly search: DeliverySearch;
  readonly onShow: (search: DeliverySearch) => void;
}

function FiguresView({ figures, search, onShow }: FiguresViewProps) {
  const { applications = [], projects = [], total = {} } = figures;
  const { project, last = "30d", order = "name" } = search;
  const rows = applications.filter((one) => project === undefined || one.project === project);
  const summed = project === undefined ? total : (projects.find((one) => one.project === project) ?? {});
  return (
    <>
      <form className={styles["filters"]} onSubmit={(event) => event.preventDefault()}>
        <SelectField
          label="Project"
          value={project ?? ""}
          onChange={(value) => {
            const { project: _old, ...rest } = search;
            onShow(value === "" ? rest : { ...rest, project: value });
          }}
          options={[
            ["", "All projects"],
            ...projects.map((one) => [one.project ?? "", one.project ?? ""] as const),
          ]}
        />
        <SelectField
          label="When"
          value={last}
          onChange={(value) => onShow({ ...search, last: value as typeof last })}
          options={spans}
        />
        <SelectField
          label="Order"
          value={order}
          onChange={(value) => onShow({ ...search, order: value as typeof order })}
          options={orders}
        />
      </form>
      {rows.length === 0 ? (
        <State icon={<Gauge />} title="No applications">
          Of applications that you may see the figures are shown here.
        </State>
      ) : (
        <>
          <Summary figures={summed} />
          <FiguresTable rows={sortFigures(rows, order)} />
          <p className="muted">
            What{" "}
            <a href="https://dora.dev/guides/dora-metrics-four-keys/" target="_blank" rel="noreferrer">
              DORA
            </a>{" "}
            measures. A delivery fails when its sync fails, when the application is degraded within ten
            minutes after it, or when it is rolled back. Corrections of drift, syncs that changed nothing and
            the first delivery of an application do not count.
          </p>
        </>
      )}
    </>
  );
}

/** The four figures of all that is shown. */
function Summary({ figures }: { readonly figures: Figures }) {
  const { deliveries = 0, deploymentsPerDay, failures = 0, failureRate, open = 0, few = false } = figures;
  const { leadTime, restoreTime } = figures;
  const facts = [
    {
      name: "Lead time",
      value: leadTime === undefined ? "–" : formatDuration(leadTime.medianMs ?? 0),
      about:
        leadTime === undefined
          ? "from the commit to healthy"
          : `9 of 10 within ${formatDuration(leadTime.p90Ms ?? 0)}, n ${leadTime.count ?? 0}`,
    },
    {
      name: "Deployment frequency",
      value: formatFrequency(deploymentsPerDay),
      about: `n ${figures.deployments ?? 0}`,
    },
    {
      name: "Change failure rate",
      value: formatRate(failureRate),
      about: `${failures} of ${deliveries} deliveries`,
    },
    {
      name: "Time to restore",
      value: restoreTime === undefined ? "–" : formatDuration(restoreTime.medianMs ?? 0),
      about:
        restoreTime === undefined
          ? "from a failure to healthy"
          : `9 of 10 within ${formatDuration(restoreTime.p90Ms ?? 0)}, n ${restoreTime.count ?? 0}`,
    },
  ];
  return (
    <>
      <dl className={styles["facts"]}>
        {facts.map(({ name, value, about }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              <strong>{value}</strong>
              <span className="muted">{about}</span>
            </dd>
          </div>
        ))}
      </dl>
      {(few || open > 0) && (
        <p className={styles["warning"]}>
          {few && "These are few deliveries: the figures say little. "}
          {open > 0 && `After ${open === 1 ? "one failure" : `${open} failures`} nothing is healthy yet.`}
        </p>
      )}
    </>
  );
}
