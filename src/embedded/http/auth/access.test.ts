import { expect, it } from "vitest";
import { viewObject } from "#core/object/index.ts";
import type { AccessAttributes, ApiServerOptions } from "../options.ts";
import { startTestServer } from "../testing.ts";
import { forbidden } from "./authorize.ts";

const secrets = "/api/v1/namespaces/default/secrets";
const json = { "content-type": "application/json" };

const deployment: AccessAttributes = {
  user: { name: "u", groups: [] },
  verb: "get",
  isResource: true,
  group: "apps",
  version: "v1",
  resource: "deployments",
  subresource: "",
  namespace: "n",
  name: "x",
  path: "",
};

it.each<readonly [Partial<AccessAttributes>, string, string]>([
  [
    {},
    "",
    'deployments.apps "x" is forbidden: User "u" cannot get resource "deployments" in API group "apps" in the namespace "n"',
  ],
  [
    { name: "", namespace: "", verb: "list", group: "", resource: "pods", subresource: "log" },
    "no rule",
    'pods is forbidden: User "u" cannot list resource "pods/log" in API group "" at the cluster scope: no rule',
  ],
  [{ isResource: false, path: "/version" }, "", 'forbidden: User "u" cannot get path "/version"'],
  [
    { user: { name: "<b>", groups: [] }, isResource: false, path: "/" },
    "",
    'forbidden: User "&lt;b&gt;" cannot get path "/"',
  ],
])("says who may not do what: %j", (attributes, reason, message) => {
  expect(forbidden({ ...deployment, ...attributes }, reason).message).toBe(message);
});

it("knows nobody without credentials, and nobody with wrong ones", async () => {
  await using server = await startTestServer();
  const url = `${server.server.url}/version`;
  const answers = [undefined, "Bearer nope", "Basic YTpi", "Bearer"].map(async (authorization) => {
    const response = await fetch(url, authorization === undefined ? {} : { headers: { authorization } });
    return [response.status, ((await response.json()) as { reason: string }).reason];
  });
  expect(await Promise.all(answers)).toEqual(Array.from({ length: 4 }, () => [401, "Unauthorized"]));
});

it("lets the unknown in where that is wanted, but nobody with wrong credentials", async () => {
  await using server = await startTestServer({ authenticate: { anonymous: true } });
  const url = `${server.server.url}/apis/authentication.k8s.io/v1/selfsubjectreviews`;
  const init = { method: "POST", body: "{}", headers: json };
  expect(await (await fetch(url, init)).json()).toMatchObject({
    status: { userInfo: { username: "system:anonymous", groups: ["system:unauthenticated"] } },
  });
  expect((await fetch(url, { ...init, headers: { ...json, authorization: "Bearer x" } })).status).toBe(401);
});

const rules: Partial<ApiServerOptions> = {
  authenticate: {
    tokens: new Map([
      ["admin", { name: "root", groups: [] }],
      ["eve", { name: "eve", groups: [] }],
    ]),
  },
  authorize: ({ user, verb, resource, name }) => ({
    allowed:
      user.name === "root"
        ? verb !== "impersonate" || name !== "king"
        : resource !== "secrets" && !(verb === "create" && resource === "configmaps"),
    reason: "",
  }),
};

it("refuses what the rules refuse, before anything else is looked at", async () => {
  await using server = await startTestServer(rules);
  const headers = { authorization: "Bearer eve" };
  expect(await server.json(secrets, { headers })).toMatchObject({
    code: 403,
    reason: "Forbidden",
    details: { kind: "secrets" },
    message:
      'secrets is forbidden: User "eve" cannot list resource "secrets" in API group "" in the namespace "default"',
  });
});

it("asks who applies what is not there for the right to create it", async () => {
  await using server = await startTestServer(rules);
  const path = "/api/v1/namespaces/default/configmaps/a?fieldManager=m";
  const body = '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"}}';
  const headers = { "content-type": "application/apply-patch+yaml" };
  const asEve = { ...headers, authorization: "Bearer eve" };
  expect(await server.json(path, { method: "PATCH", body, headers: asEve })).toMatchObject({ code: 403 });
  expect((await server.fetch(path, { method: "PATCH", body, headers })).status).toBe(201);
  expect((await server.fetch(path, { method: "PATCH", body, headers: asEve })).status).toBe(200);
});

it("serves as another user who is allowed to", async () => {
  await using server = await startTestServer(rules);
  const whoami = async (headers: Record<string, string>) => {
    const all = { ...headers, ...json, authorization: "Bearer admin" };
    const path = `${server.server.url}/apis/authentication.k8s.io/v1/selfsubjectreviews`;
    const response = await fetch(path, { method: "POST", body: "{}", headers: all });
    const answer = (await response.json()) as { readonly message?: string; readonly status: object };
    return answer.message ?? viewObject(answer.status as never, "userInfo");
  };
  expect(
    await whoami({ "impersonate-user": "joe", "impersonate-uid": "7", "impersonate-group": "dev" }),
  ).toEqual({
    username: "joe",
    uid: "7",
    groups: ["dev", "system:authenticated"],
  });
  expect(await whoami({ "impersonate-user": "system:serviceaccount:n:a" })).toEqual({
    username: "system:serviceaccount:n:a",
    groups: ["system:serviceaccounts", "system:serviceaccounts:n", "system:authenticated"],
  });
  expect(await whoami({ "impersonate-user": "king" })).toBe(
    'users "king" is forbidden: User "root" cannot impersonate resource "users" in API group "" at the cluster scope',
  );
  expect(await whoami({ "impersonate-group": "dev" })).toContain("without impersonating a user");
});

it("answers what somebody may do", async () => {
  await using server = await startTestServer({
    ...rules,
    rulesOf: () => ({ resourceRules: [], nonResourceRules: [], incomplete: false }),
  });
  const ask = async (review: string, spec: object, token = "eve") =>
    server.json(`/apis/authorization.k8s.io/v1/${review}`, {
      method: "POST",
      body: JSON.stringify({ spec }),
      headers: { ...json, authorization: `Bearer ${token}` },
    });
  const attributes = { resourceAttributes: { verb: "get", resource: "secrets", namespace: "default" } };
  expect(await ask("selfsubjectaccessreviews", attributes)).toMatchObject({
    kind: "SelfSubjectAccessReview",
    apiVersion: "authorization.k8s.io/v1",
    spec: attributes,
    status: { allowed: false },
  });
  expect(await ask("subjectaccessreviews", { ...attributes, user: "root" })).toMatchObject({
    status: { allowed: true },
  });
  expect(await ask("selfsubjectaccessreviews", {})).toMatchObject({ code: 400 });
  expect(await ask("selfsubjectrulesreviews", { namespace: "default" })).toMatchObject({
    status: { incomplete: false },
  });
  expect(await server.json("/apis/authorization.k8s.io/v1/subjectaccessreviews")).toMatchObject({
    code: 405,
  });
});
