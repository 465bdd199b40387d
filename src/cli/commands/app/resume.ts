import { parseApplication } from "#core/app/index.ts";
import { MooringError } from "#core/errors/index.ts";
import { annotationKey } from "#core/tracking/index.ts";
import { appNamespaceFlag, defineCommand, oneApp } from "../../command.ts";
import { appRef, openHub, patchObject } from "../../hub.ts";

export const command = defineCommand({
  name: "app resume",
  summary: "Let automated sync go on after a rollback",
  details:
    "Lifts the hold that a rollback on failure leaves: what Git wants now is synced again, and rolled back again if it fails again. " +
    "A revision whose sync failed without changing anything is not tried again by itself; use app sync for that.",
  examples: ["mooring app resume web"],
  args: oneApp,
  flags: appNamespaceFlag,
  run: async (invocation, ports) => {
    await using hub = await openHub(invocation, ports);
    const ref = appRef(hub, invocation.args[0] ?? "", invocation.flags["app-namespace"]);
    await patchObject(hub, ref, {
      signal: ports.signal,
      decide: (object) => {
        const { metadata } = parseApplication(object);
        if (metadata.annotations?.[annotationKey.rollbackHold] !== undefined)
          return { metadata: { annotations: { [annotationKey.rollbackHold]: null } } };
        throw new MooringError(
          "APP_NOT_FOUND",
          `Application/${ref.namespace}/${ref.name}: nothing is held back after a rollback; see: mooring app get ${ref.name}`,
        );
      },
    });
    ports.stdout.write(`application '${ref.name}' resumed\n`);
    return 0;
  },
});
