import { describe, expect, it } from "vitest";
import type { JsonObject } from "#core/object/index.ts";
import type { HealthExpressions } from "#core/settings/index.ts";
import { expressionProblems, runExpressions } from "./health-expressions.ts";

const name = "mooring.health.example.com_Widget";
const checkOf = (expressions: HealthExpressions["expressions"]): HealthExpressions => ({
  language: "cel",
  name,
  expressions,
});

function widget(fields: JsonObject): JsonObject {
  return {
    apiVersion: "example.com/v1",
    kind: "Widget",
    ...fields,
    metadata: { name: "one", generation: 2 },
  };
}

function judge(expressions: HealthExpressions["expressions"], fields: JsonObject) {
  const outcome = runExpressions(checkOf(expressions), widget(fields));
  return outcome.ok ? outcome.health : outcome.message;
}

const isTrue = (type: string) => `status.conditions.exists(c, c.type == '${type}' && c.status == 'True')`;
const byConditions = {
  suspended: "spec.paused",
  inProgress: isTrue("Reconciling"),
  failed: isTrue("Stalled"),
  current: isTrue("Ready"),
  message: "status.conditions.filter(c, c.status == 'True')[0].message",
};
const condition = (type: string) => ({ conditions: [{ type, status: "True", message: `is ${type}` }] });

describe("health expressions", () => {
  it.each<[JsonObject, JsonObject]>([
    [{ status: condition("Ready") }, { status: "Healthy", message: "is Ready" }],
    [{ status: condition("Stalled") }, { status: "Degraded", message: "is Stalled" }],
    [{ status: condition("Reconciling") }, { status: "Progressing", message: "is Reconciling" }],
    [{ spec: { paused: true } }, { status: "Suspended" }],
    [{ status: { conditions: [] } }, { status: "Progressing" }],
    [{}, { status: "Progressing" }],
    [
      { status: { ...condition("Ready"), observedGeneration: 1 } },
      { status: "Progressing", message: "is Ready" },
    ],
    [
      { status: { ...condition("Ready"), observedGeneration: 2 } },
      { status: "Healthy", message: "is Ready" },
    ],
  ])("give the first state that is true: %j is %j", (fields, health) => {
    expect(judge(byConditions, fields)).toEqual(health);
  });

  it.each<[expression: string, fields: JsonObject]>([
    ["status.replicas == spec.replicas", { spec: { replicas: 3 }, status: { replicas: 3 } }],
    ["status.share > 0.5", { status: { share: 0.75 } }],
    ["metadata.name == 'one' && kind == 'Widget'", {}],
    ["self.extra.a", { extra: { a: true } }],
    ["status.?phase.orValue('Ready') == 'Ready'", {}],
    ["status['a.b/c'] == 'x'", { status: { "a.b/c": "x" } }],
    ["status.name.matches('^w-[0-9]+$')", { status: { name: "w-12" } }],
    ["quantity(status.size).isGreaterThan(quantity('1Gi'))", { status: { size: "2Gi" } }],
  ])("see the object's fields as Kubernetes' own expressions do: %s", (current, fields) => {
    expect(judge({ current }, fields)).toEqual({ status: "Healthy" });
  });

  it.each([
    ["status.ready ==", "current: Unexpected token: EOF, at character 16"],
    [
      "statuss.ready",
      "current: Unknown variable: statuss, at character 1; there are apiVersion, kind, metadata, spec, status, data, self",
    ],
    ["kind == 3", "current: no such overload: string == int, at character 1"],
    ["'ready'", "current: it gives a value of type string; write one that gives true or false"],
    ["readyy(status)", "current: found no matching overload for 'readyy(dyn)', at character 1"],
    ["true || ".repeat(4_000), "current: it is 32000 characters long; write at most 16384"],
  ])("that are wrong are told before they run: %s", (current, problem) => {
    const check = checkOf({ current });
    expect(expressionProblems({ exact: { a: check }, wildcards: [] })).toEqual([`${name}: ${problem}`]);
    expect(judge({ current }, {})).toBe(problem);
  });

  it("may turn out to be of another type when they run", () => {
    expect(judge({ current: "status.ready" }, { status: { ready: "yes" } })).toBe(
      "current: it gives neither true nor false",
    );
    const current = "true";
    expect(judge({ current, message: "status.count" }, { status: { count: 3 } })).toBe(
      "message: it gives no text",
    );
    expect(judge({ current: "int(status.size) > 3" }, { status: { size: "many" } })).toContain("current: ");
  });

  it("that loop within loops for minutes are stopped, and the next ones run", () => {
    const list = "status.l";
    const nested = ["a", "b", "c", "d", "e"].reduceRight(
      (inner, variable) => `${list}.all(${variable}, ${inner})`,
      "a + b + c + d + e >= 0",
    );
    const started = performance.now();
    const status = { l: Array.from({ length: 100 }, (_, i) => i) };
    expect(runExpressions(checkOf({ current: nested }), widget({ status }))).toEqual({
      ok: false,
      message: "it took longer than 200 ms and was stopped; write fewer loops within loops",
      late: true,
    });
    expect(performance.now() - started).toBeLessThan(5_000);
    expect(judge({ current: nested }, { status: { l: [1, 2] } })).toEqual({ status: "Healthy" });
  });
});
