import { useQueries, useQuery } from "@tanstack/react-query";
import { Route as Way } from "lucide-react";
import { call } from "../../lib/api/index.ts";
import { formatDuration, formatExact, formatRevision } from "../../lib/format.ts";
import type { Application } from "../application/application-query.ts";
import { Failure, Skeleton, State } from "../common/states.tsx";
import { Ago } from "../common/time.tsx";
import type { Span } from "./delivery-steps.ts";
import { outcomeOf, slowestOf, spansOf, stepLabels, steps } from "./delivery-steps.ts";
import styles from "./delivery-view.module.css";
import type { Delivery } from "./timeline-query.ts";
import { timelineQuery } from "./timeline-query.ts";

interface DeliveryViewProps {
  readonly app: Application;
}

/** Commits whose author and time are asked for; older ones are shown from when they were seen. */
const describedCommits = 20;

/** For each revision the way from the commit to a healthy cluster, as a bar, so that the slow step shows. */
export function DeliveryView({ app }: DeliveryViewProps) {
  const { name = "", namespace = "", resourceVersion = "" } = app.metadata ?? {};
  const { data, error, refetch } = useQuery(timelineQuery({ namespace, name }, resourceVersion));
  const deliveries = data?.deliveries ?? [];
  const commits = useQueries({
    queries: deliveries.slice(0, describedCommits).map(({ revisions = [] }) => ({
      queryKey: ["commit", namespace, name, revisions[0] ?? ""],
      queryFn: ({ signal }: { readonly signal: AbortSignal }) =>
        call(
          "application.revisionMetadata",
          { name, appNamespace: namespace, revision: revisions[0] ?? "" },
          { signal },
        ),
      enabled: /^[0-9a-f]{40,64}$/u.test(revisions[0] ?? ""),
      staleTime: Infinity,
      retry: false,
    })),
  });
  if (data === undefined)
    return error === null ? (
      <Skeleton label="Loading deliveries" />
    ) : (
      <Failure error={error} onRetry={() => void refetch()} />
    );
  if (deliveries.length === 0)
    return (
      <State icon={<Way />} title="No delivery yet">
        The next commit that changes what is deployed is followed here, from Git to a healthy cluster.
      </State>
    );
  return (
    <>
      <Legend />
      <ol className={styles["list"]}>
        {deliveries.map((delivery, i) => (
          <DeliveryRow
            key={`${(delivery.revisions ?? []).join()} ${delivery.started ?? delivery.seen ?? ""}`}
            delivery={delivery}
            commit={commits[i]?.data}
          />
        ))}
      </ol>
    </>
  );
}

function Legend() {
  return (
    <ul className={styles["legend"]}>
      {steps.map((step) => (
        <li key={step}>
          <span aria-hidden="true" className={`${styles["swatch"]} ${styles[step]}`} />
          {stepLabels[step]}
        </li>
      ))}
    </ul>
  );
}

interface Commit {
  readonly author?: string | undefined;
  readonly date?: string | undefined;
  readonly message?: string | undefined;
}

const outcomes = {
  healthy: "healthy",
  applied: "applied, not healthy yet",
  failed: "its last sync failed",
  waiting: "not applied yet",
} as const;

function DeliveryRow({
  delivery,
  commit,
}: {
  readonly delivery: Delivery;
  readonly commit: Commit | undefined;
}) {
  const spans = spansOf(delivery, commit?.date);
  const total = spans.reduce((sum, { ms }) => sum + ms, 0);
  const outcome = outcomeOf(delivery);
  const slowest = slowestOf(spans);
  return (
    <li className={styles["row"]}>
      <div className={styles["what"]}>
        <code>{(delivery.revisions ?? []).map((one) => formatRevision(one)).join(", ")}</code>
        <span className="truncate" title={commit?.message}>
          {commit?.message?.split("\n")[0]}
        </span>
        <span className="muted">
          {commit?.author?.replace(/ <.*>$/u, "")}{" "}
          <Ago time={commit?.date ?? delivery.seen ?? delivery.applied} />
        </span>
      </div>
      <div className={styles["way"]}>
        <Bar spans={spans} total={total} />
        <p className={outcome === "failed" ? styles["failed"] : "muted"}>
          {total > 0 && `${formatDuration(total)}, `}
          {outcomes[outcome]}
          {slowest !== undefined &&
            `; most of it was ${stepLabels[slowest.step].toLowerCase()} (${formatDuration(slowest.ms)})`}
        </p>
      </div>
      <dl className={styles["times"]}>
        {steps.map((step) => (
          <div key={step}>
            <dt>{step}</dt>
            <dd title={delivery[step] === undefined ? undefined : formatExact(delivery[step])}>
              {spans.find((span) => span.step === step) === undefined
                ? "–"
                : `+${formatDuration(spans.find((span) => span.step === step)?.ms ?? 0)}`}
            </dd>
          </div>
        ))}
      </dl>
    </li>
  );
}

function Bar({ spans, total }: { readonly spans: readonly Span[]; readonly total: number }) {
  const told = spans.map(({ step, ms }) => `${stepLabels[step]}: ${formatDuration(ms)}`).join(", ");
  return (
    <div role="img" aria-label={told === "" ? "No times are known" : told} className={styles["bar"]}>
      {spans.map(({ step, ms }) => (
        <span
          key={step}
          className={styles[step]}
          style={{ flexGrow: total === 0 ? 1 : ms / total }}
          title={`${stepLabels[step]}: ${formatDuration(ms)}`}
        />
      ))}
    </div>
  );
}
