import { expect, test } from "vitest";
import type { Application } from "#core/app/index.ts";
import type { JsonObject } from "#core/object/index.ts";
import { ApiError, callApi, controlPlane, createNamespace, eventually } from "../control-plane/fixture.ts";
import { createRepository } from "../git-servers/repository.ts";
import { configMap, createProject, newHub, type TestHub } from "./fixture.ts";
import { formatFiles } from "./application.ts";

const argo = "/apis/argoproj.io/v1alpha1/namespaces";

/** An Application in a namespace of its own, and the namespace that it deploys to. */
async function createElsewhere(hub: TestHub, project: string, home: string) {
  const { access } = hub;
  const target = (await createNamespace(access, "target")).name;
  const repository = await createRepository(`${hub.directory}/${target}.git`);
  await repository.commit(formatFiles({ "a.yaml": configMap("a") }) as Record<string, string>);
  const path = `${argo}/${home}/applications`;
  await callApi(access, {
    method: "POST",
    path,
    body: {
      apiVersion: "argoproj.io/v1alpha1",
      kind: "Application",
      metadata: { name: "web", finalizers: ["resources-finalizer.argocd.argoproj.io"] },
      spec: {
        project,
        source: { repoURL: repository.url, path: ".", targetRevision: "main" },
        destination: { server: "https://kubernetes.default.svc", namespace: target },
        syncPolicy: { automated: {} },
      },
    },
  });
  const read = (of: string) =>
    callApi<JsonObject>(access, { path: of }).catch((error: unknown) => {
      if (error instanceof ApiError && error.status === 404) return undefined;
      throw error;
    });
  return {
    read: async () => (await read(`${path}/web`)) as Application | undefined,
    live: () => read(`/api/v1/namespaces/${target}/configmaps/a`),
    remove: () => callApi(access, { method: "DELETE", path: `${path}/web` }),
    release: () =>
      callApi(access, {
        method: "PATCH",
        path: `${path}/web`,
        contentType: "application/merge-patch+json",
        body: { metadata: { finalizers: null } },
      }),
  };
}

test("an Application of another namespace is deployed where its project permits it, and carries that namespace in its mark", async (context) => {
  const hub = await newHub(context, controlPlane());
  const home = (await createNamespace(hub.access, "team")).name;
  await hub.start({ applicationNamespaces: [home] });
  const app = await createElsewhere(
    hub,
    await createProject(hub, "team", { sourceNamespaces: ["team-*"] }),
    home,
  );
  await eventually(async () => {
    const { status } = (await app.read()) ?? {};
    expect([status?.sync?.status, status?.health?.status]).toEqual(["Synced", "Healthy"]);
  });
  const annotations = (await app.live())?.["metadata"] as { annotations?: Record<string, string> };
  expect(annotations.annotations?.["argocd.argoproj.io/tracking-id"]).toMatch(
    new RegExp(`^${home}_web:`, "u"),
  );

  await app.remove();
  await eventually(async () => expect(await app.read()).toBeUndefined());
  expect(await app.live()).toBeUndefined();
});

test("an Application of another namespace is refused by a project that does not name it, and by the default project", async (context) => {
  const hub = await newHub(context, controlPlane());
  const home = (await createNamespace(hub.access, "team")).name;
  await hub.start({ applicationNamespaces: ["team-*"] });
  const project = await createProject(hub, "team", { sourceNamespaces: ["other"] });
  const app = await createElsewhere(hub, project, home);
  const said = `Applications in namespace "${home}" may not use project "${project}" (spec.sourceNamespaces); add the namespace to sourceNamespaces`;
  await eventually(async () => {
    const { status } = (await app.read()) ?? {};
    expect(status?.conditions?.map(({ type, message }) => `${type}: ${message}`).join()).toContain(said);
  });
  expect(await app.live()).toBeUndefined();

  await app.remove();
  await eventually(async () => {
    const { status } = (await app.read()) ?? {};
    const deletion = status?.conditions?.find(({ type }) => type === "DeletionError");
    expect(deletion?.message).toContain("remove the finalizer to leave them");
  });
  await app.release();
});

test("an Application of a namespace that the controller was not told of is not touched", async (context) => {
  const hub = await newHub(context, controlPlane());
  const home = (await createNamespace(hub.access, "team")).name;
  const told = (await createNamespace(hub.access, "told")).name;
  await hub.start({ applicationNamespaces: ["told-*"] });
  const project = await createProject(hub, "team", { sourceNamespaces: ["*"] });
  const app = await createElsewhere(hub, project, home);
  const seen = await createElsewhere(hub, project, told);
  await eventually(async () => expect((await seen.read())?.status?.sync?.status).toBe("Synced"));
  expect((await app.read())?.status).toBeUndefined();
  await app.release();
  await seen.release();
});
