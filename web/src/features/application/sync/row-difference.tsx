import { useQuery } from "@tanstack/react-query";
import { Failure, Skeleton } from "../../common/states.tsx";
import { toYaml } from "../../common/yaml/to-yaml.ts";
import { YamlDiff } from "../../common/yaml/yaml-diff.tsx";
import type { Application } from "../application-query.ts";
import { managedQuery, manifestsQuery } from "../queries.ts";
import type { Sides } from "./object-state.ts";
import { keyOf, manifestOf, sidesAt, sidesOf } from "./object-state.ts";
import type { PlanRow } from "./plan-steps.ts";

interface RowDifferenceProps {
  readonly app: Application;
  readonly row: PlanRow;
  /** By source; all empty for the target revisions. */
  readonly revisions: readonly string[];
}

/** What a sync changes in an object, asked for when somebody looks: a plan holds no values. */
export function RowDifference({ app, row, revisions }: RowDifferenceProps) {
  const isOther = revisions.some((revision) => revision.trim() !== "");
  const managed = useQuery(managedQuery(app));
  const manifests = useQuery({
    ...manifestsQuery(
      app,
      revisions.map((revision) => revision.trim()),
    ),
    enabled: isOther,
  });
  const error = managed.error ?? (isOther ? manifests.error : null);
  if (error !== null) {
    const retry = () => {
      void managed.refetch();
      if (isOther) void manifests.refetch();
    };
    return <Failure error={error} onRetry={retry} />;
  }
  if (managed.data === undefined || (isOther && manifests.data === undefined))
    return <Skeleton lines={4} label="Looking at the object" />;
  const item = (managed.data.items ?? []).find((one) => keyOf(one) === row.key);
  const sides = isOther
    ? sidesAt(item, manifestOf(manifests.data?.manifests ?? [], row.key))
    : item === undefined
      ? undefined
      : sidesOf(item);
  if (sides === undefined) return <p className="muted">There is no manifest of it to look at.</p>;
  return (
    <>
      {isOther && (
        <p className="muted">
          Shown is what differs from what Git wants now, not from what is in the cluster.
        </p>
      )}
      <Difference row={row} sides={sides} />
    </>
  );
}

function Difference({
  row: { change, kind, name },
  sides: { before, after },
}: {
  readonly row: PlanRow;
  readonly sides: Sides;
}) {
  if (change === "keep") return <p className="muted">It stays as it is.</p>;
  const old = before === undefined ? "" : toYaml(before);
  const next = after === undefined || change === "prune" ? "" : toYaml(after);
  if (old === next) return <p className="muted">Nothing that counts differs.</p>;
  return <YamlDiff before={old} after={next} label={`What changes in ${kind} ${name}`} />;
}
