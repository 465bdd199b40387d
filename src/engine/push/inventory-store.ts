import { isMooringError, MooringError } from "#core/errors/index.ts";
import type { KubeObject, ObjectKey, ObjectMeta } from "#core/object/index.ts";
import { viewString } from "#core/object/index.ts";
import { formatInventory, inventoryName, parseInventory } from "#core/push/index.ts";
import { decodeBase64Text } from "#core/repo/index.ts";
import type { Cluster } from "#ports/cluster.ts";
import { hubTypes } from "../hub-types.ts";

export interface InventoryPlace {
  readonly cluster: Cluster;
  /** Where the application goes. */
  readonly namespace: string;
  readonly app: string;
  readonly signal: AbortSignal;
}

/** What the cluster keeps of a pushed application. */
export interface KeptInventory {
  readonly keys: readonly ObjectKey[];
  /** What plans are hashed with and randomness is derived from; undefined before the first apply. */
  readonly secretKey: string | undefined;
  /** The Secret as it was read, whose resourceVersion is the precondition of the next write; undefined before the first apply. */
  readonly secret: KubeObject | undefined;
}

interface NextInventory {
  readonly keys: Iterable<ObjectKey>;
  readonly secretKey: string;
  /** For people: who, and which plan. */
  readonly annotations: Readonly<Record<string, string>>;
}

const fieldManager = "mooring-cli";

/** Throws CONFIG_INVALID for one that somebody broke, and `KUBE_` errors. */
export async function readInventory(place: InventoryPlace): Promise<KeptInventory> {
  const { cluster, namespace, app, signal } = place;
  const name = inventoryName(app);
  const secret = await cluster.read({ type: hubTypes.secret, namespace, name }, signal);
  if (secret === undefined) return { keys: [], secretKey: undefined, secret };
  const field = (of: string) => decodeBase64Text(viewString(secret, "data", of) ?? "");
  const text = field("objects");
  const secretKey = field("key");
  const where = `Secret/${namespace}/${name}, data.objects`;
  if (text === undefined)
    throw new MooringError(
      "CONFIG_INVALID",
      `${where}: it is no base64 of text; delete the Secret and apply with --adopt`,
    );
  return { keys: parseInventory(text, where), secretKey: secretKey === "" ? undefined : secretKey, secret };
}

/**
 * Writes the inventory in place of the one that was read. Throws SYNC_REFUSED when somebody else has written it since, or when it would
 * be too large.
 */
export async function writeInventory(
  place: InventoryPlace,
  before: KeptInventory,
  { keys, secretKey, annotations }: NextInventory,
): Promise<KeptInventory> {
  const { cluster, namespace, app, signal } = place;
  const name = inventoryName(app);
  const text = formatInventory(app, keys);
  const metadata: ObjectMeta = before.secret?.metadata ?? {
    name,
    namespace,
    labels: { "app.kubernetes.io/managed-by": "mooring" },
  };
  const { managedFields: _, ...kept } = metadata;
  const next: KubeObject = {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { ...kept, annotations: { ...kept.annotations, ...annotations } },
    type: "mooring.dev/push",
    data: { objects: base64(text), key: base64(secretKey) },
  };
  const write = { fieldManager, signal };
  try {
    const secret =
      before.secret === undefined
        ? await cluster.create(hubTypes.secret, next, write)
        : await cluster.replace(hubTypes.secret, next, write);
    return { keys: parseInventory(text, name), secretKey, secret };
  } catch (error) {
    if (!isMooringError(error, "KUBE_CONFLICT") && !isMooringError(error, "KUBE_EXISTS")) throw error;
    throw new MooringError(
      "SYNC_REFUSED",
      `Secret/${namespace}/${name}: somebody else has written it meanwhile; apply again`,
      { cause: error },
    );
  }
}

function base64(text: string): string {
  return Buffer.from(text, "utf8").toString("base64");
}
