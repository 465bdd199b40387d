import { describe, expect, it } from "vitest";
import { toYaml } from "./to-yaml.ts";

describe("an object as YAML", () => {
  it("begins with what it is, and has its fields in one order", () => {
    const object = { spec: { b: 1, a: ["x"] }, metadata: { name: "web" }, kind: "Service", apiVersion: "v1" };
    expect(toYaml(object)).toBe(
      "apiVersion: v1\nkind: Service\nmetadata:\n  name: web\nspec:\n  a:\n    - x\n  b: 1\n",
    );
    expect(toYaml({ b: 1, a: 2 })).toBe(toYaml({ a: 2, b: 1 }));
  });

  it("writes what would be read as something else in quotes", () => {
    expect(toYaml({ a: "true", b: "1.0", c: "" })).toBe('a: "true"\nb: "1.0"\nc: ""\n');
  });

  it("writes the same object twice, not a reference to it", () => {
    const shared = { x: 1 };
    expect(toYaml({ a: shared, b: shared })).toBe("a:\n  x: 1\nb:\n  x: 1\n");
  });
});
