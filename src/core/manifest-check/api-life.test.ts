import { describe, expect, it } from "vitest";
import { apiLife } from "./api-life.ts";

describe("apiLife", () => {
  it.each([
    ["policy/v1beta1", "PodDisruptionBudget", 20, undefined],
    ["policy/v1beta1", "PodDisruptionBudget", 21, "deprecated"],
    ["policy/v1beta1", "PodDisruptionBudget", 24, "deprecated"],
    ["policy/v1beta1", "PodDisruptionBudget", 25, "removed"],
    ["flowcontrol.apiserver.k8s.io/v1beta3", "FlowSchema", 31, "deprecated"],
    ["flowcontrol.apiserver.k8s.io/v1beta3", "FlowSchema", 32, "removed"],
    ["apps/v1", "Deployment", 99, undefined],
    ["extensions/v1beta1", "Widget", 99, undefined],
    ["constructor", "toString", 99, undefined],
  ])("of %s %s in 1.%i is %s", (...[apiVersion, kind, minor, state]) => {
    expect(apiLife(apiVersion, kind, minor)?.state).toBe(state);
  });
});
