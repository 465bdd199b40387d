import { chmod, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { eventually } from "../control-plane/eventually.ts";
import type { PipelineBed } from "./bed.ts";
import { configMap, patiently, startPipelineBed } from "./bed.ts";

async function hook(bed: PipelineBed, name: string, script: string): Promise<() => Promise<void>> {
  const file = join(bed.repository.directory, "hooks", name);
  await writeFile(file, `#!/bin/sh\n${script}\n`);
  await chmod(file, 0o755);
  return () => rm(file);
}

interface Twins {
  readonly bed: PipelineBed;
  readonly first: string;
}

/** `main` and `prod` with an application on each, both blue. */
async function createTwins(prod: object = {}): Promise<Twins> {
  const bed = await startPipelineBed();
  const first = await bed.repository.commit({ "web/web.yaml": configMap("blue"), "README.md": "a shop\n" });
  await bed.repository.branch("prod", first);
  await bed.app("shop-dev", { branch: "main" });
  await bed.app("shop-prod", { branch: "prod" });
  await bed.pipeline("shop", {
    stages: [
      { name: "dev", branch: "main", applications: ["shop-dev"] },
      { name: "prod", branch: "prod", applications: ["shop-prod"], ...prod },
    ],
  });
  return { bed, first };
}

async function settled(bed: PipelineBed): Promise<void> {
  await eventually(async () => {
    for (const stage of ["dev", "prod"])
      expect(await bed.stage("shop", stage)).toMatchObject({ verified: true });
  }, patiently);
}

async function offered(bed: PipelineBed, revision: string): Promise<void> {
  await eventually(
    async () => expect((await bed.stage("shop", "prod")).candidate).toMatchObject({ revision }),
    patiently,
  );
}

it("a push that the repository refuses fails with its words, and leaves prod as it is", async () => {
  const { bed, first } = await createTwins();
  await bed.start();
  await settled(bed);
  const second = await bed.repository.change({ "web/web.yaml": configMap("green") });
  await offered(bed, second);
  await hook(bed, "pre-receive", "echo 'branch prod is closed on Fridays' >&2; exit 1");
  const failed = await bed.phase(await bed.promote("shop", "prod"), "Failed");
  expect(failed.status.message).toContain("branch prod is closed on Fridays");
  expect(failed.status.writtenAt).toBeUndefined();
  expect(await bed.repository.git("rev-parse", "prod")).toBe(first);
  expect((await bed.stage("shop", "prod")).hold).toBeUndefined();
});

it("a branch that moves while approvals are waited for is prepared anew, and they count for the same plan", async () => {
  const { bed } = await createTwins({
    write: { by: "merge" },
    gates: [{ approvals: { required: 2, users: ["ann", "bob"] } }],
  });
  await bed.start();
  await settled(bed);
  const second = await bed.repository.change({ "web/web.yaml": configMap("green") });
  await offered(bed, second);
  const name = await bed.promote("shop", "prod");
  const before = await bed.phase(name, "Waiting");
  await bed.approve(name, "ann");
  const moved = await bed.repository.change({ "README.md": "The shop\n" }, { branch: "prod" });
  await eventually(
    async () =>
      expect(await bed.promotion(name)).toMatchObject({ status: { base: moved, phase: "Waiting" } }),
    patiently,
  );
  const after = await bed.promotion(name);
  expect(after.status.commit).not.toBe(before.status.commit);
  expect(after.status.plan?.digest).toBe(before.status.plan?.digest);
  await bed.approve(name, "bob");
  const done = await bed.phase(name, "Succeeded");
  expect(await bed.repository.git("rev-parse", "prod")).toBe(done.status.commit);
  expect(await bed.repository.git("rev-parse", "prod^1", "prod^2")).toBe(`${moved}\n${second}`);
  expect(await bed.repository.git("show", "prod:README.md")).toBe("The shop");
  await bed.color("shop-prod", "green");
});

it("a hotfix on prod is not undone by the next promotion, which names it and goes on once it is upstream", async () => {
  const { bed } = await createTwins();
  await bed.start();
  await settled(bed);
  const hotfix = await bed.repository.change(
    { "README.md": "closed today\n" },
    { branch: "prod", message: "close the shop" },
  );
  await bed.phase(`shop-prod-${hotfix.slice(0, 7)}`, "Succeeded");
  const second = await bed.repository.change({ "web/web.yaml": configMap("green") });
  await offered(bed, second);
  const failed = await bed.phase(await bed.promote("shop", "prod"), "Failed");
  expect(failed.status.message).toContain(
    `would undo it: ${hotfix.slice(0, 7)} close the shop (Ada Lovelace); merge branch prod into`,
  );
  expect(failed.status.message).toContain("by: merge");
  expect(await bed.repository.git("rev-parse", "prod")).toBe(hotfix);
  const tree = await bed.repository.git("merge-tree", "--write-tree", "main", "prod");
  const author = ["-c", "user.name=Ada", "-c", "user.email=ada@example.com"];
  const parents = ["-p", second, "-p", hotfix];
  const merged = await bed.repository.git(...author, "commit-tree", tree, ...parents, "-m", "merge prod");
  await bed.repository.branch("main", merged);
  await offered(bed, merged);
  await bed.phase(await bed.promote("shop", "prod"), "Succeeded");
  expect(await bed.repository.git("rev-parse", "prod")).toBe(merged);
});

it("a controller that is killed between the push and the record finds what it pushed, and pushes nothing twice", async () => {
  const { bed } = await createTwins();
  const child = bed.startProcess();
  await child.ready;
  await settled(bed);
  const second = await bed.repository.change({ "web/web.yaml": configMap("green") });
  await offered(bed, second);
  const marker = join(bed.directory, "pushed");
  const removeHook = await hook(bed, "post-receive", `echo pushed >> ${marker}; sleep 120`);
  const name = await bed.promote("shop", "prod");
  await eventually(async () => expect((await stat(marker)).isFile()).toBe(true), patiently);
  expect(await bed.promotion(name)).toMatchObject({ status: { phase: "Writing", commit: second } });
  await child.kill();
  await removeHook();
  // Its mirrors are gone with the machine that it ran on.
  await bed.start({ data: join(bed.directory, "other") });
  await bed.phase(name, "Succeeded");
  expect(await bed.repository.git("rev-parse", "prod")).toBe(second);
  expect((await bed.promotions("shop")).map((one) => one.name)).toEqual([name]);
});

it("a merge that conflicts fails with the paths", async () => {
  const { bed } = await createTwins({ write: { by: "merge" } });
  await bed.start();
  await settled(bed);
  await bed.repository.change({ "web/web.yaml": configMap("red") }, { branch: "prod" });
  const second = await bed.repository.change({ "web/web.yaml": configMap("green") });
  await offered(bed, second);
  const failed = await bed.phase(await bed.promote("shop", "prod"), "Failed");
  expect(failed.status.message).toContain("conflicts in web/web.yaml (contents)");
});

it("one controller of two leads, and the other goes on where it is stopped", async () => {
  const { bed } = await createTwins({ promote: "auto" });
  const stop = await bed.start();
  await settled(bed);
  const waiting = bed.start({ identity: "other", data: join(bed.directory, "other") });
  const second = await bed.repository.change({ "web/web.yaml": configMap("green") });
  await bed.phase(`shop-prod-${second.slice(0, 7)}`, "Succeeded");
  await stop();
  await waiting;
  const third = await bed.repository.change({ "web/web.yaml": configMap("yellow") });
  await bed.phase(`shop-prod-${third.slice(0, 7)}`, "Succeeded");
  expect(await bed.promotions("shop")).toHaveLength(2);
});

it("a pipeline with a circle, one of a project that does not permit it and one whose application is missing say so, and others go on", async () => {
  const { bed } = await createTwins();
  const stages = [
    { name: "a", branch: "main", applications: [], after: ["b"] },
    { name: "b", branch: "prod", applications: [], after: ["a"] },
  ];
  await bed.pipeline("circle", { stages });
  await bed.pipeline("stranger", {
    project: "nobody",
    stages: stages.slice(0, 1).map((one) => ({ ...one, after: [] })),
  });
  await bed.pipeline("taken", { stages: [{ name: "a", branch: "main", applications: ["shop-dev"] }] });
  await bed.pipeline("missing", {
    stages: [
      { name: "a", branch: "main", applications: ["nowhere"] },
      { name: "b", branch: "gone", after: [], applications: [] },
    ],
  });
  await bed.start();
  const message = async (name: string) => (await bed.status(name)).message ?? "";
  await eventually(async () => {
    expect(await message("circle")).toContain("go round in a circle (a after b after a)");
    expect(await message("stranger")).toContain('project "nobody" does not exist');
    expect(await message("taken")).toContain("Application/argocd/shop-dev is in Pipeline/argocd/shop, too");
    expect(await message("shop")).toContain("Application/argocd/shop-dev is in Pipeline/argocd/taken, too");
    expect((await bed.stage("missing", "a")).problem).toContain("Application/argocd/nowhere does not exist");
    expect((await bed.stage("missing", "b")).problem).toContain("branch gone of");
  }, patiently);
});

it("what was pushed by plain git and rejected, and what was promoted before, can be promoted again", async () => {
  const { bed } = await createTwins({ gates: [{ approvals: { required: 1, users: ["ann"] } }] });
  await bed.start();
  await settled(bed);
  const pushed = await bed.repository.change({ "web/web.yaml": configMap("red") }, { branch: "prod" });
  const first = `shop-prod-${pushed.slice(0, 7)}`;
  await bed.phase(first, "Waiting");
  await bed.reject(first, "ann");
  await bed.phase(first, "Refused");
  const again = await bed.promote("shop", "prod", { revision: pushed });
  expect(again).toBe(`${first}-2`);
  const waiting = await bed.phase(again, "Waiting");
  expect(waiting.status).toMatchObject({ commit: pushed, commits: [{ commit: pushed }] });
  await bed.approve(again, "ann");
  await bed.phase(again, "Succeeded");
  await bed.color("shop-prod", "red");
  const third = await bed.promote("shop", "prod", { revision: pushed });
  await bed.phase(third, "Waiting");
  await bed.approve(third, "ann");
  await bed.phase(third, "Succeeded");
  expect(await bed.repository.git("rev-parse", "prod")).toBe(pushed);
});

it("a freeze that begins once the gates have passed keeps prod as it is, and the promotion goes on after it", async () => {
  const { bed } = await createTwins({ deadline: "5s" });
  await bed.start();
  await settled(bed);
  const second = await bed.repository.change({ "web/web.yaml": configMap("green") });
  await offered(bed, second);
  // Whether the push or the freeze comes first, nothing is synced.
  const removeHook = await hook(bed, "post-receive", "sleep 2");
  const name = await bed.promote("shop", "prod");
  await bed.phase(name, "Writing");
  const freezes = [{ name: "holidays", from: "2026-01-01T00:00:00Z", stages: ["prod"] }];
  await bed.patchPipeline("shop", { spec: { freezes } });
  await eventually(
    async () =>
      expect((await bed.promotion(name)).status).toMatchObject({
        phase: expect.stringMatching(/^(?:Writing|Applying)$/u) as string,
        message: expect.stringContaining("frozen by holidays, without an end") as string,
      }),
    patiently,
  );
  await removeHook();
  await bed.color("shop-prod", "blue");
  await bed.patchPipeline("shop", { spec: { freezes: null } });
  await bed.phase(name, "Succeeded");
  await bed.color("shop-prod", "green");
});
