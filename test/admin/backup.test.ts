import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile, readdir, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { createInterface } from "node:readline";
import { describe, expect, it } from "vitest";
import type { KubeObject } from "#core/object/index.ts";
import { hubTypes } from "#engine/hub-types.ts";
import { application, argo, namespace, secret, startHub } from "./hub.ts";
import type { TestHub } from "./hub.ts";

const program = path.join(import.meta.dirname, "../../bin/mooring");
const password = "correct-horse-battery";

const project: KubeObject = {
  apiVersion: argo,
  kind: "AppProject",
  metadata: { name: "shop", namespace },
  spec: { sourceRepos: ["*"], destinations: [{ server: "*", namespace: "*" }] },
};

const status = {
  sync: { status: "Synced", revision: "0123456789abcdef0123456789abcdef01234567" },
  history: [
    { id: 7, revision: "0123456789abcdef0123456789abcdef01234567", deployedAt: "2026-11-01T10:00:00Z" },
  ],
};

const applicationSet: KubeObject = {
  apiVersion: argo,
  kind: "ApplicationSet",
  metadata: { name: "many", namespace },
  spec: {
    generators: [{ list: { elements: [{ name: "on" }] } }],
    template: { metadata: { name: "{{name}}" }, spec: application("x")["spec"] ?? {} },
  },
} as KubeObject;

/** What YAML readers of both versions take for something else than a text, and what breaks streams. */
const awkward = {
  yes: "on",
  number: "0o17",
  date: "2026-11-30",
  lines: "a: |\n  ---\n  b\n\n",
  spaces: "  x ",
  tilde: "~",
};

async function fill(hub: TestHub): Promise<void> {
  await hub.apply(
    project,
    secret("repo-shop", "repository", { url: "https://git.invalid/shop.git", password }),
    secret("cluster-far", "cluster", { name: "far", server: "https://far.invalid", config: "{}" }),
    secret("creds", "repo-creds", { url: "https://git.invalid", password }),
    { apiVersion: "v1", kind: "Secret", metadata: { name: "unrelated", namespace }, stringData: { a: "b" } },
    application("web", {
      metadata: {
        labels: { team: "yes" },
        annotations: { "example.com/note": "a\nb" },
        finalizers: ["resources-finalizer.argocd.argoproj.io"],
      },
      spec: {
        project: "shop",
        source: { repoURL: "https://git.invalid/shop.git", path: ".", helm: { values: awkward.lines } },
      },
      rest: { status },
    }),
    applicationSet,
    { apiVersion: "v1", kind: "Namespace", metadata: { name: "team-a" } },
    application("elsewhere", { metadata: { namespace: "team-a" } }),
  );
  const configMap = { type: hubTypes.configMap, namespace, name: "argocd-cm" };
  await hub.cluster.mergePatch(configMap, { data: awkward }, { fieldManager: "test", signal: hub.signal });
  const set = { type: hubTypes.applicationSet, namespace, name: "many" };
  const conditions = [{ type: "ResourcesUpToDate", status: "True", message: "all", reason: "done" }];
  await hub.cluster.mergePatch(
    set,
    { status: { conditions } },
    { fieldManager: "test", subresource: "status", signal: hub.signal },
  );
  const keys = { type: hubTypes.configMap, namespace, name: "argocd-gpg-keys-cm" };
  await hub.cluster.mergePatch(keys, { data: { ABCD: "key" } }, { fieldManager: "test", signal: hub.signal });
}

const everywhere = ["--application-namespaces", "team-*"];

async function exported({ cli }: TestHub, ...flags: readonly string[]): Promise<string> {
  const { code, out, err } = await cli.run("admin", "export", ...everywhere, ...flags);
  expect(err).toMatch(/^exported 5 ConfigMaps, \d+ Secrets/u);
  expect(code).toBe(0);
  return out;
}

async function emptyHub(): Promise<TestHub> {
  const hub = await startHub();
  await hub.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: "team-a" } });
  return hub;
}

describe("a backup", () => {
  it("brings an empty installation to what was exported", async () => {
    const [from, to] = [await startHub(), await emptyHub()];
    await fill(from);
    const backup = await exported(from);
    const imported = await to.cli.runWith({ input: backup }, "admin", "import", "-", ...everywhere);
    expect(imported).toMatchObject({ code: 0, err: expect.stringContaining(" 0 failed\n") as string });
    expect(await exported(to)).toBe(backup);
    expect((await to.read("Application", "web"))["status"]).toEqual(status);
    const again = await to.cli.runWith({ input: backup }, "admin", "import", "-", ...everywhere);
    expect(again.err).toBe("0 created, 0 updated, 14 unchanged, 0 skipped, 0 failed\n");
    expect(`${imported.out}${imported.err}`).not.toContain(password);
  });

  it("is a file that is whole and that its owner alone may read", async () => {
    const hub = await startHub();
    await fill(hub);
    const file = path.join(hub.directory, "backup.yaml");
    await writeFile(file, "old", { mode: 0o644 });
    const { code, out } = await hub.cli.run("admin", "export", ...everywhere, "-o", file);
    expect({ code, out }).toEqual({ code: 0, out: "" });
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readFile(file, "utf8")).toBe(await exported(hub));
    expect((await readdir(hub.directory)).filter((name) => name.endsWith(".part"))).toEqual([]);
    expect(await hub.cli.run("admin", "export", "-o", "/nonexistent/x")).toMatchObject({ code: 20 });
  });

  it("leaves out the status, signing keys and other namespaces when asked", async () => {
    const hub = await startHub();
    await fill(hub);
    const { out } = await hub.cli.run("admin", "export", "--strip-status", "--skip-gpg-keys");
    expect(out).not.toMatch(/^status:|argocd-gpg-keys-cm|name: elsewhere|name: unrelated/mu);
    expect(out).toContain("name: web");
  });

  it("of a namespace without an installation is refused", async () => {
    const hub = await startHub();
    const { code, err } = await hub.cli.run("admin", "export", "-n", "default");
    expect({ code, err }).toMatchObject({ code: 13, err: expect.stringContaining("with -n") as string });
  });
});

describe("an import", () => {
  it("says with --dry-run which fields it would change, shows no value, and changes nothing", async () => {
    const hub = await startHub();
    await fill(hub);
    const before = await exported(hub);
    const backup = before
      .replace("team: 'yes'", "team: other")
      .replace('team: "yes"', "team: other")
      .replace("id: 7", "id: 8");
    const changed = backup.replace(
      /password: \S+/u,
      `password: ${Buffer.from(password.toUpperCase()).toString("base64")}`,
    );
    const { code, out, err } = await hub.cli.runWith(
      { input: changed },
      "admin",
      "import",
      "-",
      "--dry-run",
      ...everywhere,
    );
    expect({ code, out }).toEqual({
      code: 0,
      out: [
        "/Secret creds in namespace argocd updated (dry run): data[password]",
        "argoproj.io/Application web in namespace argocd updated (dry run): metadata.labels[team], status",
        "",
      ].join("\n"),
    });
    expect(`${out}${err}`.toLowerCase()).not.toContain(password);
    expect(await exported(hub)).toBe(before);
  });

  it("names what is wrong by document, object and field, and goes on with the rest", async () => {
    const hub = await startHub();
    const input = [
      "a: [", // 1
      "kind: Pod\napiVersion: v1\nmetadata: {name: x}", // 2
      "kind: Application\napiVersion: argoproj.io/v1\nmetadata: {name: x}", // 3
      "kind: Application\napiVersion: argoproj.io/v1alpha1\nmetadata: {}", // 4
      "kind: Secret\napiVersion: v1\nmetadata: {name: x, labels: {a: 1}}", // 5
      "kind: ConfigMap\napiVersion: v1\nmetadata: {name: x, namespace: kube-system}", // 6
      "kind: Application\napiVersion: argoproj.io/v1alpha1\nmetadata: {name: UPPER}\nspec: {project: a, destination: {}}", // 7
      "# nothing", // none
      "kind: Secret\napiVersion: v1\nmetadata: {name: good}\nstringData: {a: b}", // 8
      "kind: Secret\napiVersion: v1\nmetadata: {name: good}\nstringData: {a: c}", // 9
      "just text", // 10
      "kind: Secret\napiVersion: v1\nmetadata: {name: cut}\nstringData: {a: b", // 11
    ].join("\n---\n");
    const { code, out, err } = await hub.cli.runWith({ input }, "admin", "import", "-", "--prune", "--yes");
    expect(code).toBe(1);
    expect(out).toBe("/Secret good in namespace argocd created\n");
    expect(err.replaceAll(/(?<=UPPER in namespace argocd: ).*/gu, "…")).toMatchInlineSnapshot(`
      "error: document 1, from line 1: not YAML (line 1); correct it
      error: document 2, from line 3: kind: Pod is none of a backup's; it must be one of ConfigMap, Secret, AppProject, Application, ApplicationSet
      error: document 3, from line 7: apiVersion: must be argoproj.io/v1alpha1 for kind Application
      error: document 4, from line 11: Application: metadata.name: is missing; add the object's name
      error: document 5, from line 15: Secret x: metadata.labels: must be a map of texts; put quotes around its values
      error: document 6, from line 19: ConfigMap x: metadata.namespace: kube-system is not the control plane's, argocd; remove the field, or name the namespace with -n
      error: document 7, from line 23: argoproj.io/Application UPPER in namespace argocd: …
      error: document 9, from line 35: /Secret good in namespace argocd: is in the backup twice; remove one of the two documents
      error: document 10, from line 40: it is no object; a backup has one object in each document
      error: document 11, from line 42: ends in the middle of a line, so the file may have been cut off; get all of it, or, if this is all, end it with a line ---
      error: 10 of the backup's objects could not be imported, so nothing is pruned; correct what is named above and import again
      1 created, 0 updated, 0 unchanged, 0 skipped, 10 failed
      "
    `);
    expect((await hub.read("Secret", "good"))["data"]).toEqual({ a: "Yg==" });
    expect(await hub.cli.runWith({ input: "" }, "admin", "import", "-")).toMatchObject({ code: 20 });
    expect(await hub.cli.run("admin", "import", "/nonexistent.yaml")).toMatchObject({ code: 20 });
  });

  it("leaves alone what has a label, and what is in namespaces that are not looked at", async () => {
    const [from, to] = [await startHub(), await emptyHub()];
    await fill(from);
    const input = await exported(from);
    const { out, err } = await to.cli.runWith(
      { input },
      "admin",
      "import",
      "-",
      "--skip-resources-with-label",
      "team=yes",
    );
    expect(out).toContain("Skipping argoproj.io/Application web in namespace argocd");
    expect(err).toContain("skipped: its namespace is not looked at here");
    await expect(to.read("Application", "web")).rejects.toThrow("is gone");
    await expect(to.read("Application", "elsewhere", "team-a")).rejects.toThrow("is gone");
  });

  it("takes operations off with --stop-operation", async () => {
    const hub = await startHub();
    await hub.apply(application("busy", { rest: { operation: { sync: {} } } }));
    const { out: input } = await hub.cli.run("admin", "export");
    const stopped = await hub.cli.runWith({ input }, "admin", "import", "-", "--stop-operation");
    expect(stopped.out).toBe("argoproj.io/Application busy in namespace argocd updated: operation\n");
    expect((await hub.read("Application", "busy"))["operation"]).toBeUndefined();
  });
});

describe("an import with --prune", () => {
  it("asks first, deletes what the backup has not, and leaves what applications deployed", async () => {
    const hub = await startHub();
    await fill(hub);
    const { out: input } = await hub.cli.run("admin", "export");
    const finalizers = ["resources-finalizer.argocd.argoproj.io"];
    await hub.apply(
      application("later", { metadata: { finalizers } }),
      secret("repo-later", "repository", { url: "https://x.invalid" }),
    );
    const noted = await hub.cli.runWith({ input }, "admin", "import", "-");
    expect(noted.out).toBe(
      "Application/argocd/later needs pruning\nSecret/argocd/repo-later needs pruning\n",
    );
    const asked = await hub.cli.runWith({ input }, "admin", "import", "-", "--prune");
    expect(asked).toMatchObject({ code: 20, err: expect.stringContaining("pass --yes") as string });
    await hub.read("Application", "later");
    const dry = await hub.cli.runWith({ input }, "admin", "import", "-", "--prune", "--dry-run");
    expect(dry.out).toContain("later pruned (dry run)");
    await hub.read("Application", "later");
    const pruned = await hub.cli.runWith({ input }, "admin", "import", "-", "--prune", "--yes");
    expect(pruned.code).toBe(0);
    await expect(hub.read("Application", "later")).rejects.toThrow("is gone");
    await expect(hub.read("Secret", "repo-later")).rejects.toThrow("is gone");
    await hub.read("Secret", "argocd-secret");
  });
});

it("converges when two import the same backup at once", async () => {
  const [from, to] = [await startHub(), await emptyHub()];
  await fill(from);
  const input = await exported(from);
  const run = () => to.cli.runWith({ input }, "admin", "import", "-", ...everywhere);
  const both = await Promise.all([run(), run()]);
  expect(both.map(({ code, err }) => [code, /error.*/u.exec(err)?.[0]])).toEqual([
    [0, undefined],
    [0, undefined],
  ]);
  expect(await exported(to)).toBe(input);
});

it("is finished by running it again after kill -9 in the middle", async () => {
  const [from, to] = [await startHub(), await startHub()];
  await from.apply(...Array.from({ length: 300 }, (_, i) => application(`app-${i}`, { rest: { status } })));
  const { out: backup } = await from.cli.run("admin", "export");
  const file = path.join(to.directory, "backup.yaml");
  await writeFile(file, backup);
  const process = spawn(program, ["admin", "import", file, "--kubeconfig", to.kubeconfig], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = once(process, "exit");
  for await (const line of createInterface({ input: process.stdout }))
    if (line.includes("app-")) process.kill("SIGKILL");
  expect(await ended).toEqual([null, "SIGKILL"]);
  const cut = await to.cluster.list(hubTypes.application, { namespace, signal: to.signal });
  expect(cut.length).toBeLessThan(300);
  expect(await to.cli.run("admin", "import", file)).toMatchObject({ code: 0 });
  expect((await to.cli.run("admin", "export")).out).toBe(backup);
});
