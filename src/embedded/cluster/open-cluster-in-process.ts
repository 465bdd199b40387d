import type { Duplex } from "node:stream";
import type { Clock } from "#runtime/clock.ts";
import { openApiServer } from "../http/index.ts";
import { copyToMemoryStore, createMemoryStore } from "../storage/memory-store.ts";
import type { Store, StoreEvent } from "../storage/store.ts";
import { startCore } from "./start-core.ts";

export interface InProcessClusterOptions {
  readonly clock: Clock;
  /** Numbers from 0 to below 1; uids and generated names follow from them. */
  readonly random: () => number;
  /** A cluster whose objects this one has, too, from the start. */
  readonly from?: InProcessCluster;
  /** Told of every write when it has happened; must not write. */
  readonly onEvent?: (event: StoreEvent) => void;
  /** Told of failures that no client caused. */
  readonly onFailure: (error: unknown) => void;
}

/** An embedded cluster that no socket leads to: all that happens in it follows from its clock, its random numbers and its clients. */
export interface InProcessCluster extends AsyncDisposable {
  /** What the administrator sends as bearer token. */
  readonly token: string;
  /** To look at; what changes it are requests. */
  readonly store: Pick<Store, "read" | "list" | "resources" | "revision">;
  /** A connection on which HTTP/1.1 is spoken, without TLS. */
  connect(): Duplex;
}

export function openClusterInProcess(options: InProcessClusterOptions): InProcessCluster {
  const { clock, random, from, onEvent, onFailure } = options;
  const token = "administrator";
  const core = startCore({
    kept: from === undefined ? createMemoryStore() : copyToMemoryStore(from.store),
    clock,
    certificate: "",
    newUid: () => uidFrom(random),
    randomInt: (end) => Math.floor(random() * end),
    ...(onEvent === undefined ? {} : { onEvent }),
    onFailure,
  });
  const server = openApiServer({ ...core.serverOptions(token), random });
  return {
    token,
    store: core.state.store,
    connect: () => server.connect(),
    [Symbol.asyncDispose]: async () => {
      await server[Symbol.asyncDispose]();
      core[Symbol.dispose]();
    },
  };
}

/** A version 4 UUID (RFC 9562). */
function uidFrom(random: () => number): string {
  const digits = Array.from({ length: 32 }, () => Math.floor(random() * 16).toString(16)).join("");
  const part = (from: number, to: number): string => digits.slice(from, to);
  return `${part(0, 8)}-${part(8, 12)}-4${part(13, 16)}-8${part(17, 20)}-${part(20, 32)}`;
}
