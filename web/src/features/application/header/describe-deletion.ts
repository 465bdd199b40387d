import { formatCount } from "../../../lib/format.ts";
import type { Application } from "../application-query.ts";
import { asClause, formatSince, withoutSubject } from "./phrases.ts";
import type { Clauses } from "./phrases.ts";

const finalizer = "resources-finalizer.argocd.argoproj.io";

/** Whether what the application deployed goes with it. */
function isCascading({ metadata }: Application): boolean {
  return (metadata?.finalizers ?? []).some((one) => one === finalizer || one.startsWith(`${finalizer}/`));
}

/** Of an application that is being deleted. */
export function describeDeletion(app: Application, nowMs: number): Clauses | undefined {
  const since = app.metadata?.deletionTimestamp;
  if (since === undefined) return undefined;
  const is = `Its deletion has been under way for ${formatSince(since, nowMs)}`;
  const said = (app.status?.conditions ?? []).find(
    ({ type }) => type === "DeletionError" || type === "DeletionWarning",
  );
  if (said?.message !== undefined) return [is, asClause(withoutSubject(said.message, app))];
  const count = app.status?.resources?.length ?? 0;
  return [
    is,
    isCascading(app)
      ? `it waits until ${count === 0 ? "what it deployed is" : `${formatCount(count, "object")} that it deployed ${count === 1 ? "is" : "are"}`} gone`
      : "what it deployed stays in the cluster",
  ];
}
