import { parseDigest } from "#core/approval/index.ts";
import { MooringError } from "#core/errors/index.ts";
import { tellPlan } from "#core/sync/index.ts";
import { annotationKey } from "#core/tracking/index.ts";
import { whileHeld } from "#engine/push/hold-lease.ts";
import { inventoryName } from "#core/push/index.ts";
import { readInventory } from "#engine/push/inventory-store.ts";
import { formatTime } from "#runtime/clock.ts";
import { startDeadline } from "#runtime/deadline.ts";
import type { Invocation } from "../command.ts";
import { defineCommand } from "../command.ts";
import type { CliPorts } from "../ports.ts";
import { awaitHealth } from "../push/await-health.ts";
import { createPlanned, hasNamespace } from "#engine/push/ensure-namespace.ts";
import { pushFlags } from "../push/flags.ts";
import { openPush } from "../push/open-push.ts";
import type { PreparedPush, PushRequest } from "../push/prepare.ts";
import { inventoryPlaceOf, preparePush } from "../push/prepare.ts";
import { identityOf } from "../push/pusher.ts";
import { readSubject } from "../push/read-subject.ts";
import type { Reporter } from "../push/reporter.ts";
import { createReporter, reportFlags } from "../push/reporter.ts";
import { runPush } from "../push/run-push.ts";
import { usageError } from "../usage-error.ts";

const failed = 1;
const defaultTimeoutSeconds = 600;
const defaultLockSeconds = 120;

const flags = {
  ...pushFlags,
  ...reportFlags,
  plan: {
    type: "string",
    value: "DIGEST",
    description: "Apply only if this is what would be done; see: mooring plan",
  },
  wait: { type: "boolean", description: "Wait until everything that was applied is healthy" },
  timeout: { type: "integer", value: "SECONDS", description: "Give up after this long; 600 by default" },
  "lock-timeout": {
    type: "integer",
    value: "SECONDS",
    description: "Wait so long for another apply of the same application; 120 by default",
  },
} as const;

type ApplyInvocation = Invocation<typeof flags>;

export const command = defineCommand({
  name: "apply",
  summary: "Apply files to a cluster as the controller would, without a control plane",
  details:
    "Renders, compares, plans and applies in waves with hooks and guards, and keeps the inventory for --prune in the cluster, in a Secret of the application's namespace. An Application of the same name, created later, takes everything over as it is.\nExit codes: 0 applied, or nothing to do; 1 it failed, a guard refused it, or it took too long; 20 and others an error, such as another plan than the one of --plan.",
  examples: [
    "mooring apply ./web --to staging --namespace shop --prune --wait",
    "mooring apply ./overlays/prod --to prod --name shop --prune --plan sha256:3f1c…",
    "mooring apply --app application.yaml --to prod -o github --junit report.xml",
  ],
  args: { usage: "[PATH]", min: 0, max: 1 },
  flags,
  run: async (invocation, ports) => {
    const { flags: given } = invocation;
    const pinned = pinnedOf(given.plan);
    const subject = await readSubject(invocation, ports);
    const reporter = createReporter(given, { ports, app: subject.name, home: subject.namespace });
    const timeoutMs = (given.timeout ?? defaultTimeoutSeconds) * 1_000;
    using deadline = startDeadline(ports.signal, timeoutMs, ports.clock);
    try {
      await using place = await openPush(invocation, ports);
      const request = { subject, place, flags: given, ports };
      const isApplied = await applyLocked(request, {
        pinned,
        reporter,
        wait: given.wait === true,
        lockSeconds: given["lock-timeout"] ?? defaultLockSeconds,
        signal: deadline.signal,
      });
      await reporter.end();
      return isApplied ? 0 : failed;
    } catch (error) {
      const told =
        deadline.expired && !ports.signal.aborted ? timedOut(subject.name, reporter, error) : error;
      await reporter.fail(told);
      throw told;
    }
  },
});

interface Applying {
  readonly pinned: string | undefined;
  readonly reporter: Reporter;
  readonly wait: boolean;
  readonly lockSeconds: number;
  readonly signal: AbortSignal;
}

function pinnedOf(text: ApplyInvocation["flags"]["plan"]): string | undefined {
  if (text === undefined) return undefined;
  const digest = parseDigest(text);
  if (digest === undefined)
    throw usageError(`flag --plan: ${JSON.stringify(text)} is no digest; copy what mooring plan prints`);
  return digest;
}

function timedOut(app: string, reporter: Reporter, cause: unknown): MooringError {
  const what = reporter.lastWait() ?? "it was not ready";
  return new MooringError(
    "CLI_TIMEOUT",
    `application ${app}: not done in time, ${what}; see what holds it up, or give a longer --timeout`,
    { cause },
  );
}

async function applyLocked(request: PushRequest, applying: Applying): Promise<boolean> {
  const { subject, place, ports } = request;
  const { reporter, signal, lockSeconds } = applying;
  const { cluster } = place;
  const { namespace, name } = subject;
  const at = { cluster, namespace, signal };
  const early = (await hasNamespace(at)) ? undefined : await preparePush(request, signal);
  if (early !== undefined) {
    if (!mayRun(early, applying)) return false;
    await createPlanned(early.plan, at);
  }
  const identity = identityOf(ports);
  return whileHeld(
    {
      ...at,
      name: inventoryName(inventoryPlaceOf(request, signal).app),
      identity,
      patienceMs: lockSeconds * 1_000,
      clock: ports.clock,
      onWait: (holder) => reporter.wait(`waiting for ${holder}, who is applying ${name}`),
    },
    async (held) => {
      const isFirst =
        early !== undefined && (await readInventory(inventoryPlaceOf(request, held))).secret === undefined;
      const prepared = isFirst ? early : await preparePush(request, held);
      if (!isFirst && !mayRun(prepared, applying)) return false;
      return applyPlan(prepared, { ...applying, signal: held }, { identity, ports });
    },
  );
}

/** False when a guard refuses the plan. Throws SYNC_PLAN_CHANGED when it is another one than was asked for. */
function mayRun({ plan, record, context }: PreparedPush, { pinned, reporter }: Applying): boolean {
  reporter.begin(record.digest);
  if (pinned === undefined && context.approval !== "none") {
    throw new MooringError(
      "SYNC_REFUSED",
      `application ${plan.app}: ${annotationKey.requireApproval} wants a plan that was looked at; see it with mooring plan, and give its digest with --plan`,
    );
  }
  const { text } = tellPlan(plan, record.digest);
  if (pinned !== undefined && pinned !== record.digest) {
    reporter.show(text);
    throw new MooringError(
      "SYNC_PLAN_CHANGED",
      `application ${plan.app}: the plan is ${record.digest} now and not ${pinned}, so nothing was applied; look at it with: mooring plan`,
    );
  }
  if (plan.refusals.length === 0) return true;
  reporter.show(text);
  reporter.refuse(plan.refusals);
  return false;
}

async function applyPlan(
  prepared: PreparedPush,
  { reporter, wait, signal }: Applying,
  { identity, ports }: { readonly identity: string; readonly ports: CliPorts },
): Promise<boolean> {
  const { clock } = ports;
  reporter.knowOrigins(prepared.desired);
  const outcome = await runPush(prepared, {
    clock,
    annotations: {
      "mooring.dev/pushed-by": identity,
      "mooring.dev/pushed-at": formatTime(clock.now()),
      "mooring.dev/pushed-plan": prepared.record.digest,
    },
    onProgress: (progress) => reporter.progress(progress),
    signal,
  });
  reporter.outcome(outcome);
  if (outcome.phase !== "Succeeded") return false;
  if (wait) await awaitHealth(prepared, { clock, onWait: (message) => reporter.wait(message), signal });
  return true;
}
