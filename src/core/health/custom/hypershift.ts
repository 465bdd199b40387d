import type { Row } from "./rule.ts";

const group = "hypershift.openshift.io";

/** Hosted control planes, and what they need of a cloud. */
export const hypershiftRows: readonly Row[] = [
  {
    groups: group,
    kinds: "HostedCluster HostedControlPlane",
    Suspended: "ReconciliationActive=False",
    Degraded: "Degraded=True or ValidConfiguration=False or ValidHostedControlPlaneConfiguration=False",
    Healthy: "Available=True",
  },
  {
    groups: group,
    kinds: "NodePool",
    Suspended: "ReconciliationActive=False",
    Degraded:
      "ValidReleaseImage=False or ValidPlatformImage=False or ValidMachineConfig=False or ValidTuningConfig=False or ValidMachineTemplate=False or ClusterNetworkCIDRConflict=True",
    Progressing: "UpdatingVersion=True or UpdatingConfig=True or UpdatingPlatformMachineTemplate=True",
    Healthy: "Ready=True",
  },
  {
    groups: group,
    kinds: "ControlPlaneComponent",
    Degraded: "Available=False(ReconciliationError)",
    Progressing: "RolloutComplete=False",
    Healthy: "Available=True",
  },
  {
    groups: group,
    kinds: "AWSEndpointService",
    Degraded: "*=False(AWSError)",
    Healthy: "AWSEndpointAvailable=True & AWSEndpointServiceAvailable=True",
  },
  {
    groups: group,
    kinds: "AzurePrivateLinkService",
    Healthy: "AzurePrivateLinkServiceAvailable=True",
  },
  {
    groups: group,
    kinds: "GCPPrivateServiceConnect",
    Healthy: "GCPPrivateServiceConnectAvailable=True",
  },
  {
    groups: group,
    kinds: "HCPEtcdBackup",
    Degraded: "BackupCompleted=False(BackupFailed|EtcdUnhealthy)",
    Healthy: "BackupCompleted=True",
  },
];
