import { describe, expect, it } from "vitest";
import { deletionRequest, deletions, explainDeletion } from "./delete-choices.ts";

describe("deleting an application", () => {
  it("says how many objects go with it, or go on without it; hooks do not count", () => {
    const app = { status: { resources: [{ name: "a" }, { name: "b" }, { name: "c", hook: true }] } };
    expect(explainDeletion(app, "foreground").hint).toContain("Deletes 2 objects that it deployed");
    expect(explainDeletion(app, "keep").hint).toContain("2 objects go on running");
    const one = { status: { resources: [{ name: "a" }] } };
    expect(explainDeletion(one, "keep").hint).toContain("the object goes on running");
    expect(explainDeletion({}, "keep").hint).toBe("Only the application goes.");
  });

  it("asks the server for what was chosen", () => {
    expect(deletions.map((one) => deletionRequest(one))).toEqual([
      { cascade: true, propagationPolicy: "foreground" },
      { cascade: true, propagationPolicy: "background" },
      { cascade: false },
    ]);
  });
});
