import { expect, it } from "vitest";
import type { JsonObject } from "#core/object/index.ts";
import { assessHealth } from "../assess.ts";
import type { Example } from "./example.ts";
import { condition, conditions, healthOf, objectOf, status, titled } from "./example.ts";

const subscription = (fields: JsonObject, spec: JsonObject = {}): JsonObject => ({ spec, status: fields });

const router = (admitted: string): JsonObject => ({
  routerName: "default",
  conditions: [
    condition("Admitted", admitted, "HostAlreadyClaimed", admitted === "True" ? "" : "host is claimed"),
  ],
});

const examples: Example[] = [
  [
    "externaldns.k8s.io/v1alpha1 DNSEndpoint",
    status({ observedGeneration: 1 }),
    "Progressing",
    "Waiting for generation 2 to be observed",
  ],
  ["externaldns.k8s.io/v1alpha1 DNSEndpoint", status({ observedGeneration: 2 }), "Healthy"],
  [
    "hypershift.openshift.io/v1beta1 HostedCluster",
    conditions(condition("Available", "False", "WaitingForKubeAPIServer", "waiting for the API server")),
    "Progressing",
    "waiting for the API server",
  ],
  [
    "hypershift.openshift.io/v1beta1 NodePool",
    conditions(condition("ValidReleaseImage", "False", "ValidationFailed", "no such release")),
    "Degraded",
    "no such release",
  ],
  [
    "hypershift.openshift.io/v1beta1 NodePool",
    conditions(condition("Ready", "True", "AsExpected")),
    "Healthy",
    "AsExpected",
  ],
  ["route.openshift.io/v1 Route", {}, "Progressing", "Waiting for a router to admit the Route"],
  [
    "route.openshift.io/v1 Route",
    status({ ingress: [router("True"), router("False")] }),
    "Degraded",
    "host is claimed",
  ],
  ["route.openshift.io/v1 Route", status({ ingress: [router("True")] }), "Healthy"],
  ["operators.coreos.com/v1alpha1 Subscription", {}, "Progressing", "Waiting for status.state"],
  [
    "operators.coreos.com/v1alpha1 Subscription",
    subscription({ state: "AtLatestKnown" }),
    "Healthy",
    "AtLatestKnown",
  ],
  [
    "operators.coreos.com/v1alpha1 Subscription",
    subscription({ state: "UpgradePending" }),
    "Progressing",
    "status.state is UpgradePending",
  ],
  [
    "operators.coreos.com/v1alpha1 Subscription",
    subscription(
      { conditions: [condition("InstallPlanPending", "True", "RequiresApproval", "waiting for approval")] },
      { installPlanApproval: "Manual" },
    ),
    "Suspended",
    "waiting for approval",
  ],
  [
    "operators.coreos.com/v1alpha1 Subscription",
    subscription({
      conditions: [condition("ResolutionFailed", "True", "ConstraintsNotSatisfiable", "no such channel")],
    }),
    "Degraded",
    "no such channel",
  ],
  [
    "operators.coreos.com/v1alpha1 ClusterServiceVersion",
    status({ phase: "Failed", message: "deployment failed" }),
    "Degraded",
    "deployment failed",
  ],
  [
    "operator.openshift.io/v1 IngressController",
    conditions(condition("Available", "True", ""), condition("Degraded", "False", "")),
    "Healthy",
  ],
  [
    "machineconfiguration.openshift.io/v1 MachineConfigPool",
    conditions(condition("Updating", "True", "", "all nodes are updating")),
    "Progressing",
    "all nodes are updating",
  ],
  ["apps.3scale.net/v1alpha1 APIManager", conditions(condition("Available", "True", "")), "Healthy"],
  [
    "capabilities.3scale.net/v1beta1 Backend",
    conditions(condition("Invalid", "True", "", "bad URL")),
    "Degraded",
    "bad URL",
  ],
  ["redhatcop.redhat.io/v1alpha1 VaultRole", {}, "none"],
  [
    "nmstate.io/v1 NodeNetworkConfigurationPolicy",
    conditions(
      condition("Available", "Unknown", "ConfigurationProgressing"),
      condition("Progressing", "True", "ConfigurationProgressing"),
    ),
    "Progressing",
    "ConfigurationProgressing",
  ],
  [
    "nmstate.io/v1 NodeNetworkConfigurationPolicy",
    conditions(
      condition("Available", "False", "FailedToConfigure"),
      condition("Degraded", "True", "FailedToConfigure", "1/3 nodes failed to configure"),
    ),
    "Degraded",
    "1/3 nodes failed to configure",
  ],
  [
    "tower.ansible.com/v1alpha1 AnsibleJob",
    status({ ansibleJobResult: { status: "successful" } }),
    "Healthy",
    "status.ansibleJobResult.status is successful",
  ],
  [
    "kyverno.io/v1 ClusterPolicy",
    conditions(condition("Ready", "True", "Succeeded", "Ready")),
    "Healthy",
    "Ready",
  ],
  [
    "policies.kyverno.io/v1alpha1 ValidatingPolicy",
    status({ conditionStatus: { ready: false, message: "compile error" } }),
    "Degraded",
    "compile error",
  ],
  [
    "templates.gatekeeper.sh/v1 ConstraintTemplate",
    status({
      created: true,
      byPod: [{ errors: [{ code: "rego_parse_error", message: "unexpected token" }] }],
    }),
    "Degraded",
    "unexpected token",
  ],
  ["templates.gatekeeper.sh/v1 ConstraintTemplate", status({ created: true }), "Healthy"],
  ["templates.gatekeeper.sh/v1 ConstraintTemplate", {}, "Progressing", "Waiting for status.created"],
  ["constraints.gatekeeper.sh/v1beta1 K8sRequiredLabels", {}, "none"],
  [
    "capsule.clastix.io/v1beta2 Tenant",
    conditions(condition("Cordoned", "True", "Cordoned"), condition("Ready", "True", "Succeeded")),
    "Suspended",
    "Cordoned",
  ],
];

it.each(titled(examples))("%s is %s", (type, _, example) => {
  expect(assessHealth(objectOf(type, example[1]))).toEqual(healthOf(example));
});
