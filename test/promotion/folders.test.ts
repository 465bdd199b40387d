import { expect, it } from "vitest";
import { eventually } from "../control-plane/eventually.ts";
import { configMap, patiently, startPipelineBed } from "./bed.ts";

it("folders of one branch are copied without what is the environment's own, and rolled back alone", async () => {
  const bed = await startPipelineBed();
  const { repository } = bed;
  const own = (name: string) =>
    `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: own}\ndata: {in: ${name}}\n`;
  const first = await repository.commit({
    "envs/dev/web.yaml": configMap("blue"),
    "envs/dev/own.yaml": own("dev"),
    "envs/prod/web.yaml": configMap("blue"),
    "envs/prod/own.yaml": own("prod"),
  });
  await bed.app("shop-dev", { branch: "main", path: "envs/dev" });
  await bed.app("shop-prod", { branch: "main", path: "envs/prod" });
  await bed.pipeline("shop", {
    stages: [
      { name: "dev", branch: "main", path: "envs/dev", applications: ["shop-dev"] },
      {
        name: "prod",
        branch: "main",
        path: "envs/prod",
        applications: ["shop-prod"],
        promote: "auto",
        write: { keep: ["own.yaml"] },
      },
    ],
  });
  await bed.start();
  await eventually(
    async () => expect(await bed.stage("shop", "prod")).toMatchObject({ verified: true }),
    patiently,
  );
  const second = await repository.change({ "envs/dev/web.yaml": configMap("green") }, { message: "green" });
  const name = `shop-prod-${second.slice(0, 7)}`;
  const done = await bed.phase(name, "Succeeded");
  await bed.color("shop-prod", "green");
  expect(await repository.git("show", "main:envs/prod/own.yaml")).toContain("in: prod");
  expect(
    await repository.git("log", "-1", "--format=%s|%(trailers:key=Mooring-Revision,valueonly)", "main"),
  ).toBe(`Promote ${second.slice(0, 7)} to prod: green|${second}`);
  expect(done.status.commit).toBe(await repository.git("rev-parse", "main"));
  // What is promoted is no commit to dev.
  expect(await bed.stage("shop", "dev")).toMatchObject({ revision: second });
  const back = await bed.rollback("shop", "prod", "too green");
  await bed.phase(back, "Succeeded");
  await bed.color("shop-prod", "blue");
  await bed.color("shop-dev", "green");
  const names = (await bed.promotions("shop")).map((one) => one.name);
  // Nobody could tell what prod had at first.
  expect(names.toSorted()).toEqual([`shop-prod-${first.slice(0, 7)}`, name, back].toSorted());
});
