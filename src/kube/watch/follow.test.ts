import { Readable } from "node:stream";
import { expect, it } from "vitest";
import { MooringError } from "#core/errors/index.ts";
import type { JsonObject } from "#core/object/index.ts";
import type { Clock } from "#runtime/clock.ts";
import type { KubeClient, KubeRequest } from "../http/client.ts";
import { follow } from "./follow.ts";

const type = {
  group: "",
  version: "v1",
  kind: "ConfigMap",
  plural: "configmaps",
  namespaced: true,
  verbs: [],
  shortNames: [],
};

const item = (name: string, resourceVersion: string): JsonObject => ({ metadata: { name, resourceVersion } });
const line = (kind: string, object: JsonObject): string => `${JSON.stringify({ type: kind, object })}\n`;
const gone = { kind: "Status", code: 410, reason: "Expired", message: "too old resource version" };

/** A watch that tells nothing and is cut after a while. */
class QuietWatch {
  readonly livedMs: number;

  constructor(livedMs: number) {
    this.livedMs = livedMs;
  }
}

/** Plays a script of answers: an object is a list's, a string a watch's body, an error a refusal. */
async function play(script: readonly (JsonObject | QuietWatch | string | Error)[]) {
  const answers = [...script];
  const controller = new AbortController();
  const asked: string[] = [];
  const slept: number[] = [];
  const next = (request: KubeRequest) => {
    const { searchParams } = new URL(request.path, "https://cluster");
    const shown = ["watch", "resourceVersion", "limit", "continue"].flatMap((name) =>
      searchParams.has(name) ? [`${name}=${searchParams.get(name) ?? ""}`] : [],
    );
    asked.push(shown.join(" "));
    const answer = answers.shift();
    if (answer instanceof Error) throw answer;
    return answer;
  };
  const client: KubeClient = {
    json: async (request) => ({ status: 200, headers: {}, value: next(request) as JsonObject }),
    text: () => Promise.reject(new Error("nobody asks for texts")),
    stream: async (request) => {
      const body = next(request);
      if (body instanceof QuietWatch) {
        return new Readable({
          read() {
            nowMs += body.livedMs;
            this.destroy(new Error("cut"));
          },
        });
      }
      if (body === undefined) controller.abort();
      return Readable.from(body === undefined ? [] : [Buffer.from(body as string)]);
    },
    as: () => client,
  };
  let nowMs = 0;
  const clock: Clock = {
    now: () => nowMs,
    sleep: async (ms) => void slept.push(ms),
    after: () => ({ [Symbol.dispose]: () => undefined }),
  };
  const events: string[] = [];
  const follower = { client, clock, server: "https://cluster", random: () => 0 };
  for await (const event of follow(follower, type, { signal: controller.signal })) {
    if (event.type === "page") events.push(`page ${event.objects.map((o) => o.metadata.name).join(",")}`);
    else if (event.type === "changes") {
      events.push(
        ...event.changes.map((c) => `${c.deleted ? "deleted" : "applied"} ${c.object.metadata.name ?? ""}`),
      );
    } else if (event.type === "disconnected") events.push(event.error.message);
    else if (event.type !== "connected") events.push(event.type);
  }
  return { events, asked, slept };
}

const list = (resourceVersion: string, ...items: JsonObject[]): JsonObject => ({
  metadata: { resourceVersion },
  items,
});

it("resumes where it stood, counting bookmarks", async () => {
  const first = line("ADDED", item("b", "12")) + line("BOOKMARK", { metadata: { resourceVersion: "20" } });
  const { events, asked } = await play([list("10", item("a", "3")), first, line("DELETED", item("a", "21"))]);
  expect(events).toEqual(["page a", "listed", "applied b", "deleted a"]);
  expect(asked).toEqual([
    "limit=500",
    "watch=1 resourceVersion=10",
    "watch=1 resourceVersion=20",
    "watch=1 resourceVersion=21",
  ]);
});

it("lists again at once when the server forgot its place, whether by event or by status", async () => {
  const expired = new MooringError("KUBE_GONE", "configmaps: too old");
  const { events, asked, slept } = await play([
    list("10"),
    line("ADDED", item("a", "11")) + line("ERROR", gone),
    list("30", item("b", "30")),
    line("BOOKMARK", { metadata: { resourceVersion: "31" } }),
    expired,
    list("50"),
  ]);
  expect(events).toEqual(["page ", "listed", "applied a", "page b", "listed", "page ", "listed"]);
  expect(asked.filter((one) => one.startsWith("limit"))).toHaveLength(3);
  // Nothing for the expiries; the last watch of the script ends without a word.
  expect(slept).toEqual([600]);
});

it("loses no change that came together with an error", async () => {
  const failure = { kind: "Status", code: 500, reason: "InternalError", message: "etcd is away" };
  const both = line("ADDED", item("a", "11")) + line("ERROR", failure) + line("ADDED", item("b", "12"));
  const { events, asked } = await play([list("10"), both, line("ADDED", item("b", "12"))]);
  expect(events).toEqual([
    "page ",
    "listed",
    "applied a",
    "configmaps: the API server answered 500: etcd is away",
    "applied b",
  ]);
  expect(asked.slice(1, 3)).toEqual(["watch=1 resourceVersion=10", "watch=1 resourceVersion=11"]);
});

it("starts a list again whose pages expired, and marks the new first page", async () => {
  const page = { metadata: { resourceVersion: "10", continue: "next" }, items: [item("a", "1")] };
  const expired = new MooringError("KUBE_GONE", "configmaps: continue expired");
  const { events, asked } = await play([page, expired, list("12", item("b", "2"))]);
  expect(events).toEqual(["page a", "page b", "listed"]);
  expect(asked.slice(0, 3)).toEqual(["limit=500", "limit=500 continue=next", "limit=500"]);
});

it("asks for smaller pages when one is too large", async () => {
  const large = new MooringError("KUBE_TOO_LARGE", "configmaps: too large");
  const { asked } = await play([large, list("12", item("b", "2"))]);
  expect(asked.slice(0, 2)).toEqual(["limit=500", "limit=63"]);
});

it("backs off from a server that fails, as long as it asks for, and starts afresh after a sign of life", async () => {
  const down = new MooringError("KUBE_UNREACHABLE", "https://cluster: connection refused");
  const busy = new MooringError("KUBE_THROTTLED", "busy", { retryAfterMs: 7_000 });
  const alive = line("BOOKMARK", { metadata: { resourceVersion: "11" } });
  const { events, slept } = await play([down, down, list("10"), busy, alive, down]);
  expect(events).toEqual([down.message, down.message, "page ", "listed", "busy", down.message]);
  expect(slept.slice(0, 3)).toEqual([300, 600, 7_000]);
  expect(slept.at(4)).toBeLessThanOrEqual(600);
});

it("takes a watch that was quiet for long for a sign of life: what cuts it is not the next failure in a row", async () => {
  const down = new MooringError("KUBE_UNREACHABLE", "https://cluster: connection refused");
  const { slept } = await play([down, down, down, list("10"), new QuietWatch(60_000), new QuietWatch(500)]);
  expect(slept.slice(0, 5)).toEqual([300, 600, 1_200, 300, 600]);
});
