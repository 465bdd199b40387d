import { expect, it, vi } from "vitest";
import type { JsonObject, KubeObject } from "#core/object/index.ts";
import { hubTypes } from "#engine/hub-types.ts";
import { startApi, strangersProject } from "./start-api.ts";

const { signal } = new AbortController();
const write = { fieldManager: "test", signal };

function application(name: string, project: string, owner?: KubeObject): KubeObject {
  const owners = owner && {
    ownerReferences: [
      {
        apiVersion: owner.apiVersion,
        kind: owner.kind,
        name: owner.metadata.name ?? "",
        uid: owner.metadata.uid ?? "",
      },
    ],
  };
  return {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "Application",
    metadata: {
      name,
      namespace: "argocd",
      annotations: { "argocd.argoproj.io/skip-reconcile": "true" },
      ...owners,
    },
    spec: {
      project,
      source: { repoURL: "https://git.example.com/a.git", path: "." },
      destination: { server: "https://kubernetes.default.svc", namespace: "default" },
    },
    status: { health: { status: "Degraded" } },
  } as unknown as KubeObject;
}

it("shows of what a set has made the applications that the caller may see", async () => {
  await using api = await startApi([strangersProject]);
  const set = await api.hub.create(
    hubTypes.applicationSet,
    {
      apiVersion: "argoproj.io/v1alpha1",
      kind: "ApplicationSet",
      metadata: { name: "fleet", namespace: "argocd" },
      spec: {
        generators: [{ list: { elements: [] } }],
        template: {
          metadata: { name: "x" },
          spec: {
            project: "other",
            source: { repoURL: "https://git.example.com/a.git", path: "." },
            destination: { server: "*", namespace: "x" },
          },
        },
      },
    } as unknown as KubeObject,
    write,
  );
  for (const [name, project, owner] of [
    ["b", "other", set],
    ["a", "default", set],
    ["alone", "default", undefined],
  ] as const) {
    await api.hub.create(hubTypes.application, application(name, project, owner), write);
  }
  const tree = async (token: string): Promise<readonly JsonObject[]> => {
    const response = await fetch(`${api.baseUrl}/api/v1/applicationsets/fleet/resource-tree`, {
      headers: { authorization: `Bearer ${token}` },
    });
    expect(response.status).toBe(200);
    return ((await response.json()) as { readonly nodes?: readonly JsonObject[] }).nodes ?? [];
  };
  await vi.waitFor(async () => {
    expect((await tree(api.tokens.admin)).map(({ name }) => name)).toEqual(["a", "b"]);
  }, 10_000);
  expect(await tree(api.tokens.stranger)).toMatchObject([
    {
      kind: "Application",
      name: "b",
      health: { status: "Degraded" },
      parentRefs: [{ group: "argoproj.io", kind: "ApplicationSet", name: "fleet", uid: set.metadata.uid }],
    },
  ]);
});
