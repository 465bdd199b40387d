import { describe, expect, it } from "vitest";
import { parseOverride } from "./read-overrides.ts";

const parse = (text: string): unknown => parseOverride(new TextEncoder().encode(text), ".argocd-source.yaml");

describe("an override file", () => {
  it("is read", () => {
    expect(parse("helm:\n  parameters: [{name: a, value: b}]\n")).toEqual({
      helm: { parameters: [{ name: "a", value: "b" }] },
    });
  });

  it.each([
    ["a key within a key, four hundred times", "? ".repeat(400), "a key is no plain text"],
    ["a key that is an alias", "a: &x [1]\n? *x\n: 1\n", "a key is no plain text"],
    ["a key that is there twice", "helm: {}\nhelm: {}\n", "the key helm is there twice"],
    ["a text that is no YAML", "a: [", ".argocd-source.yaml: not YAML (line 1)"],
  ])("is refused at once for %s", (_what, text, message) => {
    expect(() => parse(text)).toThrow(message);
  });

  it("does not stop the controller with as many keys as it has room for", { timeout: 30_000 }, () => {
    const started = performance.now();
    parse(Array.from({ length: 20_000 }, (_, i) => `k${i}: x`).join("\n"));
    expect(performance.now() - started).toBeLessThan(9_000);
  });
});
