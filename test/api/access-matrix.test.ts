import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { DescMethod } from "@bufbuild/protobuf";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { Permission } from "#api/caller.ts";
import { methodName, routesOf, services } from "#api/contract/methods.ts";
import { createRouteTree } from "#api/rest/route-tree.ts";
import { createRepository } from "../git-servers/repository.ts";
import type { Answer } from "./ask.ts";
import { askGrpc, askRest, askRestStream, askWithLength, restRequest, withWrongType } from "./ask.ts";
import { describeMethods } from "./describe-methods.ts";
import type { Example } from "./example.ts";
import { createExamples, examplesObjects, hidden } from "./examples.ts";
import type { RunningApi } from "./start-api.ts";
import { startApi } from "./start-api.ts";

const methods: readonly DescMethod[] = Object.values(services).flatMap((service) => service.methods);
const isStream = ({ methodKind }: DescMethod): boolean => methodKind === "server_streaming";
const overLimit = 9_000_000;

/** Those that answer without a token. */
const open = new Set([
  "version.VersionService/Version",
  "cluster.SettingsService/Get",
  "session.SessionService/Create",
  "session.SessionService/Delete",
  "session.SessionService/GetUserInfo",
]);

let api: RunningApi;
let repository: string;
let examples: Readonly<Record<string, Example>>;
let transport: ReturnType<typeof createGrpcTransport>;
let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), "mooring-access-"));
  const [made, theirs] = await Promise.all(
    [hidden, "theirs"].map((name) => createRepository(path.join(directory, `${name}.git`))),
  );
  if (made === undefined || theirs === undefined) throw new Error("two repositories were to be made");
  await made.commit({
    "settings.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata: {a: '1'}\n",
  });
  repository = made.url;
  api = await startApi(examplesObjects(repository, theirs.url));
  examples = createExamples({ repository, password: api.password });
  transport = createGrpcTransport({ baseUrl: api.baseUrl });
  const web = { verb: "GET", url: `/api/v1/applications/${hidden}-web`, body: undefined };
  await vi.waitFor(
    async () => {
      const { text } = await askRest(api.baseUrl, web, api.tokens.admin);
      expect(JSON.parse(text)).toMatchObject({
        status: { sync: { status: "Synced" }, operationState: { phase: "Succeeded" } },
      });
    },
    { timeout: 60_000, interval: 100 },
  );
});

afterAll(async () => {
  await api[Symbol.asyncDispose]();
  await rm(directory, { recursive: true, force: true });
});

function exampleOf(method: DescMethod): Example {
  const example = examples[methodName(method)];
  if (example === undefined) throw new Error(`${methodName(method)} has no example`);
  return example;
}

/** What each method answers over gRPC, by name. */
async function overGrpc(
  chosen: readonly DescMethod[],
  ask: (method: DescMethod) => { readonly request: Example["request"]; readonly token: string | undefined },
): Promise<Readonly<Record<string, string>>> {
  const answers: Record<string, string> = {};
  for (const method of chosen) {
    answers[methodName(method)] = (await askGrpc(transport, method, ask(method))).status;
  }
  return answers;
}

/** What each route of the methods answers, by verb and path. */
async function overRest(
  chosen: readonly DescMethod[],
  ask: (method: DescMethod) => { readonly request: Example["request"]; readonly token: string | undefined },
): Promise<Readonly<Record<string, number>>> {
  const answers: Record<string, number> = {};
  for (const method of chosen) {
    for (const route of routesOf(method)) {
      const { request, token } = ask(method);
      const { status } = await askRest(api.baseUrl, restRequest(route, request), token);
      answers[`${route.verb} ${route.path}`] = status;
    }
  }
  return answers;
}

const all = <Value>(chosen: readonly DescMethod[], value: Value) =>
  Object.fromEntries(chosen.map((method) => [methodName(method), value]));
const allRoutes = <Value>(chosen: readonly DescMethod[], value: Value) =>
  Object.fromEntries(
    chosen.flatMap((method) => routesOf(method).map(({ verb, path: at }) => [`${verb} ${at}`, value])),
  );

/** Methods that are there: the others say so to whoever is logged in. */
async function existing(): Promise<readonly DescMethod[]> {
  const there: DescMethod[] = [];
  for (const method of methods) {
    const { status } = await askGrpc(transport, method, {
      request: exampleOf(method).missing ?? exampleOf(method).request,
      token: api.tokens.stranger,
    });
    if (status !== "Unimplemented") there.push(method);
  }
  return there;
}

it("has an example of every method and of none that does not exist", () => {
  expect(Object.keys(examples).toSorted()).toEqual(methods.map((method) => methodName(method)).toSorted());
});

describe("who has no good token", () => {
  const closed = methods.filter((method) => !open.has(methodName(method)));

  // Class: tokens.
  it.each(["none", "wrong", "expired"] as const)("gets nothing: %s", async (kind) => {
    const token = kind === "none" ? undefined : api.tokens[kind];
    const ask = (method: DescMethod) => ({ request: exampleOf(method).request, token });
    expect(await overGrpc(closed, ask)).toEqual(all(closed, "Unauthenticated"));
    expect(await overRest(closed, ask)).toEqual(allRoutes(closed, 401));
  });
});

describe("the wire", () => {
  it("names the field whose type is wrong", async () => {
    let tried = 0;
    const wrong: string[] = [];
    for (const method of methods) {
      for (const route of routesOf(method)) {
        const asked = withWrongType(method.input, route, exampleOf(method).request);
        if (asked === undefined) continue;
        tried += 1;
        const answer = await askRest(api.baseUrl, asked.request, api.tokens.stranger);
        if (answer.status !== 400 || !answer.text.includes(asked.name)) {
          wrong.push(`${route.verb} ${route.path} ${asked.name}: ${answer.status} ${answer.text}`);
        }
      }
    }
    expect(wrong).toEqual([]);
    expect(tried).toBeGreaterThan(50);
  });

  // Class: requests that are too much.
  it("refuses a body over the limit before it is read, and a verb that a path does not have", async () => {
    const tree = createRouteTree();
    const wrong: string[] = [];
    for (const method of methods) {
      for (const route of routesOf(method)) {
        const asked = restRequest(route, exampleOf(method).request);
        const large = await askWithLength(api.baseUrl, asked, overLimit);
        if (large !== 413) wrong.push(`${route.verb} ${route.path}: ${large}`);
        const pathname = new URL(asked.url, api.baseUrl).pathname;
        const verbs = new Set(tree.find(pathname)?.targets.keys());
        const other = ["GET", "PUT", "POST", "PATCH", "DELETE"].find((verb) => !verbs.has(verb)) ?? "OPTIONS";
        const refused = await askRest(
          api.baseUrl,
          { verb: other, url: asked.url, body: undefined },
          api.tokens.admin,
        );
        if (refused.status !== 405) wrong.push(`${other} ${route.path}: ${refused.status}`);
      }
    }
    expect(wrong).toEqual([]);
  });
});

// Class: authorisation.
it("shows a role of another project nothing, and does nothing for it", async () => {
  const there = (await existing()).filter((method) => !isStream(method));
  const forbidden = there.filter((method) => exampleOf(method).isForAll !== true);
  const stranger = (method: DescMethod) => ({
    request: exampleOf(method).request,
    token: api.tokens.stranger,
  });
  expect(await overGrpc(forbidden, stranger)).toEqual(all(forbidden, "PermissionDenied"));
  expect(await overRest(forbidden, stranger)).toEqual(allRoutes(forbidden, 403));
  const leaks: string[] = [];
  for (const method of there.filter((one) => exampleOf(one).isForAll === true)) {
    if (methodName(method).startsWith("session.")) continue;
    const { status, text } = await askGrpc(transport, method, stranger(method));
    if (status !== "OK" || text.includes(hidden)) leaks.push(`${methodName(method)}: ${status} ${text}`);
  }
  expect(leaks).toEqual([]);
});

it("shows a role of another project no more in streams", async () => {
  for (const method of await existing()) {
    if (!isStream(method)) continue;
    const { request, isForAll } = exampleOf(method);
    const { status, text } = await askGrpc(transport, method, { request, token: api.tokens.stranger });
    // A refusal repeats what was asked for.
    const tells = status === "OK" && text.includes(hidden);
    expect([methodName(method), status, tells]).toEqual([
      methodName(method),
      isForAll === true ? "OK" : "PermissionDenied",
      false,
    ]);
  }
});

it("tells only who may see everything that something does not exist", async () => {
  const there = (await existing()).filter((method) => exampleOf(method).missing !== undefined);
  const asking = (token: string) => (method: DescMethod) => ({
    request: exampleOf(method).missing ?? {},
    token,
  });
  expect(await overGrpc(there, asking(api.tokens.admin))).toEqual(all(there, "NotFound"));
  expect(await overGrpc(there, asking(api.tokens.stranger))).toEqual(all(there, "PermissionDenied"));
  const overPaths = there.filter((method) => !isStream(method));
  expect(await overRest(overPaths, asking(api.tokens.admin))).toEqual(allRoutes(overPaths, 404));
  expect(await overRest(overPaths, asking(api.tokens.stranger))).toEqual(allRoutes(overPaths, 403));
});

/** What changes or deletes comes after what reads, whole things after their parts, and logging out last. */
function order(method: DescMethod): number {
  if (methodName(method).startsWith("session.")) return 9;
  const [route] = routesOf(method);
  return (
    ["GET", "POST", "PUT", "PATCH", "DELETE"].indexOf(route?.verb ?? "") - (route?.path.length ?? 0) / 1000
  );
}

describe("the administrator", () => {
  it("gets an answer of every method that is there, and each asks what docs/api.md says", async () => {
    const asked = new Map<string, readonly Permission[]>();
    const failures: string[] = [];
    const missing: string[] = [];
    const answerOf = async (method: DescMethod): Promise<void> => {
      const name = methodName(method);
      const { request } = exampleOf(method);
      const token = name === "session.SessionService/Delete" ? api.tokens.second : api.tokens.admin;
      api.asked.clear();
      const { status, text } = await askGrpc(transport, method, { request, token });
      asked.set(name, api.asked.get(name) ?? []);
      if (status === "Unimplemented") missing.push(name);
      if (["Unknown", "Internal", "Unavailable", "DataLoss", "DeadlineExceeded"].includes(status))
        failures.push(`${name}: ${status} ${text}`);
      for (const route of routesOf(method)) {
        const sent = restRequest(route, request);
        const answer: Answer = isStream(method)
          ? await askRestStream(api.baseUrl, sent.url, token)
          : await askRest(api.baseUrl, sent, token);
        const isMissing = status === "Unimplemented" && answer.status === 501;
        if (answer.status >= 500 && !isMissing)
          failures.push(`${route.verb} ${route.path}: ${answer.status} ${answer.text}`);
      }
    };
    for (const method of methods.toSorted((a, b) => order(a) - order(b))) await answerOf(method);
    expect(failures).toEqual([]);
    expect(api.bugs).toEqual([]);
    const page = describeMethods(methods, {
      asked,
      missing: new Set(missing),
      open,
      hidden,
      repository,
    });
    await expect(page).toMatchFileSnapshot("../../docs/api.md");
  });
});
