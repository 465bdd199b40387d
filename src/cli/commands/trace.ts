import type { Trace, TraceLine } from "#api/contract/gen/mooring/trace_pb.ts";
import type { ShapeOf } from "#api/contract/shape.ts";
import type { JsonValue } from "#core/object/index.ts";
import { defineCommand } from "../command.ts";
import { printValue } from "../output/print-value.ts";
import { requireServer } from "../server/open-server.ts";
import { usageError } from "../usage-error.ts";
import { formatTrace } from "../view/trace.ts";

const pageSize = 500;

export const command = defineCommand({
  name: "trace",
  summary: "Show where a commit or an image is: in which applications, since when, and what it waits for",
  details:
    "A commit is an id, at least seven letters of it, a branch or a tag, looked for in the repositories of the applications that one may see; it is in an application when what is deployed there is that commit or comes after it. An image is NAME, NAME:TAG or NAME@sha256:…. Asks the API server; times are kept by the controller that leads, for at most 90 days.",
  examples: [
    "mooring trace 1a2b3c4",
    "mooring trace main --repo https://github.com/your-org/shop.git",
    "mooring trace ghcr.io/your-org/web:1.4.2 -o json",
  ],
  args: { usage: "COMMIT|IMAGE", min: 1, max: 1 },
  flags: {
    kind: {
      type: "string",
      choices: ["commit", "image"],
      description: "What is meant; found out unless told",
    },
    repo: { type: "string", value: "URL", description: "Only applications that read this repository" },
    project: {
      type: "strings",
      short: "p",
      value: "NAME",
      description: "Only applications of this project",
    },
    all: { type: "boolean", description: "Also applications in which it changes nothing" },
    limit: { type: "integer", description: "The most lines; 500, 0 for all" },
    output: { type: "string", short: "o", choices: ["wide", "json", "yaml"], description: "Output format" },
  },
  run: async (invocation, ports) => {
    const { kind, repo, project, all = false, limit = pageSize, output } = invocation.flags;
    if (limit < 0) throw usageError("flag --limit: must be 0 or more");
    await using api = await requireServer(invocation, ports);
    const query = {
      what: invocation.args[0] ?? "",
      projects: [...project],
      ...(kind === undefined ? {} : { kind }),
      ...(repo === undefined ? {} : { repo }),
    };
    const wanted = limit === 0 ? Number.MAX_SAFE_INTEGER : limit;
    const lines: ShapeOf<TraceLine>[] = [];
    let trace: ShapeOf<Trace> = {};
    let after: string | undefined;
    do {
      const page = { limit: Math.min(pageSize, wanted - lines.length), continue: after ?? "" };
      trace = await api.ask.trace.find({ ...query, ...page }, ports.signal);
      lines.push(...(trace.lines ?? []));
      after = trace.continue;
    } while (after !== undefined && after !== "" && lines.length < wanted);
    const whole = { ...trace, lines };
    if (output === "json" || output === "yaml")
      printValue(ports.stdout, output, whole as unknown as JsonValue);
    else ports.stdout.write(formatTrace(whole, { isWide: output === "wide", withUnchanged: all }));
    return 0;
  },
});
