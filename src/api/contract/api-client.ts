import type { ServiceName, services } from "./methods.ts";
import type { ShapeOfDesc } from "./shape.ts";

/** How a server is reached, and as whom. */
export interface ApiConnection {
  /** `host`, or `host:port`. */
  readonly address: string;
  readonly plaintext: boolean;
  /** Takes any certificate. */
  readonly insecure: boolean;
  readonly grpcWeb: boolean;
  /** Where the server is below a proxy's address, without slashes around it; only over gRPC-Web. */
  readonly rootPath: string;
  /** Authorities that certificates may come from beside the system's, in PEM. */
  readonly authorities?: string | undefined;
  /** The client's own certificate and key, in PEM. */
  readonly clientCertificate?: string | undefined;
  readonly clientKey?: string | undefined;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly token?: string | undefined;
  /** What to do when the server does not know who asks. */
  readonly loginHint: string;
}

type Ask<Method> = Method extends {
  readonly methodKind: infer Kind;
  readonly input: infer Input;
  readonly output: infer Output;
}
  ? Kind extends "unary"
    ? (request: ShapeOfDesc<Input>, signal: AbortSignal) => Promise<ShapeOfDesc<Output>>
    : Kind extends "server_streaming"
      ? (request: ShapeOfDesc<Input>, signal: AbortSignal) => AsyncIterable<ShapeOfDesc<Output>>
      : never
  : never;

/** Every method that takes one request, by service and local name: `ask.application.get({ name }, signal)`. */
export type ApiCalls = {
  readonly [Name in ServiceName]: {
    readonly [M in keyof (typeof services)[Name]["method"]]: Ask<(typeof services)[Name]["method"][M]>;
  };
};

/** A server as its clients see it. Every call may throw a MooringError with an `API_` code, or AbortError. */
export interface ApiClient extends AsyncDisposable {
  readonly address: string;
  readonly ask: ApiCalls;
}

/** What stands in the way of a connection that is checked as a browser would. */
export type ServerProbe =
  | { readonly tls: false }
  | { readonly tls: true; readonly problem?: string | undefined; readonly fingerprint: string };
