import { expect, it } from "vitest";
import { eventually } from "../control-plane/eventually.ts";
import type { PipelineBed } from "./bed.ts";
import { configMap, patiently, startPipelineBed } from "./bed.ts";

const apps = ["dev", "staging", "prod"] as const;

/** `main`, `staging` and `prod` with an application on each, all blue. */
async function startChain(more: Readonly<Record<string, object>> = {}): Promise<PipelineBed> {
  const bed = await startPipelineBed();
  const first = await bed.repository.commit({ "web/web.yaml": configMap("blue") });
  for (const branch of ["staging", "prod"]) await bed.repository.branch(branch, first);
  for (const name of apps) await bed.app(`shop-${name}`, { branch: name === "dev" ? "main" : name });
  await bed.pipeline("shop", {
    stages: apps.map((name) => ({
      name,
      branch: name === "dev" ? "main" : name,
      applications: [`shop-${name}`],
      promote: "auto",
      ...more[name],
    })),
  });
  await bed.start();
  await eventually(
    async () => expect(await bed.stage("shop", "prod")).toMatchObject({ verified: true }),
    patiently,
  );
  return bed;
}

it("a commit goes through a chain by itself, each stage after its soak, and nothing is promoted twice", async () => {
  const bed = await startChain({ staging: { gates: [{ soak: "2s" }] }, prod: { gates: [{ soak: "1s" }] } });
  const second = await bed.repository.change({ "web/web.yaml": configMap("green") });
  await bed.color("shop-prod", "green");
  const name = `shop-prod-${second.slice(0, 7)}`;
  const prod = await bed.phase(name, "Succeeded");
  expect(prod.spec).toMatchObject({ cause: "Automation", requestedBy: { username: "mooring" } });
  const all = await bed.promotions("shop");
  expect(all.map((one) => one.name)).toEqual([`shop-staging-${second.slice(0, 7)}`, name]);
});

it("a freeze keeps automation still, and broken glass lets one promotion through with a trace", async () => {
  const freezes = [
    { name: "holidays", reason: "nobody is here", from: "2026-01-01T00:00:00Z", stages: ["prod"] },
  ];
  const bed = await startChain();
  await bed.patchPipeline("shop", { spec: { freezes } });
  const second = await bed.repository.change({ "web/web.yaml": configMap("green") });
  await bed.color("shop-staging", "green");
  await eventually(
    async () =>
      expect((await bed.stage("shop", "prod")).candidate).toMatchObject({
        revision: second,
        waitsFor: "frozen by holidays (nobody is here), without an end",
      }),
    patiently,
  );
  expect(await bed.promotions("shop", "prod")).toEqual([]);
  const name = await bed.promote("shop", "prod");
  await eventually(
    async () =>
      expect((await bed.promotion(name)).status.gates).toMatchObject([
        { name: "freeze", state: "Waiting" },
        { name: "health" },
      ]),
    patiently,
  );
  await bed.breakGlass(name, "boss");
  const through = await bed.phase(name, "Succeeded");
  expect(through.status.gates).toMatchObject([{ name: "freeze", state: "Bypassed" }, { name: "health" }]);
  await bed.color("shop-prod", "green");
});

it("what does not become healthy in time is rolled back by itself, and held", async () => {
  const bed = await startChain({
    staging: { onFailure: "rollback", deadline: "6s" },
    prod: { promote: "manual" },
  });
  const second = await bed.repository.change({ "web/web.yaml": configMap("green") });
  await bed.phase(`shop-staging-${second.slice(0, 7)}`, "Succeeded");
  const broken = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {nodeSelector: {no: where}, containers: [{name: web, image: "example.com/web:1"}]}
`;
  // Dev need not be healthy for a person who breaks the glass.
  const third = await bed.repository.change({ "web/deployment.yaml": broken });
  await eventually(
    async () => expect(await bed.stage("shop", "dev")).toMatchObject({ tip: third }),
    patiently,
  );
  const name = await bed.promote("shop", "staging", { revision: third });
  await bed.phase(name, "Waiting");
  await bed.breakGlass(name, "boss");
  await bed.phase(name, "(Failed|RolledBack)");
  const back = `shop-staging-back-${second.slice(0, 7)}`;
  const rolledBack = await bed.phase(back, "Succeeded");
  expect(rolledBack.spec).toMatchObject({ cause: "Failure", kind: "Rollback" });
  expect((await bed.stage("shop", "staging")).hold).toMatchObject({ revisions: [third] });
  expect(await bed.repository.git("ls-tree", "--name-only", "staging", "web/")).toBe("web/web.yaml");
});

it("what was rolled back is not promoted again, and the next good revision ends the hold", async () => {
  const bed = await startChain({ prod: { promote: "manual" } });
  const second = await bed.repository.change({ "web/web.yaml": configMap("green") });
  await bed.phase(`shop-staging-${second.slice(0, 7)}`, "Succeeded");
  const back = await bed.rollback("shop", "staging", "too green");
  await bed.phase(back, "Succeeded");
  await bed.color("shop-staging", "blue");
  await bed.refresh("shop");
  await eventually(
    async () => expect((await bed.stage("shop", "staging")).hold).toMatchObject({ revisions: [second] }),
    patiently,
  );
  const third = await bed.repository.change({ "web/web.yaml": configMap("yellow") });
  await bed.phase(`shop-staging-${third.slice(0, 7)}`, "Succeeded");
  await bed.color("shop-staging", "yellow");
  await eventually(async () => {
    const staging = await bed.stage("shop", "staging");
    expect(staging).toMatchObject({ revision: third, verified: true });
    expect(staging.hold).toBeUndefined();
  }, patiently);
  const names = (await bed.promotions("shop", "staging")).map((one) => one.name);
  expect(names.toSorted()).toEqual(
    [`shop-staging-${second.slice(0, 7)}`, back, `shop-staging-${third.slice(0, 7)}`].toSorted(),
  );
});
