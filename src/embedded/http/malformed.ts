import type { Duplex } from "node:stream";
import { ApiError } from "../api-error.ts";

interface ParserError extends Error {
  readonly code?: string;
}

interface Refusal {
  readonly status: string;
  readonly error: ApiError;
}

const malformed: Refusal = {
  status: "400 Bad Request",
  error: new ApiError("BadRequest", "the request is malformed"),
};

const refusals: Readonly<Record<string, Refusal>> = {
  HPE_HEADER_OVERFLOW: {
    status: "431 Request Header Fields Too Large",
    error: new ApiError("BadRequest", "the request's headers are too large"),
  },
  ERR_HTTP_REQUEST_TIMEOUT: {
    status: "408 Request Timeout",
    error: new ApiError("Timeout", "Timeout: the request did not arrive in time"),
  },
};

/** The last words on a connection whose bytes are no HTTP/1.1. */
export function refuseMalformed(error: ParserError, socket: Duplex): void {
  const isGone = error.code === "ECONNRESET" || !socket.writable;
  // An answer that was under way would be mixed up with this one.
  const { bytesWritten = 0 } = socket as Duplex & { readonly bytesWritten?: number };
  if (isGone || bytesWritten > 0) return void socket.destroy();
  const { status, error: refusal } = refusals[error.code ?? ""] ?? malformed;
  const body = `${JSON.stringify(refusal.toStatus())}\n`;
  const head = `HTTP/1.1 ${status}\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}`;
  socket.end(`${head}\r\nConnection: close\r\n\r\n${body}`, () => socket.destroy());
}
