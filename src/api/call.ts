import type { DescMethod } from "@bufbuild/protobuf";
import type { Credentials } from "./auth/tokens/credentials.ts";
import type { ServiceName, services } from "./contract/methods.ts";
import type { ShapeOfDesc } from "./contract/shape.ts";

/** What is known of a request before anybody looks at who sends it. */
export interface Origin {
  readonly credentials: Credentials;
  /** The client's address; undefined when it is hidden behind a proxy. */
  readonly address: string | undefined;
  /** The other end of the connection, a proxy's too. */
  readonly peer: string;
  readonly userAgent: string;
  /** `Set-Cookie` headers of the answer, for browsers. */
  readonly setCookies: (cookies: readonly string[]) => void;
  readonly signal: AbortSignal;
}

/** One request as methods see it. `Caller` is who sends it, as the server's composition root knows callers. */
export interface Call<Caller> extends Origin {
  readonly method: DescMethod;
  readonly caller: Caller;
}

type Implementation<Method, Caller> = Method extends {
  readonly methodKind: infer Kind;
  readonly input: infer Input;
  readonly output: infer Output;
}
  ? Kind extends "unary"
    ? (request: ShapeOfDesc<Input>, call: Call<Caller>) => Promise<ShapeOfDesc<Output>>
    : Kind extends "server_streaming"
      ? (request: ShapeOfDesc<Input>, call: Call<Caller>) => AsyncIterable<ShapeOfDesc<Output>>
      : (requests: AsyncIterable<ShapeOfDesc<Input>>, call: Call<Caller>) => Promise<ShapeOfDesc<Output>>
  : never;

/** The methods of one service, by the local name of each (`listResourceEvents`). */
export type ServiceMethods<Name extends ServiceName, Caller> = {
  readonly [M in keyof (typeof services)[Name]["method"]]: Implementation<
    (typeof services)[Name]["method"][M],
    Caller
  >;
};

/** Everything that the API answers. A service that is left out answers that it is not there. */
export type ApiMethods<Caller> = { readonly [Name in ServiceName]?: Partial<ServiceMethods<Name, Caller>> };
