import type { Application, Operation } from "#core/app/index.ts";
import { appKeyOf, formatAppKey, hasSources, sourcesOf, validateOperation } from "#core/app/index.ts";
import { MooringError } from "#core/errors/index.ts";
import type { Invocation } from "../../command.ts";
import { appNamespaceFlag, defineCommand } from "../../command.ts";
import { openHub, readApplication } from "../../hub.ts";
import { outputFlag } from "../../output/print-app.ts";
import type { CliPorts } from "../../ports.ts";
import { revisionFlags, revisionsFor } from "../../revision-flags.ts";
import { runOperations } from "../../run-operations.ts";
import { selectApps, selectionFlags } from "../../select-apps.ts";
import { resourceFlag, selectResources } from "../../select-resources.ts";
import { usageError } from "../../usage-error.ts";
import { isAutomated } from "../../view/app-view.ts";

const flags = {
  ...appNamespaceFlag,
  ...selectionFlags,
  ...outputFlag,
  ...resourceFlag,
  ...revisionFlags,
  prune: { type: "boolean", description: "Delete what left Git" },
  "dry-run": { type: "boolean", description: "Only say what would be done" },
  force: { type: "boolean", description: "Delete and create again what cannot be changed" },
  replace: { type: "boolean", description: "Replace objects instead of applying them" },
  "server-side": { type: "boolean", description: "Apply on the server's side" },
  "apply-out-of-sync-only": { type: "boolean", description: "Leave alone what is in sync" },
  strategy: { type: "string", choices: ["hook", "apply"], description: "apply leaves out hooks" },
  info: { type: "strings", value: "NAME=VALUE", description: "A fact to record with the operation" },
  async: { type: "boolean", description: "Do not wait for the end" },
  timeout: { type: "integer", value: "SECONDS", description: "Give up waiting after this long" },
  "preview-changes": { type: "boolean", description: "Show the difference and ask before syncing" },
  assumeYes: { type: "boolean", description: "Answer every question with yes" },
  "retry-limit": { type: "integer", description: "Attempts after a failed one; negative for no limit" },
  "retry-backoff-duration": { type: "string", value: "TIME", description: "Wait before the first retry; 5s" },
  "retry-backoff-factor": { type: "integer", description: "Multiplies the wait after every retry; 2" },
  "retry-backoff-max-duration": { type: "string", value: "TIME", description: "Longest wait; 3m0s" },
} as const;

type SyncFlags = Invocation<typeof flags>["flags"];

export const command = defineCommand({
  name: "app sync",
  summary: "Bring an application to what Git says",
  details: "Exit codes: 0 all succeeded, 1 an operation failed or did not end in time.",
  examples: [
    "mooring app sync web --prune",
    "mooring app sync web --resource apps:Deployment:web",
    "mooring app sync -l team=shop --async",
  ],
  args: { usage: "[APPNAME...]", min: 0, max: Number.POSITIVE_INFINITY },
  flags,
  run: async (invocation, ports) => {
    const { flags: given } = invocation;
    await using hub = await openHub(invocation, ports);
    const { selector, project } = given;
    const namespace = given["app-namespace"];
    const selection = { names: invocation.args, selector, project, namespace, command: "app sync" };
    const refs = await selectApps(hub, selection, ports.signal);
    if (given["preview-changes"] === true) {
      for (const ref of refs) {
        const app = await readApplication(hub, ref, ports.signal);
        if (!(await confirmChanges(app, { hub, invocation, ports }))) return 0;
      }
    }
    return await runOperations({
      hub,
      ports,
      refs,
      operationOf: (app) => syncOperation(app, given, ports.userName),
      async: given.async === true,
      timeoutSeconds: given.timeout,
      output: given.output,
      color: given.color,
      verb: given["dry-run"] === true ? "dry run of" : "sync",
    });
  },
});

interface Preview {
  readonly hub: Awaited<ReturnType<typeof openHub>>;
  readonly invocation: Invocation<typeof flags>;
  readonly ports: CliPorts;
}

/** Shows what the sync would change and asks; true to go on. */
async function confirmChanges(app: Application, { hub, invocation, ports }: Preview): Promise<boolean> {
  const { diffApplication, printDiffs } = await import("../../diff-application.ts");
  const { color } = invocation.flags;
  const revisions = revisionsFor(app, invocation.flags);
  const diffs = await diffApplication(app, { hub, ports, revisions });
  printDiffs(diffs, { ports, color });
  if (diffs.length === 0) {
    ports.stdout.write(`application '${app.metadata.name}' is in sync\n`);
    return false;
  }
  if (invocation.flags.assumeYes === true) return true;
  const { confirm } = await import("../../confirm.ts");
  return confirm(`Sync ${app.metadata.name} with these changes?`, { ports, flag: "--assumeYes" });
}

/** The operation that a command line asks for. Throws SYNC_REFUSED or CLI_USAGE. */
export function syncOperation(app: Application, given: SyncFlags, username: string): Operation {
  const revisions = revisionsFor(app, given);
  refuseOtherRevision(app, revisions, given);
  const syncOptions = syncOptionsOf(app, given);
  const resources = given.resource.length === 0 ? undefined : selectResources(app, given.resource);
  const force = given.force === true ? { force: true } : {};
  const strategy = given.strategy ?? (given.force === true ? "hook" : undefined);
  const retry = retryOf(given) ?? app.spec.syncPolicy?.retry;
  const operation: Operation = {
    sync: {
      ...(revisions.length === 0 ? {} : hasSources(app) ? { revisions } : { revision: revisions[0] ?? "" }),
      ...(given.prune === true ? { prune: true } : {}),
      ...(given["dry-run"] === true ? { dryRun: true } : {}),
      ...(strategy === undefined ? {} : { syncStrategy: { [strategy]: force } }),
      ...(resources === undefined ? {} : { resources: resources.map((one) => withoutEmpty(one)) }),
      ...(syncOptions.length === 0 ? {} : { syncOptions }),
    },
    initiatedBy: { username },
    ...(given.info.length === 0 ? {} : { info: given.info.map((pair) => parseInfo(pair)) }),
    ...(retry === undefined ? {} : { retry }),
  };
  const [problem] = validateOperation(operation);
  if (problem !== undefined) throw usageError(`app sync ${app.metadata.name}: ${problem.message}`);
  return operation;
}

/** An automated Application would go back to its target revision at once. */
function refuseOtherRevision(app: Application, revisions: readonly string[], given: SyncFlags): void {
  if (given["dry-run"] === true || !isAutomated(app)) return;
  const targets = sourcesOf(app).map((source) => source.targetRevision ?? "");
  const at = revisions.findIndex((revision, i) => revision !== "" && revision !== targets[i]);
  if (at < 0) return;
  const [revision = "", target = ""] = [revisions[at], targets[at]];
  const { name } = app.metadata;
  throw new MooringError(
    "SYNC_REFUSED",
    `${formatAppKey(appKeyOf(app))}: cannot sync to ${revision}: auto-sync currently set to ${target === "" ? "HEAD" : target}; change it with: mooring app set ${name} --revision ${revision}, or turn auto-sync off with: mooring app set ${name} --sync-policy none`,
  );
}

/** The Application's own options, with those of the flags in place of theirs. */
function syncOptionsOf(app: Application, given: SyncFlags): readonly string[] {
  const added = [
    ...(given.replace === true ? ["Replace=true"] : []),
    ...(given["server-side"] === true ? ["ServerSideApply=true"] : []),
    ...(given["apply-out-of-sync-only"] === true ? ["ApplyOutOfSyncOnly=true"] : []),
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

function parseInfo(pair: string) {
  const at = pair.indexOf("=");
  if (at <= 0) throw usageError(`flag --info: ${JSON.stringify(pair)} is no NAME=VALUE`);
  return { name: pair.slice(0, at), value: pair.slice(at + 1) };
}

function retryOf(given: SyncFlags): Operation["retry"] {
  const limit = given["retry-limit"];
  if (limit === undefined || limit === 0) return undefined;
  return {
    limit,
    backoff: {
      duration: given["retry-backoff-duration"] ?? "5s",
      factor: given["retry-backoff-factor"] ?? 2,
      maxDuration: given["retry-backoff-max-duration"] ?? "3m0s",
    },
  };
}
