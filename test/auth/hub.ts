import { createHmac, randomUUID } from "node:crypto";
import { afterAll, onTestFinished, vi } from "vitest";
import { parse } from "yaml";
import type { Authenticator, AuthenticatorOptions } from "#api/auth/index.ts";
import { createClusterAuthStore, startAuthenticator } from "#api/auth/index.ts";
import type { AuthStore } from "#api/auth/index.ts";
import { startEmbeddedCluster } from "#embedded/index.ts";
import type { JsonObject, StringMap } from "#core/object/index.ts";
import { startCluster } from "#kube/index.ts";
import type { Cluster } from "#ports/cluster.ts";
import type { Clock } from "#runtime/clock.ts";
import { systemClock } from "#runtime/clock.ts";
import type { LogOptions } from "#runtime/log.ts";
import { createLog } from "#runtime/log.ts";

/** A clock that can be put on. */
class MovableClock implements Clock {
  offsetMs = 0;
  now(): number {
    return Date.now() + this.offsetMs;
  }
  async sleep(ms: number, signal: AbortSignal): Promise<void> {
    await systemClock.sleep(ms, signal);
  }
  after(ms: number, callback: () => void): Disposable {
    return systemClock.after(ms, callback);
  }
}

/** A namespace in which an installation's Secrets and ConfigMaps are, and servers that read them. */
export interface AuthHub {
  readonly namespace: string;
  readonly store: AuthStore;
  readonly clock: MovableClock;
  /** Every line that a server logged. */
  readonly logged: string[];
  readonly signal: AbortSignal;
  /** Writes an object's data, in plain text for a Secret too, in place of what it had; an object may have labels beside its name. */
  put(
    kind: "ConfigMap" | "Secret",
    named: string | { readonly name: string; readonly labels: StringMap },
    data: Readonly<Record<string, string>>,
  ): Promise<void>;
  /** The plain text of a Secret's keys. */
  secret(name: string): Promise<Readonly<Record<string, string>>>;
  startServer(options?: Partial<AuthenticatorOptions>): Promise<Authenticator>;
}

// Starting a cluster and hashing passwords take seconds where many tests run at once.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let shared: Promise<{ readonly cluster: Cluster; readonly end: () => Promise<void> }> | undefined;

afterAll(async () => {
  await (await shared)?.end();
});

/** A hub in a namespace of its own of the file's embedded cluster. */
export async function startAuthHub(): Promise<AuthHub> {
  shared ??= startSharedCluster();
  const { cluster } = await shared;
  const signal = testSignal();
  const name = `auth-${randomUUID()}`;
  const type = {
    group: "",
    version: "v1",
    kind: "Namespace",
    plural: "namespaces",
    namespaced: false,
    verbs: [],
    shortNames: [],
  };
  const namespace = { apiVersion: "v1", kind: "Namespace", metadata: { name } };
  await cluster.create(type, namespace, { fieldManager: "test", signal });
  return openAuthHub(cluster, name, signal);
}

async function startSharedCluster() {
  const stop = new AbortController();
  const embedded = await startEmbeddedCluster({
    isAlone: true,
    signal: stop.signal,
    onFailure: (error) => {
      throw error;
    },
  });
  const cluster = startCluster(embedded.connection);
  const end = async () => {
    await cluster[Symbol.asyncDispose]();
    await embedded[Symbol.asyncDispose]();
  };
  return { cluster, end };
}

/** The hub in a namespace of a cluster. */
export function openAuthHub(cluster: Cluster, namespace: string, signal: AbortSignal): AuthHub {
  const store = createClusterAuthStore(cluster, namespace);
  const clock = new MovableClock();
  const logged: string[] = [];
  const log = createLog({ ...logOptions, write: (line) => void logged.push(line) });
  return {
    namespace,
    store,
    clock,
    logged,
    signal,
    put: async (kind, named, data) => {
      const { name, labels } = typeof named === "string" ? { name: named, labels: {} } : named;
      const known = await store.read(kind, name, signal);
      const encoded = Object.entries(data).map(([key, text]) => [key, base64(text)] as const);
      const metadata = { ...known?.metadata, name, namespace, labels };
      const values = kind === "ConfigMap" ? data : Object.fromEntries(encoded);
      await store.write({ apiVersion: "v1", kind, metadata, data: values }, signal);
    },
    secret: async (name) => {
      const data = ((await store.read("Secret", name, signal))?.["data"] ?? {}) as Record<string, string>;
      return Object.fromEntries(
        Object.entries(data).map(([key, value]) => [key, Buffer.from(value, "base64").toString("utf8")]),
      );
    },
    startServer: async (options = {}) => {
      const server = await startAuthenticator(
        {
          store,
          parseYaml: (text) => parse(text) as unknown,
          clock,
          log,
          scope: { path: "/", isSecure: true },
          environment: {},
          dexServer: undefined,
          readClientAssertion: () => Promise.reject(new Error("no workload identity in this test")),
          ...options,
        },
        signal,
      );
      onTestFinished(async () => await server[Symbol.asyncDispose]());
      return server;
    },
  };
}

const logOptions: Omit<LogOptions, "write"> = { level: "debug", format: "text", now: () => 0 };

/** Aborts when the running test ends. */
function testSignal(): AbortSignal {
  const controller = new AbortController();
  onTestFinished(() => controller.abort());
  return controller.signal;
}

function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}

/** A JWT as Argo CD makes it (RFC 7515), by no library of ours. */
export function makeJwt(
  claims: JsonObject,
  key: string,
  header: JsonObject = { alg: "HS256", typ: "JWT" },
): string {
  const part = (value: JsonObject) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const signed = `${part(header)}.${part(claims)}`;
  return `${signed}.${createHmac("sha256", key).update(signed).digest("base64url")}`;
}

/** Claims of a session that began just now. */
export function sessionClaims(nowMs: number, more: JsonObject = {}): JsonObject {
  const now = Math.floor(nowMs / 1_000);
  return {
    iss: "argocd",
    sub: "alice:login",
    jti: randomUUID(),
    iat: now,
    nbf: now,
    exp: now + 86_400,
    ...more,
  };
}
