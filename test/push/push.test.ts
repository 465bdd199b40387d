import { describe, expect, it } from "vitest";
import { configMap, digestOf, startBed } from "./bed.ts";

const to = ["--to", "staging"];

describe("mooring plan and mooring apply, in a cluster without a control plane", () => {
  it("apply what was planned, by its digest, once; then there is nothing to do", async () => {
    const { cli, read, write } = await startBed();
    const web = await write({ "a.yaml": configMap("a"), "b.yaml": configMap("b") });
    const plan = await cli.run("plan", web, ...to);
    expect(plan).toMatchObject({ code: 0, err: "" });
    expect(plan.out).toContain("plan for application web at local: 2 to apply, 0 to prune, 0 left alone");
    expect(await read("ConfigMap", "a")).toBeUndefined();
    expect(await cli.run("plan", web, ...to, "--detailed-exitcode")).toMatchObject({ code: 2, out: plan.out });

    const applied = await cli.run("apply", web, ...to, "--plan", digestOf(plan.out));
    expect(applied).toMatchObject({ code: 0, err: "" });
    expect(applied.out.split("\n").slice(1, -1)).toEqual([
      "configmap/a created",
      "configmap/b created",
      "web: succeeded, successfully synced (all tasks run)",
    ]);
    expect(await read("ConfigMap", "a")).toMatchObject({
      data: { color: "blue" },
      metadata: { annotations: { "argocd.argoproj.io/tracking-id": "web:/ConfigMap:default/a" } },
    });
    expect(await cli.run("plan", web, ...to, "--detailed-exitcode")).toMatchObject({ code: 0 });
  });
});
