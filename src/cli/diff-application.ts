import type { Application } from "#core/app/index.ts";
import type { DiffLine } from "#core/diff/index.ts";
import { diffObjects } from "#core/diff/index.ts";
import type { ValuePath } from "#core/differences/index.ts";
import { removePaths } from "#core/differences/index.ts";
import type { KubeObject, ObjectKey } from "#core/object/index.ts";
import { parseObjectKey } from "#core/object/index.ts";
import { redactSecrets } from "#core/redact/index.ts";
import { respectBy } from "#engine/ignored-fields.ts";
import type { SidesRequest } from "#engine/object-sides.ts";
import { sidesOf } from "#engine/object-sides.ts";
import type { ComparedObject } from "#engine/compare.ts";
import type { CompareRequest } from "./compare-application.ts";
import { compareApplication } from "./compare-application.ts";
import { createPaint } from "./output/paint.ts";
import { askDiffs } from "./server/ask-diffs.ts";
import { needsCluster } from "./server/needs-cluster.ts";
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
  const { hub, ports } = request;
  if (hub.api !== undefined) {
    const isOther = request.local !== undefined || request.revisions.some((revision) => revision !== "");
    if (isOther) throw needsCluster(hub.api.address, "comparisons with other revisions and with local files");
    return await askDiffs(hub.api, app, ports.signal);
  }
  await using found = await compareApplication(app, request);
  const { context, rules } = found;
  const { live, tracking } = context;
  const respect = respectBy(rules, { cluster: live.cluster, tracking });
  const differing = found.compared
    .filter(({ sync }) => sync === "OutOfSync")
    .toSorted((a, b) => (a.key < b.key ? -1 : 1));
  const { signal, hashSecret: hash } = request.ports;
  const { sensitiveAnnotations } = context.settings;
  const at: SidesRequest = { live, rules, respect, signal };
  return await Promise.all(differing.map((object) => diffOne(object, at, { hash, sensitiveAnnotations })));
}

interface Hiding {
  readonly hash: (value: string) => string;
  readonly sensitiveAnnotations: readonly string[];
}

async function diffOne(object: ComparedObject, context: SidesRequest, hide: Hiding): Promise<ObjectDiff> {
  const { before, after, ignored, note } = await sidesOf(object, context);
  const hiding = { ...hide, secretPaths: object.desired?.secretPaths ?? [] };
  const pruned = object.desired === undefined ? "left Git: a sync with --prune deletes it" : undefined;
  // What is hidden is found by its kind and its place: first it is hidden, then what is ignored goes.
  const shown = (one: KubeObject | undefined, paths: readonly ValuePath[] = []) => {
    return one === undefined ? undefined : (removePaths(redactSecrets(one, hiding), paths) as KubeObject);
  };
  const lines = diffObjects(shown(before, ignored[0]), shown(after, ignored[1]));
  return { key: object.key, lines, note: note ?? pruned };
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
    const body = paintDiff(lines, paint);
    const remark = note === undefined ? [] : [paint("yellow", `# ${note}`)];
    ports.stdout.write(`${i === 0 ? "" : "\n"}${[paint("bold", title), ...remark, ...body].join("\n")}\n`);
  }
}

/** The lines of a diff with their signs. */
export function paintDiff(
  lines: readonly DiffLine[],
  paint: ReturnType<typeof createPaint>,
): readonly string[] {
  return lines.map((line) => paintLine(line, paint));
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
