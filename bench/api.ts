import { randomBytes } from "node:crypto";
import { get as httpGet, request as httpRequest } from "node:http";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { JsonObject, KubeObject } from "#core/object/index.ts";
import { viewString } from "#core/object/index.ts";
import { hubTypes } from "#engine/hub-types.ts";
import type { KubeCluster } from "#kube/index.ts";
import { mapLimit } from "#runtime/limit.ts";
import { hubNamespace } from "./lib/bed.ts";
import { appName, createFleet, isHealthy } from "./lib/fleet.ts";
import type { Bench } from "./lib/served.ts";
import { applications, eventuallyAll, fill, residentMiB, signal, startBench, write } from "./lib/served.ts";
import type { Figure, Note, Scenario } from "./lib/scenario.ts";
import { percentile, round, times } from "./lib/scenario.ts";
import { watchApplications, watchKind } from "./lib/wait.ts";

const pages = 200;
const watchers = 1_000;
const changes = 20;
const loginsPerMinute = 1_000;
const healed = 40;

export const scenarios: readonly Scenario[] = [
  {
    name: "api-list",
    what: `One page of 50 of ${applications} applications over REST, sorted by health, with counts, 99th percentile of ${pages}`,
    against: "the target, 300 ms",
    goal: 1,
    limits: "Asking the policy of each application, counting and sorting all of them anew for each page.",
    measure: measurePages,
  },
  {
    name: "api-watch",
    what: `From a change of one of ${applications} applications until ${watchers} watchers of all of them know of it over REST, median of ${changes}`,
    against: "the target, 1 s",
    goal: 1,
    limits:
      "Asking whether each watcher is still let in and may see it, and writing the application as often as there are watchers.",
    measure: measureWatchers,
  },
  {
    name: "api-logins",
    what: `From a change by hand to its undoing while ${loginsPerMinute} people a minute log in to the same process, median of ${healed}`,
    against: "the same without the logins",
    goal: 0.8,
    limits:
      "Passwords are checked with bcrypt, apart from the thread that reconciles but on the same two cores.",
    measure: measureLogins,
  },
];

async function measurePages(note: Note): Promise<Figure> {
  await using bench = await startBench();
  await fill(bench);
  const page = `GET /api/v1/applications?limit=50&sort=healthStatus&counts=true`;
  await eventuallyAll(bench, page);
  let from = "";
  const taken = await times(pages, async () => {
    const answer = await bench.ask(`${page}&continue=${from}`);
    from = viewString(answer, "metadata", "continue") ?? "";
  });
  const before = await residentMiB(bench);
  const [whole = 0] = await times(1, async () => void (await bench.ask("GET /api/v1/applications")));
  note(`median ${round(percentile(taken, 0.5))} ms`);
  note(
    `all of them at once: ${round(whole)} ms, read and parsed; ${round((await residentMiB(bench)) - before)} MiB more resident`,
  );
  const ms = percentile(taken, 0.99);
  return { value: ms, unit: "ms", ratio: 300 / ms };
}

async function measureWatchers(note: Note): Promise<Figure> {
  await using bench = await startBench();
  await fill(bench);
  await eventuallyAll(bench, "GET /api/v1/applications?limit=1&counts=true");
  const tokens = await createAccounts(bench, 20);
  const { metadata } = await bench.ask("GET /api/v1/applications?limit=1");
  const since = viewString(metadata as JsonObject, "resourceVersion") ?? "";
  const before = await residentMiB(bench);
  const crowd = await openWatches(bench, tokens, since);
  const taken: number[] = [];
  for (let change = 1; change <= changes; change += 1) {
    const ref = { type: hubTypes.application, namespace: hubNamespace, name: appName(0) };
    const startedAt = performance.now();
    const everybody = crowd.told(`change-${change}-`);
    await bench.hub.mergePatch(ref, { metadata: { annotations: { change: `change-${change}-` } } }, write);
    await everybody;
    taken.push(performance.now() - startedAt);
  }
  note(
    `worst ${round(Math.max(...taken))} ms; ${round((await residentMiB(bench)) - before)} MiB for the watchers`,
  );
  const page = await times(20, async () => void (await bench.ask("GET /api/v1/applications?limit=50")));
  note(`a page of a list beside them: median ${round(percentile(page, 0.5))} ms`);
  crowd.leave();
  const ms = percentile(taken, 0.5);
  return { value: ms, unit: "ms", ratio: 1000 / ms };
}

interface Crowd {
  /** Resolves when everybody has read a text. */
  readonly told: (text: string) => Promise<void>;
  readonly leave: () => void;
}

async function openWatches({ server }: Bench, tokens: readonly string[], since: string): Promise<Crowd> {
  let sought = "";
  let left = 0;
  let everybody = Promise.withResolvers<void>();
  const stop = new AbortController();
  const open = (token: string): Promise<void> => {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const request = httpGet(
      `http://${server.address}/api/v1/stream/applications?resourceVersion=${since}`,
      {
        headers: { authorization: `Bearer ${token}`, accept: "text/event-stream" },
        signal: stop.signal,
        agent: false,
      },
      (response) => {
        let seen = "";
        response.setEncoding("utf8");
        response.on("error", () => undefined);
        response.on("data", (text: string) => {
          resolve();
          if (sought === "" || seen === sought || !text.includes(sought)) return;
          seen = sought;
          left -= 1;
          if (left === 0) everybody.resolve();
        });
      },
    );
    request.on("error", reject);
    // The head of a stream comes with its first event.
    request.once("socket", (socket) => socket.once("connect", () => resolve()));
    return promise;
  };
  await mapLimit(
    Array.from({ length: watchers }, (_, i) => tokens[i % tokens.length] ?? ""),
    50,
    open,
  );
  // Until all are admitted.
  await sleep(5_000);
  return {
    told: (text) => {
      [sought, left, everybody] = [text, watchers, Promise.withResolvers()];
      return everybody.promise;
    },
    leave: () => stop.abort(),
  };
}

/** Accounts that may see everything and log in; gives a token of each. */
async function createAccounts(bench: Bench, count: number, password?: string): Promise<readonly string[]> {
  const names = Array.from({ length: count }, (_, i) => `user-${i}`);
  const configMap = (name: string) => ({ type: hubTypes.configMap, namespace: hubNamespace, name });
  const accounts = Object.fromEntries(names.map((name) => [`accounts.${name}`, "apiKey, login"]));
  await bench.hub.mergePatch(configMap("argocd-cm"), { data: accounts }, write);
  await bench.hub.mergePatch(
    configMap("argocd-rbac-cm"),
    { data: { "policy.default": "role:readonly" } },
    write,
  );
  return mapLimit(names, 1, async (name) => {
    const token = await untilKnown(() => bench.ask(`POST /api/v1/account/${name}/token`, { name }));
    if (password !== undefined) {
      const { password: currentPassword } = bench.server;
      await bench.ask("PUT /api/v1/account/password", { name, currentPassword, newPassword: password });
    }
    return viewString(token, "token") ?? "";
  });
}

/** An account is known a moment after it was configured. */
async function untilKnown(ask: () => Promise<JsonObject>): Promise<JsonObject> {
  for (let tries = 0; ; tries += 1) {
    try {
      return await ask();
    } catch (error) {
      if (tries === 50) throw error;
      await sleep(100);
    }
  }
}

async function measureLogins(note: Note): Promise<Figure> {
  await using bench = await startBench();
  const password = randomBytes(12).toString("base64url");
  const people = 20;
  await createAccounts(bench, people, password);
  const { hub: cluster } = bench;
  const create = async (objects: readonly KubeObject[]): Promise<void> => {
    for (const object of objects) await cluster.create(hubTypes.application, object, write);
  };
  const directory = path.join(bench.server.directory, "bench");
  const bed = { cluster, signal, directory, create };
  const { names } = await createFleet(bed, { count: 2 * healed, namespace: "default", selfHeal: true });
  await using apps = await watchApplications(bed);
  await apps.until(names.length, isHealthy);
  const alone = await heal(bed, names.slice(0, healed));
  let [logins, refused] = [0, 0];
  const stop = new AbortController();
  const storm = (async () => {
    const under = new Set<Promise<unknown>>();
    while (!stop.signal.aborted) {
      // Everybody from a place of their own: one place may only try so many at once.
      const one = logInFrom(`127.0.${1 + (logins % 200)}.1`, bench, {
        username: `user-${logins % people}`,
        password,
      })
        .then((status) => void (refused += status === 200 ? 0 : 1))
        .finally(() => under.delete(one));
      under.add(one);
      logins += 1;
      await sleep(60_000 / loginsPerMinute);
    }
    await Promise.all(under);
  })();
  const startedAt = performance.now();
  const stormed = await heal(bed, names.slice(healed));
  const seconds = (performance.now() - startedAt) / 1000;
  stop.abort();
  await storm;
  const [without, within] = [alone, stormed].map((one) => percentile(one, 0.5)) as [number, number];
  note(`without logins: median ${round(without)} ms, 99th percentile ${round(percentile(alone, 0.99))} ms`);
  note(
    `with ${round((logins / seconds) * 60)} a minute, of which ${refused} were refused: 99th percentile ${round(percentile(stormed, 0.99))} ms`,
  );
  return { value: within, unit: "ms", ratio: without / within };
}

/** Logs in from an address of this machine; the status of the answer. */
async function logInFrom(localAddress: string, { server }: Bench, body: JsonObject): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const options = {
    method: "POST",
    localAddress,
    agent: false,
    headers: { "content-type": "application/json" },
  } as const;
  const request = httpRequest(`http://${server.address}/api/v1/session`, options, (response) => {
    response.resume();
    response.once("end", () => resolve(response.statusCode ?? 0));
  });
  request.once("error", reject);
  request.end(JSON.stringify(body));
  return promise;
}

/** Changes one object of each application by hand, one at a time; how long until each is as it was, in milliseconds. */
async function heal(
  bed: { readonly cluster: KubeCluster; readonly signal: AbortSignal },
  names: readonly string[],
): Promise<readonly number[]> {
  await using maps = await watchKind(bed, { group: "", kind: "ConfigMap", namespace: "default" });
  const undone: number[] = [];
  for (const name of names) {
    const greeting = (text: string) =>
      maps.untilOne(name, (map) => viewString(map, "data", "greeting.txt") === text);
    const changedAt = performance.now();
    const ref = { type: hubTypes.configMap, namespace: "default", name };
    await bed.cluster.mergePatch(ref, { data: { "greeting.txt": "changed by hand" } }, write);
    await greeting("changed by hand");
    undone.push((await greeting("hello")) - changedAt);
    await sleep(300);
  }
  return undone;
}
