import { describe, expect, it } from "vitest";
import { clusterChange, clusterFormOf, clusterProblem, isRegistered } from "./cluster-form.ts";

const cluster = {
  server: "https://eu",
  name: "eu",
  namespaces: ["shop"],
  labels: { "argocd.argoproj.io/secret-type": "cluster", tier: "prod" },
};
const form = clusterFormOf(cluster);

describe("a change of a cluster", () => {
  it("names the fields that differ, and no others", () => {
    expect(clusterChange(cluster, { ...form, name: " europe ", namespaces: ["shop", " data", ""] })).toEqual({
      cluster: { server: "https://eu", name: "europe", namespaces: ["shop", "data"] },
      updatedFields: ["name", "namespaces"],
    });
    const labels = [
      { key: "tier", value: "test" },
      { key: "", value: "" },
    ];
    expect(
      clusterChange(cluster, { ...form, labels, shard: "2", clusterResources: true, project: "shop" }),
    ).toEqual({
      cluster: {
        server: "https://eu",
        labels: { tier: "test" },
        shard: 2,
        clusterResources: true,
        project: "shop",
      },
      updatedFields: ["clusterResources", "project", "shard", "labels"],
    });
  });

  it("takes away what is emptied", () => {
    expect(clusterChange(cluster, { ...form, namespaces: [], labels: [] })).toEqual({
      cluster: { server: "https://eu", namespaces: [], labels: {} },
      updatedFields: ["namespaces", "labels"],
    });
  });

  it.each([
    [{}, "Nothing was changed."],
    [{ name: " " }, "Give it a name."],
    [{ shard: "one" }, "The shard must be a number."],
    [
      {
        labels: [
          { key: "a", value: "1" },
          { key: "a ", value: "2" },
        ],
      },
      "The label a is there twice.",
    ],
    [{ labels: [{ key: "a b", value: "" }] }, "a b= is no label."],
    [{ labels: [{ key: "a/b/c", value: "" }] }, "a/b/c= is no label."],
    [{ labels: [{ key: "", value: "x" }] }, "=x is no label."],
    [{ labels: [{ key: "example.com/tier", value: "prod" }] }, undefined],
  ])("says what is wrong: %j", (change, problem) => {
    expect(clusterProblem(cluster, { ...form, ...change })).toBe(problem);
  });
});

it("knows the cluster that has no Secret", () => {
  expect(isRegistered(cluster)).toBe(true);
  expect(isRegistered({ server: "https://kubernetes.default.svc", name: "in-cluster" })).toBe(false);
});
