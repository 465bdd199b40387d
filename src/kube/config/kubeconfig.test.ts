import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { stringify } from "yaml";
import { inClusterConnection } from "./in-cluster.ts";
import { readKubeconfig } from "./kubeconfig.ts";

async function files(contents: Readonly<Record<string, unknown>>) {
  const directory = await mkdtemp(join(tmpdir(), "mooring-kubeconfig-"));
  onTestFinished(() => rm(directory, { recursive: true }));
  for (const [name, content] of Object.entries(contents)) {
    const path = join(directory, name);
    await mkdir(join(path, ".."), { recursive: true });
    await writeFile(path, typeof content === "string" ? content : stringify(content));
  }
  return { directory, path: (name: string) => join(directory, name) };
}

const base64 = (text: string): string => Buffer.from(text).toString("base64");

const config = (cluster: object, user: object, context: object = {}) => ({
  "current-context": "main",
  contexts: [{ name: "main", context: { cluster: "c", user: "u", ...context } }],
  clusters: [{ name: "c", cluster: { server: "https://cluster:6443/", ...cluster } }],
  users: [{ name: "u", user }],
});

it("reads certificates inline and by file, relative to the kubeconfig", async () => {
  const { path } = await files({
    "kube/config": config(
      {
        "certificate-authority": "../pki/ca.crt",
        "tls-server-name": "api",
        "proxy-url": "socks5://proxy:1080",
      },
      {
        "client-certificate-data": base64("CERT"),
        "client-certificate": "missing",
        "client-key": "client.key",
      },
      { namespace: "shop" },
    ),
    "pki/ca.crt": "CA",
    "kube/client.key": "KEY",
  });
  expect(await readKubeconfig({ path: path("kube/config") })).toEqual({
    context: "main",
    namespace: "shop",
    connection: {
      server: "https://cluster:6443",
      tls: { insecure: false, caData: "CA", certData: "CERT", keyData: "KEY", serverName: "api" },
      auth: { kind: "none" },
      proxyUrl: "socks5://proxy:1080",
    },
  });
});

it.each([
  ["a token", { token: "t" }, { kind: "token", token: "t" }],
  [
    "a token file, which wins over a token",
    { token: "t", tokenFile: "/t" },
    { kind: "tokenFile", path: "/t" },
  ],
  ["a password", { username: "u", password: "p" }, { kind: "basic", username: "u", password: "p" }],
])("logs in with %s", async (_title, user, auth) => {
  const { path } = await files({ config: config({ "insecure-skip-tls-verify": true }, user) });
  const { connection } = await readKubeconfig({ path: path("config") });
  expect(connection).toEqual({ server: "https://cluster:6443", tls: { insecure: true }, auth });
});

it("logs in with a credential plugin and hands the cluster's extension on", async () => {
  const extensions = [{ name: "client.authentication.k8s.io/exec", extension: { audience: "x" } }];
  const exec = {
    apiVersion: "client.authentication.k8s.io/v1beta1",
    command: "./login",
    args: ["--json"],
    env: [{ name: "REGION", value: "eu" }],
    provideClusterInfo: true,
    installHint: "install login",
  };
  const { path } = await files({ config: config({ extensions }, { exec }) });
  const { connection } = await readKubeconfig({ path: path("config") });
  expect(connection.auth).toEqual({
    ...exec,
    kind: "exec",
    command: path("login"),
    env: { REGION: "eu" },
    clusterConfig: { audience: "x" },
  });
});

it("acts as someone else", async () => {
  const user = { token: "t", as: "eve", "as-groups": ["a", "b"], "as-user-extra": { scopes: ["x"] } };
  const { path } = await files({ config: config({}, user) });
  const { connection } = await readKubeconfig({ path: path("config") });
  expect(connection.impersonate).toEqual({ user: "eve", groups: ["a", "b"], extra: { scopes: ["x"] } });
});

it("merges the files of KUBECONFIG: the first to name something wins, missing files are skipped", async () => {
  const first = { contexts: config({}, {}).contexts, users: [{ name: "u", user: { token: "first" } }] };
  const second = { ...config({}, { token: "second" }), "current-context": "main" };
  const { path } = await files({ first, second, empty: "" });
  const env = { KUBECONFIG: ["none", "empty", "first", "second"].map(path).join(":") };
  const { connection, context } = await readKubeconfig({ env });
  expect([context, connection.server, connection.auth]).toEqual([
    "main",
    "https://cluster:6443",
    { kind: "token", token: "first" },
  ]);
});

it.each([
  ["an unknown context", {}, 'kubeconfig has no context "other"; it has main'],
  ["a retired login", { user: { "auth-provider": { name: "gcp" } } }, "gke-gcloud-auth-plugin"],
  [
    "a plugin for people",
    { user: { exec: { command: "x", interactiveMode: "Always" } } },
    "needs a terminal",
  ],
])("says what to do about %s", async (_title, { user }: { user?: object }, message) => {
  const { path } = await files({ config: config({}, user ?? {}) });
  const context = user === undefined ? { context: "other" } : {};
  await expect(readKubeconfig({ path: path("config"), ...context })).rejects.toMatchObject({
    code: "KUBE_CONFIG_INVALID",
    message: expect.stringContaining(message),
  });
});

it("shows no content of a file that is no YAML", async () => {
  const { path } = await files({ config: 'users:\n- {token: "hunter2' });
  const failure = await readKubeconfig({ path: path("config") }).catch((error: unknown) => String(error));
  expect(failure).toContain("cannot be read");
  expect(failure).not.toContain("hunter2");
});

it("finds the cluster that it runs in", async () => {
  const { directory } = await files({ token: "t", "ca.crt": "CA", namespace: "argocd\n" });
  const env = { KUBERNETES_SERVICE_HOST: "fd00::1", KUBERNETES_SERVICE_PORT: "443" };
  expect(await inClusterConnection({ env, directory })).toEqual({
    context: "in-cluster",
    namespace: "argocd",
    connection: {
      server: "https://[fd00::1]:443",
      tls: { insecure: false, caData: "CA" },
      auth: { kind: "tokenFile", path: join(directory, "token") },
    },
  });
  await expect(inClusterConnection({ env: {}, directory })).rejects.toMatchObject({
    code: "KUBE_CONFIG_INVALID",
  });
});
