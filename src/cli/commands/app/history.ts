import type { Application, RevisionHistory } from "#core/app/index.ts";
import type { JsonValue } from "#core/object/index.ts";
import { appNamespaceFlag, defineCommand, oneApp } from "../../command.ts";
import { appRef, openHub, readApplication } from "../../hub.ts";
import { printValue } from "../../output/print-value.ts";
import { formatTable } from "../../output/table.ts";
import { formatMoment, formatRevision } from "../../view/app-view.ts";

export const command = defineCommand({
  name: "app history",
  summary: "List what was deployed when",
  args: oneApp,
  flags: {
    ...appNamespaceFlag,
    output: {
      type: "string",
      short: "o",
      choices: ["wide", "id", "json", "yaml"],
      description: "Output format",
    },
  },
  run: async (invocation, ports) => {
    const { output } = invocation.flags;
    await using hub = await openHub(invocation, ports);
    const ref = appRef(hub, invocation.args[0] ?? "", invocation.flags["app-namespace"]);
    const app = await readApplication(hub, ref, ports.signal);
    const history = app.status?.history ?? [];
    if (output === "json" || output === "yaml") printValue(ports.stdout, output, history as JsonValue);
    else if (output === "id") ports.stdout.write(history.map(({ id }) => `${id}\n`).join(""));
    else ports.stdout.write(formatHistory(app, history));
    return 0;
  },
});

/** A table for each repository that was deployed from, as argocd prints it. */
function formatHistory(app: Application, history: readonly RevisionHistory[]): string {
  const urlOf = (entry: RevisionHistory) =>
    entry.source?.repoURL ?? entry.sources?.[0]?.repoURL ?? app.spec.source?.repoURL ?? "";
  const tables = [...Map.groupBy(history, urlOf)].map(([url, entries]) => {
    const rows = entries.map((entry) => [
      String(entry.id),
      formatMoment(entry.deployedAt),
      formatRevision(
        (entry.source ?? entry.sources?.[0])?.targetRevision,
        entry.revision ?? entry.revisions?.[0],
      ),
    ]);
    return `SOURCE  ${url}\n${formatTable([["ID", "DATE", "REVISION"], ...rows])}`;
  });
  return tables.length === 0 ? formatTable([["ID", "DATE", "REVISION"]]) : tables.join("\n");
}
