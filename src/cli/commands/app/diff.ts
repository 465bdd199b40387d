import { appNamespaceFlag, defineCommand, oneApp } from "../../command.ts";
import { diffApplication, printDiffs } from "../../diff-application.ts";
import { appRef, openHub, readApplication } from "../../hub.ts";
import { findLocalFiles, localFlags } from "../../local-files.ts";
import { refreshApplication } from "../../refresh.ts";
import { revisionFlags, revisionsFor } from "../../revision-flags.ts";

export const command = defineCommand({
  name: "app diff",
  summary: "Show what a sync would change",
  details:
    "Renders the application here and asks the cluster, so it shows what the controller would do now.\nExit codes: 0 no difference, 1 a difference, 2 an error.",
  examples: ["mooring app diff web", "mooring app diff web --local ./web"],
  args: oneApp,
  flags: {
    ...appNamespaceFlag,
    ...revisionFlags,
    ...localFlags,
    "exit-code": { type: "boolean", description: "Exit with 1 for a difference; true by default" },
    refresh: { type: "boolean", description: "Have the controller compare again first" },
    "hard-refresh": { type: "boolean", description: "The same, with everything rendered anew" },
  },
  errorExit: 2,
  run: async (invocation, ports) => {
    const { flags } = invocation;
    const local = await findLocalFiles(flags, ports);
    await using hub = await openHub(invocation, ports);
    const ref = appRef(hub, invocation.args[0] ?? "", flags["app-namespace"]);
    const hard = flags["hard-refresh"] === true;
    if (hard || flags.refresh === true) {
      await refreshApplication(hub, ref, {
        kind: hard ? "hard" : "normal",
        timeoutSeconds: undefined,
        ports,
      });
    }
    const app = await readApplication(hub, ref, ports.signal);
    const diffs = await diffApplication(app, { hub, ports, revisions: revisionsFor(app, flags), local });
    printDiffs(diffs, { ports, color: flags.color });
    return diffs.length > 0 && flags["exit-code"] !== false ? 1 : 0;
  },
});
