import { describe, expect, it } from "vitest";
import { firstChoice } from "./choice.ts";
import { actionLabel, doesSomething, formatChanges } from "./counts.ts";
import type { MadePlan } from "./plan-steps.ts";
import { rowsOf, stepsOf } from "./plan-steps.ts";

const object = (name: string, kind = "ConfigMap") => ({ group: "", kind, namespace: "shop", name });

const plan: MadePlan = {
  waves: [
    {
      phase: "PreSync",
      step: "apply",
      wave: -1,
      actions: [{ ...object("migrate", "Job"), verb: "apply", because: "hook", hook: true, mode: "create" }],
      waitsFor: [{ ...object("migrate", "Job"), until: "healthy" }],
    },
    {
      phase: "Sync",
      step: "apply",
      wave: 0,
      actions: [
        { ...object("new"), verb: "apply", because: "missing", mode: "apply" },
        {
          ...object("old"),
          verb: "apply",
          because: "drift",
          mode: "replace",
          force: true,
          fields: ["data.a", "data.b", "data.c", "data.d"],
        },
        { ...object("same"), verb: "skip", because: "unchanged", message: "unchanged" },
      ],
      waitsFor: [object("a"), object("b"), object("c")].map((one) => ({ ...one, until: "healthy" })),
    },
    {
      phase: "Sync",
      step: "prune",
      wave: 0,
      actions: [{ ...object("gone"), verb: "prune", needsConfirmation: true }],
      waitsFor: [{ ...object("gone"), until: "gone" }],
    },
  ],
  skipped: [
    {
      ...object("kept"),
      verb: "skip",
      because: "prune-not-requested",
      message: "ignored (requires pruning)",
    },
    { ...object("theirs"), verb: "skip", because: "owned-by-other", message: "belongs to application shop" },
    { ...object("cleanup"), verb: "skip", because: "hook-of-deletion", message: "runs later" },
    { ...object("other"), verb: "skip", because: "not-selected", message: "not selected" },
  ],
};

describe("stepsOf", () => {
  it("tells the plan in its order: what becomes of each object, why, and what is waited for", () => {
    const lines = stepsOf(plan).flatMap(({ title, rows, waits }) => [
      title,
      ...rows.map(
        ({ change, kind, name, note }) => `  ${change} ${kind} ${name}${note === "" ? "" : ` (${note})`}`,
      ),
      ...(waits === "" ? [] : [`  ${waits}`]),
    ]);
    expect(lines).toEqual([
      "Before the sync, wave -1",
      "  run Job migrate",
      "  Then it waits until Job migrate is healthy.",
      "Sync, wave 0",
      "  create ConfigMap new",
      "  change ConfigMap old (data.a, data.b, data.c and 1 more · deleted and created again)",
      "  same ConfigMap same",
      "  Then it waits until ConfigMap a, ConfigMap b and 1 more are healthy.",
      "Prune, wave 0",
      "  prune ConfigMap gone",
      "  Then it waits until ConfigMap gone is gone.",
      "Left alone",
      "  keep ConfigMap kept (Git does not have it; it stays, because prune is off)",
      "  keep ConfigMap theirs (belongs to application shop)",
      "  skip ConfigMap cleanup (runs later)",
    ]);
  });

  it("marks what is deleted only after somebody's word", () => {
    const confirmed = rowsOf(stepsOf(plan)).filter(({ isConfirmed }) => isConfirmed);
    expect(confirmed.map(({ key }) => key)).toEqual(["/ConfigMap/shop/gone"]);
  });

  it("is counted, and says on the button what is deleted", () => {
    const rows = rowsOf(stepsOf(plan));
    expect(formatChanges(rows)).toBe(
      "1 to create, 1 to change, 1 to delete, 1 to run as a hook, 2 kept, 1 as Git says.",
    );
    const choice = firstChoice({});
    expect(actionLabel(choice, rows)).toBe("Sync and delete 1 object");
    expect(actionLabel({ ...choice, dryRun: true }, rows)).toContain("without changing anything");
    expect(doesSomething(rows)).toBe(true);
    expect(doesSomething(rows.filter(({ change }) => change === "same" || change === "keep"))).toBe(false);
  });
});
