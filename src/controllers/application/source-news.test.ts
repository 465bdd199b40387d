import { expect, it } from "vitest";
import { newsObject } from "#core/webhook/index.ts";
import type { AppKey } from "#core/app/index.ts";
import type { KubeObject } from "#core/object/index.ts";
import { silentLog } from "#runtime/log.ts";
import { WorkQueue } from "#runtime/work-queue.ts";
import { isSourceNews, noticeNews, SourceNews } from "./source-news.ts";

const main = { repoURL: "https://github.com/acme/shop", revision: "main" };
const prod = { ...main, revision: "prod" };
const entry = (source: typeof main, at: string) => JSON.stringify({ ...source, at });

it("hears what is new since the last time, and how old an answer may be because of it", () => {
  const clock = { nowMs: 10_000, now: () => clock.nowMs };
  const news = new SourceNews(clock);
  expect(news.maxAgeMs([main])).toBe(Number.POSITIVE_INFINITY);
  const first = newsObject("argocd", { a: entry(main, "1"), b: entry(prod, "1") });
  expect([...news.hear(first)]).toHaveLength(2);
  expect([...news.hear(first)]).toEqual([]);
  clock.nowMs += 5_000;
  expect([...news.hear(newsObject("argocd", { a: entry(main, "2"), b: entry(prod, "1") }))]).toEqual([
    "https://github.com/acme/shop main",
  ]);
  clock.nowMs += 1_000;
  expect([news.maxAgeMs([main]), news.maxAgeMs([prod]), news.maxAgeMs([prod, main])]).toEqual([
    1_000, 6_000, 1_000,
  ]);
  news.hear(newsObject("argocd", { b: entry(prod, "1") }));
  expect(news.maxAgeMs([main])).toBe(Number.POSITIVE_INFINITY);
});

it("asks anew when the clock was set back behind the news", () => {
  const clock = { nowMs: 10_000, now: () => clock.nowMs };
  const news = new SourceNews(clock);
  news.hear(newsObject("argocd", { a: entry(main, "1") }));
  clock.nowMs = 5_000;
  expect(news.maxAgeMs([main])).toBe(1);
});

it("tells its ConfigMap from the configuration", () => {
  expect(isSourceNews(newsObject("argocd", {}))).toBe(true);
  expect(isSourceNews({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "argocd-cm" } })).toBe(false);
});

interface Alarm {
  readonly ms: number;
  readonly ring: () => void;
}

function startNews(jitter: { readonly webhookJitterMs: number; readonly webhookJitterThreshold: number }) {
  const alarms: Alarm[] = [];
  const clock = {
    now: () => 10_000,
    sleep: () => Promise.resolve(),
    after: (ms: number, ring: () => void) => {
      alarms.push({ ms, ring });
      return { [Symbol.dispose]: () => undefined };
    },
  };
  const app = (
    name: string,
    sources: readonly { readonly repoURL: string; readonly targetRevision: string }[],
  ) =>
    ({
      apiVersion: "argoproj.io/v1alpha1",
      kind: "Application",
      metadata: { name, namespace: "argocd" },
      spec: sources.length === 1 ? { source: sources[0] ?? null } : { sources },
    }) satisfies KubeObject;
  const { repoURL } = main;
  const applications = [
    app("a", [{ repoURL, targetRevision: "main" }]),
    app("b", [
      { repoURL: "https://charts.example.com", targetRevision: "1.0.0" },
      { repoURL, targetRevision: "main" },
    ]),
    app("other-branch", [{ repoURL, targetRevision: "prod" }]),
    app("other-repository", [{ repoURL: `${repoURL}2`, targetRevision: "main" }]),
  ];
  const backoff = { baseMs: 100, factor: 2, maxMs: 1_000, jitter: 0 };
  const queue = new WorkQueue<AppKey>({ clock, backoff });
  const randoms = [0.25, 0.75];
  const deps = {
    hub: { applications: { values: () => applications } },
    config: () => ({ settings: jitter }),
    news: new SourceNews(clock),
    queue,
    random: () => randoms.shift() ?? 0,
    log: silentLog,
  };
  return { deps, queue, alarms };
}

it("has those looked at that follow what has news, in whatever source, and nobody else", async () => {
  const { deps, queue } = startNews({ webhookJitterMs: 0, webhookJitterThreshold: 10 });
  noticeNews(newsObject("argocd", { a: entry(main, "1") }), deps);
  expect(queue.length).toBe(2);
  const { signal } = new AbortController();
  expect([await queue.next(signal), await queue.next(signal)]).toEqual(["argocd/a", "argocd/b"]);
  noticeNews(newsObject("argocd", { a: entry(main, "1") }), deps);
  expect(queue.length).toBe(0);
});

it("spreads more applications than webhook.refresh.jitter.threshold over webhook.refresh.jitter", () => {
  const { deps, queue, alarms } = startNews({ webhookJitterMs: 60_000, webhookJitterThreshold: 1 });
  noticeNews(newsObject("argocd", { a: entry(main, "1") }), deps);
  expect(queue.length).toBe(0);
  expect(alarms.map(({ ms }) => ms)).toEqual([15_000, 45_000]);
  for (const { ring } of alarms) ring();
  expect(queue.length).toBe(2);
});
