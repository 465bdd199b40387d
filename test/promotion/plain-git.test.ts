import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { hubTypes } from "#engine/hub-types.ts";
import { eventually } from "../control-plane/eventually.ts";
import type { PipelineBed } from "./bed.ts";
import { configMap, patiently, startPipelineBed } from "./bed.ts";

const run = promisify(execFile);

/** A clone, as a person has one. */
async function clone(bed: PipelineBed): Promise<(...args: readonly string[]) => Promise<string>> {
  const directory = join(bed.directory, "clone");
  const env = {
    PATH: process.env["PATH"] ?? "",
    HOME: bed.directory,
    GIT_AUTHOR_NAME: "Grace Hopper",
    GIT_AUTHOR_EMAIL: "grace@example.com",
    GIT_COMMITTER_NAME: "Grace Hopper",
    GIT_COMMITTER_EMAIL: "grace@example.com",
  };
  await run("git", ["clone", "--quiet", bed.url, directory], { env });
  return async (...args) => (await run("git", ["-C", directory, ...args], { env })).stdout.trim();
}

it("what is pushed to prod by plain git waits for the gates, and a git revert takes it back and holds it", async () => {
  const bed = await startPipelineBed();
  const { repository } = bed;
  const first = await repository.commit({ "web/web.yaml": configMap("blue") });
  await repository.branch("prod", first);
  await bed.app("shop-dev", { branch: "main" });
  await bed.app("shop-prod", { branch: "prod" });
  const gates = [{ approvals: { required: 1, users: ["ann"], rollbacks: "waived" } }];
  await bed.pipeline("shop", {
    stages: [
      { name: "dev", branch: "main", applications: ["shop-dev"] },
      { name: "prod", branch: "prod", applications: ["shop-prod"], gates, promote: "auto" },
    ],
  });
  await bed.start();
  await bed.color("shop-prod", "blue");
  await eventually(
    async () => expect(await bed.stage("shop", "prod")).toMatchObject({ verified: true }),
    patiently,
  );
  expect(await bed.promotions("shop")).toEqual([]);

  const git = await clone(bed);
  await git("checkout", "--quiet", "prod");
  const file = join(bed.directory, "clone", "web", "web.yaml");
  await writeFile(file, configMap("red"));
  await git("commit", "--quiet", "--all", "--message", "red at once");
  await git("push", "--quiet", "origin", "prod");
  const pushed = await git("rev-parse", "HEAD");
  const name = `shop-prod-${pushed.slice(0, 7)}`;
  const waiting = await bed.phase(name, "Waiting");
  expect(waiting.spec).toMatchObject({
    cause: "Git",
    kind: "Promote",
    requestedBy: { username: "Grace Hopper" },
  });
  expect(waiting.status.commits).toMatchObject([{ commit: pushed, author: "Grace Hopper" }]);
  await bed.color("shop-prod", "blue");
  await bed.approve(name, "ann");
  await bed.phase(name, "Succeeded");
  await bed.color("shop-prod", "red");

  await git("revert", "--no-edit", "HEAD");
  await git("push", "--quiet", "origin", "prod");
  const back = `shop-prod-back-${(await git("rev-parse", "HEAD")).slice(0, 7)}`;
  const reverted = await bed.phase(back, "Succeeded");
  expect(reverted.spec).toMatchObject({ cause: "Git", kind: "Rollback" });
  await bed.color("shop-prod", "blue");
  expect((await bed.stage("shop", "prod")).hold).toMatchObject({ revisions: [pushed], by: "Grace Hopper" });
});

// Class: authorisation.
it("a commit that only says that it reverts opens no gate, and a revert that is the stage's past again is one", async () => {
  const bed = await startPipelineBed();
  const { repository } = bed;
  const first = await repository.commit({ "web/web.yaml": configMap("blue") });
  await repository.branch("prod", first);
  await bed.app("shop-dev", { branch: "main" });
  await bed.app("shop-prod", { branch: "prod" });
  const gates = [{ approvals: { required: 1, users: ["ann"], rollbacks: "waived" } }];
  await bed.pipeline("shop", {
    stages: [
      { name: "dev", branch: "main", applications: ["shop-dev"] },
      { name: "prod", branch: "prod", applications: ["shop-prod"], gates },
    ],
  });
  await bed.start();
  await bed.color("shop-prod", "blue");
  await eventually(
    async () => expect(await bed.stage("shop", "prod")).toMatchObject({ verified: true }),
    patiently,
  );
  const red = await repository.change({ "web/web.yaml": configMap("red") }, { branch: "prod" });
  const name = `shop-prod-${red.slice(0, 7)}`;
  await bed.phase(name, "Waiting");
  await bed.approve(name, "ann");
  await bed.phase(name, "Succeeded");

  const git = await clone(bed);
  await git("checkout", "--quiet", "prod");
  await writeFile(join(bed.directory, "clone", "web", "web.yaml"), configMap("evil"));
  await git("commit", "--quiet", "--all", "--message", `Revert "red"\n\nThis reverts commit ${red}.`);
  await git("push", "--quiet", "origin", "prod");
  const lie = await git("rev-parse", "HEAD");
  const waiting = await bed.phase(`shop-prod-${lie.slice(0, 7)}`, "Waiting");
  expect(waiting.spec).toMatchObject({ cause: "Git", kind: "Promote" });
  await eventually(
    async () => expect((await bed.stage("shop", "prod")).hold).toMatchObject({ revisions: [red] }),
    patiently,
  );
  await bed.color("shop-prod", "red");

  await git("revert", "--no-edit", "HEAD");
  await git("revert", "--no-edit", red);
  await git("push", "--quiet", "origin", "prod");
  const back = `shop-prod-back-${(await git("rev-parse", "HEAD")).slice(0, 7)}`;
  await bed.phase(back, "Succeeded");
  await bed.color("shop-prod", "blue");
});

it("a controller that was killed once it had recorded a git revert still holds what was reverted", async () => {
  const bed = await startPipelineBed();
  const { repository } = bed;
  const first = await repository.commit({ "web/web.yaml": configMap("blue") });
  await repository.branch("prod", first);
  await bed.app("shop-dev", { branch: "main" });
  await bed.app("shop-prod", { branch: "prod" });
  await bed.pipeline("shop", {
    stages: [
      { name: "dev", branch: "main", applications: ["shop-dev"] },
      { name: "prod", branch: "prod", applications: ["shop-prod"] },
    ],
  });
  const stop = await bed.start();
  await eventually(
    async () => expect(await bed.stage("shop", "prod")).toMatchObject({ verified: true }),
    patiently,
  );
  const red = await repository.change({ "web/web.yaml": configMap("red") }, { branch: "prod" });
  await bed.phase(`shop-prod-${red.slice(0, 7)}`, "Succeeded");
  await stop();

  const git = await clone(bed);
  await git("checkout", "--quiet", "prod");
  await git("revert", "--no-edit", "HEAD");
  await git("push", "--quiet", "origin", "prod");
  const revision = await git("rev-parse", "HEAD");
  const name = `shop-prod-back-${revision.slice(0, 7)}`;
  const requestedAt = "2026-01-01T00:00:00Z";
  const recorded = { pipeline: "shop", stage: "prod", kind: "Rollback", cause: "Git", revision, attempt: 1 };
  const spec = { ...recorded, requestedBy: { username: "Grace Hopper" }, requestedAt };
  await bed.hub.create(
    hubTypes.promotion,
    { apiVersion: "mooring.dev/v1alpha1", kind: "Promotion", metadata: { name, namespace: "argocd" }, spec },
    { fieldManager: "test", signal: new AbortController().signal },
  );
  await bed.start();
  await bed.phase(name, "Succeeded");
  expect((await bed.stage("shop", "prod")).hold).toMatchObject({ revisions: [red], by: "Grace Hopper" });
});

it("what is merged to prod by hand counts as the revision that it brings", async () => {
  const bed = await startPipelineBed();
  const { repository } = bed;
  const first = await repository.commit({ "web/web.yaml": configMap("blue") });
  await repository.branch("prod", first);
  await bed.app("shop-dev", { branch: "main" });
  await bed.app("shop-prod", { branch: "prod" });
  await bed.pipeline("shop", {
    stages: [
      { name: "dev", branch: "main", applications: ["shop-dev"] },
      { name: "prod", branch: "prod", applications: ["shop-prod"] },
    ],
  });
  await bed.start();
  await bed.color("shop-prod", "blue");
  const second = await repository.change({ "web/web.yaml": configMap("green") });
  await bed.color("shop-dev", "green");
  await eventually(
    async () => expect((await bed.stage("shop", "prod")).candidate).toMatchObject({ revision: second }),
    patiently,
  );
  const git = await clone(bed);
  await git("checkout", "--quiet", "prod");
  await git("merge", "--quiet", "--no-ff", "--no-edit", "origin/main");
  await git("push", "--quiet", "origin", "prod");
  await bed.color("shop-prod", "green");
  await eventually(async () => {
    const prod = await bed.stage("shop", "prod");
    expect(prod).toMatchObject({ revision: second, verified: true });
    expect(prod.candidate).toBeUndefined();
  }, patiently);
});
