import { chmod, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import type { JsonObject } from "#core/object/index.ts";
import { startGitHttpServer } from "#test/git-servers/index.ts";
import { namespace } from "../admin/hub.ts";
import { configMap, startBed, writeSecret } from "./bed.ts";

const asked = { metadata: { annotations: { "argocd.argoproj.io/hydrate": "normal" } } };

async function startServed() {
  const bed = await startBed();
  await bed.repository.git("config", "http.receivepack", "true");
  const auth = { kind: "basic", username: "robot", password: "fresh-token-1" } as const;
  const server = await startGitHttpServer({ root: bed.repositories, auth });
  onTestFinished(async () => await server[Symbol.asyncDispose]());
  const live = `${server.url}/shop.git`;
  const dry = await bed.repository.commit({ "apps/web/cm.yaml": configMap("web") });
  await bed.create("web", { syncSource: { repoURL: live } });
  return { bed, live, dry };
}

const encoded = (text: string) => Buffer.from(text).toString("base64");

describe("credentials to write with", () => {
  it("that are missing are asked for by name of the field, those that expired are told of and not shown", async () => {
    const { bed, live, dry } = await startServed();
    await bed.start();
    expect(await bed.failure("web", "no credentials")).toBe(
      `Failed to hydrate: spec.sourceHydrator.syncSource.repoURL ${live}: no credentials are there to write to it; create a Secret labelled argocd.argoproj.io/secret-type=repository-write (or repo-write-creds for all URLs that begin alike) with url, username and password, or sshPrivateKey`,
    );
    await bed.apply(writeSecret(live, { username: "robot", password: "stale-token-1" }));
    const expired = await bed.failure("web", "listing refs");
    expect(expired).not.toContain("stale-token-1");
    await bed.patch("Secret", "write-shop", { data: { password: encoded("fresh-token-1") } });
    await bed.patch("Application", "web", asked);
    await bed.hydrated("web", dry);
    expect(await bed.repository.git("show", "live:web/manifest.yaml")).toContain("color: blue");
  });
});

describe("a push", () => {
  it("that the repository rejects is told of with its words, and tried again", async () => {
    const bed = await startBed();
    const { repository } = bed;
    const hook = path.join(repository.directory, "hooks/pre-receive");
    await mkdir(path.dirname(hook), { recursive: true });
    await writeFile(hook, "#!/bin/sh\necho only on Sundays >&2\nexit 1\n");
    await chmod(hook, 0o755);
    const dry = await repository.commit({ "apps/web/cm.yaml": configMap("web") });
    await bed.create("web");
    await bed.start();
    expect(await bed.failure("web", "only on Sundays")).toContain(
      "does not let a commit through to branch live",
    );
    await rm(hook);
    await bed.hydrated("web", dry);
  });

  it("that was not written down is not made again after a restart", async () => {
    const bed = await startBed();
    const { repository } = bed;
    const dry = await repository.commit({ "apps/web/cm.yaml": configMap("web") });
    await bed.create("web");
    await bed.start();
    const { hydratedSHA } = await bed.hydrated("web", dry);
    await bed.stop();
    const currentOperation = { phase: "Hydrating", hydratedSHA: null, finishedAt: null };
    const sourceHydrator = { currentOperation, lastSuccessfulOperation: null };
    await bed.patch("Application", "web", { status: { sourceHydrator } });
    await bed.start();
    expect((await bed.hydrated("web", dry)).hydratedSHA).toBe(hydratedSHA);
    expect(await repository.git("rev-list", "--count", "live")).toBe("1");
  });

  it("stands on what others pushed to the branch meanwhile", async () => {
    const bed = await startBed();
    const { repository } = bed;
    const first = await repository.commit({ "apps/web/cm.yaml": configMap("web") });
    await bed.create("web");
    await bed.start();
    await bed.hydrated("web", first);
    await repository.change({ "notes.txt": "by hand" }, { branch: "live" });
    const second = await repository.change({ "apps/web/cm.yaml": configMap("web", "red") });
    await bed.refresh("web");
    await bed.hydrated("web", second);
    expect(await repository.git("show", "live:notes.txt")).toBe("by hand");
    expect(await repository.git("rev-list", "--count", "live")).toBe("3");
  });
});

it("what SOPS encrypted is not committed, and the file is named", async () => {
  const bed = await startBed();
  const sealed = "ENC[AES256_GCM,data:8Pk=,iv:AAAA,tag:AAAA,type:str]";
  const secret = `apiVersion: v1\nkind: Secret\nmetadata: {name: db}\nstringData: {password: "${sealed}"}\n`;
  await bed.repository.commit({ "apps/web/secret.yaml": secret });
  await bed.create("web");
  await bed.start();
  expect(await bed.failure("web", "secret.yaml")).toContain(
    "is encrypted with SOPS and is not committed decrypted; move ",
  );
  expect(await bed.repository.git("branch", "--list", "live")).toBe("");
});

// Class: secrets told.
it("a Secret that a known key decrypts is not committed in the clear", async () => {
  const bed = await startBed();
  const testdata = "src/core/sops/testdata";
  await bed.apply({
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "sops-one", namespace, labels: { "mooring.dev/secret-type": "sops-keys" } },
    stringData: { "one.agekey": await readFile(`${testdata}/keys/one.agekey`, "utf8") },
  });
  const secret = await readFile(`${testdata}/encrypted/encrypted-regex.yaml`, "utf8");
  await bed.repository.commit({ "apps/web/secret.yaml": secret });
  await bed.create("web");
  await bed.start();
  expect(await bed.failure("web", "secret.yaml")).toContain(
    "is encrypted with SOPS and is not committed decrypted; move ",
  );
  expect(await bed.repository.git("branch", "--list", "live")).toBe("");
});

// Class: authorisation.
it("an application that its project does not permit holds up no other one of the branch, and learns no name", async () => {
  const bed = await startBed();
  const { repository } = bed;
  const dry = await repository.commit({
    "apps/web/cm.yaml": configMap("web"),
    "apps/api/cm.yaml": configMap("api"),
  });
  const destinations = [{ server: "*", namespace: "*" }];
  const project = (name: string, sourceRepos: readonly string[]) => ({
    apiVersion: "argoproj.io/v1alpha1",
    kind: "AppProject",
    metadata: { name, namespace },
    spec: { sourceRepos, destinations },
  });
  await bed.apply(project("narrow", ["https://git.example/*"]));
  await bed.apply(project("other", ["*"]));
  await bed.create("web");
  await bed.create("denied", { syncSource: { path: "web" }, spec: { project: "narrow" } });
  await bed.create("broken", { spec: { project: "other" } });
  await bed.start();
  await bed.hydrated("web", dry);
  const denied = await bed.failure("denied", 'is not permitted in project "narrow"');
  expect(denied).not.toContain("argocd/web");
  expect(await bed.failure("broken", "apps/broken")).not.toContain("argocd/web");
  expect(await repository.git("show", "live:web/manifest.yaml")).toContain("color: blue");
  await bed.create("twice", {
    drySource: { path: "apps/api" },
    syncSource: { path: "web" },
    spec: { project: "other" },
  });
  expect(
    await bed.failure("twice", "an Application of another project is hydrated to it, too"),
  ).not.toContain("argocd/web");
});

it("a stage's branch that is frozen gets no manifests, and the status says by what, until the freeze is over", async () => {
  const bed = await startBed();
  const { repository } = bed;
  const first = await repository.commit({ "apps/web/cm.yaml": configMap("web") });
  await bed.create("web");
  await bed.start();
  await bed.hydrated("web", first);
  const tip = await repository.git("rev-parse", "live");
  const stages = [{ name: "prod", branch: "live", applications: ["web"] }];
  const freezes = [{ name: "feast", from: "2026-01-01T00:00:00Z", reason: "all are away" }];
  const pipeline = (more: JsonObject) => ({
    apiVersion: "mooring.dev/v1alpha1",
    kind: "Pipeline",
    metadata: { name: "shop", namespace },
    spec: { repoURL: repository.url, stages, ...more },
  });
  await bed.apply(pipeline({ freezes }));
  const second = await repository.change({ "apps/web/cm.yaml": configMap("web", "red") });
  await bed.refresh("web");
  await bed.failure(
    "web",
    "branch live: stage prod of Pipeline argocd/shop is frozen by feast (all are away)",
  );
  expect(await repository.git("rev-parse", "live")).toBe(tip);
  await bed.apply(pipeline({ freezes: [] }));
  await bed.patch("Application", "web", asked);
  await bed.hydrated("web", second);
  expect(await repository.git("show", "live:web/manifest.yaml")).toContain("color: red");
});
