import type { Promotion } from "#core/promotion/index.ts";
import { oneLine, formatTable } from "../output/table.ts";
import { formatAge, shortCommit } from "./format-parts.ts";
import { whoPromoted } from "./format-pipeline.ts";

/** One promotion for people. */
export function formatPromotion(promotion: Promotion, nowMs: number): string {
  const { namespace, name, spec, status } = promotion;
  const { phase = "Pending", message = "", commit, proposal, rejection, breakGlass, rolledBackBy } = status;
  const line = (label: string, text: string | undefined): readonly string[][] =>
    text === undefined || text === "" ? [] : [[label, oneLine(text)]];
  const head = [
    ...line("Promotion:", `${namespace}/${name}`),
    ...line("Stage:", `${spec.pipeline}/${spec.stage}`),
    ...line("Phase:", phase),
    ...line("Message:", message),
    ...line(spec.kind === "Rollback" ? "Rollback to:" : "Revision:", spec.revision),
    ...line("Asked by:", `${whoPromoted(promotion)}, ${formatAge(spec.requestedAt, nowMs)} ago`),
    ...line("Reason:", spec.reason),
    ...line("Release:", spec.release),
    ...line("Commit:", commit),
    ...line("Proposal:", proposal?.url),
    ...line("Rejected:", rejection && `by ${rejection.username}: ${rejection.reason}`),
    ...line("Gates bypassed:", breakGlass && `by ${breakGlass.username}: ${breakGlass.reason}`),
    ...line("Rolled back by:", rolledBackBy),
  ];
  const gates = [...(status.gates ?? []), ...(status.verification ?? [])];
  const approvals = (status.approvals ?? []).map(({ username, at, digest, comment = "" }) => [
    username,
    formatAge(at, nowMs),
    digest === status.plan?.digest ? "this plan" : "another plan",
    oneLine(comment),
  ]);
  return [
    formatTable(head),
    section(
      ["GATE", "STATE", "SINCE", "MESSAGE"],
      gates.map(({ name: gate, state, since, message: said = "" }) => [
        gate,
        state,
        since === undefined ? "-" : formatAge(since, nowMs),
        oneLine(said),
      ]),
    ),
    section(["APPROVED BY", "SINCE", "OF", "COMMENT"], approvals),
    formatPlan(promotion),
  ]
    .filter((part) => part !== "")
    .join("\n");
}

function section(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  return rows.length === 0 ? "" : formatTable([columns, ...rows]);
}

/** What a promotion would change. */
export function formatPlan({ status, name }: Promotion): string {
  const { plan, commits = [] } = status;
  const brought = section(
    ["COMMIT", "AUTHOR", "SUBJECT"],
    commits.map(({ commit, author = "", subject = "" }) => [shortCommit(commit), author, oneLine(subject)]),
  );
  if (plan === undefined) return `${name} has no plan yet\n${brought === "" ? "" : `\n${brought}`}`;
  const applications = section(
    ["APPLICATION", "CHANGES"],
    plan.applications.map(({ namespace, name: app, summary = "", problem = "" }) => [
      `${namespace}/${app}`,
      oneLine(problem === "" ? summary : `problem: ${problem}`),
    ]),
  );
  return [brought, applications, `Plan: ${plan.digest}\n`].filter((part) => part !== "").join("\n");
}

/** One line for each promotion. */
export function formatPromotions(
  promotions: readonly Promotion[],
  { nowMs, wide }: { readonly nowMs: number; readonly wide: boolean },
): string {
  const rows = promotions.map((promotion) => {
    const { name, spec, status, createdAt } = promotion;
    return [
      name,
      `${spec.pipeline}/${spec.stage}`,
      spec.kind,
      shortCommit(spec.revision),
      status.phase ?? "Pending",
      formatAge(createdAt, nowMs),
      whoPromoted(promotion),
      ...(wide ? [spec.release ?? "-", oneLine(status.message ?? "")] : []),
    ];
  });
  const columns = ["NAME", "STAGE", "KIND", "REVISION", "PHASE", "AGE", "BY"];
  return formatTable([[...columns, ...(wide ? ["RELEASE", "MESSAGE"] : [])], ...rows]);
}
