import { describe, expect, it } from "vitest";
import type { KubeObject, ObjectKey } from "#core/object/index.ts";
import { describeDrifted } from "./describe-drifted.ts";

const key = "apps/Deployment/web/web" as ObjectKey;
const web = (replicas: number, image = "web:1"): KubeObject =>
  ({
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "web", namespace: "web" },
    spec: { replicas, template: { spec: { containers: [{ name: "web", image }] } } },
  }) as KubeObject;

const common = { key, hasSecrets: false, redact: (text: string) => text };

describe("what is kept of a drift", () => {
  it("names each field with its owner and both values", () => {
    const drift = [
      { path: "spec.replicas", manager: "kubectl-scale" },
      { path: 'spec.template.spec.containers[name="web"].image' },
    ];
    expect(describeDrifted({ ...common, drift, desired: web(3), live: web(5, "web:2") })).toEqual({
      key,
      what: "changed",
      isHidden: false,
      moreFields: 0,
      fields: [
        { path: "spec.replicas", manager: "kubectl-scale", live: "5", desired: "3" },
        { path: 'spec.template.spec.containers[name="web"].image', live: '"web:2"', desired: '"web:1"' },
      ],
    });
  });

  it("tells of objects that are missing, and of those that left Git", () => {
    const drift = [{ path: "" }];
    expect(describeDrifted({ ...common, drift, desired: web(3), live: undefined }).what).toBe("missing");
    expect(describeDrifted({ ...common, drift, desired: undefined, live: web(3) }).what).toBe("extra");
  });

  // Class: secrets told.
  it.each([
    ["a Secret", { apiVersion: "v1", kind: "Secret" }, false],
    ["what is encrypted in Git", { apiVersion: "v1", kind: "ConfigMap" }, true],
  ])("keeps no value of %s", (_what, kind, hasSecrets) => {
    const secret = (password: string) =>
      ({ ...kind, metadata: { name: "login" }, data: { password } }) as unknown as KubeObject;
    const drift = [{ path: "data.password", manager: "kubectl" }];
    const kept = describeDrifted({
      ...common,
      drift,
      desired: secret("aHVudGVyMg=="),
      live: secret("b3RoZXI="),
      hasSecrets,
    });
    expect(kept).toMatchObject({ isHidden: true, fields: [{ path: "data.password", manager: "kubectl" }] });
    expect(JSON.stringify(kept)).not.toMatch(/aHVudGVyMg|b3RoZXI/u);
  });

  it("keeps no more than a few fields, cut off where they are long", () => {
    const drift = Array.from({ length: 30 }, (_, i) => ({ path: `data.k${i}` }));
    const map = (letter: string) =>
      ({
        apiVersion: "v1",
        kind: "ConfigMap",
        metadata: { name: "m" },
        data: Object.fromEntries(drift.map((_, i) => [`k${i}`, letter.repeat(1_000)])),
      }) as unknown as KubeObject;
    const kept = describeDrifted({ ...common, drift, desired: map("a"), live: map("b") });
    expect(kept.fields).toHaveLength(20);
    expect(kept.moreFields).toBe(10);
    expect(JSON.stringify(kept).length).toBeLessThan(12_000);
  });
});
