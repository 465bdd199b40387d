import { expect, it } from "vitest";
import type { Gate, GateState } from "#core/promotion/index.ts";
import { toldBefore } from "./evaluate-gates.ts";

const gateOf = (kind: Gate["kind"]): Gate => ({ name: "check", kind, timeoutMs: 1_000, spec: {} });
const digest = "sha256:now";

function stateOf(kind: Gate["kind"], of?: string): GateState {
  return { name: "check", kind, state: "Passed", ...(of === undefined ? {} : { digest: of }) };
}

it.for(["webhook", "prometheus", "job"] as const)(
  "a %s gate that another plan passed is asked again, and not as long as the plan is the same",
  (kind) => {
    const told = (of?: string) => toldBefore(gateOf(kind), { known: [stateOf(kind, of)], digest });
    expect(told("sha256:before")).toBeUndefined();
    expect(told()).toBeUndefined();
    expect(told(digest)).toMatchObject({ state: "Passed" });
  },
);

it("a gate that is no matter of the plan goes on where it was", () => {
  const known = [stateOf("window")];
  expect(toldBefore(gateOf("window"), { known, digest })).toMatchObject({ state: "Passed" });
});
