import { annotationKey } from "#core/tracking/index.ts";
import { formatTime } from "#runtime/clock.ts";
import { appNamespaceFlag, defineCommand, oneApp } from "../../command.ts";
import { appRef, openHub, patchObject } from "../../hub.ts";

export const command = defineCommand({
  name: "app confirm-deletion",
  summary: "Approve deletions that wait for a confirmation",
  details: "Objects with the sync option Prune=confirm or Delete=confirm are only deleted after this.",
  args: oneApp,
  flags: appNamespaceFlag,
  run: async (invocation, ports) => {
    await using hub = await openHub(invocation, ports);
    const ref = appRef(hub, invocation.args[0] ?? "", invocation.flags["app-namespace"]);
    // Whole seconds, rounded up: an approval counts only at or after the operation's start.
    const approved = formatTime(Math.ceil(ports.clock.now() / 1_000) * 1_000);
    await patchObject(hub, ref, {
      signal: ports.signal,
      decide: () => ({ metadata: { annotations: { [annotationKey.deletionApproved]: approved } } }),
    });
    ports.stdout.write(`Application '${ref.name}' updated successfully\n`);
    return 0;
  },
});
