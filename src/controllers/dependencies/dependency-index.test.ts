import { describe, expect, it } from "vitest";
import type { AppKey } from "#core/app/index.ts";
import { appKeyOf } from "#core/app/index.ts";
import type { JsonObject, KubeObject } from "#core/object/index.ts";
import { systemClock } from "#runtime/clock.ts";
import { DependencyIndex } from "./dependency-index.ts";

/** An index over Applications that a test puts and takes away. */
function startIndex() {
  const apps = new Map<AppKey, KubeObject>();
  const woken: AppKey[] = [];
  const counted = { permissions: 0 };
  const index = new DependencyIndex({
    find: (key) => apps.get(key),
    mayDepend: (from, to) => {
      counted.permissions += 1;
      return from.metadata.namespace !== "evil" || to.metadata.namespace === "evil";
    },
    wake: (key) => woken.push(key),
    clock: { ...systemClock, after: () => ({ [Symbol.dispose]: () => undefined }) },
  });
  const put = (name: string, dependsOn: string, more: Partial<KubeObject> = {}) => {
    const [namespace = "", plain = ""] = name.includes("/") ? name.split("/") : ["argocd", name];
    const { metadata, ...rest } = more;
    const app: KubeObject = {
      apiVersion: "argoproj.io/v1alpha1",
      kind: "Application",
      metadata: {
        name: plain,
        namespace,
        ...(dependsOn === "" ? {} : { annotations: { "mooring.dev/depends-on": dependsOn } }),
        ...metadata,
      },
      ...rest,
    };
    const key = appKeyOf(app);
    const before = apps.get(key);
    apps.set(key, app);
    index.notice(before, app);
  };
  const take = (name: string) => {
    const key = `argocd/${name}` as AppKey;
    const before = apps.get(key);
    apps.delete(key);
    index.notice(before, undefined);
  };
  const takeWoken = () => [...new Set(woken.splice(0))].toSorted();
  return { index, put, take, takeWoken, counted };
}

const key = (name: string) => `argocd/${name}` as AppKey;
const healthy: JsonObject = { health: { status: "Healthy" } };

describe("a change of an application", () => {
  it("wakes those that wait for it, and nobody else", () => {
    const { index, put, takeWoken } = startIndex();
    put("db", "");
    for (const name of ["waits", "goes"]) put(name, "db");
    put("other", "");
    index.setWaiting(key("waits"), true);
    expect([index.isAwaited(key("db")), index.isAwaited(key("other"))]).toEqual([true, false]);
    takeWoken();
    put("db", "", { status: healthy });
    expect(takeWoken()).toEqual(["argocd/waits"]);
    put("db", "", { status: { ...healthy, reconciledAt: "2026-01-01T00:00:00Z" } });
    put("other", "", { status: healthy });
    expect(takeWoken()).toEqual([]);
    index.setWaiting(key("waits"), false);
    put("db", "");
    expect(takeWoken()).toEqual([]);
  });

  it("wakes all that depend on it when it appears or goes, and forgets what is gone", () => {
    const { index, put, take, takeWoken } = startIndex();
    put("web", "db");
    takeWoken();
    put("db", "");
    expect(takeWoken()).toEqual(["argocd/web"]);
    take("db");
    expect(takeWoken()).toEqual(["argocd/web"]);
    take("web");
    expect(index.namedBy(key("web")).keys).toEqual([]);
    expect(index.dependentsOf(key("db")).size).toBe(0);
  });

  it("wakes what it depends on when both are being deleted", () => {
    const { put, take, takeWoken } = startIndex();
    const deletionTimestamp = "2026-01-01T00:00:00Z";
    put("db", "", { metadata: { name: "db", deletionTimestamp } });
    put("web", "db", { metadata: { name: "web", finalizers: ["one"] } });
    takeWoken();
    take("web");
    expect(takeWoken()).toEqual(["argocd/db"]);
  });
});

describe("a cycle", () => {
  it("wakes everybody in it when it closes and when it opens", () => {
    const { index, put, takeWoken } = startIndex();
    put("a", "b");
    put("b", "c");
    put("c", "");
    expect(index.cycleOf(key("a"))).toBeUndefined();
    takeWoken();
    put("c", "a");
    expect(index.cycleOf(key("a"))).toEqual(["argocd/a", "argocd/b", "argocd/c", "argocd/a"]);
    expect(takeWoken()).toEqual(["argocd/a", "argocd/b", "argocd/c"]);
    put("c", "");
    expect(index.cycleOf(key("a"))).toBeUndefined();
    expect(takeWoken()).toEqual(["argocd/a", "argocd/b", "argocd/c"]);
  });

  it("is not closed by one that may not depend on them", () => {
    const { index, put } = startIndex();
    put("a", "evil/b");
    put("evil/b", "argocd/a");
    expect(index.cycleOf(key("a"))).toBeUndefined();
  });
});

it("looks through all dependencies once for thousands of applications that appear in order", () => {
  const { index, put, counted } = startIndex();
  const count = 10_000;
  for (let i = 0; i < count; i += 1) put(`app-${i}`, i === 0 ? "" : `app-${i - 1}`);
  for (let i = 0; i < count; i += 1) expect(index.cycleOf(key(`app-${i}`))).toBeUndefined();
  expect(counted.permissions).toBeLessThan(2 * count);
});
