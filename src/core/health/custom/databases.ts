import type { HealthCheck } from "../check.ts";
import { health } from "../health.ts";
import type { Row } from "./rule.ts";

/** Crunchy's PostgresCluster has no condition for being up: it counts the instances of each set. */
const postgresClusterHealth: HealthCheck = (object) => {
  if (object.boolean("spec", "shutdown")) return health("Suspended", "spec.shutdown is true");
  const sets = object.list("status", "instances");
  if (sets.length === 0) return health("Progressing", "Waiting for status.instances");
  const wanted = sets.reduce((sum, set) => sum + set.count("replicas"), 0);
  const ready = sets.reduce((sum, set) => sum + set.count("readyReplicas"), 0);
  return ready < wanted
    ? health("Progressing", `${ready} of ${wanted} instances are ready`)
    : health("Healthy", `${ready} of ${wanted} instances are ready`);
};

/** Operators that came from OpenShift's, which say all three. */
const available = {
  Degraded: "Degraded=True or Error=True",
  Progressing: "Progressing=True",
  Healthy: "Available=True",
};

/** Databases. */
export const databaseRows: readonly Row[] = [
  {
    groups: "postgresql.cnpg.io",
    kinds: "Cluster",
    Suspended: "cnpg.io/hibernation=True or .status.phase=Waiting for user action",
    Degraded:
      ".status.phase=Cluster upgrade failed|Cluster is in an unrecoverable state, needs manual intervention|Unable to create required cluster objects|Cluster cannot proceed to reconciliation due to an unknown plugin being required|Cluster has incomplete or invalid image catalog|Cluster is unrecoverable and needs manual intervention",
    Healthy: ".status.phase=Cluster in healthy state",
    message: ".status.phaseReason .status.phase",
  },
  {
    groups: "postgresql.cnpg.io",
    kinds: "Backup",
    Degraded: ".status.phase=failed|walArchivingFailing",
    Healthy: ".status.phase=completed",
    message: ".status.error",
  },
  {
    groups: "postgresql.cnpg.io",
    kinds: "Database Publication Subscription",
    Degraded: ".status.applied=false",
    Healthy: ".status.applied=true",
    message: ".status.message",
  },
  {
    groups: "postgresql.cnpg.io",
    kinds: "ScheduledBackup",
    Suspended: ".spec.suspend=true",
    otherwise: "nothing",
  },
  { groups: "postgresql.cnpg.io", kinds: "Pooler ImageCatalog ClusterImageCatalog", otherwise: "nothing" },
  {
    groups: "acid.zalan.do",
    kinds: "postgresql",
    Degraded: ".status.PostgresClusterStatus=CreateFailed|UpdateFailed|DeleteFailed|SyncFailed|Invalid",
    Healthy: ".status.PostgresClusterStatus=Running",
  },
  {
    groups: "postgres-operator.crunchydata.com",
    kinds: "PostgresCluster",
    check: postgresClusterHealth,
    says: {
      Suspended: "`.spec.shutdown=true`",
      Progressing: "fewer instances are ready than are wanted",
      Healthy: "as many instances are ready as are wanted",
    },
  },
  {
    groups: "pxc.percona.com psmdb.percona.com ps.percona.com pgv2.percona.com",
    kinds: "PerconaXtraDBCluster PerconaServerMongoDB PerconaServerMySQL PerconaPGCluster",
    Suspended: ".status.state=paused",
    Degraded: ".status.state=error",
    Healthy: ".status.state=ready",
    message: ".status.message .status.messages",
  },
  {
    groups: "pxc.percona.com psmdb.percona.com ps.percona.com pgv2.percona.com",
    kinds:
      "PerconaXtraDBClusterBackup PerconaXtraDBClusterRestore PerconaServerMongoDBBackup PerconaServerMongoDBRestore PerconaServerMySQLBackup PerconaServerMySQLRestore PerconaPGBackup PerconaPGRestore",
    Degraded: ".status.state=Failed|Error",
    Healthy: ".status.state=Succeeded|Ready",
    message: ".status.error .status.comments",
  },
  {
    groups: "k8s.mariadb.com mariadb.mmontes.io",
    kinds: "MariaDB MaxScale Database User Grant Connection ExternalMariaDB",
    Suspended: ".spec.suspend=true",
    Degraded: "Ready=False(Failed)",
    Healthy: "Ready=True",
  },
  {
    groups: "k8s.mariadb.com mariadb.mmontes.io",
    kinds: "Backup PhysicalBackup Restore SqlJob",
    Suspended: ".spec.suspend=true",
    Degraded: "Complete=False(JobFailed|Failed)",
    Healthy: "Complete=True",
  },
  {
    groups: "mongodbcommunity.mongodb.com mongodb.com",
    kinds: "MongoDBCommunity MongoDB MongoDBMultiCluster MongoDBUser",
    Suspended: ".status.phase=Disabled",
    Degraded: ".status.phase=Failed|Unsupported",
    Healthy: ".status.phase=Running|Updated",
    message: ".status.message",
  },
  {
    groups: "mongodb.com",
    kinds: "MongoDBOpsManager",
    Degraded: ".status.opsManager.phase=Failed",
    Healthy: ".status.opsManager.phase=Running",
    message: ".status.opsManager.message",
  },
  {
    groups: "atlas.mongodb.com",
    kinds: "AtlasProject AtlasDeployment AtlasDatabaseUser AtlasBackupSchedule AtlasFederatedAuth",
    Healthy: "Ready=True",
  },
  {
    groups: "redis.redis.opstreelabs.in",
    kinds: "RedisCluster",
    Degraded: ".status.state=Failed",
    Healthy: ".status.state=Ready",
    message: ".status.reason",
  },
  {
    groups: "app.redislabs.com",
    kinds: "RedisEnterpriseCluster",
    Degraded: ".status.state=Error|Invalid|RecoveryFailed",
    Healthy: ".status.state=Running",
  },
  {
    groups: "app.redislabs.com",
    kinds: "RedisEnterpriseDatabase",
    Degraded: ".status.status=creation-failed",
    Healthy: ".status.status=active",
  },
  { groups: "dragonflydb.io", kinds: "Dragonfly", Healthy: ".status.phase=ready" },
  {
    groups: "cassandra.datastax.com",
    kinds: "CassandraDatacenter",
    Suspended: "Stopped=True",
    Degraded: "Valid=False",
    Healthy: ".status.cassandraOperatorProgress=Ready & Ready=True",
  },
  {
    groups: "scylla.scylladb.com",
    kinds: "ScyllaCluster ScyllaDBCluster ScyllaDBDatacenter NodeConfig",
    ...available,
  },
  { groups: "couchbase.com", kinds: "CouchbaseCluster", ...available },
  {
    groups: "mysql.oracle.com",
    kinds: "InnoDBCluster",
    Degraded: ".status.cluster.status=NO_QUORUM|SPLIT_BRAIN|INVALID|OFFLINE",
    Healthy: ".status.cluster.status=ONLINE",
  },
  {
    groups: "apps.kubeblocks.io",
    kinds: "Cluster",
    Suspended: ".status.phase=Stopped",
    Degraded: ".status.phase=Failed|Abnormal",
    Healthy: ".status.phase=Running",
    message: ".status.message",
  },
  {
    groups: "hazelcast.com",
    kinds: "Hazelcast ManagementCenter",
    Degraded: ".status.phase=Failed",
    Healthy: ".status.phase=Running",
    message: ".status.message",
  },
  {
    groups: "milvus.io",
    kinds: "Milvus MilvusUpgrade",
    Suspended: ".status.status=Stopped",
    Degraded: ".status.status=Unhealthy",
    Healthy: ".status.status=Healthy",
  },
  {
    groups: "db.atlasgo.io",
    kinds: "AtlasSchema AtlasMigration",
    Suspended: "Ready=False(ApprovalPending)",
    Degraded: "Ready=False(!Reconciling|ApprovalPending)",
    Healthy: "Ready=True",
  },
];
