import { describe, expect, it } from "vitest";
import type { JsonObject } from "#core/object/index.ts";
import { viewNumber } from "#core/object/index.ts";
import { conditionLines } from "../testing-lines.ts";
import { podTemplate, testCluster } from "../testing.ts";

describe("a simulated disruption budget", () => {
  it.each<[JsonObject, string]>([
    [{ minAvailable: 3 }, "allows 1: 4 of 3"],
    [{ minAvailable: "100%" }, "allows 0: 4 of 4"],
    [{ maxUnavailable: 2 }, "allows 2: 4 of 2"],
    [{ maxUnavailable: "25%" }, "allows 1: 4 of 3"],
  ])("with %o counts what may go", (bound, expected) => {
    using cluster = testCluster();
    const selector = { matchLabels: { app: "web" } };
    cluster.create({
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "web" },
      spec: { replicas: 4, selector, template: podTemplate("web") },
    });
    cluster.create({
      apiVersion: "policy/v1",
      kind: "PodDisruptionBudget",
      metadata: { name: "web" },
      spec: { selector, ...bound },
    });
    cluster.clock.advance(1000);
    const budget = cluster.get("PodDisruptionBudget", "web");
    const count = (field: string) => viewNumber(budget, "status", field) ?? 0;
    const allowed = count("disruptionsAllowed");
    expect(`allows ${allowed}: ${count("currentHealthy")} of ${count("desiredHealthy")}`).toBe(expected);
    expect(count("expectedPods")).toBe(4);
    expect(conditionLines(budget)).toEqual([
      allowed === 0 ? "DisruptionAllowed=False InsufficientPods" : "DisruptionAllowed=True SufficientPods",
    ]);
    expect(cluster.failures).toEqual([]);
  });
});
