export interface OutgoingRequest {
  readonly method: "GET" | "POST";
  /** http or https, without credentials. */
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** For the whole answer. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** Redirects are not followed: their answer is what comes back. */
export interface OutgoingAnswer {
  readonly status: number;
  /** The first 64 KiB at most. */
  readonly body: string;
  /** The body was longer. */
  readonly isCut: boolean;
}

/** Requests to addresses that users name. Metadata services of clouds and the like are never asked. */
export interface OutgoingHttp {
  /** Throws GATE_UNREACHABLE when there is no answer, GATE_REFUSED for an address that no request may go to, and AbortError. */
  send(request: OutgoingRequest): Promise<OutgoingAnswer>;
}
