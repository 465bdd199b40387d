import { expect, it } from "vitest";
import { assessHealth } from "../assess.ts";
import type { Example } from "./example.ts";
import { condition, conditions, healthOf, objectOf, status, titled } from "./example.ts";

const examples: Example[] = [
  ["kafka.strimzi.io/v1beta2 Kafka", {}, "Progressing", "Waiting for condition Ready"],
  [
    "kafka.strimzi.io/v1beta2 Kafka",
    conditions(condition("NotReady", "True", "Creating", "Kafka cluster is being deployed")),
    "Progressing",
    "Waiting for condition Ready",
  ],
  [
    "kafka.strimzi.io/v1beta2 Kafka",
    conditions(
      condition("Warning", "True", "KafkaVersion"),
      condition("NotReady", "True", "TimeoutException", "pods did not become ready"),
    ),
    "Degraded",
    "pods did not become ready",
  ],
  ["kafka.strimzi.io/v1beta2 Kafka", conditions(condition("ReconciliationPaused", "True", "")), "Suspended"],
  ["kafka.strimzi.io/v1beta2 KafkaTopic", conditions(condition("Ready", "True", "")), "Healthy"],
  [
    "kafka.strimzi.io/v1beta2 KafkaTopic",
    {
      metadata: { generation: 3 },
      ...status({ observedGeneration: 2, conditions: [condition("Ready", "True", "")] }),
    },
    "Progressing",
    "Waiting for generation 3 to be observed",
  ],
  [
    "kafka.strimzi.io/v1beta2 KafkaConnector",
    status({
      connectorStatus: { connector: { state: "FAILED" } },
      conditions: [condition("Ready", "True", "")],
    }),
    "Degraded",
    "status.connectorStatus.connector.state is FAILED",
  ],
  [
    "platform.confluent.io/v1beta1 Kafka",
    status({ phase: "PROVISIONING" }),
    "Progressing",
    "status.phase is PROVISIONING",
  ],
  ["platform.confluent.io/v1beta1 Kafka", status({ phase: "RUNNING" }), "Healthy", "status.phase is RUNNING"],
  [
    "kafka.banzaicloud.io/v1beta1 KafkaCluster",
    status({ state: "ClusterRollingUpgrading" }),
    "Progressing",
    "status.state is ClusterRollingUpgrading",
  ],
  [
    "zookeeper.pravega.io/v1beta1 ZookeeperCluster",
    conditions(
      condition("PodsReady", "True", ""),
      condition("Upgrading", "False", ""),
      condition("Error", "False", ""),
    ),
    "Healthy",
  ],
  [
    "rabbitmq.com/v1beta1 RabbitmqCluster",
    conditions(
      condition("AllReplicasReady", "False", "NotAllPodsReady", "2/3 Pods ready"),
      condition("ClusterAvailable", "True", "AtLeastOneEndpointAvailable"),
      condition("ReconcileSuccess", "True", "Success"),
    ),
    "Progressing",
    "2/3 Pods ready",
  ],
  [
    "rabbitmq.com/v1beta1 RabbitmqCluster",
    conditions(condition("ReconcileSuccess", "False", "Error", "invalid configuration")),
    "Degraded",
    "invalid configuration",
  ],
  [
    "rabbitmq.com/v1beta1 RabbitmqCluster",
    conditions(
      condition("AllReplicasReady", "True", "AllPodsAreReady"),
      condition("ClusterAvailable", "True", "AtLeastOneEndpointAvailable"),
    ),
    "Healthy",
    "AtLeastOneEndpointAvailable",
  ],
  [
    "rabbitmq.com/v1beta1 Queue",
    conditions(condition("Ready", "False", "FailedCreateOrUpdate", "vhost not found")),
    "Degraded",
    "vhost not found",
  ],
];

it.each(titled(examples))("%s is %s", (type, _, example) => {
  expect(assessHealth(objectOf(type, example[1]))).toEqual(healthOf(example));
});
