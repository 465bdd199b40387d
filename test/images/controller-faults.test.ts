import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import type { JsonObject } from "#core/object/index.ts";
import { viewArray, viewPath, viewString } from "#core/object/index.ts";
import { hubTypes } from "#engine/hub-types.ts";
import { startControllerProcess } from "#test/application/controller.ts";
import { openCli } from "#test/cli/run.ts";
import { eventually } from "#test/control-plane/eventually.ts";
import { startWebServer } from "#test/registry-servers/web-server.ts";
import { startForgeServer } from "#test/forge/server/index.ts";
import { startServer } from "./bed.ts";
import type { CountedRepository, Plane } from "./plane.ts";
import {
  automationOf,
  layers,
  namespace,
  offered,
  plainRegistry,
  readyOf,
  startFront,
  startPlane,
  startRepository,
} from "./plane.ts";

const { signal } = new AbortController();

/** A registry with two versions of an image, and a repository that has the older one at these paths. */
async function setUp(...paths: readonly string[]) {
  const server = await startServer();
  const front = await startFront(server.host);
  for (const tag of ["1.0.0", "1.1.0"]) await server.push("acme/web", tag, layers);
  const image = `${front.host}/acme/web`;
  const files = paths.map((path) => [path, `image: ${image}:1.0.0\n`] as const);
  const repository = await startRepository(Object.fromEntries(files));
  const plane = await startPlane();
  await plane.install(plainRegistry(front.host));
  return { server, front, image, repository, plane };
}

async function untilReady(plane: Plane, name: string, said: string): Promise<void> {
  await eventually(async () => expect(readyOf(await plane.read(name))).toContain(said));
}

/** Has it look now, and waits until it has. */
async function scan(plane: Plane, name: string, ...more: readonly string[]) {
  const cli = openCli({ namespace, directory: plane.directory }, plane.kubeconfigPath);
  return await cli.run("image", "scan", name, ...more);
}

async function hook(repository: CountedRepository, name: string, script: string): Promise<void> {
  const file = join(repository.directory, "hooks", name);
  await writeFile(file, `#!/bin/sh\n${script}\n`);
  await chmod(file, 0o755);
}

it("leaves a registry that answers 429 alone for as long as it asks for, and says so", async () => {
  const { front, image, repository, plane } = await setUp("web.yaml");
  front.fault = { status: 429, headers: { "retry-after": "200" } };
  await plane.install(automationOf("shop", { git: { repoURL: repository.httpUrl }, images: [{ image }] }));
  await plane.start();
  await untilReady(plane, "shop", "False ImagesFailed");
  const asked = front.requests.length;
  expect(readyOf(await plane.read("shop"))).toContain("asks to wait");
  front.fault = undefined;
  const { code, out } = await scan(plane, "shop");
  expect({ code, out }).toEqual({ code: 1, out: expect.stringContaining("asked to wait") as string });
  expect(front.requests).toHaveLength(asked);
  const { status } = await plane.read("shop");
  const waitMs =
    Date.parse(viewString(status, "nextScan") ?? "") - Date.parse(viewString(status, "lastScan") ?? "");
  expect(waitMs).toBeGreaterThan(150_000);
  expect(await repository.git("rev-list", "--count", "main")).toBe("1");
});

it("leaves a registry that answers 429 alone, also where it does not say for how long", async () => {
  const { front, image, repository, plane } = await setUp("web.yaml");
  front.fault = { status: 429 };
  await plane.install(automationOf("shop", { git: { repoURL: repository.httpUrl }, images: [{ image }] }));
  await plane.start();
  await untilReady(plane, "shop", "False ImagesFailed");
  const asked = front.requests.length;
  front.fault = undefined;
  const { code, out } = await scan(plane, "shop");
  expect({ code, out }).toEqual({ code: 1, out: expect.stringContaining("asked to wait") as string });
  expect(front.requests).toHaveLength(asked);
});

// Class: authorisation.
it("writes for the others when one of them names what cannot be followed, or may not be written", async () => {
  const { image, repository, plane } = await setUp("good/web.yaml");
  await repository.change({ "bad/web.yaml": `image: ${image}:1.0.0 # {"$imagepolicy": "apps:web:sha"}\n` });
  const at = (path: string, more: JsonObject = {}) => ({
    git: { repoURL: repository.httpUrl, paths: [path] },
    images: [{ image, ...more }],
  });
  await plane.install({
    apiVersion: "argoproj.io/v1alpha1",
    kind: "AppProject",
    metadata: { name: "closed", namespace },
    spec: { sourceRepos: ["https://git.example.com/*"] },
  });
  await plane.install(automationOf("good", at("good")));
  await plane.install(automationOf("bad", at("bad", { policy: "apps:web" })));
  await plane.install(automationOf("closed", { ...at("good"), project: "closed" }));
  await plane.install(automationOf("lost", { ...at("good"), registrySecretRef: { name: "nowhere" } }));
  await plane.start();
  await untilReady(plane, "good", "True Written");
  await untilReady(plane, "bad", "False Invalid: bad/web.yaml line 1");
  await untilReady(plane, "closed", "is not permitted in project");
  await untilReady(plane, "lost", "spec.registrySecretRef: Secret argocd/nowhere does not exist; create it");
  expect(await repository.git("rev-list", "--count", "main")).toBe("3");
});

it("sends no setting of the control plane to a registry as a login", async () => {
  const { image, repository, plane } = await setUp("web.yaml");
  const spec = {
    git: { repoURL: repository.httpUrl },
    images: [{ image }],
    registrySecretRef: { name: "plain-registry" },
  };
  await plane.install(automationOf("shop", spec));
  await plane.start();
  await untilReady(plane, "shop", "Secret argocd/plain-registry is a setting of the control plane");
});

it("says what the server said when a push is rejected, and writes when it is let through", async () => {
  const { repository, image, plane } = await setUp("web.yaml");
  await hook(repository, "pre-receive", "echo 'frozen until Monday' >&2; exit 1");
  await plane.install(automationOf("shop", { git: { repoURL: repository.httpUrl }, images: [{ image }] }));
  await plane.start();
  await untilReady(plane, "shop", "False WriteFailed");
  expect(readyOf(await plane.read("shop"))).toContain("frozen until Monday");
  await hook(repository, "pre-receive", "exit 0");
  expect(await scan(plane, "shop")).toMatchObject({ code: 0 });
  expect(await repository.git("show", "main:web.yaml")).toBe(`image: ${image}:1.1.0`);
});

it("stops when somebody takes the same change back three times, until it is asked to go on", async () => {
  const { repository, image, plane } = await setUp("web.yaml");
  const old = await repository.git("rev-parse", "main");
  await plane.install(automationOf("shop", { git: { repoURL: repository.httpUrl }, images: [{ image }] }));
  await plane.start();
  await untilReady(plane, "shop", "True Written");
  for (const _again of [2, 3]) {
    await repository.branch("main", old);
    expect(await scan(plane, "shop")).toMatchObject({ code: 0 });
    expect(await repository.git("show", "main:web.yaml")).toBe(`image: ${image}:1.1.0`);
  }
  await repository.branch("main", old);
  expect(await scan(plane, "shop")).toMatchObject({
    code: 1,
    out: expect.stringContaining("somebody takes back what is written") as string,
  });
  const conditions = viewArray((await plane.read("shop"))["status"], "conditions");
  expect(conditions.map((condition) => viewString(condition, "type"))).toEqual(["Ready", "Flapping"]);
  expect(await repository.git("rev-parse", "main")).toBe(old);
  await plane.annotate("shop", { "mooring.dev/resume": "found him" });
  await untilReady(plane, "shop", "True Written");
  expect(await repository.git("show", "main:web.yaml")).toBe(`image: ${image}:1.1.0`);
});

it("writes once with two controllers, and once more is written when the first is gone", async () => {
  const { server, repository, image, plane } = await setUp("web.yaml");
  await plane.install(automationOf("shop", { git: { repoURL: repository.httpUrl }, images: [{ image }] }));
  const stopOne = await plane.start("one");
  const second = startControllerProcess({
    kubeconfigPath: plane.kubeconfigPath,
    namespace,
    data: join(plane.directory, "two"),
    identity: "two",
    write: (line) => void plane.log.push(line),
  });
  await untilReady(plane, "shop", "True Written");
  expect(await repository.git("rev-list", "--count", "main")).toBe("2");
  await stopOne();
  await second.ready;
  await server.push("acme/web", "1.2.0", layers);
  await scan(plane, "shop");
  expect(await repository.git("show", "main:web.yaml")).toBe(`image: ${image}:1.2.0`);
  expect(await repository.git("rev-list", "--count", "main")).toBe("3");
  await second.kill();
});

it("writes nothing twice when it is killed after the push and before the status", async () => {
  const { repository, image, plane } = await setUp("web.yaml");
  // The branch has moved by now, and the client waits for what the hook says.
  await hook(repository, "post-receive", "sleep 20");
  await plane.install(automationOf("shop", { git: { repoURL: repository.httpUrl }, images: [{ image }] }));
  const first = startControllerProcess({
    kubeconfigPath: plane.kubeconfigPath,
    namespace,
    data: join(plane.directory, "first"),
    identity: "first",
    write: (line) => void plane.log.push(line),
  });
  await eventually(async () => expect(await repository.git("rev-list", "--count", "main")).toBe("2"));
  await first.kill();
  expect((await plane.read("shop"))["status"]).toBeUndefined();
  await hook(repository, "post-receive", "exit 0");
  await plane.start("first");
  await untilReady(plane, "shop", "True UpToDate");
  expect(await repository.git("rev-list", "--count", "main")).toBe("2");
  expect(await repository.git("show", "main:web.yaml")).toBe(`image: ${image}:1.1.0`);
});

it("keeps a pull request, and asks again for one when the forge was down", async () => {
  const { server, repository, image, plane } = await setUp("web.yaml");
  const forge = await startForgeServer({ kind: "github", token: "t0ken", repository });
  await plane.install({
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "forge", namespace, labels: offered },
    stringData: { token: "t0ken" },
  });
  const proposal = {
    forge: "github",
    apiURL: forge.url,
    repository: "shop/deploy",
    secretRef: { name: "forge" },
    branch: "bump/{{ .Automation }}",
    title: "Bump {{ .Image }} to {{ .Tag }}",
  };
  const git = { repoURL: repository.httpUrl, proposal };
  await plane.install(automationOf("shop", { git, images: [{ image }] }));
  forge.faults.push({ method: "GET", fault: { status: 503, headers: { "retry-after": "300" } } });
  await plane.start();
  await untilReady(plane, "shop", "False WriteFailed: github at");
  expect(await repository.git("show", "bump/shop:web.yaml")).toBe(`image: ${image}:1.1.0`);
  expect(await scan(plane, "shop")).toMatchObject({
    code: 0,
    out: expect.stringContaining("https://forge/1") as string,
  });
  expect(forge.model.proposals).toMatchObject([
    { from: "bump/shop", into: "main", title: `Bump ${image} to 1.1.0` },
  ]);
  // What somebody closed stays closed as long as there is nothing else to propose.
  const [first] = forge.model.proposals;
  if (first !== undefined) first.state = "closed";
  expect(await scan(plane, "shop")).toMatchObject({ code: 0 });
  expect(forge.model.proposals.map(({ state }) => state)).toEqual(["closed"]);
  await server.push("acme/web", "1.2.0", layers);
  await scan(plane, "shop");
  expect(forge.model.proposals.filter(({ state }) => state === "open")).toMatchObject([
    { title: `Bump ${image} to 1.2.0` },
  ]);
  expect(await repository.git("rev-list", "--count", "main")).toBe("1");
  expect(`${JSON.stringify(await plane.read("shop"))}${plane.log.join("")}`).not.toContain("t0ken");
});

it("leaves a commit that somebody put on its pull request's branch, and says so, until the branch is gone", async () => {
  const { server, repository, image, plane } = await setUp("web.yaml");
  const git = { repoURL: repository.httpUrl, pushBranch: "bump" };
  await plane.install(automationOf("shop", { git, images: [{ image }] }));
  await plane.start();
  await untilReady(plane, "shop", "True Written");
  const own = await repository.git("rev-parse", "bump");
  await repository.change({ "notes.txt": "main goes on" });
  expect(await scan(plane, "shop")).toMatchObject({ code: 0 });
  expect(await repository.git("rev-parse", "bump")).toBe(own);
  const fixed = await repository.change({ "fix.txt": "by hand" }, { branch: "bump" });
  expect(await scan(plane, "shop")).toMatchObject({ code: 0 });
  expect(await repository.git("rev-parse", "bump")).toBe(fixed);
  await server.push("acme/web", "1.2.0", layers);
  expect(await scan(plane, "shop")).toMatchObject({
    code: 1,
    out: expect.stringContaining(`branch bump has commit ${fixed.slice(0, 12)} of "Ada Lovelace`) as string,
  });
  expect(await repository.git("rev-parse", "bump")).toBe(fixed);
  await repository.git("branch", "-D", "bump");
  expect(await scan(plane, "shop")).toMatchObject({ code: 0 });
  expect(await repository.git("show", "bump:web.yaml")).toBe(`image: ${image}:1.2.0`);
  await server.push("acme/web", "1.3.0", layers);
  expect(await scan(plane, "shop")).toMatchObject({ code: 0 });
  expect(await repository.git("show", "bump:web.yaml")).toBe(`image: ${image}:1.3.0`);
});

it("writes nothing to a stage that is frozen, and says by what, until the freeze is over", async () => {
  const { image, repository, plane } = await setUp("web.yaml");
  const pipeline = (freezes: readonly JsonObject[]) => ({
    apiVersion: "mooring.dev/v1alpha1",
    kind: "Pipeline",
    metadata: { name: "shop", namespace },
    spec: {
      repoURL: repository.httpUrl,
      stages: [{ name: "dev", branch: "main", applications: [] }],
      freezes,
    },
  });
  await plane.install(pipeline([{ name: "feast", from: "2026-01-01T00:00:00Z", reason: "all are away" }]));
  await plane.install(automationOf("shop", { git: { repoURL: repository.httpUrl }, images: [{ image }] }));
  await plane.start();
  await untilReady(
    plane,
    "shop",
    "False Held: stage dev of Pipeline argocd/shop is frozen by feast (all are away), no end is in sight",
  );
  expect(await repository.git("rev-list", "--count", "main")).toBe("1");
  await plane.install(pipeline([]));
  expect(await scan(plane, "shop")).toMatchObject({ code: 0 });
  expect(await repository.git("show", "main:web.yaml")).toBe(`image: ${image}:1.1.0`);
});

// Class: requests that are too much.
it("refuses a repository that lists a million tags", async () => {
  const { repository, plane } = await setUp("web.yaml");
  const registry = await startWebServer();
  const page = (from: number) => Array.from({ length: 50_000 }, (_, i) => `1.0.${from + i}`);
  registry.setDefault((request, response) => {
    const from = Number(new URL(request.url ?? "", registry.url).searchParams.get("last") ?? "0");
    response.writeHead(200, { link: `</v2/acme/web/tags/list?last=${from + 50_000}>; rel="next"` });
    response.end(JSON.stringify({ name: "acme/web", tags: from < 1_000_000 ? page(from) : [] }));
  });
  const host = `127.0.0.1:${registry.port}`;
  await plane.install({
    ...plainRegistry(host),
    metadata: { ...plainRegistry(host).metadata, name: "many" },
  });
  const images = [{ image: `${host}/acme/web` }];
  await plane.install(automationOf("shop", { git: { repoURL: repository.httpUrl }, images }));
  await plane.start();
  await untilReady(plane, "shop", "more than the 100000 tags that are allowed");
  expect(registry.requests.length).toBeLessThan(10);
  await registry[Symbol.asyncDispose]();
});

it.each([
  [
    { kustomize: { images: ["IMAGE:1.0.0", "other:1"] } },
    { kustomize: { images: ["IMAGE:1.1.0", "other:1"] } },
  ],
  [
    { helm: { parameters: [{ name: "image.tag", value: "1.0.0" }] } },
    {
      helm: {
        parameters: [
          { name: "image.tag", value: "1.1.0", forceString: true },
          { name: "image.name", value: "IMAGE" },
        ],
      },
    },
  ],
])("writes to an Application that has %j", async (before, after) => {
  const { repository, image, plane } = await setUp("web.yaml");
  const named = (value: JsonObject) =>
    JSON.parse(JSON.stringify(value).replaceAll("IMAGE", image)) as JsonObject;
  await plane.install({
    apiVersion: "argoproj.io/v1alpha1",
    kind: "Application",
    metadata: { name: "web", namespace },
    spec: {
      project: "default",
      source: { repoURL: repository.httpUrl, path: ".", ...named(before) },
      destination: { server: "https://kubernetes.default.svc", namespace: "web" },
    },
  });
  await plane.install(automationOf("shop", { applicationRef: { name: "web" }, images: [{ image }] }));
  await plane.install(automationOf("other", { applicationRef: { name: "none" }, images: [{ image }] }));
  await plane.start();
  await untilReady(plane, "shop", "True Written");
  await untilReady(plane, "other", "spec.applicationRef: Application argocd/none does not exist");
  const app = await plane.hub.read({ type: hubTypes.application, namespace, name: "web" }, signal);
  expect(viewPath(app, "spec", "source")).toMatchObject(named(after));
  expect(await scan(plane, "shop")).toMatchObject({ code: 0 });
  expect(readyOf(await plane.read("shop"))).toContain("True UpToDate");
});
