import { expect, it } from "vitest";
import type { JsonObject } from "#core/object/index.ts";
import { hubTypes } from "#engine/hub-types.ts";
import { eventually } from "../control-plane/eventually.ts";
import type { ForgeServer } from "../forge/server/index.ts";
import { startForgeServer } from "../forge/server/index.ts";
import type { PipelineBed } from "./bed.ts";
import { configMap, patiently, startPipelineBed } from "./bed.ts";

const token = "token-2342";

/** `main` and `prod` beside a forge, both blue, and a green commit on main. */
async function startBeside(
  pullRequest?: JsonObject,
): Promise<{ bed: PipelineBed; forge: ForgeServer; second: string }> {
  const bed = await startPipelineBed();
  const { repository } = bed;
  const first = await repository.commit({ "web/web.yaml": configMap("blue") });
  await repository.branch("prod", first);
  await bed.app("shop-dev", { branch: "main" });
  await bed.app("shop-prod", { branch: "prod" });
  const forge = await startForgeServer({ kind: "gitea", token, repository });
  const secret = {
    apiVersion: "v1",
    kind: "Secret",
    metadata: {
      name: "forge",
      namespace: "argocd",
      labels: { "mooring.dev/secret-type": "promotion" },
    },
    stringData: { token },
  };
  const { signal } = new AbortController();
  await bed.hub.create(hubTypes.secret, secret, { fieldManager: "test", signal });
  await bed.pipeline("shop", {
    forge: { kind: "gitea", apiURL: forge.url, tokenSecretRef: { name: "forge", key: "token" } },
    stages: [
      { name: "dev", branch: "main", applications: ["shop-dev"] },
      {
        name: "prod",
        branch: "prod",
        applications: ["shop-prod"],
        gates: [{ approvals: { required: 1 } }],
        ...(pullRequest === undefined ? {} : { write: { pullRequest } }),
      },
    ],
  });
  await bed.start();
  await bed.color("shop-prod", "blue");
  const second = await repository.change({ "web/web.yaml": configMap("green") });
  await eventually(
    async () => expect((await bed.stage("shop", "prod")).candidate).toMatchObject({ revision: second }),
    patiently,
  );
  return { bed, forge, second };
}

it("a promotion is proposed, and merged by the forge once it was approved; the commit says how it went", async () => {
  const { bed, forge, second } = await startBeside({});
  const name = await bed.promote("shop", "prod");
  await eventually(
    async () =>
      expect(await bed.promotion(name)).toMatchObject({
        status: { phase: "Waiting", proposal: { number: 1 } },
      }),
    patiently,
  );
  expect(forge.model.proposals).toMatchObject([
    { from: "mooring/shop/prod", into: "prod", title: `Promote shop to prod: ${second.slice(0, 7)}` },
  ]);
  await bed.approve(name, "ann");
  const done = await bed.phase(name, "Succeeded");
  await bed.color("shop-prod", "green");
  expect(done.status.commit).toBe(await bed.repository.git("rev-parse", "prod"));
  expect((await bed.promotions("shop")).map((one) => one.name)).toEqual([name]);
  await eventually(
    () =>
      expect(forge.model.statuses.at(-1)).toMatchObject({ context: "mooring/shop/prod", state: "success" }),
    patiently,
  );
});

it("a proposal that people merge is waited for, and one that they close is refused", async () => {
  const { bed, forge } = await startBeside({ merge: "people" });
  const name = await bed.promote("shop", "prod");
  await bed.phase(name, "Waiting");
  await bed.approve(name, "ann");
  const proposed = await bed.phase(name, "Proposed");
  expect(proposed.status.message).toBe("waits for somebody to merge https://forge/1");
  const [proposal] = forge.model.proposals;
  if (proposal !== undefined) Object.assign(proposal, { state: "closed" });
  const refused = await bed.phase(name, "Refused");
  expect(refused.status.message).toContain("was closed by people");
  await bed.color("shop-prod", "blue");
});

it("a forge that is down holds up no push, and hears of it when it is back", async () => {
  const { bed, forge } = await startBeside();
  for (let i = 0; i < 8; i += 1) forge.faults.push({ method: "POST", fault: { status: 500 } });
  const name = await bed.promote("shop", "prod");
  await bed.phase(name, "Waiting");
  await bed.approve(name, "ann");
  await bed.phase(name, "Succeeded");
  await bed.color("shop-prod", "green");
  await eventually(
    () =>
      expect(forge.model.statuses.at(-1)).toMatchObject({ context: "mooring/shop/prod", state: "success" }),
    patiently,
  );
});

it("a proposal never overwrites a branch that somebody else pushed to, and goes on once that is gone", async () => {
  const { bed } = await startBeside({ branch: "ideas" });
  const { repository } = bed;
  await repository.branch("ideas", await repository.git("rev-parse", "prod"));
  const idea = await repository.change({ "web/web.yaml": configMap("pink") }, { branch: "ideas" });
  await bed.refresh("shop");
  const name = await bed.promote("shop", "prod");
  await eventually(
    async () => expect((await bed.promotion(name)).status.message).toContain("branch is ideas, which is at"),
    patiently,
  );
  expect(await repository.git("rev-parse", "ideas")).toBe(idea);
  await repository.git("branch", "-D", "ideas");
  await eventually(async () => {
    await bed.refresh("shop");
    expect((await bed.promotion(name)).status.proposal).toMatchObject({ number: 1 });
  }, patiently);
});
