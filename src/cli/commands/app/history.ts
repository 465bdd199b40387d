import type { Application, ApplicationSource, RevisionHistory } from "#core/app/index.ts";
import { revisionsOf, sourcesOf } from "#core/app/index.ts";
import type { JsonValue } from "#core/object/index.ts";
import { appNamespaceFlag, defineCommand, oneApp } from "../../command.ts";
import { appRef, openHub, readApplication } from "../../hub.ts";
import { printValue } from "../../output/print-value.ts";
import { formatTable } from "../../output/table.ts";
import { formatMoment, formatRevision } from "../../view/app-view.ts";
import { noteOnEntry } from "../../view/rollback.ts";

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

interface Line {
  readonly id: number;
  readonly deployedAt: string;
  readonly source: ApplicationSource;
  readonly revision: string | undefined;
  /** What rollbacks on failure know of it. */
  readonly note: string;
}

/** One for each source of a deployment. */
function linesOf(app: Application, entry: RevisionHistory): readonly Line[] {
  const { id, deployedAt, source, sources = [] } = entry;
  const deployed = sources.length > 0 ? sources : source === undefined ? sourcesOf(app) : [source];
  const revisions = revisionsOf(entry);
  const note = noteOnEntry(app, entry);
  return deployed.map((one, i) => ({ id, deployedAt, source: one, revision: revisions[i], note }));
}

/** A table for each repository that was deployed from, as argocd prints it; with notes where there are any. */
function formatHistory(app: Application, history: readonly RevisionHistory[]): string {
  const lines = history.flatMap((entry) => linesOf(app, entry));
  const hasNotes = lines.some(({ note }) => note !== "");
  const header = ["ID", "DATE", "REVISION", ...(hasNotes ? ["NOTE"] : [])];
  const tables = [...Map.groupBy(lines, ({ source }) => source.repoURL)].map(([url, entries]) => {
    const rows = entries.map(({ id, deployedAt, source, revision, note }) => [
      String(id),
      formatMoment(deployedAt),
      formatRevision(source.targetRevision, revision),
      ...(hasNotes ? [note] : []),
    ]);
    return `SOURCE  ${url}\n${formatTable([header, ...rows])}`;
  });
  return tables.length === 0 ? formatTable([header]) : tables.join("\n");
}
