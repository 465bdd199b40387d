import { join } from "node:path";
import type { IncomingMessage, ServerResponse } from "node:http";
import { request as forward } from "node:http";
import { onTestFinished } from "vitest";
import type { JsonObject, KubeObject } from "#core/object/index.ts";
import { viewArray, viewString } from "#core/object/index.ts";
import { startEmbeddedCluster } from "#embedded/index.ts";
import { hubTypes } from "#engine/hub-types.ts";
import { installObject } from "#engine/install-object.ts";
import { startCluster } from "#kube/index.ts";
import { writeEmbeddedKubeconfig } from "#main/embedded-kubeconfig.ts";
import { installHub } from "#main/install-hub.ts";
import type { Cluster } from "#ports/cluster.ts";
import { systemClock } from "#runtime/clock.ts";
import { startController } from "#test/application/controller.ts";
import type { TestRepository } from "#test/git-servers/index.ts";
import { createRepository, startGitHttpServer } from "#test/git-servers/index.ts";
import type { WebServer } from "#test/registry-servers/web-server.ts";
import { startWebServer } from "#test/registry-servers/web-server.ts";
import { directoryOf } from "./bed.ts";

export const namespace = "argocd";
const { signal } = new AbortController();
export const layers = [
  { mediaType: "application/vnd.oci.image.layer.v1.tar", content: Buffer.from("one") },
] as const;

/** Labels of a Secret that automations may send where they say. */
export const offered = { "mooring.dev/secret-type": "image-automation" };

/** A control plane on an embedded cluster, on which no controller runs yet. */
export interface Plane {
  readonly hub: Cluster;
  readonly directory: string;
  readonly kubeconfigPath: string;
  /** Lines of the controllers' logs. */
  readonly log: string[];
  install(object: KubeObject): Promise<void>;
  /** An ImageAutomation as it is now. */
  read(name: string): Promise<KubeObject>;
  annotate(name: string, annotations: JsonObject): Promise<void>;
  /** Runs until the test ends, or the result is called. */
  start(identity?: string): Promise<() => Promise<void>>;
}

export async function startPlane(): Promise<Plane> {
  const directory = await directoryOf({});
  const stop = new AbortController();
  const embedded = await startEmbeddedCluster({
    onFailure: (error) => stop.abort(error),
    signal: stop.signal,
  });
  onTestFinished(async () => await embedded[Symbol.asyncDispose]());
  const kubeconfigPath = join(directory, "kubeconfig");
  await writeEmbeddedKubeconfig(kubeconfigPath, [{ name: "hub", cluster: embedded }]);
  await installHub({ path: kubeconfigPath }, { namespace, signal });
  const hub = startCluster(embedded.connection);
  onTestFinished(async () => await hub[Symbol.asyncDispose]());
  const log: string[] = [];
  const ref = (name: string) => ({ type: hubTypes.imageAutomation, namespace, name });
  return {
    hub,
    directory,
    kubeconfigPath,
    log,
    install: async (object) => {
      await installObject(hub, object, { clock: systemClock, fieldManager: "test", signal });
    },
    read: async (name) => {
      const object = await hub.read(ref(name), signal);
      if (object === undefined) throw new Error(`ImageAutomation ${name} is not there`);
      return object;
    },
    annotate: async (name, annotations) => {
      await hub.mergePatch(ref(name), { metadata: { annotations } }, { fieldManager: "test", signal });
    },
    start: async (identity = "one") => {
      const data = join(directory, identity);
      const write = (line: string) => void log.push(line);
      const running = await startController({ kubeconfigPath, namespace, data, identity, write });
      onTestFinished(async () => await running.stop());
      return async () => await running.stop();
    },
  };
}

/** A repository behind a server that counts who asks it. */
export interface CountedRepository extends TestRepository {
  /** By which clients reach it. */
  readonly httpUrl: string;
  /** How often objects were fetched, and how often something was pushed. */
  counts(): { readonly fetches: number; readonly pushes: number };
}

export async function startRepository(files: Readonly<Record<string, string>>): Promise<CountedRepository> {
  const root = await directoryOf({});
  const repository = await createRepository(join(root, "shop.git"));
  await repository.commit(files);
  await repository.git("config", "http.receivepack", "true");
  const server = await startGitHttpServer({ root });
  onTestFinished(async () => await server[Symbol.asyncDispose]());
  const posts = (what: string) =>
    server.requests.filter(({ method, path }) => method === "POST" && path.endsWith(what)).length;
  return {
    ...repository,
    httpUrl: `${server.url}/shop.git`,
    // Of two posts to upload-pack of protocol 2 one lists refs, and the other fetches.
    counts: () => ({ fetches: posts("/git-upload-pack"), pushes: posts("/git-receive-pack") }),
  };
}

/** What stands before a registry and remembers who asked what of it. */
export interface Front {
  /** Host and port. */
  readonly host: string;
  readonly requests: WebServer["requests"];
  /** Answers in its place as long as it is set. */
  fault: { readonly status: number; readonly headers?: Readonly<Record<string, string>> } | undefined;
}

export async function startFront(registry: string): Promise<Front> {
  const server = await startWebServer();
  onTestFinished(async () => await server[Symbol.asyncDispose]());
  const front: Front = { host: `127.0.0.1:${server.port}`, requests: server.requests, fault: undefined };
  server.setDefault((request: IncomingMessage, response: ServerResponse) => {
    if (front.fault !== undefined) {
      response.writeHead(front.fault.status, { ...front.fault.headers }).end();
      return;
    }
    const { method, url, headers } = request;
    const asked = forward(`http://${registry}${url ?? "/"}`, { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    asked.on("error", () => response.destroy());
    request.pipe(asked);
  });
  return front;
}

/** Says that registries of a host speak no TLS. */
export function plainRegistry(host: string): KubeObject {
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: {
      name: "plain-registry",
      namespace,
      labels: { "argocd.argoproj.io/secret-type": "repo-creds" },
    },
    stringData: { type: "oci", url: `oci://${host}`, insecureOCIForceHttp: "true" },
  };
}

export function automationOf(name: string, spec: JsonObject): KubeObject {
  return {
    apiVersion: "mooring.dev/v1alpha1",
    kind: "ImageAutomation",
    metadata: { name, namespace },
    spec,
  };
}

/** The condition Ready, as `True Written: …`. */
export function readyOf(object: KubeObject): string {
  const ready = viewArray(object, "status", "conditions").find((one) => viewString(one, "type") === "Ready");
  return `${viewString(ready, "status")} ${viewString(ready, "reason")}: ${viewString(ready, "message")}`;
}
