type ObjectType = "commit" | "tree" | "blob" | "tag";

export type BatchReply =
  | { readonly found: false; readonly reason: "missing" | "ambiguous" }
  | {
      readonly found: true;
      readonly oid: string;
      readonly type: ObjectType;
      readonly size: number;
      readonly content?: Uint8Array;
    };

interface OpenReply {
  readonly reply: Extract<BatchReply, { found: true }>;
  readonly content: Buffer;
  at: number;
}

/** Splits what `git cat-file --batch-command` writes into replies; `wantsContent` tells for the reply being read whether content follows. */
export class BatchParser {
  readonly #wantsContent: () => boolean;
  readonly #onReply: (reply: BatchReply) => void;
  #header = Buffer.alloc(0);
  #open: OpenReply | undefined;

  constructor(wantsContent: () => boolean, onReply: (reply: BatchReply) => void) {
    this.#wantsContent = wantsContent;
    this.#onReply = onReply;
  }

  /** Throws when the bytes are not what git writes. */
  push(chunk: Buffer): void {
    let rest = chunk;
    while (rest.length > 0) {
      rest = this.#open === undefined ? this.#readHeader(rest) : this.#readContent(this.#open, rest);
    }
  }

  #readHeader(chunk: Buffer): Buffer {
    const end = chunk.indexOf(10);
    if (end < 0) {
      this.#header = Buffer.concat([this.#header, chunk]);
      if (this.#header.length > 4_096) throw new Error("cat-file wrote a header without end");
      return chunk.subarray(chunk.length);
    }
    const line = Buffer.concat([this.#header, chunk.subarray(0, end)]).toString("utf8");
    this.#header = Buffer.alloc(0);
    const reply = parseHeader(line);
    if (!reply.found || !this.#wantsContent()) {
      this.#onReply(reply);
    } else {
      // Memory of its own, not Node's shared pool: callers may transfer it to a worker thread.
      this.#open = { reply, content: Buffer.allocUnsafeSlow(reply.size), at: 0 };
    }
    return chunk.subarray(end + 1);
  }

  #readContent(open: OpenReply, chunk: Buffer): Buffer {
    const { content } = open;
    const copied = chunk.copy(content, open.at);
    open.at += copied;
    const rest = chunk.subarray(copied);
    // A line feed follows the content; it may be in a later chunk.
    if (open.at < content.length || rest.length === 0) return rest;
    if (rest[0] !== 10) throw new Error("cat-file wrote more content than it announced");
    this.#open = undefined;
    this.#onReply({ ...open.reply, content });
    return rest.subarray(1);
  }
}

function parseHeader(line: string): BatchReply {
  const parts = /^(?<oid>[0-9a-f]{40,64}) (?<type>commit|tree|blob|tag) (?<size>\d+)$/.exec(line)?.groups;
  if (parts !== undefined) {
    return {
      found: true,
      oid: parts["oid"] ?? "",
      type: parts["type"] as ObjectType,
      size: Number(parts["size"]),
    };
  }
  if (line.endsWith(" missing")) return { found: false, reason: "missing" };
  if (line.endsWith(" ambiguous")) return { found: false, reason: "ambiguous" };
  throw new Error(`cat-file wrote an unknown header: ${line.slice(0, 100)}`);
}
