import type { Application } from "#core/app/index.ts";
import { isMooringError } from "#core/errors/index.ts";
import type { DiffLine } from "#core/diff/index.ts";
import { diffObjects } from "#core/diff/index.ts";
import type { KubeObject, ObjectKey } from "#core/object/index.ts";
import { parseObjectKey } from "#core/object/index.ts";
import { redactSecrets } from "#core/redact/index.ts";
import { fieldManager } from "#engine/apply.ts";
import type { ComparedObject } from "#engine/compare.ts";
import type { LiveStore } from "#ports/live-store.ts";
import type { CompareRequest } from "./compare-application.ts";
import { compareApplication } from "./compare-application.ts";
import { createPaint } from "./output/paint.ts";
import type { CliPorts } from "./ports.ts";

/** What a sync would do to one object. */
export interface ObjectDiff {
  readonly key: ObjectKey;
  readonly lines: readonly DiffLine[];
  /** What lines cannot show: why it could not be predicted, or that it would be pruned. */
  readonly note: string | undefined;
}

/** Compares an Application with Git as the controller does and gives what differs, sorted by object; secrets are hidden. */
export async function diffApplication(
  app: Application,
  request: CompareRequest,
): Promise<readonly ObjectDiff[]> {
  await using found = await compareApplication(app, request);
  const { live } = found.context;
  const differing = found.compared
    .filter(({ sync }) => sync === "OutOfSync")
    .toSorted((a, b) => (a.key < b.key ? -1 : 1));
  return await Promise.all(differing.map((object) => diffOne(object, { live, ports: request.ports })));
}

interface DiffContext {
  readonly live: LiveStore;
  readonly ports: CliPorts;
}

async function diffOne(object: ComparedObject, context: DiffContext): Promise<ObjectDiff> {
  const { live, ports } = context;
  const before = await liveOf(object, context);
  const { after, note } = await predictedOf(object, context);
  const hide = (one: KubeObject | undefined) =>
    one === undefined
      ? undefined
      : redactSecrets(one, { hash: ports.hashSecret, secretPaths: object.desired?.secretPaths ?? [] });
  const pruned = object.desired === undefined ? "left Git: a sync with --prune deletes it" : undefined;
  const lines = diffObjects(hide(before ?? live.get(object.key)), hide(after));
  return { key: object.key, lines, note: note ?? pruned };
}

/** The live object in the version that Git speaks. */
async function liveOf(object: ComparedObject, { live, ports }: DiffContext): Promise<KubeObject | undefined> {
  const found = live.get(object.key);
  const type = object.desired?.type;
  if (found === undefined || type === undefined || found.apiVersion === object.apiVersion) return found;
  const { namespace = "", name = "" } = found.metadata;
  return live.cluster.read({ type, namespace, name }, ports.signal);
}

interface Predicted {
  readonly after: KubeObject | undefined;
  readonly note?: string;
}

/** The object after an apply, as the API server answers a dry run; what Git says where it would refuse it. */
async function predictedOf(object: ComparedObject, { live, ports }: DiffContext): Promise<Predicted> {
  const { desired } = object;
  if (desired === undefined) return { after: undefined };
  const wanted = desired.read();
  if (object.refused !== undefined) return { after: wanted, note: object.refused };
  if (object.liveVersion === undefined || desired.type === undefined) return { after: wanted };
  try {
    const options = {
      fieldManager,
      force: true,
      dryRun: true,
      fieldValidation: "Ignore",
      signal: ports.signal,
    } as const;
    return { after: await live.cluster.apply(desired.type, wanted, options) };
  } catch (error) {
    if (!isMooringError(error)) throw error;
    return { after: wanted, note: error.message };
  }
}

/** Prints diffs, each under a line that names its object: `===== apps/Deployment shop/web ======`. */
export function printDiffs(
  diffs: readonly ObjectDiff[],
  { ports, color }: { readonly ports: CliPorts; readonly color: string | undefined },
): void {
  const paint = createPaint(ports, ports.stdout, color);
  for (const [i, { key, lines, note }] of diffs.entries()) {
    const { group, kind, namespace, name } = parseObjectKey(key);
    const place = namespace === "" ? name : `${namespace}/${name}`;
    const title = `===== ${group}/${kind} ${place} ======`;
    const body = lines.map((line) => paintLine(line, paint));
    const remark = note === undefined ? [] : [paint("yellow", `# ${note}`)];
    ports.stdout.write(`${i === 0 ? "" : "\n"}${[paint("bold", title), ...remark, ...body].join("\n")}\n`);
  }
}

function paintLine({ kind, text }: DiffLine, paint: ReturnType<typeof createPaint>): string {
  switch (kind) {
    case "context":
      return ` ${text}`;
    case "added":
      return paint("green", `+${text}`);
    case "removed":
      return paint("red", `-${text}`);
    case "hunk":
      return paint("cyan", text);
    default:
      throw new Error(`unhandled line: ${JSON.stringify(kind satisfies never)}`);
  }
}
