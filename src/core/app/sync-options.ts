import type { UnsupportedField } from "#core/crd/unsupported.ts";

const yesOrNo = ["true", "false"];
const deletionRule = ["true", "false", "confirm"];

/** Every option of `syncPolicy.syncOptions` and `operation.sync.syncOptions`, with its values. The last five are ours. */
export const syncOptionValues: Readonly<Record<string, readonly string[]>> = {
  ApplyOutOfSyncOnly: yesOrNo,
  ClientSideApplyMigration: yesOrNo,
  CreateNamespace: yesOrNo,
  Delete: deletionRule,
  FailOnSharedResource: yesOrNo,
  Force: yesOrNo,
  Prune: deletionRule,
  PruneLast: yesOrNo,
  PrunePropagationPolicy: ["foreground", "background", "orphan"],
  Replace: yesOrNo,
  RespectIgnoreDifferences: yesOrNo,
  ServerSideApply: yesOrNo,
  SkipDryRunOnMissingResource: yesOrNo,
  Validate: yesOrNo,
  AllowEmpty: yesOrNo,
  AllowMassPrune: yesOrNo,
  IgnoreDependencies: yesOrNo,
  PruneBeforeHealthy: yesOrNo,
  TakeOwnership: yesOrNo,
};

/** Entries that name no option or give it a value that it does not have; they have no effect. */
export function unknownSyncOptions(
  path: string,
  options: readonly string[] | undefined,
): readonly UnsupportedField[] {
  return (options ?? []).flatMap((entry, i) => {
    const reason = problemOf(entry.trim());
    return reason === undefined ? [] : [{ path: `${path}[${i}]`, reason, blocking: false }];
  });
}

function problemOf(entry: string): string | undefined {
  const equals = entry.indexOf("=");
  const name = equals < 0 ? entry : entry.slice(0, equals);
  const values = Object.hasOwn(syncOptionValues, name) ? syncOptionValues[name] : undefined;
  if (values === undefined)
    return `${JSON.stringify(entry)} is no sync option and has no effect; correct or remove it`;
  if (equals >= 0 && values.includes(entry.slice(equals + 1))) return undefined;
  return `${JSON.stringify(entry)} has no effect; write ${values.map((value) => `${name}=${value}`).join(" or ")}`;
}
