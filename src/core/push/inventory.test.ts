import { describe, expect, it } from "vitest";
import { objectKey } from "#core/object/index.ts";
import { formatInventory, inventoryName, parseInventory } from "./inventory.ts";

const key = (kind: string, name: string, group = "") =>
  objectKey({ group, kind, namespace: kind === "ClusterRole" ? "" : "shop", name });

describe("the inventory of a pushed application", () => {
  it("is read as it was written, sorted, each object once, names of roles with colons included", () => {
    const keys = [
      key("Service", "web"),
      key("Deployment", "web", "apps"),
      key("ClusterRole", "shop:reader", "rbac.authorization.k8s.io"),
      key("Deployment", "api", "apps"),
      key("Service", "web"),
    ];
    const text = formatInventory("shop", keys);
    expect(text).toBe(
      "/Service/shop web\napps/Deployment/shop api web\nrbac.authorization.k8s.io/ClusterRole/ shop:reader\n",
    );
    expect(parseInventory(text, "Secret/shop/x")).toEqual([...new Set(keys)].toSorted());
  });

  it("is empty for no objects", () => {
    expect(formatInventory("shop", [])).toBe("");
    expect(parseInventory("", "Secret/shop/x")).toEqual([]);
  });

  it.each(["apps/Deployment/shop", "Deployment web", "apps//shop web", "a/b/c/d web"])(
    "is refused with its line where somebody broke it: %s",
    (line) => {
      expect(() => parseInventory(`/Service/shop web\n${line}\n`, "Secret/shop/x")).toThrow(
        "Secret/shop/x, line 2: it is no group/Kind/namespace with names",
      );
    },
  );

  it("is refused before an API server would refuse it", () => {
    const many = Array.from({ length: 40_000 }, (_, i) => key("ConfigMap", `a-rather-long-name-${i}`));
    expect(() => formatInventory("shop", many)).toThrow(
      "application shop: the names of its 40000 objects take more than the 900 KiB that fit",
    );
    expect(() => formatInventory("shop", many.slice(0, 30_000))).not.toThrow();
  });

  it.each(["Web", "-web", "web-", "a/b", "", "a".repeat(241)])(
    "has no name for an application %j",
    (name) => {
      expect(() => inventoryName(name)).toThrow("give another with --name");
    },
  );
});
