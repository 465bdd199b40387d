import type { BackupKind } from "#core/backup/index.ts";
import { isNeverPruned, massPruneProblem } from "#core/backup/index.ts";
import { isMooringError, messageOf, MooringError } from "#core/errors/index.ts";
import type { KubeObject, ObjectKey } from "#core/object/index.ts";
import { formatObjectKey, keyOf } from "#core/object/index.ts";
import { confirm } from "../confirm.ts";
import type { CliHub } from "../hub.ts";
import { cliFieldManager } from "../hub.ts";
import type { CliPorts } from "../ports.ts";
import { readBackupObjects, typeOfKind } from "./live-objects.ts";
import type { BackupNamespaces } from "./namespaces.ts";

interface PruneRequest {
  readonly hub: CliHub;
  readonly place: BackupNamespaces;
  readonly ports: CliPorts;
  /** What the backup has. */
  readonly keys: ReadonlySet<ObjectKey>;
  readonly dryRun: boolean;
  readonly yes: boolean;
  readonly allowMassPrune: boolean;
  /** Why the backup may have had more than was read; undefined when it is whole, or said to be. */
  readonly incompleteness: string | undefined;
}

/** ApplicationSets first: they would make their applications again. Projects stay until nothing is in them. */
const order: readonly string[] = ["ApplicationSet", "Application", "AppProject", "Secret"];

/** What is here and not in the backup, with how much is here. */
export async function findExtra({
  hub,
  place,
  ports,
  keys,
}: Pick<PruneRequest, "hub" | "place" | "ports" | "keys">): Promise<{
  readonly extra: readonly KubeObject[];
  readonly all: number;
}> {
  const extra: KubeObject[] = [];
  let all = 0;
  const live = readBackupObjects({
    ...place,
    hub,
    metadataOnly: true,
    onMissingKind: () => undefined,
    signal: ports.signal,
  });
  for await (const object of live) {
    all += 1;
    if (!keys.has(keyOf(object)) && !isNeverPruned(object)) extra.push(object);
  }
  return { extra: extra.toSorted((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind)), all };
}

/**
 * Deletes what the backup has not, after a question; what applications deployed stays where it is. The number of failures. Throws
 * SYNC_REFUSED when the backup may have been cut off, or when that is much of what is here.
 */
export async function pruneExtra(request: PruneRequest): Promise<number> {
  const { ports, dryRun, yes } = request;
  const { extra, all } = await findExtra(request);
  if (extra.length === 0) return 0;
  const problem = problemOf(request, extra.length, all);
  for (const object of extra) if (dryRun) ports.stdout.write(`${formatExtra(object)} pruned (dry run)\n`);
  if (problem !== undefined) throw new MooringError("SYNC_REFUSED", `import --prune: ${problem}`);
  if (dryRun) return 0;
  if (!yes) {
    for (const object of extra) ports.stderr.write(`${formatExtra(object)} is not in the backup\n`);
    const question = `Delete these ${extra.length} objects ${request.hub.place}?`;
    if (!(await confirm(question, { ports, flag: "--yes" }))) {
      ports.stderr.write("nothing was pruned\n");
      return 0;
    }
  }
  let failed = 0;
  for (const object of extra) failed += (await pruneOne(object, request)) ? 0 : 1;
  return failed;
}

function problemOf(request: PruneRequest, pruned: number, all: number): string | undefined {
  const { incompleteness, allowMassPrune } = request;
  if (incompleteness !== undefined)
    return `${incompleteness}; it may have been cut off, and what it lacks would be deleted: ${pruned} of the ${all} objects that are here. Check that it is all of the backup (argocd admin export writes no such line), then add --assume-complete`;
  return allowMassPrune ? undefined : massPruneProblem(pruned, all);
}

async function pruneOne(object: KubeObject, request: PruneRequest): Promise<boolean> {
  const { ports } = request;
  try {
    await remove(object, request);
    ports.stdout.write(`${formatExtra(object)} pruned\n`);
    return true;
  } catch (error) {
    if (!isMooringError(error, "KUBE_FORBIDDEN") && !isMooringError(error, "KUBE_CONFLICT")) throw error;
    ports.stderr.write(`error: ${formatExtra(object)}: ${messageOf(error)}\n`);
    return false;
  }
}

/**
 * The finalizers go first: with them the deletion of an Application would delete what it deployed. An ApplicationSet leaves its
 * Applications behind, which are pruned on their own if they are not in the backup.
 */
async function remove(object: KubeObject, { hub, ports: { signal } }: PruneRequest): Promise<void> {
  const { namespace = "", name = "", uid = "", finalizers = [] } = object.metadata;
  const type = typeOfKind[object.kind as BackupKind];
  const ref = { type, namespace, name };
  const isSet = object.kind === "ApplicationSet";
  if (finalizers.length > 0 && (isSet || object.kind === "Application")) {
    const patch = { metadata: { finalizers: null, uid } };
    await hub.cluster.mergePatch(ref, patch, { fieldManager: cliFieldManager, signal });
  }
  await hub.cluster.remove(ref, { propagation: isSet ? "Orphan" : "Background", uid, signal });
}

export function formatExtra(object: KubeObject): string {
  return formatObjectKey(keyOf(object));
}
