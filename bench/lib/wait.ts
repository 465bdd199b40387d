import { setTimeout as sleep } from "node:timers/promises";
import type { KubeObject } from "#core/object/index.ts";
import type { ResourceType } from "#ports/cluster.ts";
import type { Bed } from "./bed.ts";
import { hubNamespace } from "./bed.ts";

/** The objects of a kind in one namespace, as a watch tells of them. */
export interface Watched extends AsyncDisposable {
  readonly objects: ReadonlyMap<string, KubeObject>;
  /** Resolves to `performance.now()` of the event after which the predicate held for so many objects. */
  until(count: number, holds: (object: KubeObject) => boolean): Promise<number>;
  untilOne(name: string, holds: (object: KubeObject | undefined) => boolean): Promise<number>;
}

const deadlineMs = 600_000;

export async function watchKind(
  bed: Pick<Bed, "cluster" | "signal">,
  { group, kind, namespace }: { readonly group: string; readonly kind: string; readonly namespace: string },
): Promise<Watched> {
  const type = (await bed.cluster.discover(bed.signal)).typeOf(group, kind);
  if (type === undefined) throw new Error(`${kind}: is not served`);
  return watchType(bed, type, namespace);
}

export function watchApplications(bed: Pick<Bed, "cluster" | "signal">): Promise<Watched> {
  return watchKind(bed, { group: "argoproj.io", kind: "Application", namespace: hubNamespace });
}

interface Check {
  readonly changed: (name: string, object: KubeObject | undefined) => void;
}

async function watchType(
  bed: Pick<Bed, "cluster" | "signal">,
  type: ResourceType,
  namespace: string,
): Promise<Watched> {
  const ending = new AbortController();
  const signal = AbortSignal.any([bed.signal, ending.signal]);
  const objects = new Map<string, KubeObject>();
  const checks = new Set<Check>();
  const synced = Promise.withResolvers<void>();
  const run = async () => {
    for await (const event of bed.cluster.watch(type, { namespace, signal })) {
      if (event.type === "synced") synced.resolve();
      if (event.type !== "applied" && event.type !== "deleted") continue;
      const name = event.object.metadata.name ?? "";
      const object = event.type === "applied" ? event.object : undefined;
      if (object === undefined) objects.delete(name);
      else objects.set(name, object);
      for (const check of checks) check.changed(name, object);
    }
  };
  const ended = run();
  await synced.promise;
  const wait = async (describe: () => string, start: (done: () => void) => Check): Promise<number> => {
    const held = Promise.withResolvers<number>();
    const check = start(() => held.resolve(performance.now()));
    checks.add(check);
    const late = new AbortController();
    try {
      const timeout = sleep(deadlineMs, undefined, { signal: late.signal }).then(() => {
        throw new Error(`${type.kind}: ${describe()} after ${deadlineMs / 1000} s`);
      });
      return await Promise.race([held.promise, timeout]);
    } finally {
      late.abort();
      checks.delete(check);
    }
  };
  return {
    objects,
    until: (count, holds) => {
      const good = new Set<string>();
      return wait(
        () => `only ${good.size} of ${count}`,
        (done) => {
          const changed: Check["changed"] = (name, object) => {
            if (object !== undefined && holds(object)) good.add(name);
            else good.delete(name);
            if (good.size >= count) done();
          };
          for (const [name, object] of objects) changed(name, object);
          return { changed };
        },
      );
    },
    untilOne: (wanted, holds) =>
      wait(
        () => `${wanted} is not so`,
        (done) => {
          const changed: Check["changed"] = (name, object) => {
            if (name === wanted && holds(object)) done();
          };
          changed(wanted, objects.get(wanted));
          return { changed };
        },
      ),
    [Symbol.asyncDispose]: async () => {
      ending.abort();
      await ended;
    },
  };
}
