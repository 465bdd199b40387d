import type { Row } from "./rule.ts";

const rook = {
  Degraded: ".status.phase=Failure|ReconcileFailed|ReconcileFailure",
  Healthy: ".status.phase=Ready|Connected|Created",
  message: ".status.message",
};

/** Storage, snapshots and backups. */
export const storageRows: readonly Row[] = [
  {
    groups: "snapshot.storage.k8s.io groupsnapshot.storage.k8s.io",
    kinds: "VolumeSnapshot VolumeSnapshotContent VolumeGroupSnapshot VolumeGroupSnapshotContent",
    Degraded: ".status.error.message & !.status.readyToUse=true",
    Healthy: ".status.readyToUse=true",
    message: ".status.error.message",
  },
  {
    groups: "velero.io",
    kinds: "Backup Restore",
    Degraded:
      ".status.phase=Failed|PartiallyFailed|FailedValidation|FinalizingPartiallyFailed|WaitingForPluginOperationsPartiallyFailed",
    Healthy: ".status.phase=Completed",
    message: ".status.failureReason .status.validationErrors",
  },
  {
    groups: "velero.io",
    kinds: "Schedule",
    Suspended: ".spec.paused=true",
    Degraded: ".status.phase=FailedValidation",
    Healthy: ".status.phase=Enabled",
    message: ".status.validationErrors",
  },
  {
    groups: "velero.io",
    kinds: "BackupStorageLocation",
    Degraded: ".status.phase=Unavailable",
    Healthy: ".status.phase=Available",
    message: ".status.message",
  },
  {
    groups: "velero.io",
    kinds: "BackupRepository",
    Degraded: ".status.phase=NotReady",
    Healthy: ".status.phase=Ready",
    message: ".status.message",
  },
  {
    groups: "velero.io",
    kinds: "PodVolumeBackup PodVolumeRestore DataUpload DataDownload",
    Degraded: ".status.phase=Failed|Canceled",
    Healthy: ".status.phase=Completed",
    message: ".status.message",
  },
  {
    groups: "k8up.io",
    kinds: "Backup Restore Check Prune Archive",
    Degraded: "Completed=True(Failed)",
    Healthy: "Completed=True",
  },
  {
    groups: "longhorn.io",
    kinds: "Volume",
    Degraded: ".status.robustness=faulted|degraded",
    Healthy: ".status.robustness=healthy or .status.state=detached",
  },
  {
    groups: "ceph.rook.io",
    kinds: "CephCluster",
    Degraded:
      ".status.phase=Failure or .status.state=Error or .status.ceph.health=HEALTH_ERR & .status.phase=Ready|Connected",
    Healthy: ".status.phase=Ready|Connected",
    message: ".status.message",
  },
  {
    groups: "ceph.rook.io",
    kinds:
      "CephBlockPool CephBlockPoolRadosNamespace CephClient CephFilesystem CephFilesystemSubVolumeGroup CephNFS CephObjectRealm CephObjectStore CephObjectStoreUser CephObjectZone CephObjectZoneGroup CephRBDMirror",
    ...rook,
  },
  {
    groups: "objectbucket.io",
    kinds: "ObjectBucketClaim",
    Degraded: ".status.phase=Failed",
    Healthy: ".status.phase=Bound",
  },
  {
    groups: "noobaa.io",
    kinds: "NooBaa BackingStore BucketClass NamespaceStore",
    Degraded: ".status.phase=Rejected",
    Healthy: ".status.phase=Ready",
  },
  {
    groups: "ocs.openshift.io",
    kinds: "StorageCluster",
    Degraded: ".status.phase=Error",
    Healthy: ".status.phase=Ready",
  },
  {
    groups: "minio.min.io",
    kinds: "Tenant",
    Degraded: ".status.healthStatus=red & .status.currentState=Initialized",
    Healthy: ".status.currentState=Initialized",
    message: ".status.healthMessage",
  },
  {
    groups: "trident.netapp.io",
    kinds: "TridentBackendConfig",
    Degraded: ".status.lastOperationStatus=Failed or .status.phase=Lost|Unknown",
    Healthy: ".status.phase=Bound",
    message: ".status.message",
  },
  {
    groups: "trident.netapp.io",
    kinds: "TridentOrchestrator",
    Degraded: ".status.status=Failed|Error",
    Healthy: ".status.status=Installed",
    message: ".status.message",
  },
  {
    groups: "astra.netapp.io protect.trident.netapp.io",
    kinds: "AppVault",
    Degraded: ".status.state=Error|Failed|Unauthorized",
    Healthy: ".status.state=Available",
    message: ".status.error",
  },
  {
    groups: "astra.netapp.io protect.trident.netapp.io",
    kinds: "Backup Snapshot ResourceBackup ResticVolumeBackup BackupRestore SnapshotRestore",
    Degraded: ".status.state=Error|Failed",
    Healthy: ".status.state=Completed",
    message: ".status.error",
  },
  {
    groups: "astra.netapp.io protect.trident.netapp.io",
    kinds: "Application Schedule ExecHook",
    Degraded: "Ready=False or .status.state=Error|Failed or .status.error",
    Healthy: "Ready=True or .status.state=Ready|Available|Enabled",
    otherwise: "nothing",
    message: ".status.error",
  },
  {
    groups: "core.libopenstorage.org",
    kinds: "StorageCluster",
    Degraded: ".status.phase=Failed|Degraded",
    Healthy: ".status.phase=Running|Online",
  },
];
