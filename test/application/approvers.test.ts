import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { expect, onTestFinished } from "vitest";
import { parseAllDocuments } from "yaml";
import type { JsonObject, KubeObject } from "#core/object/index.ts";
import type { TestHub } from "./fixture.ts";
import { callApi, configMap, eventually, it } from "./fixture.ts";

const page = new URL("../../docs/spec/plan-approval.md", import.meta.url);
const registration = "/apis/admissionregistration.k8s.io/v1";
const plurals: Readonly<Record<string, string>> = {
  ValidatingAdmissionPolicy: "validatingadmissionpolicies",
  ValidatingAdmissionPolicyBinding: "validatingadmissionpolicybindings",
};

/** The objects of the page on approval, for one namespace, with a group that the test can belong to. */
async function installPolicy(hub: TestHub, group: string): Promise<void> {
  const text = /```yaml\n(?<yaml>[\s\S]*?)```/u.exec(await readFile(page, "utf8"))?.groups?.["yaml"] ?? "";
  const name = `approvers-${hub.namespace}`;
  const own = text.replaceAll("mooring-approvers", name).replaceAll('"approvers"', JSON.stringify(group));
  for (const document of parseAllDocuments(own)) {
    const object = document.toJS() as KubeObject & { spec: { matchConstraints?: JsonObject } };
    const { matchConstraints } = object.spec;
    const namespaceSelector = { matchLabels: { "kubernetes.io/metadata.name": hub.namespace } };
    const spec =
      matchConstraints === undefined
        ? object.spec
        : { ...object.spec, matchConstraints: { ...matchConstraints, namespaceSelector } };
    const path = `${registration}/${plurals[object.kind] ?? ""}`;
    await callApi(hub.access, { method: "POST", path, body: { ...object, spec } });
    onTestFinished(async () => {
      await callApi(hub.access, { method: "DELETE", path: `${path}/${name}` });
    });
  }
}

/** Somebody who may change everything in the namespace; gives a token. */
async function login(hub: TestHub, name: string): Promise<string> {
  const { namespace, access } = hub;
  const accounts = `/api/v1/namespaces/${namespace}/serviceaccounts`;
  await callApi(access, { method: "POST", path: accounts, body: { metadata: { name } } });
  await callApi(access, {
    method: "POST",
    path: `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}/rolebindings`,
    body: {
      metadata: { name },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "cluster-admin" },
      subjects: [{ kind: "ServiceAccount", name, namespace }],
    },
  });
  const asked = await callApi(access, {
    method: "POST",
    path: `${accounts}/${name}/token`,
    body: { spec: {} },
  });
  return (asked["status"] as { token: string }).token;
}

it("the policy of the page on approval lets only a group approve, under their own names", async ({
  hub,
  create,
}) => {
  const app = await create("policed", { files: { "a.yaml": configMap("a") } });
  const group = `system:serviceaccounts:${hub.namespace}`;
  const token = await login(hub, "grace");
  const path = `/apis/argoproj.io/v1alpha1/namespaces/${hub.namespace}/applications/${app.name}`;
  const approve = async (by: string, who: string) => {
    const annotations = { "mooring.dev/approved-plan": JSON.stringify({ digest: randomUUID(), by }) };
    await callApi(
      { ...hub.access, token: who },
      {
        method: "PATCH",
        path,
        contentType: "application/merge-patch+json",
        body: { metadata: { annotations } },
      },
    );
  };
  await installPolicy(hub, group);
  await eventually(async () => {
    await expect(approve("root", hub.access.token)).rejects.toThrow(
      "only the group approvers may approve plans",
    );
  });
  await expect(approve("somebody", token)).rejects.toThrow("approve plans under your own name");
  await approve(`system:serviceaccount:${hub.namespace}:grace`, token);
  await app.patch({ metadata: { annotations: { other: "change" } } });
  await app.patch({ metadata: { annotations: { "mooring.dev/approved-plan": null } } });
});
