import type { HealthCheck } from "../check.ts";
import type { Fields } from "../fields.ts";
import { health } from "../health.ts";
import { healthBySeverity } from "./by-severity.ts";
import type { Row } from "./rule.ts";

/** What ends well, for kinds that have a phase. */
const donePhases: ReadonlySet<string> = new Set(["Provisioned", "Running"]);

/**
 * Ready says how bad it is when it is False (v1beta1); Available does not (v1beta2), nor does the phase, which is all that
 * some versions of some kinds have.
 */
const clusterApiHealth: HealthCheck = (object) => {
  if (object.boolean("spec", "paused")) return health("Suspended", "spec.paused is true");
  const failure = object.words("status", "failureMessage") || object.words("status", "failureReason");
  const phase = object.words("status", "phase");
  if (failure !== "" || phase === "Failed") return health("Degraded", failure || "status.phase is Failed");
  const judged = healthBySeverity(object, "Ready") ?? healthBySeverity(object, "Available");
  return judged ?? healthByPhase(object, phase);
};

function healthByPhase(object: Fields, phase: string) {
  if (donePhases.has(phase) || object.filled("status", "ready")) return health("Healthy", phase);
  return health("Progressing", phase === "" ? "Waiting for condition Ready" : `status.phase is ${phase}`);
}

const says = {
  Suspended: "`.spec.paused=true`",
  Degraded: "a failure reason or message, the phase Failed, or `Ready` False with severity Error",
  Progressing: "`Ready` (else `Available`) is not True, or the phase is another one",
  Healthy: "`Ready=True`, else `Available=True`, else the phase Provisioned or Running",
};

/** Cluster API and its providers. */
export const clusterApiRows: readonly Row[] = [
  {
    groups: "cluster.x-k8s.io",
    kinds: "Cluster Machine MachineSet MachineDeployment MachinePool",
    check: clusterApiHealth,
    says,
  },
  {
    groups: "cluster.x-k8s.io",
    kinds: "MachineHealthCheck",
    Suspended: "Paused=True",
    Degraded: "RemediationAllowed=False",
    Healthy: "RemediationAllowed=True",
  },
  { groups: "cluster.x-k8s.io", kinds: "ClusterClass MachineDrainRule", otherwise: "nothing" },
  {
    groups: "controlplane.cluster.x-k8s.io",
    kinds:
      "KubeadmControlPlane AWSManagedControlPlane ROSAControlPlane RKE2ControlPlane K3sControlPlane TalosControlPlane K0sControlPlane KamajiControlPlane",
    check: clusterApiHealth,
    says,
  },
  {
    groups: "infrastructure.cluster.x-k8s.io",
    kinds:
      "AWSCluster AWSManagedCluster AWSMachine AWSMachinePool AWSManagedMachinePool AzureCluster AzureMachine AzureMachinePool AzureManagedCluster AzureManagedControlPlane AzureManagedMachinePool GCPCluster GCPMachine GCPManagedCluster GCPManagedControlPlane GCPManagedMachinePool VSphereCluster VSphereMachine OpenStackCluster OpenStackMachine OpenStackServer Metal3Cluster Metal3Machine HetznerCluster HCloudMachine HetznerBareMetalMachine ProxmoxCluster ProxmoxMachine NutanixCluster NutanixMachine DockerCluster DockerMachine VCluster",
    check: clusterApiHealth,
    says,
  },
  {
    groups: "addons.cluster.x-k8s.io",
    kinds: "ClusterResourceSet",
    // Where no cluster matches there is no condition: it often comes before the clusters that it is for.
    check: (object) => healthBySeverity(object, "ResourcesApplied"),
    says: {
      Degraded: "`ResourcesApplied` is False with severity Error",
      Progressing: "`ResourcesApplied` is False with another severity",
      Healthy: "`ResourcesApplied=True`",
    },
  },
  {
    groups: "addons.cluster.x-k8s.io",
    kinds: "HelmChartProxy HelmReleaseProxy",
    check: clusterApiHealth,
    says,
  },
  {
    groups: "operator.cluster.x-k8s.io",
    kinds:
      "CoreProvider BootstrapProvider ControlPlaneProvider InfrastructureProvider AddonProvider IPAMProvider",
    Degraded: "PreflightCheckPassed=False",
    Healthy: "Ready=True",
  },
  {
    groups: "metal3.io",
    kinds: "BareMetalHost",
    Degraded: ".status.operationalStatus=error",
    Healthy: ".status.provisioning.state=provisioned|available|externally provisioned|unmanaged",
    message: ".status.errorMessage",
  },
  {
    groups: "kamaji.clastix.io",
    kinds: "TenantControlPlane",
    Healthy: ".status.kubernetesResources.version.status=Ready",
  },
];
