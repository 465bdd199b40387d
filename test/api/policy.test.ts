import { afterAll, beforeAll, expect, it, vi } from "vitest";
import type { JsonObject } from "#core/object/index.ts";
import { hubTypes } from "#engine/hub-types.ts";
import { askRest } from "./ask.ts";
import type { RunningApi } from "./start-api.ts";
import { startApi, strangersProject } from "./start-api.ts";

const policy = `# who does what
g, builders, role:dev
p, role:dev, applications, sync, other/*, allow
p, role:dev, applications, sync, other/prod-*, deny
p, devs, logs, get, other/*, allow
`;

let api: RunningApi;

beforeAll(async () => {
  api = await startApi([strangersProject]);
  const ref = { type: hubTypes.configMap, namespace: "argocd", name: "argocd-rbac-cm" };
  const data = { "policy.csv": policy, "policy.default": "role:readonly" };
  await api.hub.mergePatch(ref, { data }, { fieldManager: "test", signal: new AbortController().signal });
  // The server hears of it by a watch.
  await vi.waitFor(async () => {
    expect(await explain("admin", "ada get applications *")).toMatchObject({ body: { allowed: true } });
  });
});

afterAll(() => api[Symbol.asyncDispose]());

type Who = "admin" | "stranger";

async function explain(who: Who, asked: string, groups: readonly string[] = []) {
  const [subject = "", action = "", resource = "", object = ""] = asked.split(" ");
  const query = new URLSearchParams({ subject: subject === "-" ? "" : subject, action, resource, object });
  for (const group of groups) query.append("groups", group);
  const url = `/api/mooring/v1/policy/explain?${query.toString()}`;
  const { status, text } = await askRest(api.baseUrl, { verb: "GET", url, body: undefined }, api.tokens[who]);
  return { status, body: JSON.parse(text) as JsonObject };
}

it("says which line of the policy decides, and through what it applies", async () => {
  expect(await explain("admin", "ada sync applications other/web", ["builders"])).toEqual({
    status: 200,
    body: {
      allowed: true,
      because: {
        source: "argocd-rbac-cm policy.csv",
        line: 3,
        text: "p, role:dev, applications, sync, other/*, allow",
        throughKind: "group",
        throughName: "builders",
      },
      reason:
        "because of argocd-rbac-cm policy.csv line 3 (group builders): p, role:dev, applications, sync, other/*, allow",
      subject: "ada",
      groups: ["builders"],
    },
  });
  expect(await explain("admin", "role:dev sync applications other/prod-web")).toMatchObject({
    body: { allowed: false, because: { line: 4, throughKind: "subject", throughName: "role:dev" } },
  });
  expect(await explain("admin", "ada get applications *")).toMatchObject({
    body: { allowed: true, because: { source: "built-in", throughKind: "policy.default" } },
  });
});

it("says that no line allows it, also where a group has lines and no role", async () => {
  const body = { allowed: false, reason: "because no line allows it", subject: "ada", groups: ["devs"] };
  const asked = await explain("admin", "ada delete applications other/web", ["devs"]);
  expect(asked).toEqual({ status: 200, body });
});

it("names the project role that decides", async () => {
  expect(await explain("admin", "proj:other:owner sync applications other/web")).toMatchObject({
    body: { allowed: true, because: { source: "AppProject/other role owner", line: 1 } },
  });
});

it("answers everybody about themselves, by name or without", async () => {
  const own = { allowed: true, subject: "proj:other:owner" };
  expect(await explain("stranger", "- sync applications other/web")).toMatchObject({ body: own });
  expect(await explain("stranger", "proj:other:owner sync applications other/web")).toMatchObject({
    body: own,
  });
  expect(await explain("admin", "- delete projects other")).toMatchObject({
    body: { allowed: true, subject: "admin" },
  });
});

// Class: authorisation.
it("tells nobody the lines about others who may not see all accounts", async () => {
  // Without a default role: with role:readonly everybody may see accounts.
  await using closed = await startApi([strangersProject]);
  const ask = async (query: string) => {
    const url = `/api/mooring/v1/policy/explain?resource=applications&action=get&object=other/web&${query}`;
    const sent = { verb: "GET", url, body: undefined };
    return await askRest(closed.baseUrl, sent, closed.tokens.stranger);
  };
  for (const query of ["subject=ada", "groups=builders", "subject=proj:other:owner&groups=builders"]) {
    const { status, text } = await ask(query);
    expect([query, status]).toEqual([query, 403]);
    expect(text).toContain("permission denied: accounts, get, *, sub: proj:other:owner");
  }
  expect((await ask("")).status).toBe(200);
});

it("refuses what nobody could ever ask for", async () => {
  expect(await explain("admin", "ada get aplications x")).toMatchObject({
    status: 400,
    body: { message: expect.stringContaining('resource: "aplications" is none of applications') as string },
  });
  expect(await explain("admin", "ada fly logs x")).toMatchObject({
    status: 400,
    body: { message: 'action: "fly" is none of logs' },
  });
  const many = Array.from({ length: 1_001 }, (_, i) => `${i}`);
  expect(await explain("admin", "ada get logs x", many)).toMatchObject({
    status: 400,
    body: { message: "groups: there are 1001; ask about at most 1000" },
  });
});
