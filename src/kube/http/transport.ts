import type { IncomingHttpHeaders } from "node:http";
import type { Readable } from "node:stream";

export interface HttpRequest {
  readonly method: string;
  /** Path and query, as they go on the wire. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly body?: Uint8Array;
  /** Ends the request and, after the answer's head, its body. */
  readonly signal: AbortSignal;
}

export interface HttpResponse {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** Must be read to its end or destroyed. */
  readonly body: Readable;
}

/** Connections to one server. Rejects with what Node's network layer throws; the client above translates it. */
export interface Transport extends AsyncDisposable {
  send(request: HttpRequest): Promise<HttpResponse>;
  /** The client certificate changed: requests from now on use connections made with the new one. */
  rotate(): void;
}
