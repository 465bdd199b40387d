import { ansible } from "./ansible.ts";
import { openshiftRouteHealth, subscriptionHealth } from "./openshift-checks.ts";
import { hypershiftRows } from "./hypershift.ts";
import type { Row } from "./rule.ts";
import { deploymentConfigHealth } from "./workloads.ts";

const operand = {
  Degraded: "Degraded=True",
  Progressing: "Available=False or Progressing=True",
  Healthy: "Available=True",
};

/** OpenShift, the Operator Lifecycle Manager, 3scale. */
export const openshiftRows: readonly Row[] = [
  {
    groups: "apps.openshift.io",
    kinds: "DeploymentConfig",
    check: deploymentConfigHealth,
    says: {
      Suspended: "`.spec.paused=true`",
      Degraded: "`Progressing=False`",
      Progressing: "fewer replicas are updated or available than are wanted",
      Healthy: "as many are updated and available as are wanted",
    },
  },
  {
    groups: "route.openshift.io",
    kinds: "Route",
    check: openshiftRouteHealth,
    says: {
      Degraded: "a router says `Admitted=False`",
      Progressing: "no router has admitted it yet",
      Healthy: "every router that reports has admitted it",
    },
  },
  {
    groups: "operators.coreos.com",
    kinds: "Subscription",
    check: subscriptionHealth,
    says: {
      Suspended: "an install plan waits for approval",
      Degraded:
        "`CatalogSourcesUnhealthy`, `InstallPlanFailed`, `ResolutionFailed` or `BundleUnpackFailed` is True",
      Progressing: "another state",
      Healthy:
        "the state is AtLatestKnown, or UpgradePending while a version is installed and updates are approved by hand",
    },
  },
  {
    groups: "operators.coreos.com",
    kinds: "ClusterServiceVersion",
    Degraded: ".status.phase=Failed",
    Healthy: ".status.phase=Succeeded",
    message: ".status.message",
  },
  {
    groups: "operators.coreos.com",
    kinds: "InstallPlan",
    Suspended: ".status.phase=RequiresApproval",
    Degraded: ".status.phase=Failed",
    Healthy: ".status.phase=Complete",
    message: ".status.message",
  },
  {
    groups: "operators.coreos.com",
    kinds: "CatalogSource",
    Healthy: ".status.connectionState.lastObservedState=READY",
  },
  {
    groups: "olm.operatorframework.io",
    kinds: "ClusterExtension",
    Degraded: "Progressing=False(Blocked|InvalidConfiguration) or Installed=False(Failed)",
    Healthy: "Installed=True",
  },
  { groups: "olm.operatorframework.io", kinds: "ClusterCatalog", Healthy: "Serving=True" },
  {
    groups: "operator.openshift.io",
    kinds: "IngressController",
    ...operand,
    Degraded: "Degraded=True or Admitted=False",
  },
  { groups: "operator.openshift.io config.openshift.io", kinds: "*", ...operand, otherwise: "nothing" },
  {
    groups: "config.openshift.io",
    kinds: "ClusterVersion",
    ...operand,
    Degraded: "Failing=True",
  },
  {
    groups: "machineconfiguration.openshift.io",
    kinds: "MachineConfigPool",
    Suspended: ".spec.paused=true",
    Degraded: "Degraded=True",
    Progressing: "Updating=True",
    Healthy: "Updated=True",
  },
  {
    groups: "machineconfiguration.openshift.io",
    kinds: "KubeletConfig ContainerRuntimeConfig",
    Degraded: "Failure=True",
    Healthy: "Success=True",
    otherwise: "nothing",
  },
  {
    groups: "machine.openshift.io",
    kinds: "Machine",
    Degraded: ".status.phase=Failed",
    Healthy: ".status.phase=Running",
    message: ".status.errorMessage",
  },
  ...hypershiftRows,
  { groups: "quay.redhat.com", kinds: "QuayRegistry", Healthy: "Available=True" },
  {
    groups: "redhatcop.redhat.io",
    kinds: "*",
    Degraded: "ReconcileError=True",
    Healthy: "ReconcileSuccess=True or ReconcileSuccessful=True",
    otherwise: "nothing",
  },
  {
    groups: "nmstate.io",
    kinds: "NodeNetworkConfigurationPolicy NodeNetworkConfigurationEnactment",
    Degraded: "Degraded=True or Failing=True or Aborted=True",
    Progressing: "Progressing=True or Pending=True",
    Healthy: "Available=True or Ignored=True",
  },
  {
    groups: "tower.ansible.com",
    kinds: "AnsibleJob",
    Degraded: ".status.ansibleJobResult.status=failed|error|canceled or Failure=True",
    Healthy: ".status.ansibleJobResult.status=successful",
    message: ".status.message",
  },
  { groups: "automationcontroller.ansible.com", kinds: "AutomationController", ...ansible },
  { groups: "apps.3scale.net", kinds: "APIManager", Degraded: "Failed=True", Healthy: "Available=True" },
  {
    groups: "capabilities.3scale.net",
    kinds:
      "ActiveDoc Application ApplicationAuth Backend CustomPolicyDefinition DeveloperAccount DeveloperUser OpenAPI Product ProxyConfigPromote Tenant",
    Degraded: "Failed=True or Invalid=True or Orphan=True",
    Healthy: "Ready=True or Synced=True",
  },
];
