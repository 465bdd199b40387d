import { execFile } from "node:child_process";
import { globSync, readFileSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import { promisify } from "node:util";
import { expect, it, onTestFinished, vi } from "vitest";
import type { JsonObject } from "#core/object/index.ts";
import { viewString } from "#core/object/index.ts";
import type { AuditTarget } from "#ports/audit-store.ts";
import { createRepository } from "../git-servers/repository.ts";
import { askRest } from "./ask.ts";
import { startServer } from "./running-server.ts";
import type { RunningApi } from "./start-api.ts";
import { startApi, strangersProject } from "./start-api.ts";

const execute = promisify(execFile);
const program = path.join(import.meta.dirname, "../../bin/mooring");

interface Asking {
  readonly body?: JsonObject;
  readonly token?: string | undefined;
}

function asker(baseUrl: string) {
  return async (
    line: string,
    { body, token }: Asking = {},
  ): Promise<{ status: number; body: JsonObject }> => {
    const [verb = "", url = ""] = line.split(" ");
    const sent = { verb, url, body: body === undefined ? undefined : JSON.stringify(body) };
    const { status, text } = await askRest(baseUrl, sent, token);
    if (text === "") throw new Error(`${line}: ${status} without a text`);
    return { status, body: JSON.parse(text) as JsonObject };
  };
}

interface Item {
  readonly id: number;
  readonly user: { readonly name: string; readonly kind: string; readonly tokenId?: string };
  readonly from: { readonly address: string };
  readonly method: string;
  readonly target: AuditTarget;
  readonly code: string;
  readonly plan?: string;
  readonly changes?: readonly {
    readonly verb: string;
    readonly kind: string;
    readonly before?: string;
    readonly after?: string;
  }[];
}

async function audit(api: RunningApi, query = ""): Promise<{ items: readonly Item[]; next: string }> {
  const ask = asker(api.baseUrl);
  const { status, body } = await ask(`GET /api/mooring/v1/audit${query}`, { token: api.tokens.admin });
  if (status !== 200) throw new Error(JSON.stringify(body));
  const { items = [], continue: next = "" } = body as unknown as { items?: Item[]; continue?: string };
  return { items, next };
}

const line = ({ user, method, target, code, changes = [] }: Item): string => {
  const { kind, project, namespace, name } = target;
  const what = changes.map(({ verb, kind: of }) => `${verb} ${of}`).join(", ");
  const thing = [kind, project, namespace, name].join("/");
  return `${user.kind} ${user.name}: ${method.split("/")[1] ?? ""} ${thing} ${code} ${what}`.trim();
};

const application = (project: string): JsonObject => ({
  metadata: { name: "web" },
  spec: {
    project,
    source: { repoURL: "https://git.invalid/web.git", path: "." },
    destination: { server: "https://kubernetes.default.svc", namespace: "default" },
  },
});

it("tells what a token of limited rights did, what it was refused, and who tried to log in", async () => {
  await using api = await startApi([strangersProject]);
  const ask = asker(api.baseUrl);
  const token = api.tokens.stranger;
  const applications = "/api/v1/applications";
  const login = (password: string) => ask("POST /api/v1/session", { body: { username: "admin", password } });
  expect(await login("correct horse battery")).toMatchObject({ status: 401 });
  const session = await login(api.password);
  expect(session).toMatchObject({ status: 200 });
  const told = async (asking: string, wanted: number, sent: Asking = {}) =>
    expect([asking, (await ask(asking, { token, ...sent })).status]).toEqual([asking, wanted]);
  await told(`POST ${applications}?validate=false`, 403, { body: application("default") });
  await told(`POST ${applications}?validate=false`, 200, { body: application("other") });
  await told(`GET ${applications}/web`, 200);
  await told(`GET ${applications}/nothing`, 403);
  await told(`PATCH ${applications}/web`, 200, {
    body: { patch: '{"metadata":{"labels":{"tier":"front"}}}', patchType: "merge" },
  });
  await told(`DELETE ${applications}/web?cascade=false`, 200);
  await told("GET /api/mooring/v1/audit", 403);
  await told(`DELETE ${applications}/web`, 401, { token: undefined });

  const { items, next } = await audit(api);
  expect(items.map((item) => line(item)).toReversed()).toMatchInlineSnapshot(`
    [
      "nobody : Create Session///admin API_UNAUTHENTICATED",
      "local admin: Create Session///admin OK",
      "project proj:other:owner: Create Application/default//web API_FORBIDDEN",
      "project proj:other:owner: Create Application/other/argocd/web OK created Application",
      "project proj:other:owner: Get Application///nothing API_FORBIDDEN",
      "project proj:other:owner: Patch Application/other/argocd/web OK changed Application",
      "project proj:other:owner: Delete Application/other/argocd/web OK deleted Application",
      "project proj:other:owner: List Audit/// API_FORBIDDEN",
      "nobody : Delete Application///web API_UNAUTHENTICATED",
    ]
  `);
  expect(next).toBe("");
  expect(new Set(items.map(({ from }) => from.address))).toEqual(new Set(["127.0.0.1"]));
  expect(new Set(items.map(({ user }) => user.tokenId))).toEqual(new Set([undefined, "of-a-stranger"]));
  const [created, patched, deleted] = items
    .filter(({ changes = [], target }) => changes.length === 1 && target.kind === "Application")
    .toReversed()
    .map(({ changes = [] }) => changes[0]);
  const digest = expect.stringMatching(/^[0-9a-f]{32}$/u) as string;
  expect(created).toMatchObject({ verb: "created", after: digest });
  expect(patched).toMatchObject({ verb: "changed", before: created?.after, after: digest });
  expect(patched?.after).not.toBe(patched?.before);
  expect(deleted).toMatchObject({ verb: "deleted", before: patched?.after });

  const codes = async (query: string) => (await audit(api, query)).items.map(({ code }) => code);
  expect(await codes("?result=refused&user=proj:other:owner")).toHaveLength(3);
  expect(await codes("?method=Create&kind=Application&project=other")).toEqual(["OK"]);
  expect(await codes("?kind=Session&name=admin&result=API_UNAUTHENTICATED")).toEqual(["API_UNAUTHENTICATED"]);
  expect(await codes("?until=2020-01-01T00:00:00Z")).toEqual([]);
  const pages: number[] = [];
  for (let at = "?limit=3"; ;) {
    const page = await audit(api, at);
    pages.push(...page.items.map(({ id }) => id));
    if (page.next === "") break;
    at = `?limit=3&continue=${page.next}`;
  }
  expect(pages).toEqual(items.map(({ id }) => id));
  for (const wrong of ["since=yesterday", "limit=1001", "limit=-1", "continue=x"]) {
    const answer = await ask(`GET /api/mooring/v1/audit?${wrong}`, { token: api.tokens.admin });
    expect([wrong, answer.status]).toEqual([wrong, 400]);
  }
  const secrets = [api.password, "correct horse", token, viewString(session.body, "token") ?? "no token"];
  expect(secretsIn(api.auditFile, secrets)).toEqual([]);
  expect(api.bugs).toEqual([]);
});

/** Which of the texts stand in the files of a database. */
function secretsIn(file: string, secrets: readonly string[]): readonly string[] {
  const files = globSync(`${file}*`);
  if (files.length === 0) throw new Error(`${file} is not there`);
  const bytes = Buffer.concat(files.map((one) => readFileSync(one)));
  return secrets.filter((secret) => bytes.includes(secret));
}

it("keeps no credential of what is written, and tells by digests that it changed", async () => {
  await using api = await startApi([strangersProject]);
  const ask = asker(api.baseUrl);
  const cluster = (bearerToken: string) => ({
    server: "https://target.invalid",
    name: "target",
    config: { bearerToken, tlsClientConfig: { insecure: true } },
  });
  for (const bearerToken of ["first-s3cret-token", "other-s3cret-token"]) {
    const { status, body } = await ask("POST /api/v1/clusters?upsert=true", {
      token: api.tokens.admin,
      body: cluster(bearerToken),
    });
    expect([status, body]).toMatchObject([200, { name: "target" }]);
  }
  const role = "/api/v1/projects/other/roles/owner/token";
  const made = await ask(`POST ${role}`, { token: api.tokens.admin, body: { id: "deploys" } });
  expect(made.status).toBe(200);
  const repo = "https://ada:s3cret-in-url@git.invalid/web.git";
  const repository = { repo, username: "ada", password: "s3cret-of-git" };
  const refused = await ask("POST /api/v1/repositories", { token: api.tokens.admin, body: repository });
  expect(refused.status).toBe(502);
  const { items } = await audit(api, "?kind=Cluster");
  const changes = items.toReversed().flatMap((item) => item.changes ?? []);
  expect(changes.map(({ verb, kind }) => `${verb} ${kind}`)).toEqual(["created Secret", "changed Secret"]);
  const [first, second] = changes;
  expect(second?.before).toBe(first?.after);
  expect(second?.after).not.toBe(second?.before);
  const targets = (await audit(api)).items.map(({ target }) => `${target.kind}/${target.name}`);
  expect(targets.slice(0, 2)).toEqual(["Repository/https://git.invalid/web.git", "AppProject/other"]);
  const token = viewString(made.body, "token") ?? "no token";
  expect(secretsIn(api.auditFile, ["s3cret", token, api.password, api.tokens.admin])).toEqual([]);
});

it("records a refresh, which is asked for by a method that reads, and a sync with the plan that it names", async () => {
  await using api = await startApi([strangersProject]);
  const ask = asker(api.baseUrl);
  const token = api.tokens.stranger;
  const body = application("other");
  const web = "/api/v1/applications/web";
  expect(await ask("POST /api/v1/applications?validate=false", { token, body })).toMatchObject({
    status: 200,
  });
  expect(await ask(`GET ${web}`, { token })).toMatchObject({ status: 200 });
  const plan = `sha256:${"ab".repeat(32)}`;
  const infos = [{ name: "mooring.dev/plan", value: plan }];
  const synced = await ask(`POST ${web}/sync`, { token, body: { infos } });
  expect(synced).toMatchObject({ status: 200 });
  const [sync, ...before] = (await audit(api, "?kind=Application")).items;
  expect(before).toHaveLength(1);
  expect(sync).toMatchObject({ method: "application.ApplicationService/Sync", plan });
  await ask(`GET ${web}?refresh=hard`, { token });
  const { items } = await audit(api, "?method=Get");
  expect(items.map((item) => line(item))).toEqual([
    "project proj:other:owner: Get Application/other/argocd/web OK changed Application",
  ]);
});

it("tells what was changed in a cluster that is deployed to, a Secret too, and none of its values", async () => {
  const directory = await mkdtemp(path.join(tmpdir(), "mooring-audit-git-"));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  const repository = await createRepository(path.join(directory, "web.git"));
  const secret = { apiVersion: "v1", kind: "Secret", metadata: { name: "db" }, stringData: { key: "f1rst" } };
  await repository.commit({ "secret.yaml": JSON.stringify(secret) });
  await using api = await startApi([]);
  const ask = asker(api.baseUrl);
  const token = api.tokens.admin;
  const web = "/api/v1/applications/web";
  const { metadata, spec } = application("default");
  const source = { repoURL: repository.url, path: "." };
  const body = { metadata, spec: { ...(spec as JsonObject), source, syncPolicy: { automated: {} } } };
  expect(await ask("POST /api/v1/applications", { token, body })).toMatchObject({ status: 200 });
  await vi.waitFor(
    async () =>
      expect(await ask(`GET ${web}`, { token })).toMatchObject({
        body: { status: { sync: { status: "Synced" }, operationState: { phase: "Succeeded" } } },
      }),
    { timeout: 60_000, interval: 100 },
  );
  const named = new URLSearchParams({
    namespace: "default",
    resourceName: "db",
    kind: "Secret",
    version: "v1",
    patchType: "application/merge-patch+json",
  });
  const patch = (value: string) =>
    askRest(
      api.baseUrl,
      {
        verb: "POST",
        url: `${web}/resource?${named.toString()}`,
        body: JSON.stringify(JSON.stringify({ stringData: { key: value } })),
      },
      token,
    );
  expect(await patch("s3c0nd-value")).toMatchObject({ status: 200 });
  expect(await patch("th1rd-value")).toMatchObject({ status: 200 });
  const removed = await ask(`DELETE ${web}/resource?${named.toString()}`, { token });
  expect(removed).toMatchObject({ status: 200 });
  const { items } = await audit(api, "?kind=Application&name=web");
  expect(items.map((item) => line(item)).toReversed()).toEqual([
    "local admin: Create Application/default/argocd/web OK created Application",
    "local admin: PatchResource Application/default/argocd/web OK changed Secret",
    "local admin: PatchResource Application/default/argocd/web OK changed Secret",
    "local admin: DeleteResource Application/default/argocd/web OK deleted Secret",
  ]);
  const [, second, third, last] = items.toReversed().flatMap(({ changes = [] }) => changes);
  expect(third?.before).toBe(second?.after);
  expect(last?.before).toBe(third?.after);
  expect(new Set([second?.before, second?.after, third?.after]).size).toBe(3);
  const values = ["f1rst", "s3c0nd-value", "th1rd-value"];
  const encoded = values.map((value) => Buffer.from(value).toString("base64"));
  expect(secretsIn(api.auditFile, [...values, ...encoded])).toEqual([]);
});

it("says that it is well, and that records are not kept, while its file cannot be written", async () => {
  await using api = await startApi([]);
  const ask = asker(api.baseUrl);
  const session = { username: "admin", password: api.password };
  const health = async () => {
    const response = await fetch(`${api.baseUrl}/healthz`);
    return `${response.status} ${await response.text()}`;
  };
  {
    using database = new DatabaseSync(api.auditFile);
    database.exec("BEGIN EXCLUSIVE");
    expect(await ask("POST /api/v1/session", { body: session })).toMatchObject({ status: 200 });
    expect(await health()).toBe("200 ok\naudit records are not kept: see the server's log\n");
  }
  expect(await ask("POST /api/v1/session", { body: session })).toMatchObject({ status: 200 });
  expect(await health()).toBe("200 ok\n");
  expect((await audit(api, "?kind=Session")).items).toHaveLength(2);
});

it("starts although its file is damaged, and does not where records are required", async () => {
  const data = await mkdtemp(path.join(tmpdir(), "mooring-audit-damaged-"));
  onTestFinished(() => rm(data, { recursive: true, force: true }));
  const file = path.join(data, "audit", "audit.db");
  const damaged = "no database at all, but a text that is long enough for a header".repeat(20);
  await mkdir(path.dirname(file));
  await writeFile(file, damaged);
  vi.stubEnv("MOORING_AUDIT_REQUIRED", "true");
  onTestFinished(() => void vi.unstubAllEnvs());
  await expect(startServer(["--data", data])).rejects.toThrow("audit.db: cannot be written");
  expect(readFileSync(file, "utf8")).toBe(damaged);
  vi.stubEnv("MOORING_AUDIT_REQUIRED", "false");
  await using server = await startServer(["--data", data]);
  const health = await (await fetch(`http://${server.address}/healthz`)).text();
  expect(health).toBe("ok\na damaged file of audit records was moved aside: see the server's log\n");
  const session = { username: "admin", password: server.password };
  const ask = asker(`http://${server.address}`);
  expect(await ask("POST /api/v1/session", { body: session })).toMatchObject({ status: 200 });
  const [aside = ""] = globSync(`${file}.damaged-*`);
  expect(readFileSync(aside, "utf8")).toBe(damaged);
});

it("loses no record of an answered request when it is killed, and shows it from the directory", async () => {
  const data = await mkdtemp(path.join(tmpdir(), "mooring-audit-data-"));
  onTestFinished(() => rm(data, { recursive: true, force: true }));
  const run = async (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
    (await execute(program, ["audit", ...args], { env: { ...process.env, ...env } })).stdout;
  const names = Array.from({ length: 5 }, (_, i) => `role-${i}`);
  {
    await using server = await startServer(["--data", data]);
    const ask = asker(`http://${server.address}`);
    const session = { username: "admin", password: server.password };
    const token = viewString((await ask("POST /api/v1/session", { body: session })).body, "token") ?? "";
    const answers = await Promise.all(
      names.map((name) =>
        ask("POST /api/v1/projects", { token, body: { project: { metadata: { name }, spec: {} } } }),
      ),
    );
    await server.kill();
    expect(answers.map(({ status }) => status)).toEqual(names.map(() => 200));
  }
  const kept = (await run(["--data", data, "--method", "project.ProjectService/Create", "-o", "jsonl"]))
    .trim()
    .split("\n")
    .map((text) => JSON.parse(text) as Item);
  expect(kept.map(({ target }) => target.name).toSorted()).toEqual(names);

  await using server = await startServer(["--data", data]);
  const ask = asker(`http://${server.address}`);
  const session = { username: "admin", password: server.password };
  const token = viewString((await ask("POST /api/v1/session", { body: session })).body, "token") ?? "";
  const from = ["--server", server.address, "--plaintext"];
  const filters = ["--kind", "AppProject", "--since", "1h", "-o", "json"];
  const [byServer, byFile] = await Promise.all([
    run([...from, ...filters], { ARGOCD_AUTH_TOKEN: token }),
    run(["--data", data, ...filters]),
  ]);
  expect(JSON.parse(byServer)).toEqual(JSON.parse(byFile));
  expect(JSON.parse(byServer)).toHaveLength(names.length);
  expect(await run([...from, "--limit", "1"], { ARGOCD_AUTH_TOKEN: token })).toMatch(
    /^TIME +USER +METHOD +KIND +NAME +RESULT\n\S+ +admin +session.SessionService\/Create +Session +admin +OK\n$/u,
  );
  await expect(run(from, { ARGOCD_AUTH_TOKEN: "wrong" })).rejects.toMatchObject({
    code: 11,
    stderr: expect.stringContaining(server.address) as string,
  });
  expect(secretsIn(path.join(data, "audit/audit.db"), [server.password, token])).toEqual([]);
});
