import { describe, expect, it } from "vitest";
import { hasOption, withAutomated, withOption } from "./policy.ts";

describe("how a new application gets to its cluster", () => {
  it("is by hand when nothing is automated, and leaves no empty block", () => {
    const on = withAutomated({ spec: { project: "x" } }, {});
    expect(on.spec).toEqual({ project: "x", syncPolicy: { automated: {} } });
    expect(withAutomated(on, undefined).spec).toEqual({ project: "x" });
  });

  it("has options that are set once, whatever they said before", () => {
    const given = { spec: { syncPolicy: { syncOptions: ["Replace=false", "Validate=false"] } } };
    const on = withOption(given, "Replace", true);
    expect(on.spec?.syncPolicy?.syncOptions).toEqual(["Validate=false", "Replace=true"]);
    expect(hasOption(on, "Replace")).toBe(true);
    expect(withOption({ spec: { syncPolicy: { syncOptions: ["A=true"] } } }, "A", false)).toEqual({
      spec: {},
    });
  });
});
