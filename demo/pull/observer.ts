import { setTimeout as sleep } from "node:timers/promises";
import type { JsonValue, KubeObject } from "#core/object/index.ts";
import { viewArray, viewNumber, viewString } from "#core/object/index.ts";
import { hubTypes } from "#engine/hub-types.ts";
import type { Cluster, ObjectRef } from "#ports/cluster.ts";
import { DemoFailure } from "../commands.ts";
import { dim, print } from "../print.ts";

const deployments: ObjectRef["type"] = {
  group: "apps",
  version: "v1",
  kind: "Deployment",
  plural: "deployments",
  namespaced: true,
  verbs: [],
  shortNames: [],
};

/** The demo's Deployment. */
export const helloWorld: ObjectRef = { type: deployments, namespace: "default", name: "hello-world" };

/** What the cluster says now of the Deployment and of the Application. */
export interface View {
  /** Undefined while the Deployment does not exist. */
  readonly deployment:
    | { readonly uid: string; readonly replicas: number; readonly ready: number; readonly image: string }
    | undefined;
  /** Undefined while the Application does not exist. */
  readonly application:
    | {
        readonly sync: string;
        readonly health: string;
        readonly revision: string;
        readonly operation: string;
      }
    | undefined;
}

export interface Observer extends AsyncDisposable {
  readonly view: View;
  /** From now on every change is printed with the time since now. */
  startClock(): void;
  stopClock(): void;
  /** From now on changes are printed while no clock runs, too: somebody else may be at work. */
  showAll(): void;
  /** Resolves to the milliseconds since `startClock` when it holds. Throws DemoFailure when it does not in time. */
  until(what: string, holds: (view: View) => boolean): Promise<number>;
}

const timeoutMs = 60_000;

/** Follows the Deployment and the Application by watches, as a terminal with `kubectl get -w` would. */
export function startObserver(cluster: Cluster, signal: AbortSignal): Observer {
  const ending = new AbortController();
  const until = AbortSignal.any([signal, ending.signal]);
  const observed = new Observed();
  const follow = async (type: ObjectRef["type"], namespace: string, onObject: OnObject) => {
    for await (const event of cluster.watch(type, { namespace, signal: until })) {
      if (event.type !== "applied" && event.type !== "deleted") continue;
      if (event.object.metadata.name !== helloWorld.name) continue;
      onObject(event.type === "deleted" ? undefined : event.object);
    }
  };
  const watches = Promise.allSettled([
    follow(deployments, helloWorld.namespace, (object) =>
      observed.take({ ...observed.view, deployment: deploymentOf(object) }),
    ),
    follow(hubTypes.application, "argocd", (object) =>
      observed.take({ ...observed.view, application: applicationOf(object) }),
    ),
  ]);
  return {
    get view() {
      return observed.view;
    },
    startClock: () => observed.startClock(),
    stopClock: () => observed.stopClock(),
    showAll: () => observed.showAll(),
    until: (what, holds) => observed.until(what, holds, until),
    [Symbol.asyncDispose]: async () => {
      ending.abort();
      await watches;
    },
  };
}

type OnObject = (object: KubeObject | undefined) => void;

class Observed {
  view: View = { deployment: undefined, application: undefined };
  #startedAt: number | undefined;
  #showsAll = false;
  readonly #waiting = new Set<() => void>();

  take(view: View): void {
    const before = this.view;
    this.view = view;
    const at = this.#timeNow();
    if (at !== undefined) for (const line of changes(before, view)) print(`${dim(at)}  ${line}`);
    for (const check of this.#waiting) check();
  }

  /** Since the clock began, else the time of day; undefined when nothing is to be shown. */
  #timeNow(): string | undefined {
    if (this.#startedAt !== undefined) {
      return `${((performance.now() - this.#startedAt) / 1000).toFixed(2).padStart(7)} s`;
    }
    return this.#showsAll ? new Date().toTimeString().slice(0, 8).padStart(9) : undefined;
  }

  showAll(): void {
    this.#showsAll = true;
  }

  startClock(): void {
    this.#startedAt = performance.now();
  }

  stopClock(): void {
    this.#startedAt = undefined;
  }

  async until(what: string, holds: (view: View) => boolean, signal: AbortSignal): Promise<number> {
    const startedAt = this.#startedAt ?? performance.now();
    const held = Promise.withResolvers<void>();
    const check = () => {
      if (holds(this.view)) held.resolve();
    };
    const timer = new AbortController();
    this.#waiting.add(check);
    try {
      check();
      const late = sleep(timeoutMs, undefined, { signal: AbortSignal.any([signal, timer.signal]) }).then(
        () => {
          throw new DemoFailure(
            `${what}: not after ${timeoutMs / 1000} s; the cluster says ${JSON.stringify(this.view)}`,
          );
        },
      );
      await Promise.race([held.promise, late]);
      return performance.now() - startedAt;
    } finally {
      this.#waiting.delete(check);
      timer.abort();
    }
  }
}

function deploymentOf(object: KubeObject | undefined): View["deployment"] {
  if (object === undefined) return undefined;
  const [container] = viewArray(object, "spec", "template", "spec", "containers");
  return {
    uid: object.metadata.uid ?? "",
    replicas: viewNumber(object, "spec", "replicas") ?? 0,
    ready: viewNumber(object, "status", "readyReplicas") ?? 0,
    image: viewString(container as JsonValue, "image") ?? "",
  };
}

function applicationOf(object: KubeObject | undefined): View["application"] {
  if (object === undefined) return undefined;
  return {
    sync: viewString(object, "status", "sync", "status") ?? "-",
    health: viewString(object, "status", "health", "status") ?? "-",
    revision: viewString(object, "status", "sync", "revision") ?? "",
    operation: viewString(object, "status", "operationState", "phase") ?? "-",
  };
}

function changes(before: View, after: View): readonly string[] {
  const lines: string[] = [];
  const [was, is] = [before.deployment, after.deployment];
  if (is === undefined && was !== undefined) lines.push("Deployment   is gone");
  if (is !== undefined && is.uid !== was?.uid) {
    lines.push(`Deployment   is there: ${is.replicas} replicas of ${is.image}`);
  } else if (is !== undefined && was !== undefined) {
    if (is.replicas !== was.replicas) lines.push(`Deployment   replicas ${was.replicas} → ${is.replicas}`);
    if (is.image !== was.image) lines.push(`Deployment   image ${was.image} → ${is.image}`);
    if (is.ready !== was.ready) lines.push(`Deployment   ${is.ready} of ${is.replicas} pods ready`);
  }
  const [status, earlier] = [after.application, before.application];
  if (status === undefined) {
    if (earlier !== undefined) lines.push("Application  is gone");
  } else if (JSON.stringify(status) !== JSON.stringify(earlier)) {
    const { sync, health, revision, operation } = status;
    lines.push(`Application  ${sync}, ${health}, last sync ${operation}, at ${revision.slice(0, 7)}`);
  }
  return lines;
}
