import type { HealthCheck } from "../check.ts";
import { health } from "../health.ts";
import { ansible } from "./ansible.ts";
import type { Row } from "./rule.ts";

/** A sidecar runs in other pods, so a collector of that mode has no replicas of its own; others count them as "1/3". */
const collectorHealth: HealthCheck = (object) => {
  if (object.words("spec", "mode") === "sidecar") return health("Healthy");
  const text = object.words("status", "scale", "statusReplicas");
  const [ready = "", wanted = ""] = text.split("/");
  if (text === "") return health("Progressing", "Waiting for status.scale.statusReplicas");
  const message = `${ready} of ${wanted} replicas are ready`;
  return health(Number(ready) >= Number(wanted) ? "Healthy" : "Progressing", message);
};

const humio = {
  Degraded: ".status.state=ConfigError",
  message: ".status.message",
};

const loki = { Degraded: "Failed=True or Degraded=True", Healthy: "Ready=True" };

/** Metrics, logs, traces, dashboards. */
export const observabilityRows: readonly Row[] = [
  {
    groups: "monitoring.coreos.com",
    kinds: "Prometheus PrometheusAgent Alertmanager ThanosRuler",
    Suspended: ".spec.paused=true",
    Degraded: "Reconciled=False",
    Healthy: "Available=True",
  },
  {
    groups: "monitoring.rhobs",
    kinds: "MonitoringStack ThanosQuerier",
    Degraded: "Reconciled=False",
    Healthy: "Available=True",
  },
  {
    groups: "grafana.integreatly.org",
    kinds: "Grafana",
    Degraded: ".status.stageStatus=failed",
    Healthy: ".status.stage=complete & .status.stageStatus=success",
    message: ".status.lastMessage",
  },
  {
    groups: "grafana.integreatly.org",
    kinds:
      "GrafanaDashboard GrafanaDatasource GrafanaFolder GrafanaAlertRuleGroup GrafanaContactPoint GrafanaNotificationPolicy GrafanaNotificationTemplate GrafanaMuteTiming GrafanaLibraryPanel GrafanaServiceAccount",
    Suspended: "Suspended=True",
    Degraded: "NoMatchingInstance=True or InvalidSpec=True or *=False or .status.NoMatchingInstances=true",
    Healthy: "*=True or .status.hash",
  },
  {
    groups: "opentelemetry.io",
    kinds: "OpenTelemetryCollector",
    check: collectorHealth,
    says: {
      Progressing:
        "fewer replicas are ready than `.status.scale.statusReplicas` wants, or it is not there yet",
      Healthy: "as many as it wants are ready, or the collector is a sidecar",
    },
  },
  {
    groups: "jaegertracing.io",
    kinds: "Jaeger",
    Degraded: ".status.phase=Failed",
    Healthy: ".status.phase=Running",
  },
  {
    groups: "operator.victoriametrics.com",
    kinds:
      "VMAgent VMAlert VMAlertmanager VMAnomaly VMAuth VMCluster VMDistributed VMSingle VLogs VLAgent VLCluster VLSingle VTCluster VTSingle",
    Suspended: ".status.updateStatus=paused",
    Degraded: ".status.updateStatus=failed",
    Healthy: ".status.updateStatus=operational",
    message: ".status.reason",
  },
  {
    groups: "operator.victoriametrics.com",
    kinds: "*",
    Degraded: ".status.updateStatus=failed",
    Healthy: ".status.updateStatus=operational",
    otherwise: "nothing",
    message: ".status.reason",
  },
  {
    groups: "datadoghq.com",
    kinds: "DatadogMetric",
    Degraded: "Error=True",
    Healthy: "Valid=True or Active=False",
  },
  {
    groups: "datadoghq.com",
    kinds: "DatadogMonitor DatadogSLO DatadogDashboard",
    Degraded: "Error=True",
    Healthy: "Active=True or Created=True",
    otherwise: "nothing",
  },
  {
    groups: "coralogix.com",
    kinds: "Alert RecordingRuleGroupSet",
    Degraded: "RemoteSynced=False",
    Healthy: "RemoteSynced=True or .status.id",
  },
  {
    groups: "coralogix.com",
    kinds: "*",
    Degraded: "RemoteSynced=False",
    Healthy: "RemoteSynced=True",
    otherwise: "nothing",
  },
  { groups: "core.humio.com", kinds: "HumioCluster", ...humio, Healthy: ".status.state=Running" },
  {
    groups: "core.humio.com",
    kinds:
      "HumioAction HumioAggregateAlert HumioAlert HumioExternalCluster HumioFilterAlert HumioIngestToken HumioParser HumioRepository HumioScheduledSearch HumioView",
    ...humio,
    Healthy: ".status.state=Exists|Ready",
  },
  { groups: "kiali.io", kinds: "Kiali OSSMConsole", ...ansible },
  { groups: "awx.ansible.com", kinds: "AWX AWXBackup AWXRestore", ...ansible },
  { groups: "loki.grafana.com tempo.grafana.com", kinds: "LokiStack TempoStack TempoMonolithic", ...loki },
  {
    groups: "logging.banzaicloud.io",
    kinds: "Flow ClusterFlow Output ClusterOutput SyslogNGFlow SyslogNGOutput",
    Degraded: ".status.problems",
    Healthy: ".status.active=true",
    otherwise: "nothing",
    message: ".status.problems",
  },
  {
    groups: "dynatrace.com",
    kinds: "DynaKube EdgeConnect",
    Degraded: ".status.phase=Error",
    Healthy: ".status.phase=Running",
  },
  {
    groups: "k6.io",
    kinds: "TestRun K6",
    Degraded: ".status.stage=error",
    Healthy: ".status.stage=finished",
  },
];
