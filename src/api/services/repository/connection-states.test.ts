import { expect, it } from "vitest";
import { MooringError } from "#core/errors/index.ts";
import { readHubConfig } from "#core/hub/index.ts";
import type { KubeObject } from "#core/object/index.ts";
import { formatRepositorySecret } from "#core/repo/index.ts";
import { createConnectionStates } from "./connection-states.ts";

type Context = Parameters<typeof createConnectionStates>[0];
type Ask = (signal: AbortSignal) => Promise<void>;

const repository = (url: string, fields: object = {}): KubeObject =>
  formatRepositorySecret({ url, username: "ada", password: "one", ...fields }, "argocd");
const shop = repository("https://git.invalid/shop.git");

function setUp(ask: Ask) {
  const hub = { nowMs: Date.parse("2026-11-01T10:00:00Z"), secrets: [shop] as KubeObject[], asked: 0 };
  const stop = new AbortController();
  const context = {
    clock: { now: () => hub.nowMs },
    config: () =>
      readHubConfig({ secrets: hub.secrets, variables: [], configMap: () => undefined }, () => ({})),
    hub: { namespace: "argocd" },
    live: {
      testRepository: async (_secret: KubeObject, signal: AbortSignal) => {
        hub.asked += 1;
        await ask(signal);
      },
    },
    secretHash: () => (value: string) => value,
    signal: stop.signal,
  } as unknown as Context;
  const states = createConnectionStates(context);
  const { signal } = new AbortController();
  return {
    hub,
    stop,
    states,
    of: async (secret = shop, forceRefresh = false) => await states.of(secret, { forceRefresh, signal }),
  };
}

const minuteMs = 60_000;

it("asks a repository that answers once an hour, however often its state is looked at", async () => {
  const { hub, of } = setUp(() => Promise.resolve());
  const first = { status: "Successful", message: "", attemptedAt: "2026-11-01T10:00:00Z" };
  expect(await Promise.all([of(), of(), of()])).toEqual([first, first, first]);
  hub.nowMs += 60 * minuteMs;
  expect(await of()).toEqual(first);
  expect(hub.asked).toBe(1);
  hub.nowMs += 1;
  expect(await of()).toMatchObject({ attemptedAt: "2026-11-01T11:00:00Z" });
  expect(hub.asked).toBe(2);
});

it("asks one that failed again after a minute", async () => {
  const { hub, of } = setUp(() => Promise.reject(new MooringError("GIT_UNREACHABLE", "no answer")));
  expect(await of()).toEqual({ status: "Failed", message: "no answer", attemptedAt: "2026-11-01T10:00:00Z" });
  hub.nowMs += minuteMs;
  await of();
  expect(hub.asked).toBe(1);
  hub.nowMs += 1;
  await of();
  expect(hub.asked).toBe(2);
});

it("asks anew when it is told to, and when anything changes with which the repository is asked", async () => {
  const { hub, of } = setUp(() => Promise.resolve());
  await of();
  await of(shop, true);
  expect(hub.asked).toBe(2);
  await of(repository("https://git.invalid/shop.git", { password: "two" }));
  expect(hub.asked).toBe(3);
  const open = formatRepositorySecret({ url: "https://git.invalid/open.git" }, "argocd");
  await of(open);
  hub.secrets = [
    shop,
    formatRepositorySecret(
      { url: "https://git.invalid", username: "ada", password: "x" },
      "argocd",
      "repo-creds",
    ),
  ];
  await of(open);
  await of(open);
  expect(hub.asked).toBe(5);
});

it("does not remember what says nothing of the repository", async () => {
  const { hub, of } = setUp(() => Promise.reject(new MooringError("API_CLOSING", "no controller leads")));
  expect(await of()).toMatchObject({ status: "Failed", message: "no controller leads" });
  await of();
  expect(hub.asked).toBe(2);
});

it("asks at most eight at once, for all who look together", async () => {
  let running = 0;
  let most = 0;
  const { hub, of } = setUp(async () => {
    running += 1;
    most = Math.max(most, running);
    await new Promise((resolve) => setImmediate(resolve));
    running -= 1;
  });
  const all = Array.from({ length: 30 }, (_, i) => repository(`https://git.invalid/${i}.git`));
  await Promise.all([...all, ...all].map((secret) => of(secret)));
  expect([hub.asked, most]).toEqual([30, 8]);
});

it("goes on asking for others when one who waits leaves, and stops when the server closes", async () => {
  const signals: AbortSignal[] = [];
  const { stop, states } = setUp(async (signal) => {
    signals.push(signal);
    const { promise, reject } = Promise.withResolvers<void>();
    signal.addEventListener("abort", () => reject(signal.reason));
    await promise;
  });
  const [leaving, staying] = [new AbortController(), new AbortController()];
  const first = states.of(shop, { forceRefresh: false, signal: leaving.signal });
  const second = states.of(shop, { forceRefresh: false, signal: staying.signal });
  leaving.abort();
  await expect(first).rejects.toThrow(/abort/u);
  expect(signals.map(({ aborted }) => aborted)).toEqual([false]);
  stop.abort();
  expect(await second).toMatchObject({ status: "Failed" });
  expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
});
