import { expect, it } from "vitest";
import { describeResources } from "../../application/resources/describe-resources.ts";
import { containersOf, highlightParts, logRequest } from "./log-options.ts";

const application = { name: "web", namespace: "argocd" };
const options = {
  pod: "",
  container: "",
  isFollowed: true,
  isPrevious: false,
  sinceSeconds: 0,
  tailLines: 500,
};
const [pod, deployment] = describeResources(
  {
    nodes: [
      { kind: "Pod", version: "v1", namespace: "shop", name: "web-1" },
      { group: "apps", kind: "Deployment", version: "v1", namespace: "shop", name: "web" },
    ],
  },
  [],
);
if (pod === undefined || deployment === undefined) throw new Error("not described");

it("logRequest asks for all Pods by what they belong to, and for one by its name", () => {
  const common = { name: "web", appNamespace: "argocd", namespace: "shop", tailLines: 500, follow: true };
  expect(logRequest({ application, resource: deployment, options })).toEqual({
    ...common,
    group: "apps",
    kind: "Deployment",
    resourceName: "web",
  });
  expect(logRequest({ application, resource: deployment, options: { ...options, pod: "web-1" } })).toEqual({
    ...common,
    podName: "web-1",
  });
  expect(logRequest({ application, resource: pod, options })).toEqual({ ...common, podName: "web-1" });
});

it("logRequest does not follow a run that has ended", () => {
  const asked = { ...options, isPrevious: true, sinceSeconds: 60, container: "c" };
  expect(logRequest({ application, resource: pod, options: asked })).toMatchObject({
    follow: false,
    previous: true,
    sinceSeconds: 60,
    container: "c",
  });
});

it("containersOf names the containers before those that only start them", () => {
  const spec = { initContainers: [{ name: "init" }], containers: [{ name: "web" }, { name: "log" }] };
  expect(containersOf({ spec })).toEqual(["web", "log", "init"]);
  expect(containersOf(undefined)).toEqual([]);
});

it("highlightParts finds a text whatever its case", () => {
  expect(highlightParts("An error, one ERROR", "error")).toEqual(["An ", "error", ", one ", "ERROR", ""]);
  expect(highlightParts("nothing", "error")).toEqual(["nothing"]);
  expect(highlightParts("a.b", ".")).toEqual(["a", ".", "b"]);
  expect(highlightParts("İİ x", "x")).toEqual(["İİ x"]);
});
