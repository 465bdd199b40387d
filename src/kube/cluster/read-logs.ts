import type { LogLine, LogOptions, ResourceType } from "#ports/cluster.ts";
import { abortErrorOf } from "#runtime/abort.ts";
import { translateNetworkError } from "../http/network-error.ts";
import type { Follower } from "../watch/follow.ts";
import { createLineSplitter } from "../watch/lines.ts";
import { objectPath, subjectOf, withQuery } from "./paths.ts";

const podType: ResourceType = {
  group: "",
  version: "v1",
  kind: "Pod",
  plural: "pods",
  namespaced: true,
  verbs: ["get"],
  shortNames: [],
};

/** Nobody reads longer lines, and a program may write without ever ending one. */
const maxLineBytes = 256 * 1024;

/** The log subresource of a pod, with the time of each line. Throws `KUBE_` errors, and AbortError when the signal aborts. */
export async function* readLogs(
  { client, server }: Follower,
  pod: { readonly namespace: string; readonly name: string },
  options: LogOptions,
): AsyncGenerator<LogLine> {
  const { signal, follow, previous, ...selection } = options;
  const ref = { type: podType, ...pod };
  const path = withQuery(`${objectPath(ref)}/log`, {
    ...selection,
    follow: follow === true ? true : undefined,
    previous: previous === true ? true : undefined,
    timestamps: true,
  });
  const subject = subjectOf(ref);
  const body = await client.stream({ method: "GET", path, accept: "*/*", subject, repeatable: true }, signal);
  const splitter = createLineSplitter(maxLineBytes, { cutsLines: true });
  try {
    for await (const chunk of body as AsyncIterable<Uint8Array>) {
      for (const line of splitter.push(chunk)) yield parseLine(line);
    }
  } catch (error) {
    throw signal.aborted ? abortErrorOf(signal) : translateNetworkError(server, error);
  }
  const unended = splitter.end();
  if (unended !== undefined) yield parseLine(unended);
}

const timed = /^(?<time>\d{4}-\d{2}-\d{2}T\S+) (?<text>.*)$/su;

function parseLine(line: string): LogLine {
  const { time = "", text = line } = timed.exec(line)?.groups ?? {};
  return { time, text };
}
