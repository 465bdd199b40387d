import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { JsonObject, KubeObject } from "#core/object/index.ts";
import { encodeBase64 } from "#core/redact/index.ts";
import { hubTypes } from "#engine/hub-types.ts";
import { askRest } from "./ask.ts";
import type { RunningApi } from "./start-api.ts";
import { startApi, strangersProject } from "./start-api.ts";

const namespace = "argocd";
const server = "https://127.0.0.1:1";
const url = "https://127.0.0.1:1/other.git";

/** Whatever of these is found in an answer has got out. */
const values = {
  password: "p4ssword-of-a-repository",
  sshPrivateKey: "ssh-key-of-a-repository",
  tlsClientCertKey: "tls-key-of-a-repository",
  githubAppPrivateKey: "key-of-an-app-of-github",
  bearerToken: "token-of-a-cluster",
  clusterPassword: "password-of-a-cluster",
  keyData: "client-key-of-a-cluster",
} as const;

function secret(name: string, type: string, stringData: Readonly<Record<string, string>>): KubeObject {
  const labels = { "argocd.argoproj.io/secret-type": type };
  const applied = JSON.stringify({ metadata: { name }, stringData });
  const annotations = { "kubectl.kubernetes.io/last-applied-configuration": applied };
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name, namespace, labels, annotations },
    stringData,
  };
}

const { bearerToken, clusterPassword, keyData, ...ofRepository } = values;
const config = JSON.stringify({
  bearerToken,
  username: "u",
  password: clusterPassword,
  tlsClientConfig: { insecure: false, keyData: encodeBase64(keyData), certData: encodeBase64("cert") },
});
const objects: readonly KubeObject[] = [
  strangersProject,
  secret("repo", "repository", { url, project: "other", username: "u", ...ofRepository }),
  secret("creds", "repo-creds", { url: "https://127.0.0.1:1/", username: "u", ...ofRepository }),
  secret("cluster", "cluster", { name: "far", server, project: "other", config }),
  secret("elsewhere", "cluster", {
    name: "elsewhere",
    server: "https://127.0.0.1:2",
    project: "third",
    config,
  }),
  secret("third", "repository", { url: "https://127.0.0.1:1/third.git", project: "third", ...ofRepository }),
];

let api: RunningApi;

beforeAll(async () => void (api = await startApi(objects)), 60_000);
afterAll(async () => api[Symbol.asyncDispose]());

async function ask(who: "admin" | "stranger", asked: string, body?: JsonObject) {
  const [verb = "", path = ""] = asked.split(" ");
  const text = body === undefined ? undefined : JSON.stringify(body);
  return askRest(api.baseUrl, { verb, url: `/api/v1/${path}`, body: text }, api.tokens[who]);
}

describe("credentials of repositories and clusters", { timeout: 60_000 }, () => {
  // Class: secrets told.
  it("are in no answer to anybody, in none of the ways to ask for what has them, and in no error and no log", async () => {
    const repository = encodeURIComponent(url);
    const paths = [
      "projects/other/detailed",
      "projects/other",
      "projects",
      "repositories",
      `repositories/${repository}`,
      `repositories/${repository}?forceRefresh=true`,
      `repositories/${repository}/refs`,
      `write-repositories`,
      "repocreds",
      "write-repocreds",
      "clusters",
      `clusters/${encodeURIComponent(server)}`,
      "clusters/far?id.type=name",
      "settings",
    ];
    const forms = Object.values(values).flatMap((value) => [value, encodeBase64(value)]);
    let told = 0;
    for (const who of ["admin", "stranger"] as const) {
      for (const path of paths) {
        const { status, text } = await ask(who, `GET ${path}`);
        if (status === 200) told += 1;
        expect(forms.filter((form) => text.includes(form))).toEqual([]);
        expect(text).not.toContain("last-applied-configuration");
      }
    }
    expect(told).toBeGreaterThan(15);
    const lines = api.bugs.join("\n");
    expect(forms.filter((form) => lines.includes(form))).toEqual([]);
  });

  // Class: authorisation.
  it("are changed by nobody who may not change what they belong to now and afterwards", async () => {
    const cluster = (port: number) => `clusters/${encodeURIComponent(`https://127.0.0.1:${port}`)}`;
    const mine = { server, name: "far", project: "other", config: { bearerToken: "mine" } };
    const refused = [
      // One of another project, also by calling it one's own.
      await ask("stranger", `PUT ${cluster(2)}`, {
        ...mine,
        server: "https://127.0.0.1:2",
        name: "elsewhere",
      }),
      await ask("stranger", `PUT ${cluster(2)}?updatedFields=project`, { project: "other" }),
      await ask("stranger", `DELETE ${cluster(2)}`),
      // One's own to another project, or to none.
      await ask("stranger", `PUT ${cluster(1)}`, { ...mine, project: "third" }),
      await ask("stranger", `PUT ${cluster(1)}?updatedFields=project`, { project: "" }),
      await ask("stranger", `PUT repositories/${encodeURIComponent(url)}`, { repo: url, project: "third" }),
    ];
    expect(refused.map(({ status }) => status)).toEqual([403, 403, 403, 403, 403, 403]);
    for (const name of ["cluster", "elsewhere", "repo", "third"]) {
      const now = await api.hub.read(
        { type: hubTypes.secret, namespace, name },
        new AbortController().signal,
      );
      const project = name === "elsewhere" || name === "third" ? "third" : "other";
      expect(now?.["data"]).toMatchObject({ project: encodeBase64(project) });
    }
  });

  it("stay when a repository is changed without them, where that is asked for, and cannot be sent elsewhere so", async () => {
    const at = `PUT repositories/${encodeURIComponent(url)}`;
    const texts = async () => {
      const ref = { type: hubTypes.secret, namespace, name: "repo" };
      return (await api.hub.read(ref, new AbortController().signal))?.["data"] as JsonObject;
    };
    const shown = { repo: url, project: "other", username: "u", name: "shop" };
    expect((await ask("admin", `${at}?keepSecrets=true`, shown)).status).toBe(200);
    const kept = Object.entries(ofRepository).map(([key, value]) => [key, encodeBase64(value)]);
    expect(await texts()).toMatchObject({ ...Object.fromEntries(kept), name: encodeBase64("shop") });
    const elsewhere = await ask("admin", `${at}?keepSecrets=true`, { ...shown, proxy: "http://127.0.0.1:9" });
    expect([elsewhere.status, JSON.parse(elsewhere.text)]).toMatchObject([
      400,
      { message: expect.stringContaining("proxy is another") as string },
    ]);
    // As with Argo CD's clients.
    expect((await ask("admin", at, shown)).status).toBe(200);
    expect(Object.keys(await texts()).toSorted()).toEqual(["name", "project", "url", "username"]);
  });
});
