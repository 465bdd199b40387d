import type { Application } from "../application-query.ts";

type State = NonNullable<NonNullable<Application["status"]>["operationState"]>;
type Result = NonNullable<NonNullable<State["syncResult"]>["resources"]>[number];

interface OperationRow {
  readonly key: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly phase: string;
  /** What `Status` shows as the phase of an operation. */
  readonly status: string;
  readonly word: string;
  readonly message: string;
}

/** What became of each object, what failed first, then what runs. */
export function operationRows(state: State | undefined): readonly OperationRow[] {
  const rows = (state?.syncResult?.resources ?? []).map((result) => rowOf(result));
  return rows.toSorted((a, b) => rankOf(a) - rankOf(b));
}

function rowOf(result: Result): OperationRow {
  const { group = "", kind = "", namespace = "", name = "", syncPhase = "", message = "", hookType } = result;
  const hook = hookType === undefined || hookType === "" ? "" : " (hook)";
  return {
    key: `${syncPhase} ${group}/${kind}/${namespace}/${name}`,
    kind,
    namespace,
    name,
    phase: `${syncPhase}${hook}`,
    ...outcomeOf(result),
    message,
  };
}

function outcomeOf({ status = "", hookPhase = "" }: Result): {
  readonly status: string;
  readonly word: string;
} {
  if (status === "SyncFailed") return { status: "Failed", word: "Failed" };
  if (hookPhase !== "" && hookPhase !== "Succeeded") return { status: hookPhase, word: hookPhase };
  if (status === "Pruned") return { status: "Succeeded", word: "Deleted" };
  if (status === "PruneSkipped") return { status: "Terminating", word: "Kept" };
  if (status !== "") return { status: "Succeeded", word: "Done" };
  // Its turn has not come, or it is being waited for.
  return { status: "Running", word: "Waiting" };
}

const order = ["Failed", "Error", "Running", "Terminating"];

function rankOf({ status }: OperationRow): number {
  const rank = order.indexOf(status);
  return rank < 0 ? order.length : rank;
}

/** Whether the sync waits until somebody confirms that objects are deleted. */
export function awaitsConfirmation(state: State | undefined): boolean {
  return (
    state?.phase === "Running" && (state.message ?? "").startsWith("waiting for pruning confirmation of ")
  );
}
