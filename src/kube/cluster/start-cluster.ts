import type { ClusterConnection, Impersonation } from "#core/cluster/connection.ts";
import { viewString } from "#core/object/index.ts";
import type { Cluster, ListOptions, ResourceType } from "#ports/cluster.ts";
import { type Clock, systemClock } from "#runtime/clock.ts";
import { type DiscoveryCache, startDiscoveryCache } from "../discovery/discovery-cache.ts";
import type { KubeClient } from "../http/client.ts";
import { startHttp } from "../http/start-http.ts";
import type { Transport } from "../http/transport.ts";
import { follow, type Follower, type FollowEvent } from "../watch/follow.ts";
import { listPages } from "../watch/list-pages.ts";
import { watch } from "../watch/watch.ts";
import { objectPath, subjectOf } from "./paths.ts";
import { readLogs } from "./read-logs.ts";
import { parseObject, writeVerbs } from "./write.ts";

export interface ClusterOptions {
  /** Watch for new kinds, so that discovery and schemas follow; off for short-lived commands. Default true. */
  readonly keepFresh?: boolean;
  /** Connections for requests to a server without HTTP/2. Default 32. */
  readonly maxSockets?: number;
  /** Default 10 seconds. */
  readonly connectTimeoutMs?: number;
  readonly clock?: Clock;
  readonly random?: () => number;
  /** What carries requests and watches instead of the network; disposed with the cluster. */
  readonly transport?: Transport;
}

/** A cluster whose raw list and watch the live store can read: it keeps its own index and needs no second one. */
export interface KubeCluster extends Cluster {
  follow(type: ResourceType, options: ListOptions): AsyncIterable<FollowEvent>;
  as(user: { readonly user: string; readonly groups?: readonly string[] }): KubeCluster;
}

/** Connects to a cluster's API server; nothing is sent before the first call. */
export function startCluster(connection: ClusterConnection, options: ClusterOptions = {}): KubeCluster {
  const clock = options.clock ?? systemClock;
  const random = options.random ?? Math.random;
  const http = startHttp(connection, {
    clock,
    random,
    maxSockets: options.maxSockets ?? 32,
    connectTimeoutMs: options.connectTimeoutMs ?? 10_000,
    ...(options.transport === undefined ? {} : { transport: options.transport }),
  });
  const { server } = connection;
  const follower = { client: http.client, server, clock, random };
  const discovery = startDiscoveryCache({ follower, keepFresh: options.keepFresh ?? true });
  const dispose = async (): Promise<void> => {
    await discovery[Symbol.asyncDispose]();
    await http[Symbol.asyncDispose]();
  };
  return clusterOf({ follower, discovery, dispose });
}

interface Parts {
  readonly follower: Follower;
  /** What the server serves does not depend on who asks: shared by all users of a connection. */
  readonly discovery: DiscoveryCache;
  dispose(): Promise<void>;
}

function clusterOf(parts: Parts): KubeCluster {
  const { follower, discovery } = parts;
  const { client, server } = follower;
  return {
    server,
    readVersion: (signal) => readVersion(client, signal),
    discover: (signal, options) => discovery.discover(signal, options),
    schemaOf: (gvk, signal) => discovery.openApi.schemaOf(gvk, signal),
    read: async (ref, signal) => {
      const answer = await client.json(
        { method: "GET", path: objectPath(ref), subject: subjectOf(ref), repeatable: true, answers: [404] },
        signal,
      );
      return answer.status === 404 ? undefined : parseObject(ref.type, answer.value);
    },
    list: async (type, options) => {
      const objects = [];
      for await (const page of listPages(client, type, options)) {
        if (page.first) objects.length = 0;
        objects.push(...page.objects);
      }
      return objects;
    },
    listPages: (type, options) => listPages(client, type, options),
    watch: (type, options) => watch(follower, type, options),
    follow: (type, options) => follow(follower, type, options),
    readLogs: (pod, options) => readLogs(follower, pod, options),
    ...writeVerbs(client),
    as: (user) => clusterOf({ ...parts, follower: asUser(follower, user), dispose: notOurs }),
    [Symbol.asyncDispose]: () => parts.dispose(),
  };
}

function asUser(follower: Follower, user: Impersonation): Follower {
  return { ...follower, client: follower.client.as(user) };
}

// The connections belong to the cluster that `as` was called on.
async function notOurs(): Promise<void> {
  return undefined;
}

async function readVersion(
  client: KubeClient,
  signal: AbortSignal,
): Promise<{ readonly gitVersion: string; readonly major: string; readonly minor: string }> {
  const subject = { text: "version", secret: false };
  const { value } = await client.json({ method: "GET", path: "/version", subject, repeatable: true }, signal);
  return {
    gitVersion: viewString(value, "gitVersion") ?? "",
    major: viewString(value, "major") ?? "",
    minor: viewString(value, "minor") ?? "",
  };
}
