import type { HealthCheck } from "../check.ts";
import { health } from "../health.ts";
import type { Row } from "./rule.ts";

/** Elastic's applications are red until the first of them answers; that is a start, not a failure. */
const elastic = {
  Degraded: ".status.health=red & .status.version",
  Healthy: ".status.health=green",
};

const solrHealth: HealthCheck = (object) => {
  if (!object.has("status")) return health("Progressing", "Waiting for status");
  const wanted = object.number("spec", "replicas") ?? 3;
  const ready = object.count("status", "readyReplicas");
  const current = object.count("status", "upToDateNodes");
  if (ready < wanted) return health("Progressing", `${ready} of ${wanted} nodes are ready`);
  if (current < wanted) return health("Progressing", `${current} of ${wanted} nodes are up to date`);
  return health("Healthy");
};

/** Search and analytics: Elastic, OpenSearch, Solr, ClickHouse, Druid. */
export const searchRows: readonly Row[] = [
  {
    groups: "elasticsearch.k8s.elastic.co",
    kinds: "Elasticsearch",
    Degraded: ".status.phase=Invalid|Stalled or .status.health=red & .status.phase=Ready",
    Progressing: ".status.phase=ApplyingChanges|MigratingData",
    Healthy: ".status.phase=Ready & .status.health=green|yellow",
  },
  { groups: "kibana.k8s.elastic.co", kinds: "Kibana", ...elastic },
  { groups: "apm.k8s.elastic.co", kinds: "ApmServer", ...elastic },
  { groups: "beat.k8s.elastic.co", kinds: "Beat", ...elastic },
  { groups: "agent.k8s.elastic.co", kinds: "Agent", ...elastic },
  { groups: "logstash.k8s.elastic.co", kinds: "Logstash", ...elastic },
  { groups: "enterprisesearch.k8s.elastic.co", kinds: "EnterpriseSearch", ...elastic },
  { groups: "maps.k8s.elastic.co", kinds: "ElasticMapsServer", ...elastic },
  {
    groups: "stackconfigpolicy.k8s.elastic.co",
    kinds: "StackConfigPolicy",
    Degraded: ".status.phase=Error|Invalid|Conflict",
    Healthy: ".status.phase=Ready",
  },
  {
    groups: "opensearch.opster.io opensearch.org",
    kinds: "OpenSearchCluster",
    Degraded: ".status.health=red & .status.phase=RUNNING",
    Healthy: ".status.phase=RUNNING",
  },
  {
    groups: "solr.apache.org",
    kinds: "SolrCloud",
    check: solrHealth,
    says: {
      Progressing: "fewer nodes are ready, or up to date, than are wanted",
      Healthy: "as many nodes are ready and up to date as are wanted",
    },
  },
  {
    groups: "solr.apache.org",
    kinds: "SolrBackup",
    Degraded: ".status.successful=false",
    Healthy: ".status.successful=true",
  },
  {
    groups: "clickhouse.altinity.com clickhouse-keeper.altinity.com",
    kinds: "ClickHouseInstallation ClickHouseKeeperInstallation",
    Degraded: ".status.status=Aborted",
    Healthy: ".status.status=Completed",
    message: ".status.error",
  },
  {
    groups: "druid.apache.org",
    kinds: "Druid",
    Degraded: ".status.druidNodeStatus.druidNodeConditionType=DruidNodeErrorState",
    Healthy: ".status.druidNodeStatus.druidNodeConditionType=DruidClusterReady",
    message: ".status.druidNodeStatus.reason",
  },
];
