import type { Row } from "./rule.ts";

/** Knative says Unknown while it works, so False is a failure. */
const ready = { Degraded: "Ready=False", Healthy: "Ready=True" };

/** Functions and events: Knative, Camel K, OpenFaaS, KEDA. */
export const knativeRows: readonly Row[] = [
  { groups: "serving.knative.dev", kinds: "Service Route Configuration Revision DomainMapping", ...ready },
  { groups: "eventing.knative.dev", kinds: "Broker Trigger EventPolicy RequestReply", ...ready },
  { groups: "messaging.knative.dev", kinds: "Channel InMemoryChannel KafkaChannel Subscription", ...ready },
  { groups: "flows.knative.dev", kinds: "Sequence Parallel", ...ready },
  { groups: "sources.knative.dev", kinds: "*", ...ready },
  {
    groups: "operator.knative.dev",
    kinds: "KnativeServing KnativeEventing",
    Degraded: "InstallSucceeded=False or DependenciesInstalled=False or VersionMigrationEligible=False",
    Healthy: "Ready=True",
  },
  {
    groups: "camel.apache.org",
    kinds: "Integration",
    Degraded: ".status.phase=Error",
    Healthy: ".status.phase=Running & !Ready=False",
  },
  {
    groups: "camel.apache.org",
    kinds: "Pipe KameletBinding Kamelet IntegrationKit IntegrationPlatform",
    Degraded: ".status.phase=Error",
    Healthy: ".status.phase=Ready",
  },
  {
    groups: "openfaas.com",
    kinds: "Function",
    Degraded: "Stalled=True",
    Progressing: "Reconciling=True",
    Healthy: "Ready=True or Healthy=True",
    otherwise: "nothing",
  },
  {
    groups: "keda.sh",
    kinds: "ScaledObject ScaledJob",
    Suspended: "Paused=True",
    Degraded: "Ready=False",
    Healthy: "Ready=True",
  },
];
