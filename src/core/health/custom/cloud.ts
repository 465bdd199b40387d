import { health } from "../health.ts";
import { healthBySeverity } from "./by-severity.ts";
import type { Row } from "./rule.ts";

const crossplane = "*.crossplane.io *.upbound.io";

/** Things in a cloud that a controller keeps as an object says: Crossplane, AWS, Azure, Google, SAP, Pulumi, kro. */
export const cloudRows: readonly Row[] = [
  {
    groups: crossplane,
    kinds:
      "ProviderConfig ClusterProviderConfig ProviderConfigUsage ClusterProviderConfigUsage StoreConfig EnvironmentConfig Composition CompositionRevision ControllerConfig DeploymentRuntimeConfig ImageConfig Lock Usage ClusterUsage ManagedResourceActivationPolicy",
    otherwise: "nothing",
  },
  {
    groups: crossplane,
    kinds: "*",
    Suspended: "Synced=False(ReconcilePaused)",
    Degraded: "Synced=False or LastAsyncOperation=False",
    Healthy: "Ready=True",
  },
  {
    groups: "apiextensions.crossplane.io",
    kinds: "CompositeResourceDefinition ManagedResourceDefinition",
    Healthy: "Established=True or .spec.state=Inactive",
  },
  {
    groups: "ops.crossplane.io",
    kinds: "Operation",
    Degraded: "Succeeded=False",
    Healthy: "Succeeded=True",
  },
  { groups: "ops.crossplane.io", kinds: "CronOperation WatchOperation", otherwise: "nothing" },
  {
    groups: "pkg.crossplane.io",
    kinds: "Provider Configuration Function",
    Degraded: "Healthy=False or Installed=False(!UnpackingPackage|InactivePackageRevision)",
    Healthy: "Installed=True & Healthy=True",
  },
  {
    groups: "pkg.crossplane.io",
    kinds: "ProviderRevision ConfigurationRevision FunctionRevision",
    Degraded: "Healthy=False or RevisionHealthy=False or RuntimeHealthy=False",
    Healthy: "Healthy=True or RevisionHealthy=True or .spec.desiredState=Inactive",
  },
  {
    groups: "*.services.k8s.aws",
    kinds: "*",
    Degraded: "ACK.Terminal=True",
    Progressing: "ACK.Recoverable=True",
    Healthy: "ACK.ResourceSynced=True or Ready=True",
  },
  {
    groups: "services.k8s.aws",
    kinds: "AdoptedResource",
    Degraded: "ACK.Terminal=True",
    Healthy: "ACK.Adopted=True",
  },
  { groups: "services.k8s.aws", kinds: "*", otherwise: "nothing" },
  {
    groups: "*.cnrm.cloud.google.com",
    kinds: "*",
    Degraded: "Ready=False(UpdateFailed|DeleteFailed|DependencyInvalid|ManagementConflict)",
    Healthy: "Ready=True",
  },
  {
    groups: "core.cnrm.cloud.google.com",
    kinds: "ConfigConnector ConfigConnectorContext",
    Degraded: ".status.healthy=false",
    Healthy: ".status.healthy=true",
    message: ".status.errors",
  },
  {
    groups: "core.cnrm.cloud.google.com customize.core.cnrm.cloud.google.com",
    kinds: "*",
    Degraded: ".status.healthy=false",
    otherwise: "nothing",
    message: ".status.errors",
  },
  {
    groups: "*.azure.com",
    kinds: "*",
    check: (object) =>
      healthBySeverity(object, "Ready") ?? health("Progressing", "Waiting for condition Ready"),
    says: {
      Degraded: "`Ready` is False with severity Error",
      Progressing: "`Ready` is False with another severity, or not there yet",
      Healthy: "`Ready=True`",
    },
  },
  {
    groups: "services.cloud.sap.com",
    kinds: "ServiceInstance ServiceBinding",
    Degraded: "Failed=True",
    Progressing: "Succeeded=False",
    Healthy: "Ready=True",
  },
  {
    groups: "pulumi.com",
    kinds: "Stack",
    Degraded: "Stalled=True or .status.lastUpdate.state=failed & !Reconciling=True",
    Progressing: "Reconciling=True",
    Healthy: "Ready=True or .status.lastUpdate.state=succeeded",
  },
  {
    groups: "kro.run",
    kinds: "ResourceGraphDefinition",
    Degraded: ".status.state=Inactive",
    Healthy: ".status.state=Active",
  },
  {
    groups: "kro.run",
    kinds: "*",
    Degraded: ".status.state=FAILED|ERROR or Accepted=False",
    Healthy: ".status.state=ACTIVE or Ready=True",
  },
  {
    groups: "apigee.cloud.google.com",
    kinds:
      "ApigeeDatastore ApigeeDeployment ApigeeEnvironment ApigeeOrganization ApigeeRedis ApigeeTelemetry ApigeeRoute ApigeeRouteConfig",
    Degraded: ".status.state=failed|error",
    Healthy: ".status.state=running",
  },
];
