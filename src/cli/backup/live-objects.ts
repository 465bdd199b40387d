import { backupConfigMaps, isBackupSecret } from "#core/backup/index.ts";
import type { BackupKind } from "#core/backup/index.ts";
import { isMooringError } from "#core/errors/index.ts";
import type { KubeObject, ObjectKey } from "#core/object/index.ts";
import { keyOf } from "#core/object/index.ts";
import { hubTypes } from "#engine/hub-types.ts";
import type { ResourceType } from "#ports/cluster.ts";
import type { CliHub } from "../hub.ts";
import type { BackupNamespaces } from "./namespaces.ts";

/** Where the kinds of a backup are found. */
export const typeOfKind: Readonly<Record<BackupKind, ResourceType>> = {
  ConfigMap: hubTypes.configMap,
  Secret: hubTypes.secret,
  AppProject: hubTypes.project,
  Application: hubTypes.application,
  ApplicationSet: hubTypes.applicationSet,
};

interface ReadOptions extends BackupNamespaces {
  readonly hub: CliHub;
  /** Only what they are called and marked with. */
  readonly metadataOnly?: boolean;
  /** Called with a kind that the cluster does not serve. */
  readonly onMissingKind: (kind: BackupKind) => void;
  readonly signal: AbortSignal;
}

/** The ConfigMaps of a backup, those that are there. */
export async function readConfigMaps(
  { namespace, cluster }: CliHub,
  signal: AbortSignal,
): Promise<readonly (readonly [name: string, KubeObject | undefined])[]> {
  const read = async (name: string) =>
    [name, await cluster.read({ type: hubTypes.configMap, namespace, name }, signal)] as const;
  return await Promise.all(backupConfigMaps.map((name) => read(name)));
}

/** All other objects of a backup, in its order and page by page, so that many of them need little memory. */
export async function* readBackupObjects(options: ReadOptions): AsyncGenerator<KubeObject> {
  for (const kind of ["Secret", "AppProject", "Application", "ApplicationSet"] as const) {
    for await (const object of readKind(kind, options)) {
      if (belongs(kind, object, options)) yield object;
    }
  }
}

function belongs(kind: BackupKind, object: KubeObject, { namespace, admits }: ReadOptions): boolean {
  if (kind === "Secret") return isBackupSecret(object);
  const within = object.metadata.namespace ?? "";
  return within === namespace || admits(kind, within);
}

async function* readKind(kind: BackupKind, options: ReadOptions): AsyncGenerator<KubeObject> {
  const { hub, metadataOnly = false, onMissingKind, signal } = options;
  // Who may look into one namespace alone is not asked for more.
  const within = options.looksElsewhere(kind) ? {} : { namespace: hub.namespace };
  const seen = new Set<ObjectKey>();
  try {
    const pages = hub.cluster.listPages(typeOfKind[kind], { ...within, metadataOnly, signal });
    for await (const { objects } of pages) yield* unseen(objects, seen);
  } catch (error) {
    if (!isMooringError(error, "KUBE_NOT_FOUND")) throw error;
    onMissingKind(kind);
  }
}

/** A list that had to begin again tells of most objects twice: the second time they are passed over. */
function unseen(objects: readonly KubeObject[], seen: Set<ObjectKey>): readonly KubeObject[] {
  return objects.filter((object) => {
    const key = keyOf(object);
    const isNew = !seen.has(key);
    seen.add(key);
    return isNew;
  });
}
