import { describe, expect, it } from "vitest";
import type { Application } from "../application-query.ts";
import { automationPatch, explainSwitch, isOn } from "./automation-change.ts";

type Automated = NonNullable<NonNullable<Application["spec"]>["syncPolicy"]>["automated"];

const app = (automated?: Automated, status: Application["status"] = {}): Application => ({
  spec: { syncPolicy: automated === undefined ? {} : { automated } },
  status,
});

const change = (automated: object) => ({ spec: { syncPolicy: { automated } } });

describe("automation", () => {
  it("is turned off without losing its settings, and on again with them", () => {
    expect(automationPatch(app({ prune: true }), "automated", false)).toEqual(change({ enabled: false }));
    expect(automationPatch(app({ prune: true, enabled: false }), "automated", true)).toEqual(
      change({ enabled: null }),
    );
    expect(automationPatch(app(), "automated", true)).toEqual(change({}));
  });

  it("is on unless it is missing or switched off", () => {
    expect(isOn(app({}), "automated")).toBe(true);
    expect(isOn(app({ enabled: false }), "automated")).toBe(false);
    expect(isOn(app(), "automated")).toBe(false);
    expect(isOn(app({ prune: true }), "prune")).toBe(true);
  });

  it("says what would be deleted at once", () => {
    const resources = [{ requiresPruning: true }, { requiresPruning: true }, {}];
    expect(explainSwitch(app({}, { resources }), "prune").effect).toContain("2 objects are deleted at once");
    expect(explainSwitch(app({ prune: true }, { resources }), "prune").title).toBe(
      "Turn automated prune off",
    );
  });
});
