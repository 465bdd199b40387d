import type { Application, Operation } from "#core/app/index.ts";
import { appKeyOf, formatAppKey, isAutomated, sourcesOf, validateOperation } from "#core/app/index.ts";
import { parseDigest, pinPlan } from "#core/approval/index.ts";
import { MooringError } from "#core/errors/index.ts";
import { otherRevision } from "#core/requests/index.ts";
import type { Invocation } from "../../command.ts";
import { appNamespaceFlag, defineCommand } from "../../command.ts";
import type { ObjectRef } from "#ports/cluster.ts";
import { openHub, readApplication } from "../../hub.ts";
import { outputFlag } from "../../output/print-app.ts";
import { findLocalFiles } from "../../local-files.ts";
import { listingLocal, renderLocalSync, withManifests } from "../../local-sync.ts";
import type { CliPorts, LocalDirectory } from "../../ports.ts";
import { revisionsFor } from "../../revision-flags.ts";
import { runOperations } from "../../run-operations.ts";
import { selectApps, selectionFlags } from "../../select-apps.ts";
import { planFlags, syncFieldsOf } from "../../sync-fields.ts";
import { usageError } from "../../usage-error.ts";

const flags = {
  ...appNamespaceFlag,
  ...selectionFlags,
  ...outputFlag,
  ...planFlags,
  "dry-run": { type: "boolean", description: "Only say what would be done" },
  plan: {
    type: "string",
    value: "DIGEST",
    description: "Sync only if this is what would be done; see: mooring app plan",
  },
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
  details:
    "With --local, files of this machine are rendered here and deployed in place of what Git has; the next sync goes back to Git.\nExit codes: 0 all succeeded, 1 an operation failed or did not end in time.",
  examples: [
    "mooring app sync web --prune",
    "mooring app sync web --resource apps:Deployment:web",
    "mooring app sync -l team=shop --async",
    "mooring app sync web --local ./web --dry-run",
    "mooring app sync web --plan sha256:3f1c…",
  ],
  args: { usage: "[APPNAME...]", min: 0, max: Number.POSITIVE_INFINITY },
  flags,
  run: async (invocation, ports) => {
    const { flags: given } = invocation;
    const local = await findLocalFiles(given, ports);
    await using hub = await openHub(invocation, ports);
    const { selector, project } = given;
    const namespace = given["app-namespace"];
    const selection = { names: invocation.args, selector, project, namespace, command: "app sync" };
    const refs = await selectApps(hub, selection, ports.signal);
    if (local !== undefined && refs.length > 1)
      throw usageError("flag --local: one directory is for one application; name it");
    if (given["preview-changes"] === true) {
      for (const ref of refs) {
        const app = await readApplication(hub, ref, ports.signal);
        if (!(await confirmChanges(app, { hub, invocation, ports, local }))) return 0;
      }
    }
    const operationOf = await operationMaker(refs, { hub, invocation, ports, local });
    return await runOperations({
      hub,
      ports,
      refs,
      operationOf,
      async: given.async === true,
      timeoutSeconds: given.timeout,
      output: given.output,
      color: given.color,
      verb: given["dry-run"] === true ? "dry run of" : "sync",
    });
  },
});

interface SyncRequest {
  readonly hub: Awaited<ReturnType<typeof openHub>>;
  readonly invocation: Invocation<typeof flags>;
  readonly ports: CliPorts;
  readonly local: LocalDirectory | undefined;
}

/** What makes the operation of an Application; manifests of this machine are rendered once, before. */
async function operationMaker(
  [ref]: readonly ObjectRef[],
  { hub, invocation, ports, local }: SyncRequest,
): Promise<(app: Application) => Operation> {
  const { flags: given } = invocation;
  if (local === undefined || ref === undefined) return (app) => syncOperation(app, given, ports.userName);
  const app = await readApplication(hub, ref, ports.signal);
  const files = await renderLocalSync(app, { hub, ports, local, dryRun: given["dry-run"] === true });
  return (now) => withManifests(syncOperation(listingLocal(now, files), given, ports.userName), now, files);
}

/** Shows what the sync would change and asks; true to go on. */
async function confirmChanges(
  app: Application,
  { hub, invocation, ports, local }: SyncRequest,
): Promise<boolean> {
  const { diffApplication, printDiffs } = await import("../../diff-application.ts");
  const { color } = invocation.flags;
  const revisions = revisionsFor(app, invocation.flags);
  const diffs = await diffApplication(app, { hub, ports, revisions, local });
  printDiffs(diffs, { ports, color });
  if (diffs.length === 0) {
    ports.stdout.write(`application '${app.metadata.name}' is in sync\n`);
    return false;
  }
  if (invocation.flags.assumeYes === true) return true;
  const { confirm } = await import("../../confirm.ts");
  return confirm(`Sync ${app.metadata.name} ${hub.place} with these changes?`, {
    ports,
    flag: "--assumeYes",
  });
}

/** The operation that a command line asks for. Throws SYNC_REFUSED or CLI_USAGE. */
export function syncOperation(app: Application, given: SyncFlags, username: string): Operation {
  refuseOtherRevision(app, revisionsFor(app, given), given);
  const retry = retryOf(given) ?? app.spec.syncPolicy?.retry;
  const operation: Operation = {
    sync: syncFieldsOf(app, given, { dryRun: given["dry-run"] === true }),
    initiatedBy: { username },
    ...(given.info.length === 0 ? {} : { info: given.info.map((pair) => parseInfo(pair)) }),
    ...(retry === undefined ? {} : { retry }),
  };
  const pinned = pinnedBy(operation, given.plan);
  const [problem] = validateOperation(operation);
  if (problem !== undefined) throw usageError(`app sync ${app.metadata.name}: ${problem.message}`);
  return pinned;
}

function pinnedBy(operation: Operation, plan: string | undefined): Operation {
  if (plan === undefined) return operation;
  const digest = parseDigest(plan);
  if (digest === undefined)
    throw usageError(
      `flag --plan: ${JSON.stringify(plan)} is no digest; write sha256: and 64 hexadecimal digits, as mooring app plan prints it`,
    );
  return pinPlan(operation, digest);
}

/** An automated Application would go back to its target revision at once. */
function refuseOtherRevision(app: Application, revisions: readonly string[], given: SyncFlags): void {
  if (given["dry-run"] === true || !isAutomated(app)) return;
  const at = otherRevision(app, revisions);
  if (at < 0) return;
  const revision = revisions[at] ?? "";
  const target = sourcesOf(app)[at]?.targetRevision ?? "";
  const { name } = app.metadata;
  throw new MooringError(
    "SYNC_REFUSED",
    `${formatAppKey(appKeyOf(app))}: cannot sync to ${revision}: auto-sync currently set to ${target === "" ? "HEAD" : target}; change it with: mooring app set ${name} --revision ${revision}, or turn auto-sync off with: mooring app set ${name} --sync-policy none`,
  );
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
