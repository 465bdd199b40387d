import { expect, it, onTestFinished, vi } from "vitest";
import { Announcer } from "#api/webhook/announcer.ts";
import { startHub } from "#controllers/hub/hub.ts";
import type { FollowedSource } from "#core/webhook/index.ts";
import { newsName, parseNews } from "#core/webhook/index.ts";
import { startEmbeddedCluster } from "#embedded/index.ts";
import { hubTypes } from "#engine/hub-types.ts";
import { installObject } from "#engine/install-object.ts";
import { startCluster } from "#kube/index.ts";
import { createLog } from "#runtime/log.ts";
import type { Clock } from "#runtime/clock.ts";
import { systemClock } from "#runtime/clock.ts";

const namespace = "argocd";
const repoURL = "https://git.invalid/shop.git";
const source = (revision: string): FollowedSource => ({ repoURL, revision });

async function start(clock: Clock = systemClock) {
  const stop = new AbortController();
  const { signal } = stop;
  const setup = new AsyncDisposableStack();
  onTestFinished(() => setup.disposeAsync());
  const embedded = setup.use(await startEmbeddedCluster({ onFailure: (error) => stop.abort(error), signal }));
  const cluster = setup.use(startCluster(embedded.connection));
  const home = { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } };
  await installObject(cluster, home, { clock: systemClock, fieldManager: "test", signal });
  const lines: string[] = [];
  const log = createLog({
    level: "warn",
    format: "text",
    write: (line) => void lines.push(line),
    now: () => 0,
  });
  const nothing = (): void => undefined;
  const hub = startHub({ cluster, namespace, log, signal, onApplication: nothing, onConfig: nothing });
  setup.defer(async () => {
    stop.abort();
    await hub.ended;
  });
  await hub.configMaps.synced;
  const told = async (): Promise<readonly string[]> => {
    const ref = { type: hubTypes.configMap, namespace, name: newsName };
    const news = parseNews(await cluster.read(ref, new AbortController().signal));
    return [...news.values()].map(({ revision }) => revision.slice(0, 20)).toSorted();
  };
  return { announcer: new Announcer({ hub, clock, log }), told, lines };
}

it("drops the one source that a ConfigMap cannot hold, and tells of all others", async () => {
  const { announcer, told, lines } = await start();
  await using _announcer = announcer;
  const others = Array.from({ length: 20 }, (_, i) => `branch-${String(i).padStart(2, "0")}`);
  const huge = source("h".repeat(1_100_000));
  announcer.announce([...others.slice(0, 10).map(source), huge, ...others.slice(10).map(source)]);
  await vi.waitFor(async () => expect(await told()).toEqual(others), { timeout: 20_000, interval: 50 });
  expect(lines.filter((line) => line.includes("cannot be told"))).toHaveLength(1);
  announcer.announce([source("later")]);
  await vi.waitFor(async () => expect(await told()).toContain("later"), { timeout: 20_000, interval: 50 });
});

it("writes more than a ConfigMap holds at once in several writes", async () => {
  const { announcer, told, lines } = await start();
  await using _announcer = announcer;
  announcer.announce(Array.from({ length: 700 }, (_, i) => source(`${i} ${"r".repeat(2_000)}`)));
  await vi.waitFor(async () => expect((await told()).some((name) => name.startsWith("699 "))).toBe(true), {
    timeout: 20_000,
    interval: 50,
  });
  expect(lines.filter((line) => line.includes("news"))).toEqual([]);
});

it("tells of what waits when the server stops", async () => {
  // Nothing but the end goes on before its time.
  const clock: Clock = {
    ...systemClock,
    sleep: (_ms, signal) =>
      new Promise((_resolve, reject) => {
        const end = (): void => reject(new DOMException("aborted", "AbortError"));
        if (signal.aborted) end();
        else signal.addEventListener("abort", end, { once: true });
      }),
  };
  const { announcer, told } = await start(clock);
  announcer.announce([source("first")]);
  await vi.waitFor(async () => expect(await told()).toEqual(["first"]), { timeout: 20_000, interval: 50 });
  announcer.announce([source("second"), source("third")]);
  expect(await told()).toEqual(["first"]);
  await announcer[Symbol.asyncDispose]();
  expect(await told()).toEqual(["first", "second", "third"]);
});
