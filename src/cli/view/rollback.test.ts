import { describe, expect, it } from "vitest";
import type { Application } from "#core/app/index.ts";
import { noteOnEntry, rollbackRows } from "./rollback.ts";
import { sampleApp } from "./testdata/sample-app.ts";

const hold = {
  revisions: ["c".repeat(40)],
  sources: "digest",
  to: { id: 4, revisions: ["b".repeat(40)] },
  since: "2026-11-23T20:30:12Z",
  reason: "it is Degraded",
  state: "done",
};
const held = {
  "mooring.dev/rollback-on-failure": "all",
  "mooring.dev/last-healthy": JSON.stringify({ id: 3, revisions: ["a".repeat(40)] }),
  "mooring.dev/rollback-hold": JSON.stringify(hold),
};

function appWith(annotations: Readonly<Record<string, string>>): Application {
  return sampleApp({ metadata: { name: "web", namespace: "argocd", annotations } });
}

describe("app get", () => {
  it("says what is rolled back, what is held, and how to lift that", () => {
    expect(rollbackRows(appWith(held))).toEqual([
      ["Rollback:", "on failure, after 10m, of manual syncs, too"],
      [
        "Held:",
        "ccccccc since 2026-11-23 20:30:12 +0000 UTC, rolled back to bbbbbbb (lift: mooring app resume web)",
      ],
    ]);
  });

  it("says so when nobody can read what is held, and nothing where nothing is", () => {
    expect(rollbackRows(appWith({ "mooring.dev/rollback-hold": "{" }))).toEqual([
      ["Held:", "annotation mooring.dev/rollback-hold cannot be read"],
    ]);
    expect(rollbackRows(sampleApp())).toEqual([]);
  });
});

it("app history marks the deployment that was healthy last, and the one that is kept to", () => {
  const notes = (app: Application) => app.status?.history?.map((entry) => noteOnEntry(app, entry));
  expect(notes(appWith(held))).toEqual(["last healthy", "kept to"]);
  expect(notes(sampleApp())).toEqual(["", ""]);
});
