import { expect, it, vi } from "vitest";
import type { JsonObject } from "#core/object/index.ts";
import { viewString } from "#core/object/index.ts";
import { hubTypes } from "#engine/hub-types.ts";
import { askRest } from "./ask.ts";
import { startApi } from "./start-api.ts";

const { signal } = new AbortController();
const policy = `
p, ada, pipelines, *, shop/team-a/*, allow
p, bob, pipelines, *, shop/shop, allow
`;

// Class: authorisation.
it("a pipeline in another namespace is named with it, and is no other one of its name", async () => {
  const project = {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "AppProject",
    metadata: { name: "shop", namespace: "argocd" },
    spec: { sourceRepos: ["*"], sourceNamespaces: ["team-a"] },
  };
  const namespaces = ["team-a", "team-b"].map((name) => ({
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name },
  }));
  await using api = await startApi([project, ...namespaces], { applicationNamespaces: ["team-*"] });
  const tokens: Record<string, string> = {};
  const change = async (name: string, data: Readonly<Record<string, string>>) =>
    await api.hub.mergePatch(
      { type: hubTypes.configMap, namespace: "argocd", name },
      { data },
      { fieldManager: "test", signal },
    );
  await change("argocd-cm", { "accounts.ada": "apiKey", "accounts.bob": "apiKey" });
  await change("argocd-rbac-cm", { "policy.csv": policy });
  for (const name of ["ada", "bob"]) {
    await vi.waitFor(async () => {
      const sent = { verb: "POST", url: `/api/v1/account/${name}/token`, body: JSON.stringify({ name }) };
      const { status, text } = await askRest(api.baseUrl, sent, api.tokens.admin);
      expect(status).toBe(200);
      tokens[name] = viewString(JSON.parse(text) as JsonObject, "token") ?? "";
    });
  }
  const ask = async (who: string, line: string, body?: JsonObject): Promise<string> => {
    const [verb = "", url = ""] = line.split(" ");
    const sent = { verb, url: `/api/mooring/v1${url}`, body: body && JSON.stringify(body) };
    const { status, text } = await askRest(api.baseUrl, sent, tokens[who]);
    return `${status} ${text}`;
  };
  const stages = [
    { name: "dev", branch: "main", applications: [] },
    { name: "prod", branch: "prod", applications: [] },
  ];
  const pipeline = (namespace: string): JsonObject => ({
    metadata: { name: "shop", namespace },
    spec: { project: "shop", repoURL: "https://git.invalid/shop.git", stages },
  });
  expect(await ask("ada", "POST /pipelines", pipeline("team-a"))).toMatch(/^200 /u);
  expect(await ask("ada", "POST /pipelines", pipeline("team-b"))).toContain("create, shop/team-b/shop");
  expect(await ask("bob", "POST /pipelines", pipeline("argocd"))).toMatch(/^200 /u);
  expect(await ask("bob", "GET /pipelines/shop?namespace=team-a")).toContain("get, ?/team-a/shop");
  expect(await ask("ada", "GET /pipelines/shop")).toContain("get, ?/shop");
  const revision = "b".repeat(40);
  const promote = "POST /pipelines/shop/stages/prod/promote";
  expect(await ask("ada", promote, { revision, namespace: "team-a" })).toMatch(
    /^200 .*"namespace":"team-a"/u,
  );
  expect(await ask("bob", promote, { revision, namespace: "team-a" })).toContain(
    "promote/prod, ?/team-a/shop",
  );
  expect(await ask("bob", "GET /promotions")).toBe('200 {"items":[]}');
  expect(await ask("ada", "GET /promotions")).toContain("shop-prod-bbbbbbb");
  expect(await ask("ada", "GET /promotions/shop-prod-bbbbbbb?namespace=team-a")).toMatch(/^200 /u);
  expect(await ask("bob", "GET /promotions/shop-prod-bbbbbbb?namespace=team-a")).toContain("get, ?/team-a/?");
  const admin = async (body: JsonObject) =>
    await askRest(
      api.baseUrl,
      { verb: "POST", url: "/api/mooring/v1/pipelines", body: JSON.stringify(body) },
      api.tokens.admin,
    );
  expect((await admin(pipeline("team-b"))).text).toContain("may not use project");
});
