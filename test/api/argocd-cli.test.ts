import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createRepository } from "#test/git-servers/repository.ts";
import type { TestRepository } from "#test/git-servers/repository.ts";
import { resolveTool } from "#test/official-tools/resolve.ts";
import type { RunningServer } from "./running-server.ts";
import { startServer } from "./running-server.ts";

const buildMs = 30 * 60_000;

interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

let argocd: string;
let server: RunningServer;
let repository: TestRepository;

beforeAll(async () => {
  argocd = await resolveTool("argocd", { progress: (line) => void process.stderr.write(`${line}\n`) });
  server = await startServer();
  repository = await createRepository(join(server.directory, "shop.git"));
  await repository.commit({ "web/all.yaml": web("hello:1") });
  await ok(`login ${server.address} --plaintext --username admin --password ${server.password}`);
}, buildMs);

afterAll(async () => {
  await server[Symbol.asyncDispose]();
});

function web(image: string): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata: {name: hello}
spec:
  replicas: 1
  selector: {matchLabels: {app: hello}}
  template:
    metadata: {labels: {app: hello}}
    spec: {containers: [{name: hello, image: "${image}"}]}
---
apiVersion: v1
kind: Secret
metadata: {name: token}
stringData: {password: hunter2}
`;
}

/** Runs `mooring` with the stock client's home. */
async function mooring(...words: readonly string[]): Promise<string> {
  const { KUBECONFIG: _own, ...rest } = process.env;
  const env = { ...rest, HOME: server.directory, ARGOCD_OPTS: "" };
  const program = join(import.meta.dirname, "../../bin/mooring");
  const { stdout } = await promisify(execFile)(program, words, { env, timeout: 60_000 });
  return stdout;
}

/** Runs the stock client with a home of its own: the words of a line, then arguments that have blanks in them. */
function client(line: string, ...more: readonly string[]): Promise<Ran> {
  const env = { ...process.env, HOME: server.directory, ARGOCD_OPTS: "" };
  return new Promise((resolve) => {
    execFile(argocd, [...line.split(" "), ...more], { env, timeout: 60_000 }, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === "number" ? error.code : -1;
      resolve({ code, stdout, stderr });
    });
  });
}

/** What a command prints; fails unless it ends with 0. */
async function ok(line: string, ...more: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await client(line, ...more);
  if (code !== 0) throw new Error(`argocd ${line.split(" ", 2).join(" ")} ended with ${code}: ${stderr}`);
  return stdout;
}

/** What a command says of why it failed; fails when it did not. */
async function fails(line: string, ...more: readonly string[]): Promise<string> {
  const { code, stderr } = await client(line, ...more);
  expect(code).not.toBe(0);
  return stderr;
}

/** The words of each line of a table. */
function rows(text: string): readonly (readonly string[])[] {
  return text
    .trim()
    .split("\n")
    .map((line) => line.trim().split(/\s{2,}|\t/u));
}

/** Creates an application of the repository in a namespace of its name. */
async function create(name: string, more = ""): Promise<void> {
  const to = `--dest-server https://kubernetes.default.svc --dest-namespace ${name}`;
  const said = await ok(
    `app create ${name} --repo ${repository.url} --path web ${to} --sync-option CreateNamespace=true${more}`,
  );
  expect(said).toBe(`application '${name}' created\n`);
}

describe("a login", () => {
  it("that argocd made serves mooring, and one that mooring made serves argocd", async () => {
    expect(await mooring("account", "get-user-info")).toContain("Username: admin");
    await mooring(
      "login",
      server.address,
      "--plaintext",
      "--username",
      "admin",
      "--password",
      server.password,
      "--name",
      "ours",
    );
    expect(await ok("context")).toContain("ours");
    expect(await ok("account get-user-info")).toContain("Username: admin");
    await mooring("context", server.address);
    await mooring("context", "ours", "--delete");
    expect(await ok("context")).not.toContain("ours");
  });
});

describe("the stock argocd client", { timeout: 120_000 }, () => {
  it("asks for versions before anything else", async () => {
    expect(await ok("version --short")).toMatch(/argocd-server: v3\.\d+\.\d+\+mooring-/u);
  });

  it("creates, syncs, waits for, changes, rolls back and deletes an application", async () => {
    await create("web");
    expect(await ok("app sync web")).toContain("successfully synced (all tasks run)");
    await ok("app wait web --health --timeout 50");
    const listed = ["argocd/web", "web", "default", "Synced", "Healthy"];
    expect(rows(await ok("app list")).at(1)).toEqual(expect.arrayContaining(listed));
    expect(await ok("app actions list web")).toMatch(/apps\s+Deployment\s+hello\s+restart\s+false/u);
    await ok("app set web --sync-policy automated --self-heal");
    expect(await ok("app get web")).toMatch(/Sync Policy:\s+Automated/u);
    await ok("app set web --sync-policy none");
    await ok('app patch web --type merge --patch {"metadata":{"labels":{"team":"shop"}}}');
    expect(rows(await ok("app list -l team=shop"))).toHaveLength(2);
    expect(rows(await ok("app list -l team=other"))).toHaveLength(1);
    await repository.commit({ "web/all.yaml": web("hello:2") });
    expect(await ok("app get web --refresh")).toMatch(/Sync Status:\s+OutOfSync/u);
    await ok("app sync web");
    expect(rows(await ok("app history web"))).toHaveLength(4);
    await ok("app rollback web 0");
    expect(await ok("app manifests web --source live")).toContain("hello:1");
    const patch = '--patch {"spec":{"replicas":2}} --patch-type application/merge-patch+json';
    await ok(`app patch-resource web --kind Deployment --resource-name hello ${patch}`);
    await ok("app delete-resource web --kind Secret --resource-name token");
    expect(await fails("app terminate-op web")).toContain("no operation is in progress");
    await ok("app delete web -y --wait");
    expect(rows(await ok("app list"))).toHaveLength(1);
  });

  it("is never told the value of a Secret", async () => {
    await create("secret", " --sync-policy auto");
    await ok("app wait secret --sync --timeout 50");
    const told = [
      await ok("app manifests secret"),
      await ok("app manifests secret --source live"),
      await ok("app get-resource secret --kind Secret -o yaml"),
      await ok("app get secret -o json"),
    ].join("\n");
    expect(told).toContain("kind: Secret");
    expect(told).not.toContain("hunter2");
    expect(told).not.toContain(Buffer.from("hunter2").toString("base64"));
    await ok("app delete secret -y --wait");
  });

  it("draws the tree with what controllers made, and prints their logs", async () => {
    await create("tree", " --sync-policy auto");
    await ok("app wait tree --sync --health --timeout 50");
    expect(await ok("app get tree -o tree")).toMatch(
      /Deployment\/hello[^]*ReplicaSet\/hello-[^]*Pod\/hello-/u,
    );
    const logs = await ok("app logs tree --group apps --kind Deployment --name hello");
    expect(logs).toMatch(/^hello: started$/mu);
    await ok("app delete tree -y --wait");
  });

  it("understands errors over gRPC and over gRPC-Web", async () => {
    const message = "Application/argocd/nothing: does not exist; see the list of applications";
    expect(await fails("app get nothing")).toContain(message);
    expect(await fails("app get nothing --grpc-web")).toContain(message);
    expect(rows(await ok("app list --grpc-web"))).toHaveLength(1);
  });

  it("manages projects, repositories, credentials and host keys", async () => {
    await ok(`proj create shop -d https://kubernetes.default.svc,shop -s ${repository.url}`);
    await ok("proj allow-cluster-resource shop", "", "Namespace");
    await ok("proj role create shop dev");
    await ok("proj role add-policy shop dev -a get -o *");
    await ok("proj windows add shop --kind allow --duration 1h --applications * --schedule", "0 22 * * *");
    expect(await ok("proj windows list shop")).toContain("0 22 * * *");
    await ok("proj delete shop");
    await ok(`repo add ${repository.url} --name shop`);
    const stored = ["git", "shop", "Successful"];
    expect(rows(await ok("repo list")).at(1)).toEqual(expect.arrayContaining(stored));
    await ok(`repo rm ${repository.url}`);
    await ok("repocreds add https://git.example.com/ --username u --password hunter2");
    const credentials = ["https://git.example.com/", "u", "false", "false"];
    expect(rows(await ok("repocreds list")).at(1)).toEqual(credentials);
    await ok("repocreds rm https://git.example.com/");
    const cluster = ["in-cluster", "Successful"];
    expect(rows(await ok("cluster list")).at(1)).toEqual(expect.arrayContaining(cluster));
    expect(rows(await ok("cert list"))).toHaveLength(1);
    expect(rows(await ok("gpg list"))).toHaveLength(1);
  });

  it("manages accounts, and is refused with a password that has been changed", async () => {
    expect(await ok("account can-i sync applications *")).toBe("yes\n");
    expect(await ok("account get-user-info")).toContain("Username: admin");
    await ok(`account update-password --current-password ${server.password} --new-password another-one`);
    expect(await ok("account list")).toContain("admin");
    const login = `login ${server.address} --plaintext --username admin --password`;
    expect(await fails(`${login} ${server.password}`)).toContain("invalid username or password");
    await ok(`${login} another-one`);
  });
});
