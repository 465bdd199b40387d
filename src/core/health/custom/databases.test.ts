import { expect, it } from "vitest";
import { assessHealth } from "../assess.ts";
import type { Example } from "./example.ts";
import { condition, conditions, healthOf, objectOf, status, titled } from "./example.ts";

const examples: Example[] = [
  ["postgresql.cnpg.io/v1 Cluster", {}, "Progressing", "Waiting for status.phase"],
  [
    "postgresql.cnpg.io/v1 Cluster",
    status({ phase: "Setting up primary" }),
    "Progressing",
    "Setting up primary",
  ],
  [
    "postgresql.cnpg.io/v1 Cluster",
    status({ phase: "Cluster in healthy state" }),
    "Healthy",
    "Cluster in healthy state",
  ],
  [
    "postgresql.cnpg.io/v1 Cluster",
    status({
      phase: "Cluster is in an unrecoverable state, needs manual intervention",
      phaseReason: "all PVCs are gone",
    }),
    "Degraded",
    "all PVCs are gone",
  ],
  [
    "postgresql.cnpg.io/v1 Cluster",
    status({
      phase: "Cluster in healthy state",
      conditions: [condition("cnpg.io/hibernation", "True", "Hibernated", "Cluster has been hibernated")],
    }),
    "Suspended",
    "Cluster has been hibernated",
  ],
  [
    "postgresql.cnpg.io/v1 Database",
    status({ applied: false, message: "role does not exist" }),
    "Degraded",
    "role does not exist",
  ],
  [
    "postgresql.cnpg.io/v1 Database",
    status({ applied: true, observedGeneration: 1 }),
    "Progressing",
    "Waiting for generation 2 to be observed",
  ],
  [
    "postgresql.cnpg.io/v1 Database",
    status({ applied: true, observedGeneration: 2 }),
    "Healthy",
    "status.applied is true",
  ],
  [
    "acid.zalan.do/v1 postgresql",
    status({ PostgresClusterStatus: "Creating" }),
    "Progressing",
    "status.PostgresClusterStatus is Creating",
  ],
  [
    "acid.zalan.do/v1 postgresql",
    status({ PostgresClusterStatus: "Running" }),
    "Healthy",
    "status.PostgresClusterStatus is Running",
  ],
  [
    "acid.zalan.do/v1 postgresql",
    status({ PostgresClusterStatus: "SyncFailed" }),
    "Degraded",
    "status.PostgresClusterStatus is SyncFailed",
  ],
  [
    "postgres-operator.crunchydata.com/v1beta1 PostgresCluster",
    status({ instances: [{ name: "a", replicas: 2, readyReplicas: 1 }] }),
    "Progressing",
    "1 of 2 instances are ready",
  ],
  [
    "postgres-operator.crunchydata.com/v1beta1 PostgresCluster",
    status({ instances: [{ name: "a", replicas: 2, readyReplicas: 2 }] }),
    "Healthy",
    "2 of 2 instances are ready",
  ],
  [
    "postgres-operator.crunchydata.com/v1beta1 PostgresCluster",
    { spec: { shutdown: true } },
    "Suspended",
    "spec.shutdown is true",
  ],
  [
    "pxc.percona.com/v1 PerconaXtraDBCluster",
    status({ state: "initializing" }),
    "Progressing",
    "status.state is initializing",
  ],
  ["pxc.percona.com/v1 PerconaXtraDBCluster", status({ state: "ready" }), "Healthy", "status.state is ready"],
  [
    "psmdb.percona.com/v1 PerconaServerMongoDB",
    status({ state: "error", message: "no keys secret" }),
    "Degraded",
    "no keys secret",
  ],
  [
    "pgv2.percona.com/v2 PerconaPGCluster",
    status({ state: "paused" }),
    "Suspended",
    "status.state is paused",
  ],
  [
    "k8s.mariadb.com/v1alpha1 MariaDB",
    conditions(condition("Ready", "False", "StatefulSetNotReady", "Not ready")),
    "Progressing",
    "Not ready",
  ],
  [
    "k8s.mariadb.com/v1alpha1 Backup",
    conditions(condition("Complete", "False", "JobFailed", "Failed")),
    "Degraded",
    "Failed",
  ],
  [
    "mongodbcommunity.mongodb.com/v1 MongoDBCommunity",
    status({ phase: "Pending", message: "ReplicaSet is not yet ready" }),
    "Progressing",
    "ReplicaSet is not yet ready",
  ],
  ["mongodb.com/v1 MongoDB", status({ phase: "Running" }), "Healthy", "status.phase is Running"],
  [
    "mongodb.com/v1 MongoDBOpsManager",
    status({ opsManager: { phase: "Failed", message: "no admin secret" } }),
    "Degraded",
    "no admin secret",
  ],
  [
    "redis.redis.opstreelabs.in/v1beta2 RedisCluster",
    status({ state: "Bootstrap", reason: "creating leaders" }),
    "Progressing",
    "creating leaders",
  ],
  [
    "cassandra.datastax.com/v1beta1 CassandraDatacenter",
    status({ cassandraOperatorProgress: "Updating", conditions: [condition("Ready", "True", "")] }),
    "Progressing",
    "status.cassandraOperatorProgress is Updating",
  ],
  [
    "cassandra.datastax.com/v1beta1 CassandraDatacenter",
    status({ cassandraOperatorProgress: "Ready", conditions: [condition("Ready", "True", "")] }),
    "Healthy",
    "status.cassandraOperatorProgress is Ready",
  ],
  [
    "scylla.scylladb.com/v1 ScyllaCluster",
    conditions(condition("Available", "True", ""), condition("Progressing", "True", "", "updating racks")),
    "Progressing",
    "updating racks",
  ],
  [
    "mysql.oracle.com/v2 InnoDBCluster",
    status({ cluster: { status: "NO_QUORUM" } }),
    "Degraded",
    "status.cluster.status is NO_QUORUM",
  ],
  [
    "db.atlasgo.io/v1alpha1 AtlasMigration",
    conditions(condition("Ready", "False", "ApprovalPending", "waiting for approval")),
    "Suspended",
    "waiting for approval",
  ],
  [
    "db.atlasgo.io/v1alpha1 AtlasSchema",
    conditions(condition("Ready", "False", "ApplyingSchema", "syntax error")),
    "Degraded",
    "syntax error",
  ],
];

it.each(titled(examples))("%s is %s", (type, _, example) => {
  expect(assessHealth(objectOf(type, example[1]))).toEqual(healthOf(example));
});
