import type { JsonObject } from "#core/object/index.ts";
import { systemClock } from "#runtime/clock.ts";
import type { KindCatalog, ServedKind } from "../kinds/served-kind.ts";
import type { KindRules } from "../schema/rules.ts";
import { createMemoryStore } from "../storage/memory-store.ts";
import type { Store } from "../storage/store.ts";
import { createEmbeddedApi } from "../verbs/create-api.ts";
import type { ApiServerOptions } from "./options.ts";
import { type ApiServer, startApiServer } from "./start-api-server.ts";

/** A server on a small cluster in memory: its kinds have no schemas, everything else is as it is in use. */
export interface TestServer extends AsyncDisposable {
  readonly server: ApiServer;
  readonly store: Store;
  /** As whoever the token `admin` belongs to. */
  fetch(path: string, init?: RequestInit): Promise<Response>;
  json(path: string, init?: RequestInit): Promise<JsonObject>;
  create(path: string, object: JsonObject): Promise<JsonObject>;
}

const verbs = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];

function kind(apiVersion: string, name: string, more: Partial<ServedKind> = {}): ServedKind {
  const [group = "", version = ""] = apiVersion.includes("/") ? apiVersion.split("/") : ["", apiVersion];
  const singular = name.toLowerCase();
  return {
    group,
    version,
    kind: name,
    plural: `${singular}s`,
    singular,
    listKind: `${name}List`,
    namespaced: true,
    shortNames: [],
    categories: [],
    verbs,
    resource: `${group}/${singular}s`,
    hasStatus: false,
    subresources: [],
    merge: undefined,
    isCustom: false,
    ...more,
  };
}

const testKinds: readonly ServedKind[] = [
  kind("v1", "ConfigMap", { shortNames: ["cm"] }),
  kind("v1", "Namespace", {
    namespaced: false,
    hasStatus: true,
    shortNames: ["ns"],
    subresources: ["finalize"],
  }),
  kind("v1", "Pod", { hasStatus: true, subresources: ["log", "eviction"], categories: ["all"] }),
  kind("v1", "Secret"),
  kind("apps/v1", "Deployment", {
    hasStatus: true,
    scale: { specReplicas: ["spec", "replicas"], statusReplicas: ["status", "replicas"] },
  }),
  kind("acme.io/v1beta1", "Widget", { isCustom: true }),
  kind("acme.io/v1", "Widget", { isCustom: true }),
];

export function catalogOf(kinds: readonly ServedKind[]): KindCatalog {
  return {
    kinds,
    find: (group, version, plural) =>
      kinds.find((other) => other.group === group && other.version === version && other.plural === plural),
    findKind: (gvk) =>
      kinds.find(
        (other) => other.group === gvk.group && other.version === gvk.version && other.kind === gvk.kind,
      ),
    versionsOf: (resource) => kinds.filter((other) => other.resource === resource),
  };
}

const schemaless: KindRules = {
  decode: (_kind, object) => ({ object, unknown: [] }),
  empty: () => undefined,
  withDefaults: ({ next }) => next,
  complete: ({ next }) => next,
  validate: () => [],
  warnings: () => [],
};

export async function startTestServer(options: Partial<ApiServerOptions> = {}): Promise<TestServer> {
  const store = createMemoryStore();
  const catalog = catalogOf(testKinds);
  let names = 0;
  const api = createEmbeddedApi({
    store,
    catalog: () => catalog,
    rules: schemaless,
    clock: systemClock,
    newUid: () => `uid-${(names += 1)}`,
    newSuffix: () => `n${(names += 1)}`,
  });
  const server = await startApiServer({
    api,
    catalog: () => catalog,
    authorize: () => ({ allowed: true, reason: "" }),
    authenticate: { tokens: new Map([["admin", { name: "admin", groups: ["system:masters"] }]]) },
    version: { major: "1", minor: "37" },
    openApi: (path) => (path === "/openapi/v3" ? '{"paths":{}}' : undefined),
    ...options,
  });
  const request = (path: string, init: RequestInit = {}): Promise<Response> => {
    const headers = new Headers(init.headers);
    if (!headers.has("authorization")) headers.set("authorization", "Bearer admin");
    return fetch(`${server.url}${path}`, { ...init, headers });
  };
  const json = async (path: string, init?: RequestInit): Promise<JsonObject> =>
    (await (await request(path, init)).json()) as JsonObject;
  const create = (path: string, object: JsonObject): Promise<JsonObject> =>
    json(path, {
      method: "POST",
      body: JSON.stringify(object),
      headers: { "content-type": "application/json" },
    });
  await create("/api/v1/namespaces", { apiVersion: "v1", kind: "Namespace", metadata: { name: "default" } });
  return {
    server,
    store,
    fetch: request,
    json,
    create,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}
