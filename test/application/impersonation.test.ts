import { expect, test } from "vitest";
import { controlPlane, createNamespace } from "../control-plane/fixture.ts";
import { configMap, createProject, newHub } from "./fixture.ts";
import { permit, startImpersonating } from "./impersonation.ts";

const secret = { apiVersion: "v1", kind: "Secret", metadata: { name: "s" }, stringData: { a: "b" } };

/** The project field by which syncs to a namespace act as its service account. */
function actingIn(namespace: string) {
  const server = "https://kubernetes.default.svc";
  return { destinationServiceAccounts: [{ server, namespace, defaultServiceAccount: "deployer" }] };
}

test("a sync may do what the service account of the destination may, and no more", async (context) => {
  const hub = await newHub(context, controlPlane());
  await startImpersonating(hub, { "application.sync.impersonation.enabled": "true" });
  const { name: namespace } = await createNamespace(hub.access, "acting");
  await permit(hub, namespace);
  const project = await createProject(hub, "acting", actingIn(namespace));
  const app = await hub.app("acting", { namespace, spec: { project }, files: { "a.yaml": configMap("a") } });
  expect(await app.sync()).toContain("Succeeded");
  expect(await app.live("configmaps/a")).toBeDefined();

  await app.push({ "s.yaml": secret });
  const refused = await app.sync({ prune: true });
  expect(refused).toContain("Failed");
  expect(refused).toContain("system:serviceaccount:<namespace>:deployer");
  expect(await app.live("secrets/s")).toBeUndefined();

  await app.push({ "b.yaml": configMap("b") });
  expect(await app.sync({ prune: true })).toContain("Succeeded");
  expect([await app.live("configmaps/a"), await app.live("configmaps/b")]).toEqual([
    undefined,
    expect.anything(),
  ]);
});

test("a sync to a destination without a service account writes nothing and names the field", async (context) => {
  const hub = await newHub(context, controlPlane());
  await startImpersonating(hub, { "application.sync.impersonation.enabled": "true" });
  const project = await createProject(hub, "acting", actingIn("elsewhere"));
  const app = await hub.app("nobody", { spec: { project }, files: { "a.yaml": configMap("a") } });
  expect(await app.sync()).toContain(
    `project "${project}": no entry of spec.destinationServiceAccounts matches cluster https://kubernetes.default.svc`,
  );
  expect(await app.live("configmaps/a")).toBeUndefined();
});
