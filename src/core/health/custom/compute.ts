import type { Row } from "./rule.ts";
import { advancedDaemonSetHealth, advancedStatefulSetHealth, cloneSetHealth } from "./workloads.ts";

const says = {
  Suspended: "the update is paused",
  Progressing: "fewer replicas are updated or ready than are wanted, or the new spec is not observed yet",
  Healthy: "as many are updated and ready as are wanted; a partition keeps old ones on purpose",
};

/** Workloads, machines and nodes: OpenKruise, KubeVirt, Karpenter, autoscalers. */
export const computeRows: readonly Row[] = [
  { groups: "apps.kruise.io", kinds: "CloneSet", check: cloneSetHealth, says },
  { groups: "apps.kruise.io", kinds: "StatefulSet", check: advancedStatefulSetHealth, says },
  { groups: "apps.kruise.io", kinds: "DaemonSet", check: advancedDaemonSetHealth, says },
  {
    groups: "apps.kruise.io",
    kinds: "BroadcastJob",
    Suspended: ".status.phase=paused",
    Degraded: ".status.phase=failed",
    Healthy: ".status.phase=completed",
  },
  {
    groups: "apps.kruise.io",
    kinds: "AdvancedCronJob",
    Suspended: ".spec.paused=true",
    otherwise: "Healthy",
  },
  {
    groups: "rollouts.kruise.io",
    kinds: "Rollout",
    Suspended:
      ".status.canaryStatus.currentStepState=StepPaused or .status.blueGreenStatus.currentStepState=StepPaused or .status.phase=Disabled",
    Healthy: ".status.phase=Healthy",
    message: ".status.message",
  },
  {
    groups: "kubevirt.io",
    kinds: "VirtualMachine",
    Suspended: ".status.printableStatus=Stopped|Paused",
    Degraded:
      ".status.printableStatus=CrashLoopBackOff|ErrorUnschedulable|ErrImagePull|ImagePullBackOff|ErrorPvcNotFound|ErrorDataVolumeNotFound|DataVolumeError or Failure=True",
    Healthy: ".status.printableStatus=Running|Migrating & Ready=True",
  },
  {
    groups: "kubevirt.io",
    kinds: "VirtualMachineInstance",
    Suspended: "Paused=True",
    Degraded: ".status.phase=Failed",
    Healthy: ".status.phase=Running & Ready=True or .status.phase=Succeeded",
    message: ".status.reason",
  },
  {
    groups: "kubevirt.io",
    kinds: "VirtualMachineInstanceMigration",
    Degraded: ".status.phase=Failed",
    Healthy: ".status.phase=Succeeded",
  },
  {
    groups: "kubevirt.io cdi.kubevirt.io hco.kubevirt.io",
    kinds: "KubeVirt CDI HyperConverged",
    Degraded: "Degraded=True",
    Progressing: "Progressing=True",
    Healthy: "Available=True",
  },
  {
    groups: "cdi.kubevirt.io",
    kinds: "DataVolume",
    Suspended: ".status.phase=Paused",
    Degraded: ".status.phase=Failed",
    Healthy: ".status.phase=Succeeded|WaitForFirstConsumer|PendingPopulation",
  },
  {
    groups: "cdi.kubevirt.io",
    kinds: "DataImportCron",
    Healthy: "UpToDate=True",
  },
  {
    groups: "snapshot.kubevirt.io",
    kinds: "VirtualMachineSnapshot VirtualMachineRestore",
    Degraded: "Failure=True or .status.phase=Failed",
    Healthy: ".status.readyToUse=true or .status.complete=true",
    message: ".status.error.message",
  },
  {
    groups: "karpenter.sh",
    kinds: "NodePool",
    Degraded: "ValidationSucceeded=False or Ready=False",
    Healthy: "Ready=True",
  },
  { groups: "karpenter.sh", kinds: "NodeClaim", Degraded: "Launched=False", Healthy: "Ready=True" },
  {
    groups: "karpenter.k8s.aws karpenter.sh karpenter.azure.com karpenter.k8s.gcp",
    kinds: "EC2NodeClass AKSNodeClass GCENodeClass",
    Degraded: "ValidationSucceeded=False or Ready=False",
    Healthy: "Ready=True",
  },
  {
    groups: "autoscaling.k8s.io",
    kinds: "VerticalPodAutoscaler",
    Degraded: "ConfigUnsupported=True",
    Healthy: "RecommendationProvided=True or NoPodsMatched=True",
  },
  {
    groups: "nvidia.com",
    kinds: "ClusterPolicy NVIDIADriver",
    Degraded: "Error=True",
    Healthy: ".status.state=ready|ignored",
  },
];
