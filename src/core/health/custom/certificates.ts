import type { Row } from "./rule.ts";

const ready = { Degraded: "Ready=False", Healthy: "Ready=True" };

/** Certificates, and who signs them. */
export const certificateRows: readonly Row[] = [
  {
    groups: "cert-manager.io certmanager.k8s.io",
    kinds: "Certificate",
    Degraded: "Issuing=False & Ready=False",
    Progressing: "Issuing=True & Ready=False",
    Healthy: "Ready=True",
  },
  {
    groups: "cert-manager.io",
    kinds: "CertificateRequest",
    Degraded: "InvalidRequest=True or Denied=True or Ready=False(Failed|Denied)",
    Healthy: "Ready=True",
  },
  { groups: "cert-manager.io certmanager.k8s.io", kinds: "Issuer ClusterIssuer", ...ready },
  { groups: "awspca.cert-manager.io", kinds: "AWSPCAIssuer AWSPCAClusterIssuer", ...ready },
  { groups: "policy.cert-manager.io", kinds: "CertificateRequestPolicy", ...ready },
  {
    groups: "acme.cert-manager.io",
    kinds: "Order Challenge",
    Degraded: ".status.state=invalid|expired|errored",
    Healthy: ".status.state=valid",
    message: ".status.reason",
  },
  {
    groups: "trust.cert-manager.io",
    kinds: "Bundle ClusterBundle",
    Degraded: "Synced=False",
    Healthy: "Synced=True",
  },
  {
    groups: "networking.gke.io",
    kinds: "ManagedCertificate",
    Degraded: ".status.certificateStatus=ProvisioningFailed|ProvisioningFailedPermanently|RenewalFailed",
    Healthy: ".status.certificateStatus=Active",
  },
];
