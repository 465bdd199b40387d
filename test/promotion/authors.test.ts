import { expect, it } from "vitest";
import { eventually } from "../control-plane/eventually.ts";
import { configMap, patiently, startPipelineBed } from "./bed.ts";

it("everybody who wrote what a branch is begun with is an author of its first promotion, however long ago", async () => {
  const bed = await startPipelineBed();
  const { repository } = bed;
  const eve = { author: "Eve <eve@example.com>" };
  const oldest = await repository.commit({ "web/web.yaml": configMap("blue") }, eve);
  let newest = oldest;
  for (let i = 0; i < 51; i += 1) newest = await repository.change({ "README.md": `${i}\n` });
  await bed.app("shop-dev", { branch: "main" });
  await bed.app("shop-prod", { branch: "prod" });
  await bed.pipeline("shop", {
    stages: [
      { name: "dev", branch: "main", applications: ["shop-dev"] },
      {
        name: "prod",
        branch: "prod",
        applications: ["shop-prod"],
        gates: [{ approvals: { users: ["ann"] } }],
      },
    ],
  });
  await bed.start();
  await eventually(
    async () => expect((await bed.stage("shop", "prod")).candidate).toMatchObject({ revision: newest }),
    patiently,
  );
  const { status } = await bed.phase(await bed.promote("shop", "prod"), "Waiting");
  expect(status.authors).toEqual([
    { name: "Ada Lovelace", email: "ada@example.com" },
    { name: "Eve", email: "eve@example.com" },
  ]);
  expect(status.authorsCut).toBe(false);
  expect(status.commits).toHaveLength(50);
  expect(status.commits?.[0]?.commit).toBe(newest);
});

it("a push by git before any promotion brings what was pushed, and nothing that prod had before", async () => {
  const bed = await startPipelineBed();
  const { repository } = bed;
  const first = await repository.commit(
    { "web/web.yaml": configMap("blue") },
    { author: "Eve <eve@example.com>" },
  );
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
  await eventually(
    async () => expect(await bed.stage("shop", "prod")).toMatchObject({ verified: true }),
    patiently,
  );
  const inMay = { branch: "prod", author: "May <may@example.com>" };
  const one = await repository.change({ "web/web.yaml": configMap("red") }, inMay);
  const two = await repository.change({ "README.md": "red\n" }, { branch: "prod" });
  const pushed = await eventually(async () => {
    const found = await bed.promotions("shop", "prod");
    const last = found.at(-1);
    expect(last?.spec.revision).toBe(two);
    return last?.name ?? "";
  }, patiently);
  const { status } = await bed.phase(pushed, "Succeeded");
  expect([one, two]).toEqual(expect.arrayContaining(status.commits?.map(({ commit }) => commit) ?? []));
  expect(status.authors).toContainEqual({ name: "Ada Lovelace", email: "ada@example.com" });
  expect(status.authors).not.toContainEqual({ name: "Eve", email: "eve@example.com" });
});
