import type { ErrorCode } from "#core/errors/index.ts";
import { errorCatalog, MooringError } from "#core/errors/index.ts";
import type { JsonObject } from "#core/object/index.ts";
import { isJsonObject, viewArray, viewNumber, viewString } from "#core/object/index.ts";
import { decodeMessage, encodeMessage } from "../../engine-message.ts";
import type { EngineName } from "../../protocol.ts";
import type { ToolContext } from "../tool.ts";
import { engineClock } from "./engines.ts";

/** What the engine says about documents: about 100 bytes for each. */
const maxReplyHeaderBytes = 32 * 1024 * 1024;

/** The native engine cannot fix its clock and randomness: it gives such a render back. */
const fallbackCode = "RENDER_ENGINE_FALLBACK";

interface EngineDocument {
  /** The file it came from, as far as the tool knows it. */
  readonly source: string;
  readonly offset: number;
  readonly size: number;
}

export interface EngineReply {
  readonly body: Uint8Array;
  /** Empty when the tool does not say. */
  readonly documents: readonly EngineDocument[];
}

/** Renders the request, natively when the job says so and the engine can. Throws the engine's own error. */
export function callEngine(context: ToolContext, engine: EngineName, request: object): EngineReply {
  const { files, job, engines } = context;
  const { maxOutputBytes, maxFileBytes, maxSourceBytes: maxTotalBytes } = job.limits;
  const limits = { maxOutputBytes, maxFileBytes, maxTotalBytes };
  const message = encodeMessage({ ...request, clock: engineClock, limits });
  files.checkStopped();
  const native = job.native ? read(files.renderNatively(message)) : undefined;
  const answered =
    native === undefined || errorCodeOf(native.header) === fallbackCode
      ? read(engines.render(engine, message, context))
      : native;
  if (answered.header["ok"] !== true) throw errorOf(answered.header);
  return { body: answered.body, documents: parseDocuments(answered.header, answered.body.length) };
}

function read(reply: Uint8Array) {
  return decodeMessage(reply, maxReplyHeaderBytes);
}

function errorCodeOf(header: JsonObject): string {
  return viewString(header, "error", "code") ?? "";
}

function errorOf(header: JsonObject): MooringError {
  const code = errorCodeOf(header);
  const message = withoutStack(viewString(header, "error", "message") ?? "the render engine gave no reason");
  return new MooringError(isRenderCode(code) ? code : "RENDER_INVALID", shorten(message));
}

/** A library that panics, as Jsonnet's does for a list that is too long, prints where; that says nothing about the source. */
function withoutStack(message: string): string {
  return message.replace(/\s*goroutine \d+ \[.*$/s, "");
}

const maxMessageLength = 1000;

/** Templates that reach one another give the same words again and again; what is wrong stands at the end. */
function shorten(message: string): string {
  const once = message.replaceAll(/(.{16,300}?)\1{2,}/gs, "$1… ");
  if (once.length <= maxMessageLength) return once;
  return `${once.slice(0, maxMessageLength / 2)} […] ${once.slice(-maxMessageLength / 2)}`;
}

function isRenderCode(code: string): code is ErrorCode {
  return /^(?:RENDER|SECRET)_/.test(code) && Object.hasOwn(errorCatalog, code);
}

function parseDocuments(header: JsonObject, bodyBytes: number): EngineDocument[] {
  return viewArray(header, "documents").map((document) => {
    const source = isJsonObject(document) ? viewString(document, "source") : undefined;
    const [offset = -1, size = -1] = [viewNumber(document, "offset"), viewNumber(document, "size")];
    if (offset < 0 || size < 0 || offset + size > bodyBytes) {
      throw new Error("the render engine describes a document outside of its output");
    }
    return { source: source ?? "", offset, size };
  });
}
