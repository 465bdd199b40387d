import type { JsonValue } from "#core/object/index.ts";
import { parseObjectKey } from "#core/object/index.ts";
import type { Action, SyncPlan } from "#core/sync/index.ts";
import { formatPlan } from "#core/sync/index.ts";
import { appNamespaceFlag, defineCommand, oneApp } from "../../command.ts";
import { appRef, openHub, readApplication } from "../../hub.ts";
import { findLocalFiles } from "../../local-files.ts";
import { makePlan } from "../../make-plan.ts";
import { printValue } from "../../output/print-value.ts";
import { revisionsFor } from "../../revision-flags.ts";
import { planFlags, syncFieldsOf } from "../../sync-fields.ts";

export const command = defineCommand({
  name: "app plan",
  summary: "Show what a sync would do, step by step",
  details:
    "Prints the waves of a sync with every action and every skip and the reason for it, and the plan's digest; nothing is written. The digest stays the same as long as the same would be done, and can be approved with: mooring app approve APPNAME DIGEST\nExit codes: 0 the plan can be run, 1 a guard refuses it.",
  examples: [
    "mooring app plan web --prune",
    "mooring app plan web --local ./web",
    "mooring app plan web -o json",
  ],
  args: oneApp,
  flags: {
    ...appNamespaceFlag,
    ...planFlags,
    output: { type: "string", short: "o", choices: ["text", "json", "yaml"], description: "Output format" },
  },
  run: async (invocation, ports) => {
    const { flags } = invocation;
    const local = await findLocalFiles(flags, ports);
    await using hub = await openHub(invocation, ports);
    const ref = appRef(hub, invocation.args[0] ?? "", flags["app-namespace"]);
    const app = await readApplication(hub, ref, ports.signal);
    const operation = { sync: syncFieldsOf(app, flags, { dryRun: false }) };
    const revisions = revisionsFor(app, flags);
    const { plan, record } = await makePlan(app, { hub, ports, operation, revisions, local });
    if (flags.output === "json" || flags.output === "yaml") {
      printValue(ports.stdout, flags.output, planValue(plan, record.digest));
    } else ports.stdout.write(`${formatPlan(plan).trimEnd()}\n\ndigest ${record.digest}\n`);
    return plan.refusals.length > 0 ? 1 : 0;
  },
});

/** The plan for programs: all that it does, and no manifest, which may hold values of Secrets. */
function planValue(
  { app, revision, partial, waves, skipped, refusals }: SyncPlan,
  digest: string,
): JsonValue {
  const value = {
    app,
    revision,
    digest,
    partial,
    waves: waves.map(({ phase, step, wave, groups, gates }) => ({
      phase,
      step,
      wave,
      actions: groups.flatMap((group) => group.actions.map(actionValue)),
      waitsFor: gates.map(({ key, until }) => ({ ...parseObjectKey(key), until })),
    })),
    skipped: skipped.map(actionValue),
    refusals,
  };
  return value as unknown as JsonValue;
}

function actionValue(action: Action) {
  const object = { verb: action.verb, ...parseObjectKey(action.key) };
  switch (action.verb) {
    case "apply": {
      const { because, mode, force, drift, hook } = action;
      return { ...object, because, mode, force, fields: drift, hook: hook !== undefined };
    }
    case "prune":
      return { ...object, uid: action.uid, propagation: action.propagation };
    case "skip":
      return { ...object, because: action.because, message: action.message };
    default:
      throw new Error(`unhandled action: ${JSON.stringify(action satisfies never)}`);
  }
}
