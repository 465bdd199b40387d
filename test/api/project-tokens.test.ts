import { expect, it } from "vitest";
import { hubTypes } from "#engine/hub-types.ts";
import type { JsonObject } from "#core/object/index.ts";
import { viewPath } from "#core/object/index.ts";
import { askRest } from "./ask.ts";
import { startApi, strangersProject } from "./start-api.ts";

it("makes a token that opens what its role may, until it is taken back", async () => {
  await using api = await startApi([strangersProject]);
  const ask = async (
    verb: string,
    url: string,
    { body, token }: { body?: JsonObject; token?: string } = {},
  ) => {
    const sent = { verb, url, body: body === undefined ? undefined : JSON.stringify(body) };
    const { status, text } = await askRest(api.baseUrl, sent, token ?? api.tokens.admin);
    return { status, body: JSON.parse(text) as JsonObject };
  };
  const tokens = "/api/v1/projects/other/roles/owner/token";
  const made = await ask("POST", tokens, { body: { id: "deploys", expiresIn: 3600 } });
  expect(made).toEqual({ status: 200, body: { token: expect.any(String) as string } });
  const token = String(made.body["token"] as string);
  expect(await ask("GET", "/api/v1/session/userinfo", { token })).toMatchObject({
    body: { loggedIn: true, username: "proj:other:owner", iss: "argocd" },
  });
  expect(await ask("GET", "/api/v1/projects/other", { token })).toMatchObject({ status: 200 });
  expect(await ask("POST", tokens, { body: { id: "deploys" } })).toMatchObject({
    status: 400,
    body: { message: "AppProject/other: role owner has a token with the id deploys; choose another" },
  });
  expect(await ask("POST", tokens, { token, body: {} })).toMatchObject({ status: 403 });
  expect(await ask("POST", "/api/v1/projects/other/roles/nobody/token", { body: { id: "a" } })).toMatchObject(
    { status: 404 },
  );

  const ref = { type: hubTypes.project, namespace: "argocd", name: "other" };
  const project = await api.hub.read(ref, new AbortController().signal);
  const listed = { id: "deploys", iat: expect.any(Number) as number, exp: expect.any(Number) as number };
  expect(viewPath(project, "spec", "roles")).toMatchObject([{ jwtTokens: [{ iat: 0 }, listed] }]);
  expect(viewPath(project, "status", "jwtTokensByRole", "owner", "items")).toMatchObject([
    { iat: 0 },
    listed,
  ]);

  expect(await ask("DELETE", `${tokens}/0?id=deploys`)).toEqual({ status: 200, body: {} });
  expect(await ask("GET", "/api/v1/projects/other", { token })).toMatchObject({ status: 401 });
  expect(await ask("DELETE", `${tokens}/0?id=deploys`)).toMatchObject({ status: 404 });
  expect(api.bugs).toEqual([]);
});
