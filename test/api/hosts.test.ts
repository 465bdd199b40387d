import { expect, it, onTestFinished } from "vitest";
import { viewArray } from "#core/object/index.ts";
import { startUp } from "./fixture.ts";

const pod = (name: string, cpu: string): string => `apiVersion: v1
kind: Pod
metadata: {name: ${name}}
spec:
  nodeName: node-1
  containers:
    - {name: main, image: "${name}:1", resources: {requests: {cpu: ${cpu}, memory: 1Gi}}}
    - {name: side, image: "${name}:1"}
  initContainers:
    - {name: before, image: "${name}:1", resources: {requests: {cpu: 300m}}}
`;

it("a tree tells on which nodes its pods are, and what they and others ask for there", async () => {
  const up = await startUp();
  onTestFinished(() => up[Symbol.asyncDispose]());
  await up.repository.commit({ "web/pod.yaml": pod("web", "500m"), "other/pod.yaml": pod("other", "200m") });
  for (const name of ["web", "other"]) {
    const source = { repoURL: up.repository.url, path: name, targetRevision: "main" };
    await up.deploy(name, { source });
  }
  const { body } = await up.admin.get("applications/web/resource-tree");
  expect(viewArray(body, "hosts")).toMatchObject([
    {
      name: "node-1",
      resourcesInfo: [
        { resourceName: "cpu", requestedByApp: 500, requestedByNeighbors: 300, capacity: 16_000 },
        {
          resourceName: "memory",
          requestedByApp: 1_000 * 1_024 ** 3,
          requestedByNeighbors: 1_000 * 1_024 ** 3,
        },
      ],
      systemInfo: { architecture: "amd64" },
    },
  ]);
}, 60_000);
