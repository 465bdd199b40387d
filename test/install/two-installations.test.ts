import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { KubeObject } from "#core/object/index.ts";
import { isMooringError } from "#core/errors/index.ts";
import { hubTypes } from "#engine/hub-types.ts";
import type { KubeCluster } from "#kube/index.ts";
import type { ResourceType } from "#ports/cluster.ts";
import type { InstallCluster } from "./embedded-installation.ts";
import { startInstallCluster } from "./embedded-installation.ts";

const { signal } = new AbortController();
const installations = ["argocd", "gitops"] as const;

const clusterRole: ResourceType = {
  group: "rbac.authorization.k8s.io",
  version: "v1",
  kind: "ClusterRole",
  plural: "clusterroles",
  namespaced: false,
  verbs: [],
  shortNames: [],
};

let cluster: InstallCluster;

beforeAll(async () => {
  cluster = await startInstallCluster();
  for (const namespace of installations)
    await cluster.mooring("install", "--apply", "--namespace", namespace);
});

afterAll(() => cluster[Symbol.asyncDispose]());

/** What comes of a call: the code of the error where there is one. */
async function outcomeOf(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return "done";
  } catch (error) {
    if (isMooringError(error)) return error.code;
    throw error;
  }
}

function configMap(name: string): KubeObject {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace: "default" } };
}

const createdBy = (as: KubeCluster, name: string) =>
  outcomeOf(as.create(hubTypes.configMap, configMap(name), { fieldManager: "test", signal }));

describe("two installations in one cluster", () => {
  it.for(installations)("leave the controller of %s its rights in all of the cluster", async (namespace) => {
    expect(await createdBy(cluster.as("controller", namespace), `by-${namespace}`)).toBe("done");
  });

  it.for(installations)("leave the server of %s its own, and no more than those", async (namespace) => {
    const server = cluster.as("server", namespace);
    const listed = server.list(hubTypes.configMap, { namespace: "default", signal });
    expect(await outcomeOf(listed)).toBe("done");
    expect(await createdBy(server, "by-server")).toBe("KUBE_FORBIDDEN");
  });

  it("have a role each, of which the default one has the plain name", async () => {
    const roles = await cluster.admin.list(clusterRole, { signal });
    const names = roles
      .map(({ metadata }) => metadata.name ?? "")
      .filter((name) => name.startsWith("mooring"));
    expect(names.toSorted()).toEqual([
      "mooring-controller",
      "mooring-controller-gitops",
      "mooring-server",
      "mooring-server-gitops",
    ]);
  });
});
