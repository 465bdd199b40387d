import { keepPreviousData, queryOptions, useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { call } from "../../../lib/api/index.ts";
import { useNow } from "../../common/time.tsx";
import { useDebounced } from "../../common/use-debounced.ts";
import type { Application } from "../application-query.ts";
import { windowsQuery } from "../queries.ts";
import { useSelection } from "../selection.ts";
import type { Approval } from "./approval.ts";
import { usableApproval } from "./approval.ts";
import type { SyncChoice } from "./choice.ts";
import { firstChoice, syncRequest } from "./choice.ts";
import type { Guard } from "./guards.ts";
import { guardsOf } from "./guards.ts";
import type { MadePlan, PlanStep } from "./plan-steps.ts";
import { rowsOf, stepsOf } from "./plan-steps.ts";

export interface Plan {
  readonly choice: SyncChoice;
  readonly choose: (change: Partial<SyncChoice>) => void;
  /** As the server made it; undefined until it is known. */
  readonly made: MadePlan | undefined;
  readonly steps: readonly PlanStep[];
  /** What is shown is of an earlier choice, until the server has made another plan. */
  readonly isOld: boolean;
  readonly guards: readonly Guard[];
  /** Keys of the objects that the sync is about; empty for all. */
  readonly selected: ReadonlySet<string>;
  readonly selectAll: () => void;
  /** Of exactly the plan that is shown; undefined when nobody has approved that. */
  readonly approval: Approval | undefined;
  /** Until the application itself says so. */
  readonly setApproved: (approval: Approval) => void;
  readonly error: Error | null;
  readonly retry: () => void;
  /** By source, as they are asked for; all empty for the target revisions. */
  readonly revisions: readonly string[];
}

/** What would be done as it is chosen, by the server's own plan, made anew while the application changes. */
export function usePlan(app: Application): Plan {
  const [choice, setChoice] = useState(() => firstChoice(app));
  const { metadata } = app;
  const { keys, clear } = useSelection(`${metadata?.namespace ?? ""}/${metadata?.name ?? ""}`);
  const selected = useMemo(() => new Set(managedKeys(app).filter((key) => keys.has(key))), [app, keys]);
  const revisions = useDebounced(choice.revisions);
  const asked = planQuery(app, { ...choice, revisions }, selected);
  const { data, error, refetch } = useQuery({ ...asked, placeholderData: keepPreviousData });
  const { data: windows } = useQuery(windowsQuery(app));
  const made = data?.plan;
  const [given, setApproved] = useState<Approval>();
  const nowMs = useNow();
  const steps = useMemo(() => (made === undefined ? [] : stepsOf(made)), [made]);
  return {
    choice,
    choose: (change) => setChoice((before) => ({ ...before, ...change })),
    made,
    steps,
    isOld: revisions !== choice.revisions || (made !== undefined && data?.of !== asked.of),
    guards: guardsOf({ app, choice, made, rows: rowsOf(steps), selected, windows, nowMs }),
    selected,
    selectAll: clear,
    approval: [usableApproval(app, nowMs), given].find(
      (one) => one !== undefined && one.digest === made?.digest,
    ),
    setApproved,
    error,
    retry: () => void refetch(),
    revisions,
  };
}

function planQuery(app: Application, choice: SyncChoice, selected: ReadonlySet<string>) {
  // What a dry run tries is the plan of the sync itself.
  const request = syncRequest(app, { ...choice, dryRun: false }, { selected: [...selected] });
  const { reconciledAt, sync, operationState } = app.status ?? {};
  const of = JSON.stringify(request);
  const at = [sync?.revision ?? "", reconciledAt ?? "", operationState?.finishedAt ?? ""];
  return {
    of,
    ...queryOptions({
      queryKey: ["plan", of, ...at],
      queryFn: async ({ signal }) => ({ of, plan: await call("plan.make", request, { signal }) }),
      retry: false,
    }),
  };
}

/** A sync can be asked for what the application manages, and not for what that brings along. */
function managedKeys({ status }: Application): readonly string[] {
  return (status?.resources ?? []).map(
    ({ group = "", kind = "", namespace = "", name = "" }) => `${group}/${kind}/${namespace}/${name}`,
  );
}
