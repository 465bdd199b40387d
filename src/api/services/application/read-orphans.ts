import { appKeyOf } from "#core/app/index.ts";
import { isMooringError } from "#core/errors/index.ts";
import type { KubeObject, ObjectKey } from "#core/object/index.ts";
import { keyOf, parseObjectKey } from "#core/object/index.ts";
import type { Cluster, ResourceType } from "#ports/cluster.ts";
import { mapLimit } from "#runtime/limit.ts";
import type { ApiContext } from "../../context.ts";

const readConcurrency = 8;
/** There may be many and large ones of these, and a tree shows nothing of what is in them. */
const dataKinds: readonly string[] = ["ConfigMap", "Secret"];

interface Reading {
  readonly cluster: Cluster;
  readonly signal: AbortSignal;
}

/** What nobody manages in the namespace of an application, where its project asks for that; in the order of their keys. */
export async function readOrphans(
  context: ApiContext,
  app: KubeObject,
  reading: Reading,
): Promise<readonly KubeObject[]> {
  const keys = await context.live.orphans(appKeyOf(app), reading.signal);
  const kinds = Map.groupBy(keys, (key) => {
    const { group, kind } = parseObjectKey(key);
    return `${group}/${kind}`;
  });
  const lists = await mapLimit([...kinds.values()], readConcurrency, (wanted) => readKind(wanted, reading));
  return lists.flat().toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}

/** Objects of one kind in one namespace, in one question. */
async function readKind(
  keys: readonly ObjectKey[],
  { cluster, signal }: Reading,
): Promise<readonly KubeObject[]> {
  const [first] = keys;
  if (first === undefined) return [];
  const { group, kind, namespace } = parseObjectKey(first);
  const type = (await cluster.discover(signal)).typeOf(group, kind);
  if (type === undefined) return [];
  const metadataOnly = group === "" && dataKinds.includes(kind);
  const wanted = new Set(keys);
  try {
    const objects = await cluster.list(type, { namespace, metadataOnly, signal });
    return objects.map((object) => identified(object, type)).filter((object) => wanted.has(keyOf(object)));
  } catch (error) {
    // What the server may not list in a cluster, it cannot show.
    if (isMooringError(error, "KUBE_FORBIDDEN")) return [];
    throw error;
  }
}

/** Lists do not name the kind of what is in them. */
function identified(object: KubeObject, { group, version, kind }: ResourceType): KubeObject {
  return { ...object, apiVersion: group === "" ? version : `${group}/${version}`, kind };
}
