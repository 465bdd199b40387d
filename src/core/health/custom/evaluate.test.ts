import { describe, expect, it } from "vitest";
import type { JsonObject } from "#core/object/index.ts";
import { Fields } from "../fields.ts";
import type { Health } from "../health.ts";
import { checkOfRow } from "./evaluate.ts";
import { parseTest } from "./parse-test.ts";
import type { TestedRow } from "./rule.ts";

const covered = { groups: "example.com", kinds: "Widget" };

function judge(row: Omit<TestedRow, "groups" | "kinds">, object: JsonObject): Health | undefined {
  return checkOfRow({ ...covered, ...row })(new Fields(object));
}

function condition(type: string, status: string, more: JsonObject = {}): JsonObject {
  return { status: { conditions: [{ type, status, ...more }] } };
}

const ready = { Degraded: "Ready=False(!Creating)", Healthy: "Ready=True" };

describe("a test of a condition", () => {
  it("decides by status and says the condition's message, else its reason", () => {
    expect(judge(ready, condition("Ready", "True", { reason: "Up", message: "all is well" }))).toEqual({
      status: "Healthy",
      message: "all is well",
    });
    expect(judge(ready, condition("Ready", "False", { reason: "Broken" }))).toEqual({
      status: "Degraded",
      message: "Broken",
    });
  });

  it("leaves the reasons that it excepts to what comes after, with what the condition says", () => {
    expect(judge(ready, condition("Ready", "False", { reason: "Creating" }))).toEqual({
      status: "Progressing",
      message: "Creating",
    });
  });

  it("passes over a condition of an earlier generation", () => {
    const stale = condition("Ready", "True", { observedGeneration: 2 });
    expect(judge(ready, { metadata: { generation: 3 }, ...stale })).toEqual({
      status: "Progressing",
      message: "Waiting for condition Ready",
    });
    expect(judge(ready, { metadata: { generation: 2 }, ...stale })?.status).toBe("Healthy");
  });

  it("reads a status that is written as a boolean", () => {
    const object = { status: { conditions: [{ type: "Ready", status: true }] } };
    expect(judge(ready, object)?.status).toBe("Healthy");
  });

  it("finds any condition by a star", () => {
    const row = { Degraded: "*=False", Healthy: "*=True" };
    expect(judge(row, condition("Synchronized", "False"))?.status).toBe("Degraded");
    expect(judge(row, condition("Synchronized", "True"))?.status).toBe("Healthy");
  });
});

describe("a test of a field", () => {
  const row = {
    Suspended: ".spec.suspend=true",
    Degraded: ".status.phase=Failed & !.status.retrying",
    Healthy: ".status.phase!=Failed|Pending or .status.ready",
    message: ".status.reason .status.messages",
  };

  it("compares values in any case, and says the row's words or the value", () => {
    expect(judge(row, { status: { phase: "FAILED", reason: "no disk" } })).toEqual({
      status: "Degraded",
      message: "no disk",
    });
    expect(judge(row, { status: { phase: "Running" } })).toEqual({
      status: "Healthy",
      message: "status.phase is Running",
    });
    expect(judge(row, { status: { phase: "failed", messages: ["a", "b"] } })?.message).toBe("a; b");
  });

  it("holds when it is not empty, and not with a negation in front", () => {
    expect(judge(row, { status: { phase: "Failed", retrying: true } })).toEqual({
      status: "Progressing",
      message: "status.phase is Failed",
    });
    expect(judge(row, { status: { ready: 2 } })?.status).toBe("Healthy");
  });

  it("waits for the field that is not there", () => {
    expect(judge({ Healthy: ".status.phase=Ready" }, {})).toEqual({
      status: "Progressing",
      message: "Waiting for status.phase",
    });
  });

  it("takes a value that is a sentence", () => {
    const sentence = "Cluster has incomplete or invalid image catalog";
    expect(judge({ Degraded: `.status.phase=${sentence}` }, { status: { phase: sentence } })?.status).toBe(
      "Degraded",
    );
  });
});

describe("a row", () => {
  it("is Progressing while the status is about an earlier spec, unless the spec itself suspends", () => {
    const behind = { metadata: { generation: 4 }, status: { observedGeneration: 3, phase: "Ready" } };
    const row = { Suspended: ".spec.paused=true", Healthy: ".status.phase=Ready" };
    expect(judge(row, behind)).toEqual({
      status: "Progressing",
      message: "Waiting for generation 4 to be observed",
    });
    expect(judge(row, { ...behind, spec: { paused: true } })?.status).toBe("Suspended");
  });

  it.each([["4f9c2"], [-1], [0], ["04"]])(
    "takes an observed generation of %j as none",
    (observedGeneration) => {
      const object = { metadata: { generation: 4 }, status: { observedGeneration, phase: "Ready" } };
      expect(judge({ Healthy: ".status.phase=Ready" }, object)?.status).toBe("Healthy");
    },
  );

  it("may leave the Application's health alone when nothing holds", () => {
    expect(judge({ ...ready, otherwise: "nothing" }, {})).toBeUndefined();
    expect(judge({ ...ready, otherwise: "Healthy" }, {})).toEqual({ status: "Healthy" });
    expect(judge({ otherwise: "Progressing" }, {})).toEqual({
      status: "Progressing",
      message: "Waiting for status",
    });
  });

  it("tries the worst news first", () => {
    const object = {
      status: {
        conditions: [
          { type: "Ready", status: "True" },
          { type: "Failed", status: "True" },
        ],
      },
    };
    expect(judge({ Healthy: "Ready=True", Degraded: "Failed=True" }, object)?.status).toBe("Degraded");
  });
});

it.each(["Ready", "Ready=Maybe", ".status phase=x", "Ready=False(", "Ready=True and Failed=True", ""])(
  "refuses %j, which is no test",
  (text) => {
    expect(() => parseTest(text)).toThrow("is no test");
  },
);
