import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import { hubTypes } from "#engine/hub-types.ts";
import { eventually } from "../control-plane/eventually.ts";
import { configMap, patiently, startPipelineBed } from "./bed.ts";

const { signal } = new AbortController();
const intervalMs = 2_000;
const cycles = 4;

it("pipelines of one repository ask it once an interval, and write nothing while nothing happens", async () => {
  const bed = await startPipelineBed();
  const first = await bed.repository.commit({ "web/web.yaml": configMap("blue") });
  await bed.repository.branch("prod", first);
  await bed.app("shop-dev", { branch: "main" });
  await bed.app("shop-prod", { branch: "prod" });
  const names = Array.from({ length: 12 }, (_, i) => `quiet-${i}`);
  for (const name of ["shop", ...names]) {
    const applications = (app: string) => (name === "shop" ? [app] : []);
    await bed.pipeline(name, {
      interval: `${intervalMs / 1_000}s`,
      stages: [
        { name: "dev", branch: "main", applications: applications("shop-dev") },
        { name: "prod", branch: "prod", applications: applications("shop-prod"), promote: "auto" },
      ],
    });
  }
  await bed.start();
  await eventually(async () => {
    for (const name of ["shop", ...names])
      expect(await bed.stage(name, "prod")).toMatchObject({ verified: true });
  }, patiently);
  const versions = async () =>
    (await bed.hub.list(hubTypes.pipeline, { namespace: "argocd", signal })).map(
      ({ metadata }) => metadata.resourceVersion,
    );
  const listings = () => bed.git.requests.filter(({ path }) => path.includes("info/refs")).length;
  const posts = () => bed.git.requests.filter(({ method }) => method === "POST").length;
  const before = { versions: await versions(), listings: listings(), posts: posts() };
  await sleep(cycles * intervalMs);
  expect(await versions()).toEqual(before.versions);
  const asked = listings() - before.listings;
  expect(asked).toBeGreaterThan(0);
  // One more for an interval that began before.
  expect(asked).toBeLessThanOrEqual(cycles + 1);
  // An ls-remote of protocol version 2 is one POST.
  expect(posts() - before.posts).toBeLessThanOrEqual(asked);
});

it("a refresh asks the branches now, however long the interval is", async () => {
  const bed = await startPipelineBed();
  await bed.repository.commit({ "web/web.yaml": configMap("blue") });
  const stages = [{ name: "dev", branch: "main", applications: [] }];
  await bed.pipeline("shop", { interval: "12h", stages });
  await bed.start();
  await eventually(
    async () => expect(await bed.stage("shop", "dev")).toMatchObject({ verified: true }),
    patiently,
  );
  const second = await bed.repository.change({ "web/web.yaml": configMap("green") });
  await bed.refresh("shop");
  await eventually(
    async () => expect(await bed.stage("shop", "dev")).toMatchObject({ tip: second }),
    patiently,
  );
});
