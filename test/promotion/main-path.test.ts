import { expect, it } from "vitest";
import { eventually } from "../control-plane/eventually.ts";
import { configMap, patiently, startPipelineBed } from "./bed.ts";

const approval = { approvals: { required: 1, users: ["ann", "bob"] } };

it("a commit goes from main to dev by itself, to staging when asked, to prod once approved, and back with a hold", async () => {
  const bed = await startPipelineBed();
  const { repository } = bed;
  const first = await repository.commit({ "web/web.yaml": configMap("blue") });
  for (const branch of ["staging", "prod"]) await repository.branch(branch, first);
  await bed.app("shop-dev", { branch: "main" });
  await bed.app("shop-staging", { branch: "staging" });
  await bed.app("shop-prod", { branch: "prod", isAutomated: false });
  await bed.pipeline("shop", {
    stages: [
      { name: "dev", branch: "main", applications: ["shop-dev"] },
      { name: "staging", branch: "staging", applications: ["shop-staging"] },
      { name: "prod", branch: "prod", applications: ["shop-prod"], gates: [approval] },
    ],
  });
  await bed.start();
  await bed.color("shop-dev", "blue");
  await bed.color("shop-staging", "blue");
  await eventually(
    async () => expect(await bed.stage("shop", "staging")).toMatchObject({ verified: true }),
    patiently,
  );

  const second = await repository.change(
    { "web/web.yaml": configMap("green") },
    { message: "turn it green" },
  );
  await bed.color("shop-dev", "green");
  await eventually(
    async () =>
      expect((await bed.stage("shop", "staging")).candidate).toMatchObject({
        revision: second,
        subject: "turn it green",
        commits: 1,
        waitsFor: "somebody who promotes it: mooring promote shop/staging",
      }),
    patiently,
  );
  const toStaging = await bed.promote("shop", "staging");
  expect(toStaging).toBe(`shop-staging-${second.slice(0, 7)}`);
  await bed.phase(toStaging, "Succeeded");
  await bed.color("shop-staging", "green");
  expect(await repository.git("rev-parse", "staging")).toBe(second);

  await eventually(
    async () => expect((await bed.stage("shop", "prod")).candidate).toMatchObject({ revision: second }),
    patiently,
  );
  const toProd = await bed.promote("shop", "prod");
  const waiting = await bed.phase(toProd, "Waiting");
  expect(waiting.status.plan?.applications).toMatchObject([{ name: "shop-prod" }]);
  expect(await repository.git("rev-parse", "prod")).toBe(first);
  await expect(bed.approve(toProd, "pia")).rejects.toThrow("they asked for the promotion");
  await bed.approve(toProd, "ann");
  const promoted = await bed.phase(toProd, "Succeeded");
  expect(promoted.status).toMatchObject({ commit: second, base: first });
  await bed.color("shop-prod", "green");

  const back = await bed.rollback("shop", "prod", "green hurts the eyes");
  await bed.phase(back, "Waiting");
  await bed.approve(back, "bob");
  await bed.phase(back, "Succeeded");
  await bed.color("shop-prod", "blue");
  expect(await repository.git("log", "-1", "--format=%B", "prod")).toContain(
    `This reverts commit ${second}.`,
  );
  const prod = await bed.stage("shop", "prod");
  expect(prod.hold).toMatchObject({ revisions: [second], by: "rob" });
  expect(await bed.promotion(toProd)).toMatchObject({ status: { phase: "RolledBack", rolledBackBy: back } });
});
