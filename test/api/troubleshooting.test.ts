import { mkdtemp } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { viewString } from "#core/object/index.ts";
import type { GitHttpServer } from "#test/git-servers/http-server.ts";
import { startGitHttpServer } from "#test/git-servers/http-server.ts";
import { createRepository } from "#test/git-servers/repository.ts";
import type { HomeCli } from "./run-cli.ts";
import { openHome } from "./run-cli.ts";
import type { RunningApi } from "./start-api.ts";
import { startApi } from "./start-api.ts";

/** What docs/troubleshooting.md quotes: what a user meets when something is wrong, word for word. */
const destination = ["--dest-server", "https://kubernetes.default.svc", "--dest-namespace", "default"];

let api: RunningApi;
let server: GitHttpServer;
let admin: HomeCli;
let repoURL: string;
const { signal } = new AbortController();

const configMaps = {
  group: "",
  version: "v1",
  kind: "ConfigMap",
  plural: "configmaps",
  namespaced: true,
  verbs: [],
  shortNames: [],
};

beforeAll(async () => {
  api = await startApi([]);
  const root = path.join(api.directory, "repositories");
  const repository = await createRepository(path.join(root, "shop.git"));
  await repository.commit({
    "app/settings.yaml": `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata: {greeting: hello}\n`,
  });
  repoURL = repository.url;
  server = await startGitHttpServer({
    root,
    auth: { kind: "basic", username: "ci", password: "not-this-one" },
  });
  admin = await loggedIn();
});

afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await api[Symbol.asyncDispose]();
});

async function loggedIn(): Promise<HomeCli> {
  const cli = openHome(await mkdtemp(path.join(api.directory, "home-")));
  const address = api.baseUrl.replace("http://", "");
  await cli.runWith({ input: `${api.password}\n` }, "login", address, "--plaintext", "--username", "admin");
  return cli;
}

/** Without what differs from run to run. */
const plain = (text: string): string =>
  text
    .replaceAll(server.url, "https://git.example.com")
    .replaceAll(api.baseUrl.replace("http://", ""), "cd.example.com")
    .replaceAll(/\b[0-9a-f]{40}\b/gu, "<commit>")
    .replaceAll(api.directory, "<directory>");

/** What `mooring app get` says below the table of the spec, once it says something. */
async function told(name: string): Promise<string> {
  await admin.run("app", "get", name, "--refresh");
  const { out } = await admin.run("app", "get", name, "-o", "json");
  const { status } = JSON.parse(out) as { status: { conditions?: { type: string; message: string }[] } };
  return plain((status.conditions ?? []).map(({ type, message }) => `${type}: ${message}`).join("\n"));
}

async function create(name: string, ...source: readonly string[]): Promise<void> {
  const { code, err } = await admin.run("app", "create", name, ...source, ...destination);
  if (code !== 0) throw new Error(err);
}

describe("an application that does not sync", () => {
  it("because its repository is not there names the repository", async () => {
    await create("no-repo", "--repo", `file://${api.directory}/nowhere.git`, "--path", "app");
    expect(await told("no-repo")).toMatchInlineSnapshot(
      `"ComparisonError: repository file://<directory>/nowhere.git: listing refs: there is no such repository, or these credentials may not see it; check the URL and the Secret (fatal: '<directory>/nowhere.git' does not appear to be a git repository)"`,
    );
  });

  it("because its branch is not there names the branch", async () => {
    await create("no-branch", "--repo", repoURL, "--path", "app", "--revision", "mian");
    expect(await told("no-branch")).toMatchInlineSnapshot(
      `"ComparisonError: repository file://<directory>/repositories/shop.git: revision "mian" is no branch, tag or matching version; correct targetRevision (is "main" meant?)"`,
    );
  });

  it("because its path is not there names the path", async () => {
    await create("no-path", "--repo", repoURL, "--path", "overlays/prod");
    expect(await told("no-path")).toMatchInlineSnapshot(
      `"ComparisonError: overlays/prod: app path does not exist in revision <commit>; correct the path or add the directory"`,
    );
  });

  it("because a token for the repository has run out says so, and which Secret to renew", async () => {
    const url = `${server.url}/shop.git`;
    const { code, err } = await admin.runWith(
      { env: { MOORING_REPO_PASSWORD: "old" } },
      "repo",
      "add",
      url,
      "--username",
      "ci",
    );
    expect([code, plain(err)]).toMatchInlineSnapshot(`
      [
        11,
        "mooring: server cd.example.com: repository https://git.example.com/shop.git: listing refs: the repository refused the credentials
        a password or token may have run out: renew it in the Secret of the repository or of its credential template, or with: mooring repo add REPOURL --upsert (fatal: Authentication failed for 'https://git.example.com/shop.git/')
      ",
      ]
    `);
    await create("no-token", "--repo", url, "--path", "app");
    expect(await told("no-token")).toMatchInlineSnapshot(
      `"ComparisonError: repository https://git.example.com/shop.git: listing refs: the repository wants credentials, and none are known for it; add them with: mooring repo add REPOURL --upsert (fatal: could not read Username for 'https://git.example.com': terminal prompts disabled)"`,
    );
  });
});

it("drift that comes back is told of with who causes it", async () => {
  const name = "drifting";
  await create(name, "--repo", repoURL, "--path", "app", "--sync-policy", "automated", "--self-heal");
  const ref = { type: configMaps, namespace: "default", name: "settings" };
  const greeting = async () => viewString(await api.hub.read(ref, signal), "data", "greeting");
  await expect.poll(async () => greeting(), { timeout: 30_000 }).toBe("hello");
  await expect
    .poll(
      async () => {
        if ((await greeting()) === "hello")
          await api.hub.mergePatch(
            ref,
            { data: { greeting: "by hand" } },
            { fieldManager: "kubectl-edit", signal },
          );
        return await told(name);
      },
      { timeout: 90_000, interval: 300 },
    )
    .toContain("SelfHealWarning");
  expect(await told(name)).toMatchInlineSnapshot(
    `"SelfHealWarning: 2 self-heals in a row did not last. ConfigMap/default/settings: data.greeting is changed again by kubectl-edit; remove it from Git, or list it in spec.ignoreDifferences with sync option RespectIgnoreDifferences=true, or stop who changes it"`,
  );
});

it("a login that has run out says how to renew it", async () => {
  const { code, err } = await admin.runWith(
    { env: { ARGOCD_AUTH_TOKEN: api.tokens.expired } },
    "app",
    "list",
  );
  expect([code, plain(err)]).toMatchInlineSnapshot(`
    [
      11,
      "mooring: server cd.example.com: the session expired
      give another token in ARGOCD_AUTH_TOKEN or --auth-token
    ",
    ]
  `);
});

it("how much the controller has to do is there to see", async () => {
  await expect.poll(async () => (await admin.run("system")).out, { timeout: 30_000 }).toContain(" 0 wait");
  const { code, out } = await admin.run("system");
  expect([code, out.replace(/^Controller: .*$/mu, "Controller:    …")]).toMatchInlineSnapshot(`
    [
      0,
      "Controller:    …
    Applications:  5, 0 wait to be looked at; 20 are looked at in parallel
    ",
    ]
  `);
});
