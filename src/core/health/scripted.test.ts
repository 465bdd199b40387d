import { describe, expect, it } from "vitest";
import type { JsonValue } from "#core/object/index.ts";
import { readScriptedHealth } from "./index.ts";

const read = (...values: JsonValue[]) => readScriptedHealth(values, "X");
const unknown = (problem: string) => ({ status: "Unknown", message: `health script X: ${problem}` });

describe("what a health script returns", () => {
  it("is a status and a message", () => {
    expect(read({ status: "Degraded", message: "no disk" })).toEqual({
      status: "Degraded",
      message: "no disk",
    });
    expect(read({ status: "Healthy", message: "" })).toEqual({ status: "Healthy" });
    expect(read({ Status: "Healthy", Message: "fine" })).toEqual({ status: "Healthy", message: "fine" });
  });

  it("counts by its last value, as in Argo CD", () => {
    expect(read({ status: "Degraded" }, { status: "Healthy" })).toEqual({ status: "Healthy" });
  });

  it("may be nothing, and then the object has no health", () => {
    expect([read(), read(null), read([])]).toEqual([undefined, undefined, undefined]);
  });

  it("is Unknown when it is no health, and says why", () => {
    const statuses = "Healthy, Suspended, Progressing, Missing, Degraded, Unknown";
    expect(read({ status: "Great" })).toEqual(unknown(`its status is "Great"; return one of ${statuses}`));
    expect(read({ message: "x" })).toEqual(unknown(`its status is ""; return one of ${statuses}`));
    expect(read({ status: {} })).toEqual(unknown(`its status is a table; return one of ${statuses}`));
    expect(read({ status: "Healthy", message: 1 })).toEqual(
      unknown("its message is a number; return a text"),
    );
    expect(read("Healthy")).toEqual(unknown("it returns a string; return a table with status and message"));
    expect(read([1])).toEqual(unknown("it returns a list; return a table with status and message"));
  });

  it("is cut when it is long", () => {
    expect(read({ status: "Healthy", message: "x".repeat(5000) })?.message).toHaveLength(4096);
  });
});
