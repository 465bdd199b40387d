import { expect, it } from "vitest";
import { assessHealth } from "../assess.ts";
import type { Example } from "./example.ts";
import { condition, conditions, healthOf, objectOf, status, titled } from "./example.ts";

const examples: Example[] = [
  ["monitoring.coreos.com/v1 Prometheus", {}, "Progressing", "Waiting for condition Available"],
  [
    "monitoring.coreos.com/v1 Prometheus",
    conditions(condition("Available", "Degraded", "SomePodsNotReady", "shard 0: pod 1 is pending")),
    "Progressing",
    "shard 0: pod 1 is pending",
  ],
  [
    "monitoring.coreos.com/v1 Prometheus",
    conditions(condition("Reconciled", "False", "ReconciliationFailed", "bad config")),
    "Degraded",
    "bad config",
  ],
  [
    "monitoring.coreos.com/v1 Prometheus",
    conditions(condition("Available", "True", ""), condition("Reconciled", "True", "")),
    "Healthy",
  ],
  ["monitoring.coreos.com/v1 Alertmanager", { spec: { paused: true } }, "Suspended", "spec.paused is true"],
  ["monitoring.coreos.com/v1 ServiceMonitor", {}, "none"],
  [
    "grafana.integreatly.org/v1beta1 Grafana",
    status({ stage: "deployment", stageStatus: "in progress" }),
    "Progressing",
    "status.stage is deployment",
  ],
  [
    "grafana.integreatly.org/v1beta1 Grafana",
    status({ stage: "complete", stageStatus: "success" }),
    "Healthy",
    "status.stage is complete",
  ],
  [
    "grafana.integreatly.org/v1beta1 GrafanaDashboard",
    conditions(condition("NoMatchingInstance", "True", "EmptyAPIReply", "none matched")),
    "Degraded",
    "none matched",
  ],
  [
    "grafana.integreatly.org/v1beta1 GrafanaDashboard",
    conditions(condition("DashboardSynchronized", "True", "ApplySuccessful", "applied to 1 instance")),
    "Healthy",
    "applied to 1 instance",
  ],
  ["opentelemetry.io/v1beta1 OpenTelemetryCollector", { spec: { mode: "sidecar" } }, "Healthy"],
  [
    "opentelemetry.io/v1beta1 OpenTelemetryCollector",
    status({ scale: { statusReplicas: "1/2" } }),
    "Progressing",
    "1 of 2 replicas are ready",
  ],
  [
    "opentelemetry.io/v1beta1 OpenTelemetryCollector",
    status({ scale: { statusReplicas: "2/2" } }),
    "Healthy",
    "2 of 2 replicas are ready",
  ],
  ["jaegertracing.io/v1 Jaeger", status({ phase: "Failed" }), "Degraded", "status.phase is Failed"],
  [
    "operator.victoriametrics.com/v1beta1 VMCluster",
    status({ updateStatus: "expanding" }),
    "Progressing",
    "status.updateStatus is expanding",
  ],
  [
    "operator.victoriametrics.com/v1beta1 VMCluster",
    status({ updateStatus: "failed", reason: "no storage class" }),
    "Degraded",
    "no storage class",
  ],
  ["operator.victoriametrics.com/v1beta1 VMRule", {}, "none"],
  [
    "datadoghq.com/v1alpha1 DatadogMetric",
    conditions(condition("Error", "True", "", "unknown metric")),
    "Degraded",
    "unknown metric",
  ],
  [
    "coralogix.com/v1beta1 Alert",
    conditions(condition("RemoteSynced", "False", "RemoteCreationFailed", "401")),
    "Degraded",
    "401",
  ],
  [
    "core.humio.com/v1alpha1 HumioCluster",
    status({ state: "Upgrading" }),
    "Progressing",
    "status.state is Upgrading",
  ],
  ["core.humio.com/v1alpha1 HumioView", status({ state: "Exists" }), "Healthy", "status.state is Exists"],
  [
    "kiali.io/v1alpha1 Kiali",
    conditions(condition("Running", "True", "Running", "Running reconciliation")),
    "Progressing",
    "Running reconciliation",
  ],
  [
    "kiali.io/v1alpha1 Kiali",
    conditions(condition("Running", "True", "Successful", "Awaiting next reconciliation")),
    "Healthy",
    "Awaiting next reconciliation",
  ],
  [
    "kiali.io/v1alpha1 Kiali",
    conditions(condition("Failure", "True", "Failed", "task failed")),
    "Degraded",
    "task failed",
  ],
];

it.each(titled(examples))("%s is %s", (type, _, example) => {
  expect(assessHealth(objectOf(type, example[1]))).toEqual(healthOf(example));
});
