import type { AuditQuery, AuditReader, StoredAuditRecord } from "#ports/audit-store.ts";
import { createServerReader } from "../audit/ask-server.ts";
import { formatRecords, recordAsJson } from "../audit/format-records.ts";
import { parseTime } from "../audit/parse-time.ts";
import type { Flags, Invocation } from "../command.ts";
import { defineCommand, noArgs } from "../command.ts";
import { formatJson, printValue } from "../output/print-value.ts";
import { exactOf } from "../output/shielded.ts";
import type { CliPorts } from "../ports.ts";
import { usageError } from "../usage-error.ts";

const flags = {
  data: {
    type: "string",
    value: "DIR",
    description: "Read the records in the directory of mooring up --data, not those of a server",
  },
  since: { type: "string", value: "TIME", description: "Not before this time: 2h, 7d, 2026-01-31T12:00:00Z" },
  until: { type: "string", value: "TIME", description: "Before this time" },
  user: { type: "string", value: "NAME", description: "Only what this account, role or person asked for" },
  method: {
    type: "string",
    value: "NAME",
    description: "Only this method: Sync, or application.ApplicationService/Sync",
  },
  kind: { type: "string", value: "KIND", description: "Only what is about this kind: Application, Session…" },
  project: { type: "string", value: "NAME", description: "Only what is about this project" },
  namespace: { type: "string", value: "NAME", description: "Only what is about objects of this namespace" },
  name: { type: "string", value: "NAME", description: "Only what is about this name" },
  result: {
    type: "string",
    value: "RESULT",
    description: "Only what ended so: ok, refused, failed, or a code such as API_FORBIDDEN",
  },
  limit: { type: "integer", description: "The most records to print; 100, 0 for all" },
  output: { type: "string", short: "o", choices: ["wide", "json", "jsonl"], description: "Output format" },
} as const satisfies Flags;

export const command = defineCommand({
  name: "audit",
  summary: "Show who has asked the server for what, and what came of it",
  details:
    "Newest first. The server that one is logged in to, or that --server names, is asked; that takes the permission `audit, get, *`. With --data the file is read, also while the server runs.",
  examples: [
    "mooring audit --since 24h --result refused",
    "mooring audit --data ~/mooring --kind Application --name web -o wide",
    "mooring audit --data ~/mooring --limit 0 -o jsonl",
  ],
  args: noArgs,
  flags,
  run: async (invocation, ports) => {
    const { output, limit = usualLimit } = invocation.flags;
    if (limit < 0) throw usageError("flag --limit: must be 0 or more");
    const query = queryOf(invocation, ports);
    await using reader = await openReader(invocation, ports);
    const wanted = limit === 0 ? Number.MAX_SAFE_INTEGER : limit;
    const records: StoredAuditRecord[] = [];
    for await (const page of pagesOf(reader, { ...query, limit: wanted })) {
      if (output === "jsonl")
        exactOf(ports.stdout).write(page.map((one) => `${formatJson(recordAsJson(one))}\n`).join(""));
      else records.push(...page);
    }
    if (output === "json") printValue(ports.stdout, "json", records.map(recordAsJson) as never);
    else if (output !== "jsonl") ports.stdout.write(formatRecords(records, output === "wide"));
    return 0;
  },
});

type Asked = Invocation<typeof flags>;

const usualLimit = 100;
const pageSize = 1_000;

function queryOf({ flags: given }: Asked, { clock }: CliPorts): Omit<AuditQuery, "limit"> {
  const { user, method, kind, project, namespace, name, result } = given;
  const now = clock.now();
  return {
    sinceMs: parseTime("since", given.since, now),
    untilMs: parseTime("until", given.until, now),
    user,
    method,
    kind,
    project,
    namespace,
    name,
    result,
  };
}

async function* pagesOf(reader: AuditReader, query: AuditQuery): AsyncIterable<readonly StoredAuditRecord[]> {
  let left = query.limit;
  let after: string | undefined;
  do {
    const { records, next } = await reader.list({ ...query, after, limit: Math.min(left, pageSize) });
    yield records;
    left -= records.length;
    after = next;
  } while (after !== undefined && left > 0);
}

async function openReader(invocation: Asked, ports: CliPorts): Promise<AuditReader> {
  const { data, server } = invocation.flags;
  if (data !== undefined && server !== undefined) throw usageError("flags --data and --server: choose one");
  if (data !== undefined) return await ports.openAudit(data);
  const { requireServer } = await import("../server/open-server.ts");
  return createServerReader(await requireServer(invocation, ports), ports.signal);
}
