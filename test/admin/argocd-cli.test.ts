import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { beforeAll, expect, it } from "vitest";
import { parseAllDocuments } from "yaml";
import { resolveTool } from "#test/official-tools/resolve.ts";
import { application, argo, namespace, secret, startHub } from "./hub.ts";
import type { TestHub } from "./hub.ts";

const buildMs = 30 * 60_000;
const run = promisify(execFile);

let argocd: string;

beforeAll(async () => {
  argocd = await resolveTool("argocd", { progress: (line) => void process.stderr.write(`${line}\n`) });
}, buildMs);

async function admin(hub: TestHub, ...args: readonly string[]): Promise<string> {
  const { stdout } = await run(argocd, ["admin", ...args, "-n", namespace, "--kubeconfig", hub.kubeconfig], {
    env: { PATH: process.env["PATH"], HOME: hub.directory },
  });
  return stdout;
}

function documentsOf(text: string): unknown {
  const documents = parseAllDocuments(text);
  return (Array.isArray(documents) ? documents : [])
    .map((document) => document.toJS() as unknown)
    .filter((value) => value !== null);
}

async function fill(hub: TestHub): Promise<void> {
  const data = {
    yes: "on",
    number: "0o17",
    octal: "017",
    time: "12:30:45",
    date: "2026-11-30",
    lines: "a\n\n b\n",
    tab: "a\tb\n c",
  };
  await hub.apply(
    {
      apiVersion: argo,
      kind: "AppProject",
      metadata: { name: "shop", namespace },
      spec: { sourceRepos: ["*"] },
    },
    secret("repo", "repository", { url: "https://git.invalid/shop.git", password: "123" }),
    application("web", {
      metadata: { annotations: data },
      rest: { status: { sync: { status: "Synced", revision: "1e10" } } },
    }),
  );
}

it("writes what argocd admin export writes", async () => {
  const hub = await startHub();
  await fill(hub);
  const file = path.join(hub.directory, "theirs.yaml");
  await admin(hub, "export", "--out", file);
  const { out } = await hub.cli.run("admin", "export");
  expect(documentsOf(out)).toEqual(documentsOf(await readFile(file, "utf8")));
});

it("imports a backup of argocd, and argocd imports ours", async () => {
  const [from, ours, theirs] = [await startHub(), await startHub(), await startHub()];
  await fill(from);
  const [file, own] = ["theirs.yaml", "ours.yaml"].map((name) => path.join(from.directory, name)) as [
    string,
    string,
  ];
  await admin(from, "export", "--out", file);
  expect(await ours.cli.run("admin", "import", file)).toMatchObject({ code: 0 });
  const { out } = await from.cli.run("admin", "export");
  await writeFile(own, out);
  await admin(theirs, "import", own);
  for (const hub of [ours, theirs]) expect((await hub.cli.run("admin", "export")).out).toBe(out);
  expect(await admin(theirs, "import", own, "--dry-run", "--verbose")).not.toMatch(
    /updated|created|needs pruning/u,
  );
});
