import type { Target, User } from "../verbs/api.ts";
import type { Exchange } from "./exchange.ts";
import type { ResolvedOptions } from "./options.ts";
import type { RequestInfo } from "./path/request-info.ts";

/** What all requests of a server share. */
export interface Serving {
  readonly options: ResolvedOptions;
  /** `host:port`, once it listens. */
  address: string;
  inFlight: number;
  /** Watches and followed logs. */
  longRunning: number;
  /** Aborts when the server ends. */
  readonly ending: AbortSignal;
}

/** A request that may be served. */
export interface RequestContext {
  readonly serving: Serving;
  readonly exchange: Exchange;
  readonly info: RequestInfo;
  readonly user: User;
}

/** A request for a resource that exists. */
export interface ResourceContext extends RequestContext {
  readonly target: Target;
}
