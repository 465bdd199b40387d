import { expect, it } from "vitest";
import { resourcesOf } from "../testing.ts";
import { groupPods, isPod, podRows } from "./group-pods.ts";

const on = (node: string) => ({ info: [{ name: "Node", value: node }] });
const all = resourcesOf([
  { kind: "Deployment", name: "web" },
  { kind: "ReplicaSet", name: "web-a", owner: "Deployment/web" },
  { kind: "Pod", name: "web-10", owner: "ReplicaSet/web-a", node: on("n2") },
  { kind: "Pod", name: "web-9", owner: "ReplicaSet/web-a", node: on("n1") },
  { kind: "Pod", name: "alone" },
]);
const pods = all.filter((one) => isPod(one));
const told = (by: "owner" | "node") =>
  groupPods(all, pods, by).map(({ title, pods: members }) => [title, ...members.map(({ name }) => name)]);

it("groupPods puts Pods to what they belong to in the end", () => {
  expect(told("owner")).toEqual([
    ["Deployment web", "web-9", "web-10"],
    ["Pods of their own", "alone"],
  ]);
});

it("groupPods puts Pods to their node, those that have none last", () => {
  expect(told("node")).toEqual([
    ["n1", "web-9"],
    ["n2", "web-10"],
    ["On no node yet", "alone"],
  ]);
});

it("podRows breaks groups into lines", () => {
  const rows = podRows(groupPods(all, pods, "owner"), 1);
  expect(rows.map((row) => (row.look === "title" ? row.group.title : row.pods.length))).toEqual([
    "Deployment web",
    1,
    1,
    "Pods of their own",
    1,
  ]);
});
