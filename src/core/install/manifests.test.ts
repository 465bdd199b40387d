import { expect, it } from "vitest";
import { formatObjectKey, keyOf } from "#core/object/index.ts";
import { installManifests, isInstallSeed } from "./manifests.ts";

it("lists everything in the order in which it can be created", () => {
  const objects = installManifests({ image: "registry.example/mooring:1" });
  expect(objects.map((object) => formatObjectKey(keyOf(object)))).toMatchInlineSnapshot(`
    [
      "Namespace/argocd",
      "CustomResourceDefinition/applications.argoproj.io",
      "CustomResourceDefinition/applicationsets.argoproj.io",
      "CustomResourceDefinition/appprojects.argoproj.io",
      "ServiceAccount/argocd/mooring-controller",
      "Role/argocd/mooring-controller",
      "RoleBinding/argocd/mooring-controller",
      "ClusterRole/mooring-controller",
      "ClusterRoleBinding/mooring-controller",
      "ConfigMap/argocd/argocd-cm",
      "ConfigMap/argocd/argocd-cmd-params-cm",
      "ConfigMap/argocd/argocd-rbac-cm",
      "ConfigMap/argocd/argocd-ssh-known-hosts-cm",
      "ConfigMap/argocd/argocd-tls-certs-cm",
      "ConfigMap/argocd/argocd-gpg-keys-cm",
      "AppProject/argocd/default",
      "Deployment/argocd/mooring-controller",
    ]
  `);
});

it("installs into another namespace, without CRDs, and leaves settings that exist alone", () => {
  const objects = installManifests({ image: "x", namespace: "gitops", skipCrds: true });
  const namespaces = new Set(objects.flatMap((object) => object.metadata.namespace ?? []));
  expect([...namespaces]).toEqual(["gitops"]);
  expect(objects.some((object) => object.kind === "CustomResourceDefinition")).toBe(false);
  const owned = objects.filter((object) => !isInstallSeed(object)).map((object) => object.kind);
  expect(owned).toEqual([
    "ServiceAccount",
    "Role",
    "RoleBinding",
    "ClusterRole",
    "ClusterRoleBinding",
    "Deployment",
  ]);
});

it("binds both roles to the controller's account in its namespace", () => {
  const bindings = installManifests({ image: "x", namespace: "gitops" }).filter((object) =>
    object.kind.endsWith("Binding"),
  );
  const subjects = [{ kind: "ServiceAccount", name: "mooring-controller", namespace: "gitops" }];
  expect(bindings.map((binding) => binding["subjects"])).toEqual([subjects, subjects]);
});
