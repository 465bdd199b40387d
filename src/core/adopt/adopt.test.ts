import { describe, expect, it } from "vitest";
import { installManifests } from "#core/install/index.ts";
import type { KubeObject } from "#core/object/index.ts";
import { formerReplicasAnnotation, startPatch, stopPatch, viewWorkload } from "./index.ts";

function statefulSet(replicas: number | undefined, metadata: object = {}): KubeObject {
  const containers = [{ name: "c", image: "registry.example:5000/argoproj/argocd:v3.1.4@sha256:00" }];
  return {
    apiVersion: "apps/v1",
    kind: "StatefulSet",
    metadata: {
      name: "x",
      labels: { "app.kubernetes.io/name": "argocd-application-controller" },
      ...metadata,
    },
    spec: { ...(replicas === undefined ? {} : { replicas }), template: { spec: { containers } } },
  };
}

function viewed(...args: Parameters<typeof statefulSet>) {
  const workload = viewWorkload(statefulSet(...args));
  if (workload === undefined) throw new Error("not recognized");
  return workload;
}

const noted = (former: string) => ({ annotations: { [formerReplicasAnnotation]: former } });

describe("stopping a workload of Argo CD", () => {
  it("notes what it had, once, and undoing gives it back", () => {
    expect(stopPatch(viewed(undefined))).toEqual({ metadata: noted("1"), spec: { replicas: 0 } });
    expect(stopPatch(viewed(0, noted("3")))).toBeUndefined();
    expect(stopPatch(viewed(2, noted("3")))).toEqual({ metadata: noted("2"), spec: { replicas: 0 } });
    const gone = { annotations: { [formerReplicasAnnotation]: null } };
    expect(startPatch(viewed(0, noted("3")))).toEqual({ metadata: gone, spec: { replicas: 3 } });
    expect(startPatch(viewed(2, noted("3")))).toEqual({ metadata: gone });
    expect(startPatch(viewed(0))).toBeUndefined();
    expect(startPatch(viewed(0, noted("nonsense")))).toBeUndefined();
  });

  it("knows the workloads of the manifests and of the Helm chart, and nobody else's", () => {
    expect(viewed(1).version).toBe("v3.1.4");
    const labels = { "app.kubernetes.io/part-of": "argocd", "app.kubernetes.io/component": "repo-server" };
    expect(
      viewWorkload({ ...statefulSet(1), metadata: { name: "cd-argocd-repo-server", labels } })?.component,
    ).toBe("repo-server");
    expect(viewWorkload({ ...statefulSet(1), metadata: { name: "argocd-redis" } })?.component).toBe("redis");
    const ours = installManifests({ image: "mooring", namespace: "argocd" });
    expect(ours.map((object) => object.kind)).toContain("Deployment");
    expect(ours.flatMap((object) => viewWorkload(object) ?? [])).toEqual([]);
  });
});
