import { parseMooringObject } from "#core/crd/parse-object.ts";
import { MooringError } from "#core/errors/index.ts";
import type { KubeObject } from "#core/object/index.ts";
import type { Freeze } from "./freeze.ts";
import { parseFreezes } from "./freeze.ts";
import type { Gate, PipelineProblem } from "./gate.ts";
import { parseGates, readDuration } from "./gate.ts";
import { pipelineSchema } from "./pipeline-schema.ts";
import { namedProject } from "#core/project/project-of.ts";
import { applicationKeyOf } from "./named-applications.ts";
import { findCycle } from "./stage-graph.ts";
import { checkPlaces, checkProposals } from "./stage-places.ts";
import type { PipelineSpec, PipelineStatus, StageSpec } from "./types.ts";

/** A stage whose fields are understood, with its defaults. */
export interface Stage {
  readonly name: string;
  readonly repoUrl: string;
  readonly branch: string;
  /** Without slashes around it; empty for all of the branch. */
  readonly path: string;
  /** `namespace/name`. */
  readonly applications: readonly string[];
  /** Empty for the first, which is whatever people commit to. */
  readonly after: readonly string[];
  readonly isAutomatic: boolean;
  readonly takesEach: boolean;
  readonly write: {
    readonly by: "fast-forward" | "merge" | "copy";
    readonly keep: readonly string[];
    readonly pullRequest: NonNullable<NonNullable<StageSpec["write"]>["pullRequest"]> | undefined;
  };
  readonly gates: readonly Gate[];
  readonly verification: readonly Gate[];
  readonly deadlineMs: number;
  readonly onFailure: "hold" | "rollback";
}

/** A Pipeline whose fields are understood and make sense together. */
export interface Pipeline {
  readonly name: string;
  readonly namespace: string;
  readonly uid: string;
  readonly generation: number;
  readonly project: string;
  readonly intervalMs: number;
  readonly isSuspended: boolean;
  readonly historyLimit: number;
  readonly author: { readonly name: string; readonly email: string };
  readonly signingKeySecretRef: PipelineSpec["signingKeySecretRef"];
  readonly forge: PipelineSpec["forge"];
  readonly freezes: readonly Freeze[];
  /** Each after those that it takes from. */
  readonly stages: readonly Stage[];
  readonly status: PipelineStatus;
  readonly annotations: Readonly<Record<string, string>>;
}

const maxStages = 50;
const maxApplications = 500;
const shownProblems = 5;

/** Reads a Pipeline. Throws APP_INVALID naming the object, each wrong field and the fix. */
export function parsePipeline(object: KubeObject): Pipeline {
  const parsed = parseMooringObject(object, "Pipeline", pipelineSchema);
  const { name = "", namespace = "", uid = "", generation = 0, annotations = {} } = parsed.metadata;
  const spec = parsed["spec"] as unknown as PipelineSpec;
  const problems: PipelineProblem[] = [];
  const stages = parseStages(spec, { name, namespace, problems });
  const freezes = parseFreezes(spec.freezes ?? [], { stages: stages.map((each) => each.name), problems });
  const intervalMs = readDuration(spec.interval, { path: "spec.interval", problems }) ?? 60_000;
  if (intervalMs < 1_000)
    problems.push({ path: "spec.interval", message: "is less than a second; write 1s or more" });
  const { historyLimit = 20 } = spec;
  if (historyLimit < 2 || historyLimit > 1_000)
    problems.push({ path: "spec.historyLimit", message: `is ${historyLimit}; write 2 to 1000` });
  if (spec.forge === undefined)
    for (const [i, stage] of spec.stages.entries()) requireForge(stage, `spec.stages[${i}]`, problems);
  if (problems.length > 0) throw invalid(`Pipeline/${namespace}/${name}`, problems);
  return {
    name,
    namespace,
    uid,
    generation,
    project: namedProject(spec.project),
    intervalMs,
    isSuspended: spec.suspend ?? false,
    historyLimit,
    author: {
      name: spec.author?.name ?? "Mooring",
      email: spec.author?.email ?? "mooring@localhost",
    },
    signingKeySecretRef: spec.signingKeySecretRef,
    forge: spec.forge,
    freezes,
    stages,
    status: (parsed["status"] ?? {}) as unknown as PipelineStatus,
    annotations,
  };
}

function invalid(subject: string, problems: readonly PipelineProblem[]): MooringError {
  const shown = problems.slice(0, shownProblems).map(({ path, message }) => `${path} ${message}`);
  const more = problems.length > shownProblems ? [`and ${problems.length - shownProblems} more`] : [];
  return new MooringError("APP_INVALID", `${subject}: ${[...shown, ...more].join("; ")}`, { key: subject });
}

function requireForge(stage: StageSpec, path: string, problems: PipelineProblem[]): void {
  const message = "needs spec.forge, by which it is asked for; add it";
  if (stage.write?.pullRequest !== undefined) problems.push({ path: `${path}.write.pullRequest`, message });
  const at = (stage.gates ?? []).findIndex((gate) => gate.commitStatus !== undefined);
  if (at >= 0) problems.push({ path: `${path}.gates[${at}].commitStatus`, message });
}

interface Reading {
  readonly namespace: string;
  readonly problems: PipelineProblem[];
}

function parseStages(
  spec: PipelineSpec,
  { name, namespace, problems }: Reading & { readonly name: string },
): readonly Stage[] {
  const { stages: given } = spec;
  if (given.length === 0)
    problems.push({ path: "spec.stages", message: "is empty; name at least one stage" });
  if (given.length > maxStages) {
    problems.push({
      path: "spec.stages",
      message: `has ${given.length} entries; at most ${maxStages} are allowed`,
    });
    return [];
  }
  const stages = given.map((stage, i) =>
    parseStage(stage, { spec, before: given[i - 1], path: `spec.stages[${i}]`, namespace, problems }),
  );
  checkNames(stages, problems);
  checkPlaces(stages, problems);
  checkProposals(stages, { pipeline: name, problems });
  checkOwners(stages, problems);
  const cycle = findCycle(stages);
  if (cycle !== undefined) {
    const message = `go round in a circle (${cycle.join(" after ")}); take one after away`;
    problems.push({ path: "spec.stages", message });
    return stages;
  }
  return inOrder(stages);
}

interface StageReading extends Reading {
  readonly spec: PipelineSpec;
  readonly before: StageSpec | undefined;
  readonly path: string;
}

function parseStage(stage: StageSpec, { spec, before, path, namespace, problems }: StageReading): Stage {
  const repoUrl = stage.repoURL ?? spec.repoURL;
  const folder = cleanPath(stage.path ?? "", `${path}.path`, problems);
  const after = stage.after ?? (before === undefined ? [] : [before.name]);
  const { applications } = stage;
  if (applications.length > maxApplications) {
    const message = `has ${applications.length} entries; at most ${maxApplications} are allowed`;
    problems.push({ path: `${path}.applications`, message });
  }
  const isElsewhere = folder !== "" || repoUrl !== spec.repoURL;
  const write = stage.write ?? {};
  const by = write.by ?? (isElsewhere ? "copy" : "fast-forward");
  checkWrite({ by, keep: write.keep ?? [], folder, isElsewhere }, `${path}.write`, problems);
  const deadlineMs = readDuration(stage.deadline, { path: `${path}.deadline`, problems }) ?? 15 * 60_000;
  const gates = { path: `${path}.gates`, problems, isVerification: false };
  const verification = { path: `${path}.verification`, problems, isVerification: true };
  return {
    name: stage.name,
    repoUrl,
    branch: stage.branch,
    path: folder,
    applications: applications.map((each) => applicationKeyOf(each, namespace)),
    after,
    isAutomatic: stage.promote === "auto",
    takesEach: stage.take === "each",
    write: { by, keep: write.keep ?? [], pullRequest: write.pullRequest },
    gates: parseGates(stage.gates ?? [], gates),
    verification: parseGates(stage.verification ?? [], verification),
    deadlineMs,
    onFailure: stage.onFailure ?? "hold",
  };
}

function cleanPath(path: string, at: string, problems: PipelineProblem[]): string {
  const parts = path.split("/").filter((part) => part !== "" && part !== ".");
  if (parts.includes("..") || path.includes("\0"))
    problems.push({
      path: at,
      message: `is ${JSON.stringify(path)}, which leaves the repository; write a path inside`,
    });
  return parts.join("/");
}

interface Written {
  readonly by: Stage["write"]["by"];
  readonly keep: readonly string[];
  readonly folder: string;
  readonly isElsewhere: boolean;
}

function checkWrite(written: Written, path: string, problems: PipelineProblem[]): void {
  const { by, keep, folder, isElsewhere } = written;
  if (by !== "copy" && isElsewhere) {
    const what = folder === "" ? "another repository" : "a folder";
    problems.push({ path: `${path}.by`, message: `is ${by}, which ${what} cannot be written by; use copy` });
  }
  if (by !== "copy" && keep.length > 0)
    problems.push({ path: `${path}.keep`, message: `has no meaning with ${by}; use it with copy` });
}

function checkNames(stages: readonly Stage[], problems: PipelineProblem[]): void {
  const names = stages.map(({ name }) => name);
  for (const [i, { name, after }] of stages.entries()) {
    const path = `spec.stages[${i}]`;
    if (names.indexOf(name) !== i)
      problems.push({
        path: `${path}.name`,
        message: `is ${name}, like another stage's; give it a name of its own`,
      });
    for (const [k, other] of after.entries()) {
      if (names.includes(other)) continue;
      const message = `is ${JSON.stringify(other)}, which is no stage; use one of ${names.join(", ")}`;
      problems.push({ path: `${path}.after[${k}]`, message });
    }
  }
}

/** An application can only be in one environment. */
function checkOwners(stages: readonly Stage[], problems: PipelineProblem[]): void {
  const owners = new Map<string, string>();
  for (const [i, stage] of stages.entries())
    for (const [k, app] of stage.applications.entries()) {
      const owner = owners.get(app);
      if (owner !== undefined) {
        const message = `is ${app}, which stage ${owner} names, too; an Application is in one stage`;
        problems.push({ path: `spec.stages[${i}].applications[${k}]`, message });
      }
      owners.set(app, stage.name);
    }
}

function inOrder(stages: readonly Stage[]): readonly Stage[] {
  const done = new Set<string>();
  const ordered: Stage[] = [];
  const known = new Set(stages.map(({ name }) => name));
  while (ordered.length < stages.length) {
    const next = stages.find(
      (stage) => !ordered.includes(stage) && stage.after.every((name) => done.has(name) || !known.has(name)),
    );
    if (next === undefined) return stages;
    ordered.push(next);
    done.add(next.name);
  }
  return ordered;
}
