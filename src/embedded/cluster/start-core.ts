import { isJsonObject } from "#core/object/index.ts";
import type { Clock } from "#runtime/clock.ts";
import { formatTime } from "#runtime/clock.ts";
import { refuseEscalation } from "../authorize/escalation.ts";
import { judgeByRoles, rulesFor } from "../authorize/rbac.ts";
import { observeStore } from "../collect/observed-store.ts";
import { startCollectors } from "../collect/start-collectors.ts";
import type { ApiServerOptions } from "../http/index.ts";
import { createKindRules } from "../schema/create-rules.ts";
import type { Store, StoreEvent } from "../storage/store.ts";
import type { User } from "../verbs/api.ts";
import type { ClusterState } from "../verbs/cluster-state.ts";
import { createEmbeddedApi } from "../verbs/create-api.ts";
import { startWorkloads } from "../workloads/index.ts";
import { createAllocations } from "./allocations.ts";
import { bootstrap } from "./bootstrap.ts";
import { readBuiltIns } from "./built-ins.ts";
import { createDefinitions } from "./definitions.ts";
import { createOpenApi } from "./open-api.ts";
import { podLog } from "./pod-logs.ts";

export interface CoreOptions {
  readonly kept: Store;
  readonly clock: Clock;
  /** PEM of the authority that the server's certificate is from. */
  readonly certificate: string;
  /** A new `metadata.uid`. */
  readonly newUid: () => string;
  /** A whole number from 0 to below `end`. */
  readonly randomInt: (end: number) => number;
  /** No controllers, no nodes and no collection of garbage: nothing happens but what clients ask for. */
  readonly isAlone?: boolean;
  /** Told of every write when it has happened; must not write. */
  readonly onEvent?: (event: StoreEvent) => void;
  /** Told of failures that no client caused. */
  readonly onFailure: (error: unknown) => void;
}

/** A cluster without connections: its state, and what acts on it by itself. */
export interface Core extends Disposable {
  readonly state: ClusterState;
  /** How it is served to those who have the token. */
  serverOptions(adminToken: string): ApiServerOptions;
}

const admin: User = { name: "admin", groups: ["system:masters", "system:authenticated"] };

export function startCore(options: CoreOptions): Core {
  const { kept, clock, certificate, onFailure } = options;
  const { documents, catalogs, types } = readBuiltIns();
  const listeners: ((event: StoreEvent) => void)[] = [];
  const store = observeStore(kept, (event) => {
    for (const listener of listeners) listener(event);
  });
  const defined = createDefinitions(catalogs, { store: () => store, clock });
  listeners.push((event) => defined.note(event));
  const state: ClusterState = {
    store,
    catalog: defined.catalog,
    rules: createKindRules({
      documents,
      types,
      allocate: createAllocations(() => store),
      now: () => formatTime(clock.now()),
      priorityClass: (name) => priorityClassOf(store, name),
    }),
    admit: (admission) => refuseEscalation(store, admission),
    clock,
    newUid: options.newUid,
    newSuffix: () => suffixOf(options.randomInt),
  };
  const running = new DisposableStack();
  running.use(defined);
  const actors =
    options.isAlone === true
      ? []
      : [
          startCollectors(state, { clock, certificate, onFailure }),
          startWorkloads(state, { clock, onFailure }),
        ];
  for (const actor of actors) {
    running.use(actor);
    listeners.push((event) => actor.note(event));
  }
  if (options.onEvent !== undefined) listeners.push(options.onEvent);
  defined.start(state);
  bootstrap(state);
  const openApi = createOpenApi(documents, defined.all);
  return {
    state,
    serverOptions: (adminToken) => ({
      authenticate: { tokens: new Map([[adminToken, admin]]) },
      ...accessBy(store),
      api: createEmbeddedApi(state),
      catalog: state.catalog,
      version: documents.index.version,
      openApi,
      readLog: (request) => podLog(state, request),
      onError: onFailure,
      clock,
    }),
    [Symbol.dispose]: () => running.dispose(),
  };
}

function accessBy(store: Store): Pick<ApiServerOptions, "authorize" | "rulesOf"> {
  return {
    authorize: (attempt) => judgeByRoles(store, attempt),
    rulesOf: (user, namespace) => {
      const rules = rulesFor(store, user, namespace).filter((rule) => isJsonObject(rule));
      return {
        resourceRules: rules.filter((rule) => rule["nonResourceURLs"] === undefined),
        nonResourceRules: rules.filter((rule) => rule["nonResourceURLs"] !== undefined),
        incomplete: false,
      };
    },
  };
}

function priorityClassOf(store: Store, name: string) {
  const resource = "scheduling.k8s.io/priorityclasses";
  if (name !== "") return store.read({ resource, namespace: "", name })?.object;
  return store.list({ resource }).find(({ object }) => object["globalDefault"] === true)?.object;
}

/** Letters that spell no words, as the API server generates names. */
const letters = "bcdfghjklmnpqrstvwxz2456789";

function suffixOf(randomInt: CoreOptions["randomInt"]): string {
  return Array.from({ length: 5 }, () => letters[randomInt(letters.length)]).join("");
}
