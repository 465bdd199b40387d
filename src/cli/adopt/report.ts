import type { ArgoWorkload } from "#core/adopt/index.ts";
import { formatObjectKey } from "#core/object/index.ts";
import type { ForeseenApplication, ForeseenChange } from "./plan-applications.ts";
import type { Installation } from "./read-installation.ts";

/** All that is known before Mooring takes Argo CD's place. */
export interface AdoptReport {
  readonly namespace: string;
  readonly context: string;
  readonly workloads: readonly ArgoWorkload[];
  readonly stopped: readonly ArgoWorkload[];
  readonly installation: Installation;
  readonly applications: readonly ForeseenApplication[];
  /** Why it must not be done as it is. */
  readonly blockers: readonly string[];
}

/** The applications that Mooring would change by itself, and those of which it cannot be said. */
export function unclearApplications({ applications }: AdoptReport): readonly ForeseenApplication[] {
  return applications.filter(
    ({ automated, changes, operation, failure }) =>
      failure !== undefined || operation || (automated && changes.length > 0),
  );
}

/** The report for people; field paths, and no values. */
export function formatReport(report: AdoptReport): string {
  const { installation, applications, blockers } = report;
  return [
    ...formatInstallation(report),
    "",
    ...section("what Mooring does otherwise, or not yet", installation.remarks),
    `applications (${applications.length})`,
    ...applications.flatMap((app) => formatApplication(app)),
    "",
    ...section(leftTitle, leftToOthers(applications)),
    ...section("not to be done before", blockers),
    summaryOf(report),
    "",
  ].join("\n");
}

const leftTitle =
  "left to another application: these objects stay as they are, and a sync of the application that does not apply them ends as failed, where Argo CD's would take them";

function leftToOthers(applications: readonly ForeseenApplication[]): readonly string[] {
  return applications.flatMap((app) => app.leftToOthers);
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [title, ...lines.map((line) => `  ${line}`), ""];
}

function formatInstallation({
  namespace,
  context,
  workloads,
  stopped,
  installation,
}: AdoptReport): readonly string[] {
  const { settings, definitions } = installation;
  const version = workloads.find(({ component }) => component === "application-controller")?.version ?? "";
  const id = settings.installationId === "" ? "none" : settings.installationId;
  return [
    `Argo CD ${version} in namespace ${namespace} of context ${context}`.replace("  ", " "),
    ...workloads.map(
      (one) =>
        `  ${`${one.kind}/${one.name}`.padEnd(52)} ${replicasOf(one)}, ${stopped.includes(one) ? "stops" : "stays"}`,
    ),
    `  tracking: ${settings.trackingMethod}, label ${settings.instanceLabelKey}, installation id: ${id}`,
    `  definitions: ${definitions.join("; ")}`,
  ];
}

function replicasOf({ replicas, formerReplicas }: ArgoWorkload): string {
  const count = `${replicas} ${replicas === 1 ? "replica" : "replicas"}`;
  return formerReplicas === undefined ? count : `${count}, had ${formerReplicas}`;
}

function formatApplication(app: ForeseenApplication): readonly string[] {
  const { name, objects, changes, failure } = app;
  const left = app.leftToOthers.length;
  const notes = [
    ...(left === 0 ? [] : [`leaves ${left} more to another application, see below`]),
    ...(app.operation ? ["an operation runs or waits, and Mooring would go on with it"] : []),
    ...app.refusals.map((refusal) => `a sync would be refused: ${refusal}`),
    ...app.withoutEffect.map((field) => `no effect: ${field}`),
  ].map((note) => `      ${note}`);
  if (failure !== undefined)
    return [
      `  ? ${name}: cannot be planned`,
      ...failure.split("\n").map((line) => `      ${line}`),
      ...notes,
    ];
  if (changes.length === 0) return [`  = ${name}: changes nothing of ${objects} objects`, ...notes];
  const when = app.automated
    ? "its automated sync would change"
    : "when somebody syncs it, that would change";
  return [
    `  ${app.automated ? "~" : "="} ${name}: ${when} ${changes.length} of ${objects} objects`,
    ...changes.map((change) => `      ${formatChange(change)}`),
    ...notes,
  ];
}

function formatChange({ key, verb, fields }: ForeseenChange): string {
  return `${verb} ${formatObjectKey(key)}${fields.length === 0 ? "" : `: ${fields.join(" ")}`}`;
}

function summaryOf(report: AdoptReport): string {
  const unclear = unclearApplications(report);
  const all = report.applications.length;
  const left = leftToOthers(report.applications).length;
  const besides =
    left === 0
      ? ""
      : ` ${left === 1 ? "1 object is" : `${left} objects are`} left to another application, see above.`;
  if (unclear.length === 0)
    return `Taking over changes no object of ${all} ${all === 1 ? "application" : "applications"}.${besides}`;
  return `Taking over would change, or may change, objects of ${unclear.length} of ${all} applications: ${unclear.map(({ name }) => name).join(", ")}.${besides}`;
}
