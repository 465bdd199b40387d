import { expect, it } from "vitest";
import { objectKey } from "#core/object/index.ts";
import type { ActionResult } from "#engine/plan-run.ts";
import { formatReportLine, lineFor } from "./report.ts";

const key = objectKey({ group: "apps", kind: "Deployment", namespace: "shop", name: "web" });
const result = (parts: Partial<ActionResult>): ActionResult => ({
  key,
  version: "v1",
  phase: "Sync",
  result: { code: "Synced", message: "deployment.apps/web configured" },
  hookPhase: undefined,
  ...parts,
});
const say = (parts: Partial<ActionResult>, home = "shop") =>
  formatReportLine(lineFor(result(parts), new Map([[key, "web/a.yaml#2"]])), home);

it("an object's line says what was done, and where it is not the application's namespace", () => {
  expect(say({})).toBe("deployment.apps/web configured");
  expect(say({}, "other")).toBe("deployment.apps/web in namespace shop configured");
  expect(say({ result: { code: "Pruned", message: "pruned" } })).toBe("deployment.apps/web pruned");
  expect(say({ result: { code: "SyncFailed", message: "is\ninvalid" } })).toBe(
    "deployment.apps/web failed: is invalid",
  );
});

it("a hook's line follows it to its end", () => {
  expect(say({ hookPhase: "Running" })).toBe("deployment.apps/web configured");
  expect(say({ hookPhase: "Succeeded" })).toBe("deployment.apps/web succeeded: configured");
  const failed = lineFor(result({ hookPhase: "Failed" }), new Map());
  expect(failed).toMatchObject({ outcome: "failed", message: "failed: configured", file: "" });
});

it("an object's line names the file that it comes from", () => {
  const line = lineFor(result({}), new Map([[key, "web/a.yaml#2"]]));
  expect(line).toMatchObject({ file: "web/a.yaml", origin: "web/a.yaml#2" });
});
