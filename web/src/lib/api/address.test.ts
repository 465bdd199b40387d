import { describe, expect, it } from "vitest";
import { addressOf } from "./address.ts";
import { routes } from "./routes.gen.ts";

const secrets = {
  password: "s3cret",
  sshPrivateKey: "s3cret",
  bearerToken: "s3cret",
  tlsClientCertKey: "s3cret",
  githubAppPrivateKey: "s3cret",
};

describe("the address of a method", () => {
  it("has the fields of its path in it, and the others behind the question mark or in the body", () => {
    expect(addressOf("repository.deleteRepository", { repo: "https://git/x", appProject: "shop" })).toEqual({
      verb: "DELETE",
      url: "api/v1/repositories/https%3A%2F%2Fgit%2Fx?appProject=shop",
      body: undefined,
    });
    const id = { type: "server", value: "https://eu" };
    const cluster = { name: "eu" };
    expect(addressOf("cluster.update", { id, cluster, updatedFields: ["name", "labels"] })).toEqual({
      verb: "PUT",
      url: "api/v1/clusters/https%3A%2F%2Feu?id.type=server&updatedFields=name&updatedFields=labels",
      body: '{"name":"eu"}',
    });
    expect(addressOf("account.canI", { resource: "certificates", action: "get", subresource: "" }).url).toBe(
      "api/v1/account/can-i/certificates/get/",
    );
  });

  it("has no credentials in it, also where a repository is only tried", () => {
    const repo = { repo: "https://git/x", ...secrets };
    const creds = { url: "https://git", ...secrets };
    const asked = [
      ["repository.validateAccess", repo],
      ["repository.validateWriteAccess", repo],
      ["repository.createRepository", { repo }],
      ["repository.createWriteRepository", { repo }],
      ["repository.updateRepository", { repo, keepSecrets: false }],
      ["repository.updateWriteRepository", { repo }],
      ["repoCreds.createRepositoryCredentials", { creds }],
      ["repoCreds.updateRepositoryCredentials", { creds }],
      ["repoCreds.createWriteRepositoryCredentials", { creds }],
      ["repoCreds.updateWriteRepositoryCredentials", { creds }],
      ["account.updatePassword", { name: "ada", currentPassword: "s3cret", newPassword: "s3cret" }],
      ["session.create", { username: "ada", password: "s3cret" }],
    ] as const;
    for (const [name, request] of asked) {
      const { url, body } = addressOf(name, request);
      expect([name, url.includes("s3cret"), body?.includes("s3cret")]).toEqual([name, false, true]);
    }
  });
});

it("knows a route of every method", () => {
  const all = Object.values(routes).flatMap((methods) => Object.values(methods));
  expect(all.length).toBeGreaterThan(90);
  expect(all.filter(([, path]) => !path.startsWith("/api/"))).toEqual([]);
});

it("puts a request's fields where the API's routes have them, relative to the page", () => {
  expect(addressOf("application.get", { name: "web", appNamespace: "team a", refresh: "normal" })).toEqual({
    verb: "GET",
    url: "api/v1/applications/web?appNamespace=team+a&refresh=normal",
    body: undefined,
  });
  expect(addressOf("application.sync", { name: "web", prune: true, strategy: { hook: {} } })).toEqual({
    verb: "POST",
    url: "api/v1/applications/web/sync",
    body: JSON.stringify({ name: "web", prune: true, strategy: { hook: {} } }),
  });
});

it("leads nowhere else with names that look like paths", () => {
  expect(addressOf("application.get", { name: "../../admin?x#y" }).url).toBe(
    "api/v1/applications/..%2F..%2Fadmin%3Fx%23y",
  );
});

it("repeats lists, names nested fields by their paths, leaves out what is not given, and says which fields are wanted", () => {
  const { url } = addressOf(
    "application.list",
    { projects: ["a", "b"], limit: 10, counts: true, text: undefined },
    "items.metadata.name",
  );
  expect(Object.fromEntries([...new URLSearchParams(url.split("?")[1])].slice(0, 2))).toEqual({
    projects: "b",
  });
  expect(url).toBe(
    "api/v1/applications?projects=a&projects=b&limit=10&counts=true&fields=items.metadata.name",
  );
});

it("says which method has no route", () => {
  expect(() => addressOf("application.fly", {})).toThrow("application.fly has no route");
});
