import { mkdtemp } from "node:fs/promises";
import path from "node:path";
import { expect, it } from "vitest";
import { openHome } from "../api/run-cli.ts";
import { eventually } from "../control-plane/eventually.ts";
import { configMap, patiently, startPipelineBed } from "./bed.ts";

it("a person brings a commit to staging and prod with commands alone, sees where it is, and takes it back", async () => {
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
      {
        name: "prod",
        branch: "prod",
        applications: ["shop-prod"],
        gates: [{ approvals: { users: ["admin"], rollbacks: "waived" } }],
      },
    ],
  });
  await bed.start();
  const home = openHome(await mkdtemp(path.join(bed.directory, "home-")));
  const place = ["--core", "--kubeconfig", bed.settings.kubeconfigPath];
  const run = async (...argv: readonly string[]) => {
    const { code, out, err } = await home.run(...argv, ...place);
    if (code !== 0) throw new Error(`${argv.join(" ")} ended with ${code}: ${err}`);
    return out;
  };
  await bed.color("shop-staging", "blue");
  const second = await repository.change(
    { "web/web.yaml": configMap("green") },
    { message: "turn it green" },
  );
  const short = second.slice(0, 7);
  await eventually(
    async () =>
      expect(await run("pipeline", "get", "shop")).toMatch(new RegExp(`staging .* ${short} \\+1`, "u")),
    patiently,
  );
  await run("promote", "shop/staging", "--reason", "it is prettier", "--wait", "--timeout", "60");
  await bed.color("shop-staging", "green");
  await eventually(
    async () => expect((await bed.stage("shop", "prod")).candidate).toMatchObject({ revision: second }),
    patiently,
  );
  const toProd = await bed.promote("shop", "prod");
  await bed.phase(toProd, "Waiting");
  const plan = await run("promotion", "plan", toProd);
  expect(plan).toContain("turn it green");
  const digest = /^Plan: (?<digest>sha256:[0-9a-f]{64})$/mu.exec(plan)?.groups?.["digest"] ?? "";
  await run("promotion", "approve", toProd, "--digest", digest, "--yes");
  await run("promotion", "wait", toProd, "--timeout", "60");
  await bed.color("shop-prod", "green");
  expect(await run("promotion", "get", toProd)).toMatch(/^admin +\d+s +this plan/mu);
  await eventually(
    async () =>
      expect(await run("pipeline", "get", "shop")).toMatch(
        new RegExp(`prod +prod +${short} +turn it green`, "u"),
      ),
    patiently,
  );
  await run("rollback", "shop/prod", "--reason", "it hurts the eyes", "--wait", "--timeout", "60");
  await bed.color("shop-prod", "blue");
  await eventually(
    async () =>
      expect(await run("pipeline", "get", "shop")).toMatch(
        /shop\/prod: held since \d+s by admin: .*; ends with: mooring pipeline resume shop\/prod/u,
      ),
    patiently,
  );
  await run("pipeline", "resume", "shop/prod");
  await eventually(async () => expect((await bed.stage("shop", "prod")).hold).toBeUndefined(), patiently);
});
