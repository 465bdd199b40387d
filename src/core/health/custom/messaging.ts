import type { Row } from "./rule.ts";

const strimzi = {
  Suspended: "ReconciliationPaused=True",
  Degraded: "NotReady=True(!Creating) or Ready=False(!Creating)",
  Healthy: "Ready=True",
};
const ready = { Degraded: "Ready=False", Healthy: "Ready=True" };

/** Kafka, RabbitMQ, NATS, ZooKeeper. */
export const messagingRows: readonly Row[] = [
  {
    groups: "kafka.strimzi.io",
    kinds: "Kafka KafkaConnect KafkaBridge KafkaMirrorMaker KafkaMirrorMaker2 KafkaTopic KafkaUser",
    ...strimzi,
  },
  {
    groups: "kafka.strimzi.io",
    kinds: "KafkaConnector",
    Suspended: "ReconciliationPaused=True or .status.connectorStatus.connector.state=PAUSED|STOPPED",
    Degraded: `.status.connectorStatus.connector.state=FAILED or ${strimzi.Degraded}`,
    Healthy: "Ready=True",
  },
  {
    groups: "kafka.strimzi.io",
    kinds: "KafkaRebalance",
    ...strimzi,
    Suspended: "ReconciliationPaused=True or ProposalReady=True or Stopped=True",
    otherwise: "nothing",
  },
  { groups: "kafka.strimzi.io", kinds: "KafkaNodePool", otherwise: "nothing" },
  { groups: "access.strimzi.io", kinds: "KafkaAccess", ...ready },
  {
    groups: "platform.confluent.io",
    kinds: "Connector",
    Suspended: ".status.connectorState=PAUSED|STOPPED",
    Degraded: ".status.connectorState=FAILED or .status.state=ERROR|FAILED",
    Healthy: ".status.connectorState=RUNNING",
  },
  {
    groups: "platform.confluent.io",
    kinds: "Connect ControlCenter Kafka KafkaRestProxy KRaftController KsqlDB SchemaRegistry Zookeeper",
    Degraded: ".status.phase=FAILED|ERROR",
    Healthy: ".status.phase=RUNNING",
  },
  {
    groups: "kafka.banzaicloud.io",
    kinds: "KafkaCluster",
    Healthy: ".status.state=ClusterRunning",
  },
  {
    groups: "zookeeper.pravega.io",
    kinds: "ZookeeperCluster",
    Degraded: "Error=True",
    Progressing: "Upgrading=True",
    Healthy: "PodsReady=True",
  },
  {
    groups: "rabbitmq.com",
    kinds: "RabbitmqCluster",
    Degraded: "ReconcileSuccess=False",
    Progressing: "AllReplicasReady=False or ClusterAvailable=False",
    Healthy: "ClusterAvailable=True & AllReplicasReady=True",
  },
  {
    groups: "rabbitmq.com",
    kinds:
      "Binding Exchange Federation OperatorPolicy Permission Policy Queue SchemaReplication Shovel SuperStream TopicPermission User Vhost",
    ...ready,
  },
  { groups: "jetstream.nats.io", kinds: "Stream Consumer KeyValue ObjectStore Account", ...ready },
];
