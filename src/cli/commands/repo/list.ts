import type { Repository } from "#api/contract/gen/argocd/types_pb.ts";
import type { ShapeOf } from "#api/contract/shape.ts";
import { isAbortError, messageOf } from "#core/errors/index.ts";
import type { JsonValue } from "#core/object/index.ts";
import { scrubUrls } from "#core/repo/index.ts";
import type { RepositorySettings } from "#core/repo/index.ts";
import { mapLimit } from "#runtime/limit.ts";
import { defineCommand, noArgs } from "../../command.ts";
import type { HubConfig } from "#core/hub/index.ts";
import { readConfig } from "../../config.ts";
import { openHub } from "../../hub.ts";
import type { CliPorts } from "../../ports.ts";
import { openRepositoryTests } from "../../repository-tests.ts";
import { createPaint } from "../../output/paint.ts";
import { printValue } from "../../output/print-value.ts";
import { formatTable, oneLine } from "../../output/table.ts";
import { paintWords } from "../../view/app-details.ts";

const testsAtOnce = 8;

export const command = defineCommand({
  name: "repo list",
  summary: "List repositories",
  args: noArgs,
  flags: {
    output: {
      type: "string",
      short: "o",
      choices: ["wide", "url", "json", "yaml"],
      description: "Output format",
    },
    refresh: {
      type: "string",
      choices: ["hard"],
      description: "hard: have a server ask the repositories again, and not tell what it remembers",
    },
    "skip-test": { type: "boolean", description: "Do not ask the repositories whether they can be reached" },
  },
  run: async (invocation, ports) => {
    const { output } = invocation.flags;
    await using hub = await openHub(invocation, ports);
    if (hub.api !== undefined) {
      const query = { forceRefresh: invocation.flags.refresh === "hard" };
      const { items = [] } = await hub.api.ask.repository.listRepositories(query, ports.signal);
      if (output === "url") ports.stdout.write(items.map(({ repo = "" }) => `${scrubUrls(repo)}\n`).join(""));
      else
        printRows(
          items.map((item) => shownRow(item)),
          { invocation, ports },
        );
      return 0;
    }
    const config = await readConfig(hub, ports);
    for (const problem of config.problems) ports.stderr.write(`mooring: warning: ${problem}\n`);
    const { repositories } = config.repositories;
    const listed = repositories.toSorted((a, b) => (urlOf(a) < urlOf(b) ? -1 : 1));
    if (output === "url") {
      ports.stdout.write(listed.map((one) => `${urlOf(one)}\n`).join(""));
      return 0;
    }
    const states =
      invocation.flags["skip-test"] === true || listed.length === 0
        ? []
        : await testAll(listed, config, ports);
    printRows(
      listed.map((one, i) => rowOf(one, states[i])),
      { invocation, ports },
    );
    return 0;
  },
});

interface Row {
  readonly type: string;
  readonly name: string;
  readonly repo: string;
  readonly insecure: boolean;
  readonly enableOci: boolean;
  readonly enableLfs: boolean;
  readonly hasCredentials: boolean;
  readonly status: string;
  readonly message: string;
  readonly project: string;
}

interface Printing {
  readonly invocation: {
    readonly flags: { readonly output: string | undefined; readonly color: string | undefined };
  };
  readonly ports: CliPorts;
}

function printRows(rows: readonly Row[], { invocation, ports }: Printing): void {
  const { output } = invocation.flags;
  if (output === "json" || output === "yaml") {
    printValue(ports.stdout, output, rows as unknown as JsonValue);
    return;
  }
  const paint = createPaint(ports, ports.stdout, invocation.flags.color);
  const header = ["TYPE", "NAME", "REPO", "INSECURE", "OCI", "LFS", "CREDS", "STATUS", "MESSAGE", "PROJECT"];
  const cells = rows.map((row) => [
    row.type,
    row.name,
    row.repo,
    String(row.insecure),
    String(row.enableOci),
    String(row.enableLfs),
    String(row.hasCredentials),
    row.status,
    row.message,
    row.project,
  ]);
  ports.stdout.write(paintWords(formatTable([header, ...cells]), paint));
}

function urlOf(settings: RepositorySettings): string {
  return scrubUrls(settings.url);
}

/** Undefined for a repository that answers, else why it does not. */
type TestResult = string | undefined;

async function testAll(
  listed: readonly RepositorySettings[],
  config: HubConfig,
  ports: CliPorts,
): Promise<readonly TestResult[]> {
  await using tests = openRepositoryTests(ports);
  return await mapLimit(listed, testsAtOnce, async (one) => {
    try {
      await tests.test(one, config.repositories);
      return undefined;
    } catch (error) {
      if (isAbortError(error)) throw error;
      return messageOf(error);
    }
  });
}

/** A repository as a server shows it, which has asked it. */
function shownRow(one: ShapeOf<Repository>): Row {
  const { type = "git", name = "", repo = "", project = "", connectionState } = one;
  return {
    type,
    name,
    repo: scrubUrls(repo),
    insecure: one.insecure === true || one.insecureIgnoreHostKey === true,
    enableOci: one.enableOCI === true || type === "oci",
    enableLfs: one.enableLfs === true,
    hasCredentials: (one.username ?? "") !== "" || one.inheritedCreds === true,
    status: connectionState?.status ?? "",
    message: oneLine(connectionState?.message ?? ""),
    project,
  };
}

function rowOf(one: RepositorySettings, failure: TestResult): Row {
  return {
    type: one.type,
    name: one.name ?? "",
    repo: urlOf(one),
    insecure: one.insecure,
    enableOci: one.enableOci || one.type === "oci",
    enableLfs: one.enableLfs,
    hasCredentials: Object.keys(one.fields).length > 0,
    status: failure === undefined ? "Successful" : "Failed",
    message: oneLine(failure ?? ""),
    project: one.project,
  };
}
