import type { BackupObject, ImportAction, ImportRules } from "#core/backup/index.ts";
import { changedFields, planImport } from "#core/backup/index.ts";
import { MooringError, isMooringError } from "#core/errors/index.ts";
import type { JsonObject, KubeObject } from "#core/object/index.ts";
import { isJsonObject, mergePatchOf } from "#core/object/index.ts";
import type { CliHub } from "../hub.ts";
import { cliFieldManager } from "../hub.ts";
import { typeOfKind } from "./live-objects.ts";

export interface ImportOptions extends ImportRules {
  readonly hub: CliHub;
  readonly dryRun: boolean;
  /** Writes over what somebody else changes at the same time. */
  readonly overrideOnConflict: boolean;
  readonly signal: AbortSignal;
}

const tries = 5;
const overtaken = ["KUBE_CONFLICT", "KUBE_EXISTS"] as const;

/**
 * Writes one object of a backup, or asks the API server whether it would take it. What a controller writes meanwhile is no conflict. Throws
 * KUBE_CONFLICT when somebody else changes what the import would change, and what the API server says.
 */
export async function importObject(backup: BackupObject, options: ImportOptions): Promise<ImportAction> {
  const { hub, signal } = options;
  const type = typeOfKind[backup.kind];
  const { namespace, name } = backup.metadata;
  let before: KubeObject | undefined;
  for (let tried = 1; ; tried += 1) {
    const live = await hub.cluster.read({ type, namespace, name }, signal);
    const action = planImport(backup, live, options);
    if (action.verb === "update" && before !== undefined && !options.overrideOnConflict)
      refuseOthersChange(before, live);
    try {
      await write(backup, action, options);
      return action;
    } catch (error) {
      if (!overtaken.some((code) => isMooringError(error, code)) || tried >= tries) throw error;
      before = live;
    }
  }
}

function refuseOthersChange(before: KubeObject, live: KubeObject | undefined): void {
  const fields = live === undefined ? [] : changedFields(before, live);
  const changed = fields.filter((field) => field !== "status" && field !== "operation");
  if (changed.length === 0) return;
  throw new MooringError(
    "KUBE_CONFLICT",
    `${changed.join(", ")}: was changed by somebody else just now; import again, or add --override-on-conflict`,
  );
}

async function write(backup: BackupObject, action: ImportAction, options: ImportOptions): Promise<void> {
  if (action.verb === "unchanged") return;
  const { hub, dryRun, signal } = options;
  const type = typeOfKind[backup.kind];
  const writing = { fieldManager: cliFieldManager, dryRun, signal };
  const written =
    action.verb === "create"
      ? await hub.cluster.create(type, action.object, writing)
      : await hub.cluster.replace(type, action.object, writing);
  if (!dryRun && backup.kind === "ApplicationSet") await writeStatus(backup, written, options);
}

/** The status of an ApplicationSet is a subresource: with the rest it would be dropped. */
async function writeStatus(
  backup: BackupObject,
  written: KubeObject,
  { hub, signal }: ImportOptions,
): Promise<void> {
  const { status } = backup;
  const before: JsonObject = isJsonObject(written["status"]) ? written["status"] : {};
  const patch = isJsonObject(status) ? mergePatchOf(before, status) : undefined;
  if (patch === undefined) return;
  const { namespace, name } = backup.metadata;
  const ref = { type: typeOfKind.ApplicationSet, namespace, name };
  await hub.cluster.mergePatch(
    ref,
    { status: patch },
    { fieldManager: cliFieldManager, subresource: "status", signal },
  );
}
