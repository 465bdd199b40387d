import { deletionPatch } from "#core/requests/index.ts";
import type { ObjectRef } from "#ports/cluster.ts";
import type { Invocation } from "../../command.ts";
import { appNamespaceFlag, defineCommand } from "../../command.ts";
import { confirm } from "../../confirm.ts";
import type { CliHub } from "../../hub.ts";
import { openHub, patchObject, readApplication } from "../../hub.ts";
import type { CliPorts } from "../../ports.ts";
import { selectApps, selectionFlags } from "../../select-apps.ts";
import { waitForApplication } from "../../watch-application.ts";

const flags = {
  ...appNamespaceFlag,
  ...selectionFlags,
  cascade: { type: "boolean", description: "Delete its objects, too; true by default" },
  "propagation-policy": {
    type: "string",
    short: "p",
    choices: ["foreground", "background"],
    description: "How its objects are deleted; foreground by default",
  },
  yes: { type: "boolean", short: "y", description: "Do not ask" },
  wait: { type: "boolean", description: "Wait until it is gone" },
  timeout: { type: "integer", value: "SECONDS", description: "Give up waiting after this long" },
} as const;

export const command = defineCommand({
  name: "app delete",
  summary: "Delete an application",
  details: "Asks on a terminal before its objects are deleted with it; --cascade=false keeps them.",
  args: { usage: "[APPNAME...]", min: 0, max: Number.POSITIVE_INFINITY },
  flags,
  run: async (invocation, ports) => {
    await using hub = await openHub(invocation, ports);
    const { selector, project, wait, timeout } = invocation.flags;
    const namespace = invocation.flags["app-namespace"];
    const selection = { names: invocation.args, selector, project, namespace, command: "app delete" };
    let exit = 0;
    for (const ref of await selectApps(hub, selection, ports.signal)) {
      if (!(await isConfirmed(ref, hub, { invocation, ports }))) {
        ports.stdout.write(`application '${ref.name}' not deleted\n`);
        continue;
      }
      const uid = await deleteOne(hub, ref, { invocation, ports });
      if (wait !== true) {
        ports.stdout.write(`application '${ref.name}' deleted\n`);
        continue;
      }
      const gone = await waitForApplication(hub, ports, {
        ref,
        timeoutSeconds: timeout,
        until: (app) => (app?.metadata.uid === uid ? undefined : "gone"),
      });
      if (gone === undefined) exit = reportStuck(ref, timeout ?? 0, ports);
      else ports.stdout.write(`application '${ref.name}' deleted\n`);
    }
    return exit;
  },
});

interface Request {
  readonly invocation: Invocation<typeof flags>;
  readonly ports: CliPorts;
}

async function isConfirmed(
  ref: ObjectRef,
  { place }: CliHub,
  { invocation, ports }: Request,
): Promise<boolean> {
  const { cascade, yes } = invocation.flags;
  if (yes === true || cascade === false || !ports.stdin.isTTY) return true;
  return confirm(`Delete ${ref.name} ${place} and all its objects?`, { ports, flag: "--yes" });
}

/** Puts the finalizer on that says what happens to its objects, or takes it off, then deletes that very Application. */
async function deleteOne(hub: CliHub, ref: ObjectRef, { invocation, ports }: Request): Promise<string> {
  const { signal } = ports;
  const { cascade, "propagation-policy": propagationPolicy = "foreground" } = invocation.flags;
  if (hub.api !== undefined) {
    const { metadata, spec } = await readApplication(hub, ref, signal);
    const named = { name: ref.name, appNamespace: ref.namespace, project: spec.project };
    await hub.api.ask.application.delete({ ...named, cascade: cascade !== false, propagationPolicy }, signal);
    return metadata.uid ?? "";
  }
  const object = await patchObject(hub, ref, {
    signal,
    decide: (found) =>
      deletionPatch(found, {
        cascade: cascade !== false,
        propagation: propagationPolicy === "background" ? "background" : "foreground",
      }),
  });
  const { uid = "" } = object.metadata;
  await hub.cluster.remove(ref, { propagation: "Foreground", uid, signal });
  return uid;
}

function reportStuck(ref: ObjectRef, seconds: number, ports: CliPorts): number {
  ports.stderr.write(
    `mooring: Application/${ref.namespace}/${ref.name}: still being deleted after ${seconds} s\n` +
      `  see its conditions: mooring app get ${ref.name}\n`,
  );
  return 1;
}
