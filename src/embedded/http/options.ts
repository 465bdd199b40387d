import type { JsonObject } from "#core/object/index.ts";
import { type Clock, systemClock } from "#runtime/clock.ts";
import type { KindCatalog, ServedKind } from "../kinds/served-kind.ts";
import type { EmbeddedApi, Target, User } from "../verbs/api.ts";
import type { TableShape } from "./tables/shape.ts";

/** What somebody wants to do, as an authoriser judges it. */
export interface AccessAttributes {
  readonly user: User;
  /** `get`, `list`, `watch`, `create`, `impersonate`, …; the method in lower case for paths that are no resource's. */
  readonly verb: string;
  readonly isResource: boolean;
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  readonly subresource: string;
  readonly namespace: string;
  readonly name: string;
  /** Only for what is no resource. */
  readonly path: string;
}

interface Access {
  readonly allowed: boolean;
  /** Why, for people; may be empty. */
  readonly reason: string;
}

export type Authorize = (attributes: AccessAttributes) => Access;

/** What a user may do in a namespace, as `kubectl auth can-i --list` shows it. */
export interface AccessRules {
  readonly resourceRules: readonly JsonObject[];
  readonly nonResourceRules: readonly JsonObject[];
  readonly incomplete: boolean;
}

export interface TlsSettings {
  /** PEM. */
  readonly key: string;
  readonly cert: string;
  /** PEM of the authorities whose client certificates name users: CN is the name, O the groups. */
  readonly clientCa?: string;
}

interface AuthenticateSettings {
  /** Bearer tokens and whose they are; `system:authenticated` is added to the groups. */
  readonly tokens?: ReadonlyMap<string, User>;
  /** Requests without credentials are `system:anonymous`; refused unless told. */
  readonly anonymous?: boolean;
}

/** What `kubectl logs` asks for. */
export interface LogRequest {
  readonly target: Target;
  readonly container: string;
  readonly follow: boolean;
  readonly previous: boolean;
  readonly timestamps: boolean;
  readonly tailLines: number | undefined;
  readonly limitBytes: number | undefined;
  readonly sinceSeconds: number | undefined;
  readonly sinceTime: string;
  /** Aborts when nobody reads any more. */
  readonly signal: AbortSignal;
}

interface ServerLimits {
  readonly maxBodyBytes: number;
  readonly maxHeaderBytes: number;
  readonly maxUrlBytes: number;
  /** How deep JSON and YAML may be nested. */
  readonly maxDepth: number;
  /** Requests under way that are neither watches nor followed logs; more are answered with 429. */
  readonly maxInFlight: number;
  /** Watches and followed logs. */
  readonly maxLongRunning: number;
  readonly maxConnections: number;
  readonly headersTimeoutMs: number;
  readonly bodyTimeoutMs: number;
  /** A client that reads nothing of an answer for so long is disconnected; watches wait for ever. */
  readonly stallTimeoutMs: number;
  readonly idleTimeoutMs: number;
  readonly bookmarkIntervalMs: number;
  /** Watches without a timeout of their own last between this and twice as long. */
  readonly minWatchMs: number;
  /** How long requests under way may go on when the server ends. */
  readonly shutdownGraceMs: number;
}

export interface ApiServerOptions {
  /** 127.0.0.1 unless told. */
  readonly host?: string;
  /** Any free port unless told. */
  readonly port?: number;
  /** Plain HTTP without it. */
  readonly tls?: TlsSettings;
  readonly authenticate?: AuthenticateSettings;
  readonly authorize: Authorize;
  /** Without it SelfSubjectRulesReviews are incomplete. */
  readonly rulesOf?: (user: User, namespace: string) => AccessRules;
  readonly api: EmbeddedApi;
  /** Asked for every request; another object, with another list of kinds, whenever something has changed. */
  readonly catalog: () => KindCatalog;
  /** The document at `/version`. */
  readonly version: JsonObject;
  /** JSON text of `/openapi/v2`, `/openapi/v3` and the paths below. */
  readonly openApi: (path: string) => string | undefined;
  /** Without it there are no logs. Throws ApiError. */
  readonly readLog?: (request: LogRequest) => Iterable<string> | AsyncIterable<string>;
  /** Columns of tables that come before those that are built in. */
  readonly columnsOf?: (kind: ServedKind) => TableShape | undefined;
  /** Told of failures that no client caused. */
  readonly onError?: (error: unknown, request: string) => void;
  readonly limits?: Partial<ServerLimits>;
  readonly clock?: Clock;
  /** Between 0 and 1. */
  readonly random?: () => number;
  /** Ends the server like disposing it. */
  readonly signal?: AbortSignal;
}

const defaultLimits: ServerLimits = {
  maxBodyBytes: 3 * 1024 * 1024,
  maxHeaderBytes: 64 * 1024,
  maxUrlBytes: 32 * 1024,
  maxDepth: 500,
  maxInFlight: 600,
  maxLongRunning: 10_000,
  maxConnections: 10_000,
  headersTimeoutMs: 20_000,
  bodyTimeoutMs: 60_000,
  stallTimeoutMs: 60_000,
  idleTimeoutMs: 120_000,
  bookmarkIntervalMs: 60_000,
  minWatchMs: 30 * 60_000,
  shutdownGraceMs: 2_000,
};

export interface ResolvedOptions extends Omit<ApiServerOptions, "limits"> {
  readonly host: string;
  readonly port: number;
  readonly authenticate: Required<AuthenticateSettings>;
  readonly onError: (error: unknown, request: string) => void;
  readonly limits: ServerLimits;
  readonly clock: Clock;
  readonly random: () => number;
}

export function resolveOptions(options: ApiServerOptions): ResolvedOptions {
  return {
    ...options,
    host: options.host ?? "127.0.0.1",
    port: options.port ?? 0,
    authenticate: { tokens: new Map(), anonymous: false, ...options.authenticate },
    onError: options.onError ?? (() => undefined),
    limits: { ...defaultLimits, ...options.limits },
    clock: options.clock ?? systemClock,
    random: options.random ?? Math.random,
  };
}
