import { expect, it } from "vitest";
import { formatObjectKey, keyOf, viewArray, viewString } from "#core/object/index.ts";
import { installManifests, isInstallSeed } from "./manifests.ts";

it("lists everything in the order in which it can be created", () => {
  const objects = installManifests({ image: "registry.example/mooring:1" });
  expect(objects.map((object) => formatObjectKey(keyOf(object)))).toMatchInlineSnapshot(`
    [
      "Namespace/argocd",
      "CustomResourceDefinition/applications.argoproj.io",
      "CustomResourceDefinition/applicationsets.argoproj.io",
      "CustomResourceDefinition/appprojects.argoproj.io",
      "CustomResourceDefinition/pipelines.mooring.dev",
      "CustomResourceDefinition/promotions.mooring.dev",
      "CustomResourceDefinition/imageautomations.mooring.dev",
      "ServiceAccount/argocd/mooring-controller",
      "Role/argocd/mooring-controller",
      "RoleBinding/argocd/mooring-controller",
      "ClusterRole/mooring-controller",
      "ClusterRoleBinding/mooring-controller",
      "ServiceAccount/argocd/mooring-server",
      "Role/argocd/mooring-server",
      "RoleBinding/argocd/mooring-server",
      "ClusterRole/mooring-server",
      "ClusterRoleBinding/mooring-server",
      "ConfigMap/argocd/argocd-cm",
      "ConfigMap/argocd/argocd-cmd-params-cm",
      "ConfigMap/argocd/argocd-rbac-cm",
      "ConfigMap/argocd/argocd-ssh-known-hosts-cm",
      "ConfigMap/argocd/argocd-tls-certs-cm",
      "ConfigMap/argocd/argocd-gpg-keys-cm",
      "AppProject/argocd/default",
      "Deployment/argocd/mooring-controller",
      "Deployment/argocd/mooring-server",
      "Service/argocd/mooring-server",
      "NetworkPolicy/argocd/mooring-controller",
      "NetworkPolicy/argocd/mooring-server",
    ]
  `);
});

it("installs into another namespace, without CRDs, and leaves settings that exist alone", () => {
  const objects = installManifests({ image: "x", namespace: "gitops", skipCrds: true });
  const namespaces = new Set(objects.flatMap((object) => object.metadata.namespace ?? []));
  expect([...namespaces]).toEqual(["gitops"]);
  expect(objects.some((object) => object.kind === "CustomResourceDefinition")).toBe(false);
  const seeds = objects.filter((object) => isInstallSeed(object)).map((object) => object.kind);
  expect([...new Set(seeds)]).toEqual(["Namespace", "ConfigMap", "AppProject"]);
});

it("names what belongs to no namespace by the namespace of the installation, so that a second one takes no rights from the first", () => {
  const named = (namespace: string) =>
    installManifests({ image: "x", namespace, skipCrds: true }).filter(({ kind }) =>
      kind.startsWith("Cluster"),
    );
  const names = (namespace: string) =>
    named(namespace).map((object) => [object.metadata.name, viewString(object, "roleRef", "name")]);
  const binding = (name: string) => [
    [name, undefined],
    [name, name],
  ];
  expect(names("argocd")).toEqual([...binding("mooring-controller"), ...binding("mooring-server")]);
  expect(names("gitops")).toEqual([
    ...binding("mooring-controller-gitops"),
    ...binding("mooring-server-gitops"),
  ]);
});

it("asks for no rights outside of its namespace where it is not to deploy to all of the cluster", () => {
  const objects = installManifests({ image: "x", skipCrds: true, clusterWide: false });
  expect(objects.filter(({ kind }) => kind.startsWith("Cluster"))).toEqual([]);
});

it("gives the server no right to create what it is not asked for by a method, and the controller none to change Secrets but its own", () => {
  const objects = installManifests({ image: "x", skipCrds: true });
  const rulesOf = (kind: string, name: string): readonly Rule[] => {
    const role = objects.find((object) => object.kind === kind && object.metadata.name === name);
    return viewArray(role, "rules") as unknown as readonly Rule[];
  };
  const created = rulesOf("ClusterRole", "mooring-server").filter(({ verbs }) => verbs.includes("create"));
  expect(created.flatMap(({ resources }) => resources)).toEqual([
    "jobs",
    "workflows",
    "applications",
    "applicationsets",
    "pipelines",
    "promotions",
  ]);
  const changed = rulesOf("Role", "mooring-controller").filter(
    ({ resources, verbs }) => resources.includes("secrets") && verbs.includes("update"),
  );
  expect(changed.map(({ resourceNames }) => resourceNames)).toEqual([["mooring-internal-tls"]]);
});

interface Rule {
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
  readonly resourceNames?: readonly string[];
}

it("runs as nobody in particular, in a file system that cannot be written, with no rights of the kernel's", () => {
  const pods = installManifests({ image: "x", skipCrds: true }).filter(({ kind }) => kind === "Deployment");
  expect(pods).toHaveLength(2);
  for (const pod of pods) {
    expect(pod["spec"]).toMatchObject({
      template: {
        spec: {
          securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
          containers: [
            {
              securityContext: {
                allowPrivilegeEscalation: false,
                readOnlyRootFilesystem: true,
                capabilities: { drop: ["ALL"] },
              },
              livenessProbe: { periodSeconds: 10 },
              readinessProbe: { periodSeconds: 5 },
            },
          ],
        },
      },
    });
  }
});

it("asks of the controller's life by a port that hangs on nothing else, and not by its internal API", () => {
  const controller = installManifests({ image: "x", skipCrds: true }).find(
    ({ kind, metadata }) => kind === "Deployment" && metadata.name === "mooring-controller",
  );
  const [container] = viewArray(controller, "spec", "template", "spec", "containers");
  expect(container).toMatchObject({
    ports: [
      { name: "internal", containerPort: 8085 },
      { name: "health", containerPort: 8082 },
    ],
    livenessProbe: { httpGet: { path: "/healthz", port: "health" } },
    readinessProbe: { tcpSocket: { port: "internal" } },
  });
});

it("binds roles to the accounts in their namespace", () => {
  const bindings = installManifests({ image: "x", namespace: "gitops" }).filter((object) =>
    object.kind.endsWith("Binding"),
  );
  const subjects = (name: string) => [{ kind: "ServiceAccount", name, namespace: "gitops" }];
  expect(bindings.map((binding) => binding["subjects"])).toEqual([
    subjects("mooring-controller"),
    subjects("mooring-controller"),
    subjects("mooring-server"),
    subjects("mooring-server"),
  ]);
});
