import { maxHeaderBytes, type Tree } from "./answer.ts";
import { decodeMessage } from "#render/engine-message.ts";

/** What one side made of a case. */
export type Outcome =
  | {
      readonly ok: true;
      readonly body: Buffer;
      readonly documents: readonly Document[];
      readonly heapBytes: number;
    }
  | { readonly ok: false; readonly code: string; readonly message: string };

interface Document {
  readonly source: string;
  readonly offset: number;
  readonly size: number;
}

/** Our engine in one of its forms. It renders one request at a time. */
export interface Engine extends AsyncDisposable {
  readonly name: string;
  /** Rejects when the engine breaks down. */
  render(request: object, tree: Tree): Promise<Outcome>;
}

const limits = { maxOutputBytes: 64 << 20, maxFileBytes: 16 << 20, maxTotalBytes: 64 << 20 };
/** 2026-01-01. */
export const clockSeconds = 1_767_225_600;

/** The fields that every request has. All are of one tenant, so that what one of them leaves behind meets the next. */
export function fullRequest(request: object): object {
  return { tenant: "test", ...request, clock: clockSeconds, limits };
}

interface ReplyHeader {
  readonly ok: boolean;
  readonly error?: { readonly code: string; readonly message: string };
  readonly documents?: readonly Document[];
  readonly heapBytes?: number;
}

export function readReply(reply: Uint8Array): Outcome {
  const { header, body } = decodeMessage(reply, maxHeaderBytes);
  const { ok, error, documents, heapBytes } = header as unknown as ReplyHeader;
  if (ok) return { ok, body: Buffer.from(body), documents: documents ?? [], heapBytes: heapBytes ?? 0 };
  return { ok, code: error?.code ?? "", message: error?.message ?? "" };
}
