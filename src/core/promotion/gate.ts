import { parseDuration } from "#core/sync/duration.ts";
import { isMooringError } from "#core/errors/index.ts";
import type { WindowSpec } from "#core/windows/index.ts";
import { windowProblems } from "#core/windows/index.ts";
import type { GateSpec } from "./types.ts";

const gateKinds = ["soak", "approvals", "window", "commitStatus", "webhook", "prometheus", "job"] as const;
export type GateKind = (typeof gateKinds)[number];

/** What makes sense once a revision was applied. */
const verifyingKinds: readonly GateKind[] = ["soak", "webhook", "prometheus", "job"];
const defaultTimeoutMs = 24 * 3_600_000;

/** A gate whose fields are understood. */
export interface Gate {
  readonly name: string;
  readonly kind: GateKind;
  readonly timeoutMs: number;
  readonly spec: GateSpec;
}

/** Something wrong; the path starts at the object. */
export interface PipelineProblem {
  readonly path: string;
  readonly message: string;
}

interface Place {
  readonly path: string;
  readonly problems: PipelineProblem[];
  readonly isVerification: boolean;
}

/** Reads the gates of one list; what cannot be kept is added to the problems. */
export function parseGates(specs: readonly GateSpec[], place: Place): readonly Gate[] {
  const gates = specs.flatMap((spec, i) => parseGate(spec, { ...place, path: `${place.path}[${i}]` }) ?? []);
  for (const [i, { name }] of gates.entries()) {
    if (gates.findIndex((other) => other.name === name) === i) continue;
    const path = `${place.path}[${i}].name`;
    place.problems.push({
      path,
      message: `is ${JSON.stringify(name)}, like another gate's; give it a name of its own`,
    });
  }
  return gates;
}

function parseGate(spec: GateSpec, { path, problems, isVerification }: Place): Gate | undefined {
  const kinds = gateKinds.filter((kind) => spec[kind] !== undefined);
  const [kind, ...more] = kinds;
  const allowed = isVerification ? verifyingKinds : gateKinds;
  if (kind === undefined || more.length > 0) {
    const has = kind === undefined ? "says nothing" : `says ${kinds.join(" and ")}`;
    problems.push({ path, message: `${has}; write exactly one of ${allowed.join(", ")}` });
    return undefined;
  }
  if (!allowed.includes(kind)) {
    problems.push({
      path: `${path}.${kind}`,
      message: `cannot verify what was applied; use one of ${allowed.join(", ")}, or move it to gates`,
    });
    return undefined;
  }
  const before = problems.length;
  const timeoutMs = readDuration(spec.timeout, { path: `${path}.timeout`, problems }) ?? defaultTimeoutMs;
  checkKind(kind, spec, { path, problems });
  if (kind === "soak") checkSoak(spec, { path, problems, timeoutMs });
  return problems.length > before ? undefined : { name: spec.name ?? kind, kind, timeoutMs, spec };
}

interface Problems {
  readonly path: string;
  readonly problems: PipelineProblem[];
}

/** Milliseconds of a positive duration; undefined when it is missing or wrong. */
export function readDuration(text: string | undefined, { path, problems }: Problems): number | undefined {
  if (text === undefined) return undefined;
  try {
    const ms = parseDuration(text);
    if (ms > 0) return ms;
    problems.push({ path, message: `is ${JSON.stringify(text)}; it must be longer than nothing` });
  } catch (error) {
    if (!isMooringError(error)) throw error;
    problems.push({
      path,
      message: `is ${JSON.stringify(text.slice(0, 60))}; write it like 30s, 10m or 1h30m`,
    });
  }
  return undefined;
}

/** A soak that lasts longer than its gate can never pass. */
function checkSoak(
  spec: GateSpec,
  { path, problems, timeoutMs }: Problems & { readonly timeoutMs: number },
): void {
  const soakMs = readDuration(spec.soak, { path: `${path}.soak`, problems });
  if (soakMs === undefined || soakMs < timeoutMs) return;
  problems.push({
    path: `${path}.soak`,
    message: `is not shorter than the gate's timeout (24h by default), so that it never passes; set timeout to more`,
  });
}

function checkKind(kind: GateKind, spec: GateSpec, place: Problems): void {
  if (kind === "approvals") checkApprovals(spec, place);
  if (kind === "window" && spec.window !== undefined) checkWindow(spec.window, place);
  if (kind === "webhook") checkUrl(spec.webhook?.url, `${place.path}.webhook.url`, place.problems);
  if (kind === "prometheus") checkPrometheus(spec, place);
}

function checkApprovals({ approvals }: GateSpec, { path, problems }: Problems): void {
  const { required: count = 1, users = [], groups = [] } = approvals ?? {};
  if (count < 1 || count > 100)
    problems.push({ path: `${path}.approvals.required`, message: `is ${count}; write 1 to 100` });
  if (groups.length === 0 && users.length > 0 && users.length < count) {
    const message = `is ${count}, and only ${users.length} may approve; name more people or a group`;
    problems.push({ path: `${path}.approvals.required`, message });
  }
}

function checkWindow(window: WindowSpec, { path, problems }: Problems): void {
  for (const problem of windowProblems([window])) {
    const at = problem.path.replace("spec.syncWindows[0]", `${path}.window`);
    problems.push({ path: at, message: problem.message.slice(problem.path.length + 1) });
  }
}

function checkPrometheus({ prometheus }: GateSpec, { path, problems }: Problems): void {
  checkUrl(prometheus?.url, `${path}.prometheus.url`, problems);
  readDuration(prometheus?.interval, { path: `${path}.prometheus.interval`, problems });
  for (const [field, least] of [
    ["count", 1],
    ["failures", 0],
  ] as const) {
    const value = prometheus?.[field] ?? least;
    if (value < least || value > 1_000) {
      const message = `is ${value}; write ${least} to 1000`;
      problems.push({ path: `${path}.prometheus.${field}`, message });
    }
  }
}

function checkUrl(url: string | undefined, path: string, problems: PipelineProblem[]): void {
  if (/^https?:\/\/[^\s@/?#]+(?:[/?#]\S*)?$/u.test(url ?? "")) return;
  const message = "is no http or https URL without credentials in it; write one, and credentials in a Secret";
  problems.push({ path, message });
}
