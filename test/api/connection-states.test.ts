import { createServer } from "node:http";
import { expect, it, onTestFinished } from "vitest";
import type { JsonObject, KubeObject } from "#core/object/index.ts";
import { viewArray, viewString } from "#core/object/index.ts";
import { formatRepositorySecret } from "#core/repo/index.ts";
import { startHangingServer } from "../git-servers/faulty-servers.ts";
import { listenOnLoopback } from "../git-servers/loopback.ts";
import { askRest } from "./ask.ts";
import type { RunningApi } from "./start-api.ts";
import { startApi } from "./start-api.ts";

/** A Helm repository that wants a password. */
async function startCharts(password: string) {
  const counts = { asked: 0 };
  const wanted = `Basic ${Buffer.from(`ada:${password}`).toString("base64")}`;
  const server = createServer((request, response) => {
    if (request.headers.authorization === wanted) {
      counts.asked += 1;
      response.end("apiVersion: v1\nentries: {}\n");
    } else {
      response.writeHead(401).end();
    }
  });
  const { port, close } = await listenOnLoopback(server);
  onTestFinished(close);
  return { counts, url: `http://127.0.0.1:${port}` };
}

const charts = (url: string, password: string): KubeObject =>
  formatRepositorySecret({ type: "helm", name: "charts", url, username: "ada", password }, "argocd");

async function list(api: RunningApi, query = ""): Promise<readonly (string | undefined)[]> {
  const url = `/api/v1/repositories${query}`;
  const { text } = await askRest(api.baseUrl, { verb: "GET", url, body: undefined }, api.tokens.admin);
  const items = viewArray(JSON.parse(text) as JsonObject, "items");
  return items.map((item) => viewString(item, "connectionState", "status"));
}

it("a list of repositories does not ask each of them each time, and forceRefresh does", async () => {
  const { counts, url } = await startCharts("one");
  await using api = await startApi([charts(url, "one")]);
  for (const _ of [1, 2, 3]) expect(await list(api)).toEqual(["Successful"]);
  expect(counts.asked).toBe(1);
  expect(await list(api, "?forceRefresh=true")).toEqual(["Successful"]);
  expect(counts.asked).toBe(2);
  const at = `/api/v1/repositories/${encodeURIComponent(url)}`;
  const repo = { repo: url, type: "helm", name: "charts", username: "ada", password: "two" };
  const put = { verb: "PUT", url: at, body: JSON.stringify(repo) };
  expect((await askRest(api.baseUrl, put, api.tokens.admin)).status).toBe(200);
  expect(await list(api)).toEqual(["Failed"]);
});

it("a server that closes does not wait for a repository that does not answer", async () => {
  await using hanging = await startHangingServer();
  const api = await startApi([formatRepositorySecret({ url: `${hanging.url}/x.git` }, "argocd")]);
  const listing = list(api).catch((error: unknown) => error);
  await expect.poll(() => hanging.count, { timeout: 20_000 }).toBeGreaterThan(0);
  const beganMs = performance.now();
  await api[Symbol.asyncDispose]();
  expect(performance.now() - beganMs).toBeLessThan(5_000);
  await listing;
});
