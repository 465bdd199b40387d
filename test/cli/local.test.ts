import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { callApi, controlPlane } from "#test/control-plane/fixture.ts";
import { createRepository } from "#test/git-servers/index.ts";
import { startController } from "./controller.ts";
import type { TestCli } from "./run.ts";
import { startCli } from "./run.ts";

const configMap = (name: string, color: string) =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\ndata: {color: ${color}}\n`;
const secret = (token: string) =>
  `apiVersion: v1\nkind: Secret\nmetadata: {name: key}\nstringData: {token: ${token}}\n`;

async function write(directory: string, files: Readonly<Record<string, string>>): Promise<string> {
  await mkdir(directory, { recursive: true });
  for (const [name, text] of Object.entries(files)) await writeFile(join(directory, name), text);
  return directory;
}

/** A kustomization whose source puts a prefix before names, so that what is rendered shows whose settings it was rendered with. */
async function createWeb(cli: TestCli): Promise<string> {
  const repository = await createRepository(join(cli.directory, "repository.git"));
  const kustomization = "resources: [a.yaml]\n";
  await repository.commit({
    "web/kustomization.yaml": kustomization,
    "web/a.yaml": `${configMap("a", "blue")}---\n${secret("hunter2-hunter2")}`,
  });
  const at = ["--repo", repository.url, "--path", "web", "--dest-namespace", cli.namespace];
  const server = ["--dest-server", "https://kubernetes.default.svc", "--nameprefix", "x-"];
  expect(await cli.run("app", "create", "web", ...at, ...server)).toMatchObject({ code: 0 });
  return write(join(cli.directory, "here", "web"), {
    "kustomization.yaml": "resources: [a.yaml, b.yaml]\n",
    "a.yaml": `${configMap("a", "red")}---\n${secret("swordfish-swordfish")}`,
    "b.yaml": configMap("b", "new"),
  });
}

async function live(cli: TestCli): Promise<readonly string[]> {
  const path = `/api/v1/namespaces/${cli.namespace}/configmaps`;
  const { items } = await callApi<{
    items: readonly { metadata: { name: string }; data?: { color?: string } }[];
  }>(controlPlane(), { path });
  return items.flatMap(({ metadata: { name }, data }) =>
    name.startsWith("x-") ? [`${name} ${data?.color}`] : [],
  );
}

describe("--local", () => {
  it("shows and deploys what a directory renders to with the settings of the source, and no secret", async () => {
    const cli = await startCli("local");
    const directory = await createWeb(cli);
    startController(cli);
    const said: string[] = [];
    const run = async (...argv: readonly string[]) => {
      const { code, out, err } = await cli.run(...argv);
      said.push(out, err);
      return { code, text: out + err };
    };
    expect(await run("app", "sync", "web")).toMatchObject({ code: 0 });
    expect(await run("app", "diff", "web")).toEqual({ code: 0, text: "" });
    const diff = await run("app", "diff", "web", "--local", directory);
    expect(diff.code).toBe(1);
    expect(diff.text).toContain("-  color: blue\n+  color: red");
    expect(diff.text).toContain(`===== /ConfigMap ${cli.namespace}/x-b ======`);
    expect(diff.text).toContain(`===== /Secret ${cli.namespace}/x-key ======`);

    const sync = (...more: readonly string[]) => run("app", "sync", "web", "--local", directory, ...more);
    expect(await sync("--dry-run")).toMatchObject({ code: 0 });
    expect(await live(cli)).toEqual(["x-a blue"]);
    expect(await sync("--resource", ":ConfigMap:x-b")).toMatchObject({ code: 0 });
    expect(await live(cli)).toEqual(["x-a blue", "x-b new"]);
    const synced = await sync("--local-repo-root", cli.directory);
    expect(synced).toMatchObject({ code: 0, text: expect.stringContaining("x-b") as string });
    expect(await live(cli)).toEqual(["x-a red", "x-b new"]);
    expect(await run("app", "diff", "web", "--local", directory)).toEqual({ code: 0, text: "" });
    expect(await run("app", "get", "web", "-o", "json")).toMatchObject({ code: 0 });

    expect(await run("app", "sync", "web", "--prune")).toMatchObject({ code: 0 });
    expect(await live(cli)).toEqual(["x-a blue"]);
    expect(said.join("\n")).not.toMatch(/hunter2|swordfish/u);
  });

  it("is refused where it has no meaning, and says why", async () => {
    const cli = await startCli("local-refused");
    const directory = await createWeb(cli);
    const run = async (...argv: readonly string[]) => {
      const { code, err } = await cli.run(...argv);
      return `${code} ${err.replaceAll(cli.namespace, "NS").replaceAll(cli.directory, "DIR").replaceAll(/\n\s+/gu, "; ")}`;
    };
    const sync = (...more: readonly string[]) => run("app", "sync", "web", "--local", ...more);
    expect(await sync("/no/such/place")).toContain("flag --local: there is no directory /no/such/place");
    expect(await sync(directory, "--local-repo-root", join(directory, ".."), "--revision", "v1")).toContain(
      "flags --local and --revision: files of this machine have no revision; give one of them",
    );
    expect(await sync(directory, "--local-repo-root", join(cli.directory, "repository.git"))).toContain(
      "there is no directory DIR/here/web below --local-repo-root DIR/repository.git",
    );
    expect(await run("app", "diff", "web", "--local-repo-root", directory)).toContain(
      "flag --local-repo-root: it goes with --local PATH",
    );
    expect(await run("app", "sync", "web", "other", "--local", directory)).toContain(
      "flag --local: one directory is for one application; name it",
    );
    const large = await write(join(cli.directory, "large"), {
      "kustomization.yaml": "resources: [a.yaml, b.yaml]\n",
      "a.yaml": configMap("a", "x".repeat(900_000)),
      "b.yaml": configMap("b", "x".repeat(900_000)),
    });
    expect(await sync(large)).toContain(
      "Application/NS/web: too large for the API server; split it or shrink its data",
    );
    await run("app", "set", "web", "--sync-policy", "automated");
    expect(await sync(directory)).toContain(
      "Application/NS/web: cannot use local sync when Automatic Sync Policy is enabled unless for dry run; turn it off first with: mooring app set web --sync-policy none",
    );
  });
});
