import type { Application, Operation } from "#core/app/index.ts";
import { hasSources } from "#core/app/index.ts";
import type { Flags, FlagValues } from "./command.ts";
import { localFlags } from "./local-files.ts";
import { revisionFlags, revisionsFor } from "./revision-flags.ts";
import { resourceFlag, selectResources } from "./select-resources.ts";

/** The flags that decide what a sync does; a plan takes the same. */
export const planFlags = {
  ...resourceFlag,
  ...revisionFlags,
  ...localFlags,
  prune: { type: "boolean", description: "Delete what left Git" },
  force: { type: "boolean", description: "Delete and create again what cannot be changed" },
  replace: { type: "boolean", description: "Replace objects instead of applying them" },
  "server-side": { type: "boolean", description: "Apply on the server's side" },
  "apply-out-of-sync-only": { type: "boolean", description: "Leave alone what is in sync" },
  "ignore-dependencies": {
    type: "boolean",
    description: "Do not wait for the applications that it depends on",
  },
  strategy: { type: "string", choices: ["hook", "apply"], description: "apply leaves out hooks" },
} as const satisfies Flags;

export type PlanFlagValues = FlagValues<typeof planFlags>;

/** `operation.sync` as flags ask for it. Throws CLI_USAGE. */
export function syncFieldsOf(
  app: Application,
  given: PlanFlagValues,
  { dryRun }: { readonly dryRun: boolean },
): NonNullable<Operation["sync"]> {
  const revisions = revisionsFor(app, given);
  const syncOptions = syncOptionsOf(app, given);
  const resources = given.resource.length === 0 ? undefined : selectResources(app, given.resource);
  const force = given.force === true ? { force: true } : {};
  const strategy = given.strategy ?? (given.force === true ? "hook" : undefined);
  return {
    ...revisionFields(app, revisions),
    ...(given.prune === true ? { prune: true } : {}),
    ...(dryRun ? { dryRun: true } : {}),
    ...(strategy === undefined ? {} : { syncStrategy: { [strategy]: force } }),
    ...(resources === undefined ? {} : { resources: resources.map((one) => withoutEmpty(one)) }),
    ...(syncOptions.length === 0 ? {} : { syncOptions }),
  };
}

/** Revisions by source, as `operation.sync` has them. */
export function revisionFields(
  app: Application,
  revisions: readonly string[],
): Pick<NonNullable<Operation["sync"]>, "revision" | "revisions"> {
  if (revisions.length === 0) return {};
  return hasSources(app) ? { revisions } : { revision: revisions[0] ?? "" };
}

/** The Application's own options, with those of the flags in place of theirs. */
function syncOptionsOf(app: Application, given: PlanFlagValues): readonly string[] {
  const added = [
    ...(given.replace === true ? ["Replace=true"] : []),
    ...(given["server-side"] === true ? ["ServerSideApply=true"] : []),
    ...(given["apply-out-of-sync-only"] === true ? ["ApplyOutOfSyncOnly=true"] : []),
    ...(given["ignore-dependencies"] === true ? ["IgnoreDependencies=true"] : []),
  ];
  const nameOf = (option: string) => option.split("=", 1)[0];
  const names = new Set(added.map((option) => nameOf(option)));
  const own = app.spec.syncPolicy?.syncOptions ?? [];
  return [...own.filter((option) => !names.has(nameOf(option))), ...added];
}

function withoutEmpty(one: {
  readonly group: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace: string;
}) {
  const { group, kind, name, namespace } = one;
  return { ...(group === "" ? {} : { group }), kind, name, ...(namespace === "" ? {} : { namespace }) };
}
