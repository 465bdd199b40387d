import { describe, expect, it } from "vitest";
import type { ObjectKey } from "#core/object/index.ts";
import { objectKey } from "#core/object/index.ts";
import { describeFight } from "./heal-fight.ts";

const web = objectKey({ group: "apps", kind: "Deployment", namespace: "shop", name: "web" });
const drift = [{ path: "spec.replicas", manager: "kube-controller-manager" }];
const named = (name: string): ObjectKey =>
  objectKey({ group: "", kind: "ConfigMap", namespace: "shop", name });

describe("what is told of drift that self-heals do not end", () => {
  it("names the field, who changes it and what to do", () => {
    expect(describeFight([{ key: web, extra: false, drift }], 3)).toBe(
      "3 self-heals in a row did not last. Deployment/shop/web: spec.replicas is changed again by kube-controller-manager; remove it from Git, or list it in spec.ignoreDifferences with sync option RespectIgnoreDifferences=true, or stop who changes it",
    );
  });

  it("tells what is deleted or created again from what is changed", () => {
    expect(
      describeFight(
        [
          { key: named("a"), extra: false, drift: [{ path: "" }] },
          { key: named("b"), extra: true, drift: [] },
        ],
        2,
      ),
    ).toBe(
      "2 self-heals in a row did not last. ConfigMap/shop/a: it is created and deleted again; find out who deletes it, or remove it from Git; ConfigMap/shop/b: it left Git, is pruned and comes back; find out who creates it, or add it to Git",
    );
  });

  it("says nothing of what one self-heal may have ended, or of no drift", () => {
    expect(describeFight([{ key: web, extra: false, drift }], 1)).toBeUndefined();
    expect(describeFight([], 5)).toBeUndefined();
  });

  it("stays short", () => {
    const many = Array.from({ length: 8 }, (_, i) => ({
      key: named(`m${i}`),
      extra: false,
      drift: Array.from({ length: 8 }, (__, field) => ({ path: `data.k${field}` })),
    }));
    const told = describeFight(many, 2);
    expect(told).toMatch(
      /ConfigMap\/shop\/m4: data.k0, data.k1, data.k2, data.k3, data.k4, … are changed again; .*; and 3 more$/u,
    );
    expect(told).not.toContain("m5");
  });
});
