import { expect, it } from "vitest";
import { assessHealth } from "../assess.ts";
import type { Example } from "./example.ts";
import { healthOf, objectOf, status, titled } from "./example.ts";

const examples: Example[] = [
  [
    "elasticsearch.k8s.elastic.co/v1 Elasticsearch",
    status({ phase: "ApplyingChanges", health: "red" }),
    "Progressing",
    "status.phase is ApplyingChanges",
  ],
  [
    "elasticsearch.k8s.elastic.co/v1 Elasticsearch",
    status({ phase: "Ready", health: "red" }),
    "Degraded",
    "status.health is red",
  ],
  [
    "elasticsearch.k8s.elastic.co/v1 Elasticsearch",
    status({ phase: "Ready", health: "yellow" }),
    "Healthy",
    "status.phase is Ready",
  ],
  ["kibana.k8s.elastic.co/v1 Kibana", status({ health: "red" }), "Progressing", "status.health is red"],
  [
    "kibana.k8s.elastic.co/v1 Kibana",
    status({ health: "red", version: "9.1.0" }),
    "Degraded",
    "status.health is red",
  ],
  [
    "kibana.k8s.elastic.co/v1 Kibana",
    status({ health: "green", version: "9.1.0" }),
    "Healthy",
    "status.health is green",
  ],
  [
    "solr.apache.org/v1beta1 SolrCloud",
    { spec: { replicas: 2 }, ...status({ readyReplicas: 1, upToDateNodes: 2 }) },
    "Progressing",
    "1 of 2 nodes are ready",
  ],
  [
    "solr.apache.org/v1beta1 SolrCloud",
    { spec: { replicas: 2 }, ...status({ readyReplicas: 2, upToDateNodes: 1 }) },
    "Progressing",
    "1 of 2 nodes are up to date",
  ],
  [
    "solr.apache.org/v1beta1 SolrCloud",
    { spec: { replicas: 2 }, ...status({ readyReplicas: 2, upToDateNodes: 2 }) },
    "Healthy",
  ],
  [
    "clickhouse.altinity.com/v1 ClickHouseInstallation",
    status({ status: "InProgress" }),
    "Progressing",
    "status.status is InProgress",
  ],
  [
    "clickhouse.altinity.com/v1 ClickHouseInstallation",
    status({ status: "Aborted", error: "host is down" }),
    "Degraded",
    "host is down",
  ],
  [
    "druid.apache.org/v1alpha1 Druid",
    status({
      druidNodeStatus: { druidNodeConditionType: "DruidNodeErrorState", reason: "ContainersNotReady" },
    }),
    "Degraded",
    "ContainersNotReady",
  ],
];

it.each(titled(examples))("%s is %s", (type, _, example) => {
  expect(assessHealth(objectOf(type, example[1]))).toEqual(healthOf(example));
});
