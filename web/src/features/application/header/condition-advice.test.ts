import { describe, expect, it } from "vitest";
import { conditionsOf } from "./condition-advice.ts";

const app = (types: readonly string[]) => ({
  metadata: { name: "web", namespace: "argocd" },
  status: { conditions: types.map((type) => ({ type, message: `Application/argocd/web: ${type}` })) },
});

describe("the conditions of an application", () => {
  it("come with errors first, and without the name that the page says already", () => {
    const shown = conditionsOf(app(["ApprovalRequired", "OrphanedResourceWarning", "ComparisonError"]));
    expect(shown.map(({ tone, message }) => [tone, message])).toEqual([
      ["bad", "ComparisonError"],
      ["warn", "OrphanedResourceWarning"],
      ["paused", "ApprovalRequired"],
    ]);
  });

  it("say what to do about each type that there is", () => {
    // The types of src/core/app/conditions.ts.
    const types = [
      "DeletionError",
      "InvalidSpecError",
      "ComparisonError",
      "SyncError",
      "UnknownError",
      "SharedResourceWarning",
      "RepeatedResourceWarning",
      "ExcludedResourceWarning",
      "OrphanedResourceWarning",
      "UnsupportedFieldWarning",
      "DeletionWarning",
      "SyncWindowWarning",
      "SelfHealWarning",
      "GlobalProjectWarning",
      "RollbackWarning",
      "ApprovalRequired",
      "PromotionRequired",
      "DependencyError",
      "DependencyWarning",
      "LeftBehindWarning",
    ];
    expect(conditionsOf(app(types)).filter(({ advice, title }) => advice === "" || title === "")).toEqual([]);
    expect(conditionsOf(app(types))).toHaveLength(types.length);
  });

  it("of an application that waits for a promotion say what that waits for, and no command", () => {
    const message =
      "Application/argocd/web: 1a2b3c4 was let through by no Promotion yet; Promotion shop-prod-1a2b3c4 is Waiting: 0 of 1 approvals; see it with: mooring promotion get shop-prod-1a2b3c4";
    const conditions = [{ type: "PromotionRequired", message }];
    expect(conditionsOf({ ...app([]), status: { conditions } })[0]).toMatchObject({
      message:
        "1a2b3c4 was let through by no Promotion yet; Promotion shop-prod-1a2b3c4 is Waiting: 0 of 1 approvals",
      remedy: "promotion",
    });
  });

  it("of a type that nobody knows show the type", () => {
    expect(conditionsOf(app(["NewError"]))[0]).toMatchObject({ title: "NewError", tone: "bad", advice: "" });
  });
});
