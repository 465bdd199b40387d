import { expect, it } from "vitest";
import { installManifests } from "#core/install/index.ts";
import { callApi, controlPlane, testNamespace } from "#test/control-plane/fixture.ts";

const core = "/api/v1";
const rbac = "/apis/rbac.authorization.k8s.io/v1";

function pathOf(kind: string, namespace: string): string {
  const paths: Readonly<Record<string, string>> = {
    ServiceAccount: `${core}/namespaces/${namespace}/serviceaccounts`,
    ConfigMap: `${core}/namespaces/${namespace}/configmaps`,
    Role: `${rbac}/namespaces/${namespace}/roles`,
    RoleBinding: `${rbac}/namespaces/${namespace}/rolebindings`,
    ClusterRole: `${rbac}/clusterroles`,
    ClusterRoleBinding: `${rbac}/clusterrolebindings`,
    Deployment: `/apis/apps/v1/namespaces/${namespace}/deployments`,
    Service: `${core}/namespaces/${namespace}/services`,
    NetworkPolicy: `/apis/networking.k8s.io/v1/namespaces/${namespace}/networkpolicies`,
  };
  return paths[kind] ?? `no path for ${kind}`;
}

it.for([true, false])(
  "the API server takes every object of the installation as it is, clusterWide %s",
  async (clusterWide) => {
    const namespace = await testNamespace("install");
    const image = "registry.example/mooring:1";
    const objects = installManifests({ image, namespace, skipCrds: true, clusterWide });
    const rest = objects.filter(({ kind }) => kind !== "Namespace" && kind !== "AppProject");
    for (const body of rest) {
      const query = "dryRun=All&fieldValidation=Strict&fieldManager=install-test";
      const path = `${pathOf(body.kind, namespace)}/${body.metadata.name}?${query}`;
      const contentType = "application/apply-patch+yaml";
      const answer = await callApi(controlPlane(), { method: "PATCH", path, contentType, body });
      expect(answer["kind"]).toBe(body.kind);
    }
  },
);
