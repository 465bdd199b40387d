import { open, stat } from "node:fs/promises";

/** One request that the API server has answered, or one watch that it has begun. */
export interface AuditEntry {
  readonly verb: string;
  readonly user: string;
  readonly userAgent: string;
  readonly requestUri: string;
  /** Empty for paths that are no resource, such as `/version`. */
  readonly group: string;
  readonly resource: string;
  readonly subresource: string;
  readonly namespace: string;
  readonly name: string;
  readonly status: number;
  readonly receivedAt: string;
}

/** A place in the audit log, in bytes. */
export type AuditMark = number;

export interface AuditPage {
  readonly entries: readonly AuditEntry[];
  /** Where to read on. */
  readonly mark: AuditMark;
}

const chunkBytes = 1 << 20;
const newline = 0x0a;

/** The end of the audit log now. */
export async function auditMark(path: string): Promise<AuditMark> {
  return (await stat(path)).size;
}

/**
 * Every request logged since a mark, once each: the components' own reads are not logged. An entry
 * is written just after its answer is sent, so ask with `eventually`.
 */
export async function readAuditLog(path: string, since: AuditMark = 0): Promise<AuditPage> {
  const entries: AuditEntry[] = [];
  let mark = since;
  for await (const line of linesFrom(path, since)) {
    mark += line.length + 1;
    const entry = parseEntry(JSON.parse(line.toString("utf8")) as Event);
    if (entry !== undefined) entries.push(entry);
  }
  return { entries, mark };
}

// Only whole lines: the last one may still be in the writing.
async function* linesFrom(path: string, start: number): AsyncGenerator<Buffer> {
  await using file = await open(path);
  let rest = Buffer.alloc(0);
  for (let at = start; ;) {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(chunkBytes), 0, chunkBytes, at);
    if (bytesRead === 0) return;
    at += bytesRead;
    const bytes = Buffer.concat([rest, buffer.subarray(0, bytesRead)]);
    let from = 0;
    for (let end = bytes.indexOf(newline); end !== -1; end = bytes.indexOf(newline, from)) {
      yield bytes.subarray(from, end);
      from = end + 1;
    }
    rest = bytes.subarray(from);
  }
}

interface Event {
  readonly stage: string;
  readonly verb: string;
  readonly requestURI: string;
  readonly userAgent?: string;
  readonly user: { readonly username: string };
  readonly requestReceivedTimestamp: string;
  readonly responseStatus?: { readonly code?: number };
  readonly objectRef?: {
    readonly apiGroup?: string;
    readonly resource?: string;
    readonly subresource?: string;
    readonly namespace?: string;
    readonly name?: string;
  };
}

// A watch has a line when it begins and another when it ends.
function parseEntry(event: Event): AuditEntry | undefined {
  const counted = event.verb === "watch" ? "ResponseStarted" : "ResponseComplete";
  if (event.stage !== counted) return undefined;
  const { apiGroup = "", resource = "", subresource = "", namespace = "", name = "" } = event.objectRef ?? {};
  return {
    verb: event.verb,
    user: event.user.username,
    userAgent: event.userAgent ?? "",
    requestUri: event.requestURI,
    group: apiGroup,
    resource,
    subresource,
    namespace,
    name,
    status: event.responseStatus?.code ?? 0,
    receivedAt: event.requestReceivedTimestamp,
  };
}
