import { describe, expect, it } from "vitest";
import { describeResources, keepSame } from "./describe-resources.ts";

const pod = { version: "v1", kind: "Pod", namespace: "shop", name: "web-1", uid: "u" };
const web = { group: "apps", version: "v1", kind: "Deployment", namespace: "shop", name: "web" };

describe("describeResources", () => {
  it("joins what lives with what the status says of it", () => {
    const [described] = describeResources(
      { nodes: [{ ...web, health: { status: "Degraded", message: "no" }, images: ["web:1"] }] },
      [{ ...web, status: "OutOfSync", syncWave: -1, hook: true, requiresPruning: true }],
    );
    expect(described).toMatchObject({
      key: "apps/Deployment/shop/web",
      health: "Degraded",
      healthMessage: "no",
      sync: "OutOfSync",
      wave: -1,
      isHook: true,
      isPruned: true,
      isManaged: true,
      isLive: true,
      images: ["web:1"],
    });
  });

  it("shows what only the status knows as missing, and what only lives as nobody's in Git", () => {
    const all = describeResources(
      { nodes: [{ ...pod, parentRefs: [web] }], orphanedNodes: [{ kind: "Secret", name: "s" }] },
      [{ ...web, status: "OutOfSync" }],
    );
    expect(
      all.map(({ key, health, sync, isOrphan, isLive }) => [key, health, sync, isOrphan, isLive]),
    ).toEqual([
      ["/Pod/shop/web-1", undefined, undefined, false, true],
      ["/Secret//s", undefined, undefined, true, true],
      ["apps/Deployment/shop/web", "Missing", "OutOfSync", false, false],
    ]);
    expect(all[0]?.parents).toEqual(["apps/Deployment/shop/web"]);
  });
});

describe("keepSame", () => {
  const of = (health: string) =>
    describeResources({ nodes: [pod, { ...web, health: { status: health } }] }, []);

  it("gives the same list while nothing changed, and otherwise the same objects but for what did", () => {
    const before = of("Healthy");
    expect(keepSame(before, of("Healthy"))).toBe(before);
    const after = keepSame(before, of("Degraded"));
    expect(after).not.toBe(before);
    expect(after[0]).toBe(before[0]);
    expect(after[1]).not.toBe(before[1]);
  });
});
