import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import type { JsonObject } from "../manifest/json.ts";
import type { DiffRow, Sides } from "./diff-rows.ts";
import { diffRows } from "./diff-rows.ts";

function sides(
  live: JsonObject | undefined,
  predicted: JsonObject | undefined,
  more: Partial<Sides> = {},
): Sides {
  return { live, predicted, normalized: live, desired: predicted, isSynced: false, ...more };
}

/** Only what differs, as one reads it. */
function told(rows: readonly DiffRow[]): readonly string[] {
  return rows
    .filter(({ change }) => change !== "same")
    .map(({ change, left, right }) => `${change}: ${left?.trim() ?? "-"} → ${right?.trim() ?? "-"}`);
}

function textOf(rows: readonly DiffRow[], side: "left" | "right"): string {
  return rows
    .map((row) => row[side])
    .filter((line) => line !== undefined)
    .join("\n");
}

const container = (name: string, image: string, more: JsonObject = {}): JsonObject => ({
  name,
  image,
  ...more,
});
const deployment = (spec: JsonObject): JsonObject => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "web" },
  spec,
});

describe("diffRows", () => {
  it("puts the same field of both sides beside each other", () => {
    const rows = diffRows(
      sides(
        deployment({ replicas: 2, containers: [container("web", "web:1"), container("log", "log:1")] }),
        deployment({
          replicas: 3,
          containers: [container("log", "log:1"), container("web", "web:2")],
          paused: true,
        }),
      ),
    );
    expect(told(rows)).toEqual([
      "changed: image: web:1 → image: web:2",
      "added: - → paused: true",
      "changed: replicas: 2 → replicas: 3",
    ]);
    expect(rows.find(({ right }) => right?.includes("web:2"))?.path).toBe("spec.containers[0].image");
  });

  it("writes YAML on both sides that reads as what it was made from", () => {
    const live = deployment({
      replicas: 2,
      empty: {},
      none: [],
      containers: [
        container("web", "web:1", { args: ["-v", "yes", "1.0"], env: [{ name: "A", value: "" }] }),
      ],
      text: "one\n  two\n\nthree\n",
      cut: "one\ntwo",
      odd: { "a: b": "# no", "": null, "1": "true", date: "2026-01-31", "x#y": "- z", é: "é:" },
    });
    const predicted = deployment({
      containers: [container("web", "web:2", { env: [{ name: "B", value: "x" }], args: ["-v", "no"] })],
      text: "one\n  2\n\nthree\n",
      none: ["now"],
      cut: 5,
      odd: { nested: [["a", ["b"]], [{ c: "d", e: "f" }]] },
    });
    const rows = diffRows(sides(live, predicted));
    expect(parse(textOf(rows, "left"))).toEqual(live);
    expect(parse(textOf(rows, "right"))).toEqual(predicted);
  });

  it("compares a text of several lines by line", () => {
    const config = (text: string): JsonObject => ({ kind: "ConfigMap", data: { "a.conf": text } });
    const rows = diffRows(sides(config("one\ntwo\nthree\n"), config("one\n2\nthree\nfour\n")));
    expect(told(rows)).toEqual(["changed: two → 2", "added: - → four"]);
  });

  it("shows what is ignored as ignored, with what Git says of it", () => {
    const rows = diffRows(
      sides(deployment({ replicas: 5, paused: false }), deployment({ paused: true }), {
        normalized: deployment({ paused: false }),
        desired: deployment({ replicas: 2, paused: true }),
      }),
    );
    expect(told(rows)).toEqual([
      "changed: paused: false → paused: true",
      "ignored: replicas: 5 → replicas: 2",
    ]);
  });

  it("counts nothing as a change in what is in sync, and still shows where Git says it in other words", () => {
    const live = deployment({ replicas: 5, strategy: { type: "RollingUpdate" }, cpu: "1" });
    const rows = diffRows(
      sides(live, live, { desired: deployment({ replicas: 2, cpu: "1000m" }), isSynced: true }),
    );
    expect(told(rows)).toEqual(['ignored: cpu: "1" → cpu: 1000m', "ignored: replicas: 5 → replicas: 2"]);
  });

  it("shows all of what would be created or pruned", () => {
    const config: JsonObject = { kind: "ConfigMap", data: { a: "b" } };
    const created = ["added: - → kind: ConfigMap", "added: - → data:", "added: - → a: b"];
    expect(told(diffRows(sides(undefined, config)))).toEqual(created);
    expect(told(diffRows(sides(config, undefined)))).toEqual([
      "removed: kind: ConfigMap → -",
      "removed: data: → -",
      "removed: a: b → -",
    ]);
  });
});
