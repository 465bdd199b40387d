import { Code, ConnectError } from "@connectrpc/connect";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from "vitest";
import { hubTypes } from "#engine/hub-types.ts";
import { publishArtifact } from "../registry-servers/artifact.ts";
import { publishCharts } from "../registry-servers/chart-repository.ts";
import type { PackedEntry } from "../registry-servers/pack.ts";
import { packTar, sha256 } from "../registry-servers/pack.ts";
import { startWebServer } from "../registry-servers/web-server.ts";
import type { JsonObject } from "#core/object/index.ts";
import type { RunningUp } from "./fixture.ts";
import { startUp } from "./fixture.ts";

const manifests = `apiVersion: v1
kind: ConfigMap
metadata: {name: settings}
data: {level: info}
---
apiVersion: v1
kind: Secret
metadata: {name: login}
stringData: {password: hunter2}
`;

const withVariable = `apiVersion: v1
kind: ConfigMap
metadata: {name: settings}
data: {level: info, note: "\${NOTE}"}
`;

let up: RunningUp;
let commit: string;

beforeAll(async () => {
  up = await startUp();
  commit = await up.repository.commit(
    { "web.yaml": manifests, "variables/web.yaml": withVariable },
    { message: "Begin", timeSeconds: 1_769_860_800 },
  );
  await up.repository.tag("v1.0.0", commit);
  await up.deploy("web");
}, 60_000);

afterAll(async () => up[Symbol.asyncDispose]());

const statesOf = (answer: { readonly items: readonly { liveState: string; targetState: string }[] }) =>
  answer.items.map(({ liveState, targetState }) => ({
    live: JSON.parse(liveState) as unknown,
    target: JSON.parse(targetState) as unknown,
  }));

async function failure(answer: Promise<unknown>): Promise<string> {
  const error: unknown = await answer.then(
    () => "nothing",
    (caught: unknown) => caught,
  );
  return error instanceof ConnectError ? `${Code[error.code]}: ${error.rawMessage}` : String(error);
}

/** What the configuration names may be at an internal address. */
async function addRepository(name: string, data: Readonly<Record<string, string>>): Promise<void> {
  const labels = { "argocd.argoproj.io/secret-type": "repository" };
  const metadata = { name, namespace: "argocd", labels };
  const secret = { apiVersion: "v1", kind: "Secret", metadata, stringData: { name, ...data } };
  await up.cluster.create(hubTypes.secret, secret, { fieldManager: "test", signal: up.signal });
}

async function* sent(name: string, archive: Buffer, checksum = sha256(archive)) {
  yield { part: { case: "query", value: { name, checksum } } } as const;
  for (let at = 0; at < archive.length; at += 100) {
    yield {
      part: { case: "chunk", value: { chunk: new Uint8Array(archive.subarray(at, at + 100)) } },
    } as const;
  }
}

const pack = (...entries: readonly PackedEntry[]): Buffer => gzipSync(packTar(entries));

describe("revisions", () => {
  it("tell who wrote a commit, when, and its tags, now and of the history", async () => {
    const { body } = await up.admin.get(`applications/web/revisions/${commit}/metadata`);
    expect(body).toEqual({
      author: "Ada Lovelace <ada@example.com>",
      date: "2026-01-31T12:00:00Z",
      message: "Begin",
      tags: ["v1.0.0"],
    });
    const past = await up.admin.get(`applications/web/revisions/${commit}/metadata?versionId=0`);
    expect(past.body).toEqual(body);
  });

  it("are refused with the field that names no source, and of what is no chart", async () => {
    const ask = async (path: string) =>
      (await up.admin.get(`applications/web/revisions/${commit}/${path}`)).body["message"];
    expect(await ask("metadata?sourceIndex=1")).toContain("RevisionMetadataQuery.sourceIndex: is 1");
    expect(await ask("metadata?versionId=7")).toContain("no entry 7 in its history");
    expect(await ask("chartdetails")).toContain("is no chart");
    expect(await ask("ocimetadata")).toContain("is no OCI artifact");
  });

  it("tell what a chart says of itself", async () => {
    const server = await startWebServer();
    onTestFinished(async () => server[Symbol.asyncDispose]());
    const about = [
      "apiVersion: v2",
      "name: web",
      "version: 1.2.3",
      "description: Serves pages",
      "home: https://example.com",
      "maintainers: [{name: Ada, email: ada@example.com}, {name: Grace}]",
    ].join("\n");
    publishCharts(server, "/charts", [{ name: "web", version: "1.2.3", files: { "Chart.yaml": about } }]);
    const url = `${server.url}/charts`;
    await addRepository("charts", { type: "helm", url });
    const source = { repoURL: url, chart: "web", targetRevision: "1.2.3" };
    await up.deploy("chart", { source });
    const { body } = await up.admin.get("applications/chart/revisions/1.2.3/chartdetails");
    expect(body).toEqual({
      description: "Serves pages",
      home: "https://example.com",
      maintainers: ["Ada <ada@example.com>", "Grace"],
    });
  });
});

it("an OCI artifact tells what it says of itself", async () => {
  const server = await startWebServer();
  onTestFinished(async () => server[Symbol.asyncDispose]());
  publishArtifact(server, {
    path: "team/web",
    tag: "1.0.0",
    files: [{ path: "web.yaml", content: manifests }],
    annotations: {
      "org.opencontainers.image.authors": "Ada",
      "org.opencontainers.image.source": "https://example.com/web.git",
      "org.opencontainers.image.version": "1.0.0",
    },
  });
  const url = `oci://127.0.0.1:${server.port}/team/web`;
  await addRepository("artifacts", { type: "oci", url, insecureOCIForceHttp: "true" });
  await up.deploy("artifact", { source: { repoURL: url, path: ".", targetRevision: "1.0.0" } });
  const { body } = await up.admin.get("applications/artifact/revisions/1.0.0/ocimetadata");
  expect(body).toMatchObject({ authors: "Ada", sourceUrl: "https://example.com/web.git", version: "1.0.0" });
});

describe("the server's diff", () => {
  const configMap = (namespace: string, name: string) =>
    JSON.stringify({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name, namespace },
      data: { level: "debug" },
    });

  it("predicts by dry run what given manifests would leave", async () => {
    const { headers } = up.admin;
    const targetManifests = [configMap("web", "settings")];
    const answer = await up.applications.serverSideDiff({ appName: "web", targetManifests }, { headers });
    expect(answer.modified).toBe(true);
    expect(statesOf(answer)).toEqual([
      {
        live: expect.objectContaining({ data: { level: "info" } }),
        target: expect.objectContaining({ data: { level: "debug" } }),
      },
    ]);
    const gone = { kind: "ConfigMap", namespace: "web", name: "settings" };
    const without = await up.applications.serverSideDiff(
      { appName: "web", liveResources: [gone] },
      { headers },
    );
    expect(statesOf(without)).toEqual([
      { live: expect.objectContaining({ kind: "ConfigMap" }), target: null },
    ]);
    expect(
      await failure(up.applications.serverSideDiff({ appName: "web", targetManifests: ["{"] }, { headers })),
    ).toContain("operation.sync.manifests[0]");
  });

  it("takes the hash of a Secret's value for the value", async () => {
    const { headers } = up.admin;
    const { manifests: targetManifests } = await up.applications.getManifests({ name: "web" }, { headers });
    expect(targetManifests.join("\n")).toContain("<secret ");
    const same = await up.applications.serverSideDiff({ appName: "web", targetManifests }, { headers });
    expect(same.items).toHaveLength(2);
    expect(same.modified).toBe(false);
    const others = targetManifests.map((text) => text.replace(/<secret \w+>/u, "<secret 00000000>"));
    const other = await up.applications.serverSideDiff(
      { appName: "web", targetManifests: others },
      { headers },
    );
    expect(other.items.filter(({ modified }) => modified === true).map(({ kind }) => kind)).toEqual([
      "Secret",
    ]);
  });

  it("never stores the hash of a Secret's value in place of the value", async () => {
    const { headers } = up.admin;
    const { manifests: shown } = await up.applications.getManifests({ name: "web" }, { headers });
    const secret = shown.find((text) => text.includes("<secret ")) ?? "";
    const { stringData, data } = JSON.parse(secret) as { stringData?: object; data?: object };
    const patch = (patchType: string, given: unknown) =>
      failure(
        up.applications.patchResource(
          {
            name: "web",
            namespace: "web",
            resourceName: "login",
            version: "v1",
            kind: "Secret",
            patchType,
            patch: JSON.stringify(given),
          },
          { headers },
        ),
      );
    const words = "is a hash that was shown in place of a hidden value";
    const given = { ...data, ...stringData };
    expect(await patch("merge", { stringData: given })).toContain(words);
    const operation = { op: "add", path: "/stringData", value: given };
    expect(await patch("json", [operation])).toContain(words);
    const yaml =
      "apiVersion: v1\nkind: Secret\nmetadata: {name: login}\nstringData: {a: <secret 01234567>}\n";
    for (const manifest of [secret, yaml]) {
      const synced = up.applications.sync({ name: "web", manifests: [manifest], dryRun: true }, { headers });
      expect(await failure(synced)).toContain("manifests[0]");
    }
  });

  // Class: secrets told.
  it("shows no value of a Secret, and nothing of objects that are not the application's", async () => {
    const secret = JSON.stringify({
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "login", namespace: "web" },
      stringData: { user: "ada" },
    });
    const foreign = {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "private", namespace: "default" },
    };
    await up.cluster.create(
      { ...hubTypes.configMap },
      { ...foreign, data: { note: "for nobody else" } },
      { fieldManager: "test", signal: up.signal },
    );
    const { headers } = up.admin;
    const targetManifests = [secret, configMap("default", "private")];
    const answer = await up.applications.serverSideDiff({ appName: "web", targetManifests }, { headers });
    expect(answer.items).toHaveLength(2);
    const text = JSON.stringify(statesOf(answer));
    expect(text).not.toContain("hunter2");
    expect(text).not.toContain(Buffer.from("hunter2").toString("base64"));
    expect(text).not.toContain("for nobody else");
    expect(text).toContain('"level":"debug"');
  });
});

describe("manifests of a client's files", () => {
  const ask = (requests: ReturnType<typeof sent>) =>
    up.applications.getManifestsWithFiles(requests, { headers: up.admin.headers });

  it("are rendered as the source's would be, and masked", async () => {
    const local = manifests.replace("level: info", "level: local");
    const answer = await ask(sent("web", pack({ path: "./web.yaml", content: local })));
    const objects = answer.manifests.map((text) => JSON.parse(text) as { kind: string; data?: unknown });
    expect(objects.find(({ kind }) => kind === "ConfigMap")?.data).toEqual({ level: "local" });
    expect(answer.manifests.join("\n")).not.toContain("hunter2");
    expect(answer.sourceType).toBe("Directory");
  });

  it("are refused when the archive is not what was announced, is none, or leads out of itself", async () => {
    const good = pack({ path: "web.yaml", content: manifests });
    const outside = pack({ path: "../web.yaml", content: manifests });
    const link = pack({ path: "web.yaml", type: "2", link: "/etc/passwd" });
    const bomb = gzipSync(Buffer.alloc(200 * 1024 * 1024));
    const answers = await Promise.all([
      failure(ask(sent("web", good, "0".repeat(64)))),
      failure(ask(sent("web", Buffer.from("no archive")))),
      failure(ask(sent("web", outside))),
      failure(ask(sent("web", link))),
      failure(ask(sent("web", bomb))),
    ]);
    expect(answers).toEqual([
      expect.stringMatching(/^InvalidArgument: .*query\.checksum/u),
      expect.stringMatching(/^InvalidArgument: .*not gzip/u),
      expect.stringMatching(/^InvalidArgument: .*leads out of it/u),
      expect.stringMatching(/^InvalidArgument: .*link/u),
      expect.stringMatching(/^(?:ResourceExhausted|InvalidArgument): /u),
    ]);
  });
});

describe("archives that are sent at the same time", () => {
  it("wait for room, are refused when there is none for long, and leave room for another user", async () => {
    const archive = pack({ path: "web.yaml", content: manifests });
    const stop = new AbortController();
    const stalled = async function* stalled() {
      for await (const part of sent("web", archive)) {
        yield part;
        await new Promise((resolve) => stop.signal.addEventListener("abort", resolve));
        return;
      }
    };
    const ask = ({ headers }: typeof up.admin, requests: ReturnType<typeof sent>) =>
      up.applications.getManifestsWithFiles(requests, { headers });
    const slow = Array.from({ length: 4 }, () => failure(ask(up.admin, stalled())));
    const reader = await up.addAccount("sender", "g, sender, role:readonly");
    // Whether all of them have come by now, only an answer can tell.
    await vi.waitFor(async () => {
      expect(await failure(ask(up.admin, sent("web", archive)))).toMatch(
        /^ResourceExhausted: archive of the client: others sent so much/u,
      );
    }, 60_000);
    expect((await ask(reader, sent("web", archive))).sourceType).toBe("Directory");
    stop.abort();
    await Promise.all(slow);
    expect((await ask(up.admin, sent("web", archive))).sourceType).toBe("Directory");
  }, 90_000);
});

it("there are no links, of an application or an object of its tree only", async () => {
  const links = await up.admin.get("applications/web/links");
  expect(links).toEqual({ status: 200, body: { items: [] } });
  const query = "kind=ConfigMap&version=v1&namespace=web&resourceName=settings";
  expect(await up.admin.get(`applications/web/resource/links?${query}`)).toEqual({
    status: 200,
    body: { items: [] },
  });
  const other = query.replace("settings", "other");
  expect(await up.admin.get(`applications/web/resource/links?${other}`)).toMatchObject({ status: 404 });
});

describe("what is secret in what is rendered", () => {
  const secretText = "s3cret-of-the-cluster";

  async function deployWithVariables(): Promise<void> {
    const labels = { "mooring.dev/variables-for": "default" };
    const metadata = { name: "cluster", namespace: "argocd", labels };
    const secret = { apiVersion: "v1", kind: "Secret", metadata, stringData: { NOTE: secretText } };
    await up.cluster.create(hubTypes.secret, secret, { fieldManager: "test", signal: up.signal });
    const source = { repoURL: up.repository.url, path: "variables", targetRevision: "main" };
    await up.deploy("variables", { source }, { "mooring.dev/substitute-from": "Secret/cluster" });
  }

  it("is not told by a dry run, nor given to files of somebody who may only look", async () => {
    await deployWithVariables();
    const ref = { type: hubTypes.configMap, namespace: "variables", name: "settings" };
    expect(JSON.stringify(await up.cluster.read(ref, up.signal))).toContain(secretText);
    const targetManifests = [
      JSON.stringify({
        apiVersion: "v1",
        kind: "ConfigMap",
        metadata: { name: "settings", namespace: "variables" },
        data: { level: "debug" },
      }),
    ];
    const reader = await up.addAccount("reader", "p, reader, applications, get, *, allow");
    const query = { appName: "variables", targetManifests };
    const diff = await up.applications.serverSideDiff(query, { headers: reader.headers });
    expect(diff.items).toHaveLength(1);
    expect(
      JSON.stringify(diff.items.map(({ targetState, liveState }) => [targetState, liveState])),
    ).not.toContain(secretText);
    // Letter by letter, which no mask would recognise.
    const files = pack({
      path: "variables/web.yaml",
      content: withVariable.replace("${NOTE}", "${NOTE:0:3}"),
    });
    const ask = async ({ headers }: typeof reader) =>
      (await up.applications.getManifestsWithFiles(sent("variables", files), { headers })).manifests.join(
        "\n",
      );
    expect(await ask(reader)).toContain("${NOTE:0:3}");
    expect(await ask(up.admin)).not.toContain("${NOTE:0:3}");
  });
});

it("who may change what an application deploys may not change the application as one of its objects", async () => {
  const policies = "p, patcher, applications, get, *, allow\np, patcher, applications, update/*, *, allow";
  const { headers } = await up.addAccount("patcher", policies);
  const patch = { patchType: "merge", name: "web", version: "v1" };
  const settings = { kind: "ConfigMap", namespace: "web", resourceName: "settings" };
  const itself = { group: "argoproj.io", kind: "Application", namespace: "argocd", resourceName: "web" };
  const change = '{"metadata":{"labels":{"tier":"front"}}}';
  await up.applications.patchResource({ ...patch, ...settings, patch: change }, { headers });
  const refused = up.applications.patchResource({ ...patch, ...itself, patch: change }, { headers });
  expect(await failure(refused)).toMatch(/^NotFound: .*is not part of/u);
});

describe("a spec that is replaced if it still is the one that was read", () => {
  const read = async () => (await up.admin.get("applications/web")).body["spec"] as JsonObject;
  const change = (patchType: string, patch: unknown) =>
    up.admin.send("PATCH", "applications/web", { name: "web", patchType, patch: JSON.stringify(patch) });
  const replace = (before: JsonObject, after: JsonObject) =>
    change("json", [
      { op: "test", path: "/spec", value: before },
      { op: "replace", path: "/spec", value: after },
    ]);

  it("is not written over what somebody else saved meanwhile", async () => {
    const before = await read();
    await change("merge", { spec: { revisionHistoryLimit: 7 } });
    expect((await replace(before, { ...before, revisionHistoryLimit: 3 })).status).toBe(422);
    expect(await read()).toEqual({ ...before, revisionHistoryLimit: 7 });
  });

  it("is written whatever was said of its status meanwhile", async () => {
    const before = await read();
    await up.admin.get("applications/web?refresh=hard");
    expect((await replace(before, { ...before, revisionHistoryLimit: 5 })).status).toBe(200);
    expect(await read()).toEqual({ ...before, revisionHistoryLimit: 5 });
  });
});
