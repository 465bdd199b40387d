import { expect, it } from "vitest";
import { assessHealth } from "../assess.ts";
import type { Example } from "./example.ts";
import { condition, conditions, healthOf, objectOf, status, titled } from "./example.ts";

const examples: Example[] = [
  ["cert-manager.io/v1 Certificate", {}, "Progressing", "Waiting for condition Ready"],
  [
    "cert-manager.io/v1 Certificate",
    conditions(
      condition("Issuing", "True", "DoesNotExist", "Issuing certificate as Secret does not exist"),
      condition("Ready", "False", "DoesNotExist", "Issuing certificate as Secret does not exist"),
    ),
    "Progressing",
    "Issuing certificate as Secret does not exist",
  ],
  [
    "cert-manager.io/v1 Certificate",
    conditions(
      condition("Issuing", "False", "Failed", "the order is invalid"),
      condition("Ready", "False", "DoesNotExist", "Secret does not exist"),
    ),
    "Degraded",
    "the order is invalid",
  ],
  [
    "cert-manager.io/v1 Certificate",
    conditions(
      condition("Issuing", "True", "Renewing", "Renewing certificate"),
      condition("Ready", "True", "Ready", "Certificate is up to date and has not expired"),
    ),
    "Healthy",
    "Certificate is up to date and has not expired",
  ],
  [
    "cert-manager.io/v1 CertificateRequest",
    conditions(
      condition("Approved", "True", "cert-manager.io"),
      condition("Ready", "False", "Pending", "Waiting on certificate issuance"),
    ),
    "Progressing",
    "Waiting on certificate issuance",
  ],
  [
    "cert-manager.io/v1 CertificateRequest",
    conditions(condition("Denied", "True", "policy", "no policy approved it")),
    "Degraded",
    "no policy approved it",
  ],
  [
    "cert-manager.io/v1 ClusterIssuer",
    conditions(condition("Ready", "False", "ErrRegisterACMEAccount", "cannot reach the server")),
    "Degraded",
    "cannot reach the server",
  ],
  [
    "acme.cert-manager.io/v1 Challenge",
    status({ state: "pending", reason: "waiting for propagation" }),
    "Progressing",
    "waiting for propagation",
  ],
  [
    "acme.cert-manager.io/v1 Order",
    status({ state: "errored", reason: "rate limited" }),
    "Degraded",
    "rate limited",
  ],
  ["acme.cert-manager.io/v1 Order", status({ state: "valid" }), "Healthy", "status.state is valid"],
  [
    "trust.cert-manager.io/v1alpha1 Bundle",
    conditions(condition("Synced", "True", "Synced")),
    "Healthy",
    "Synced",
  ],
  [
    "networking.gke.io/v1 ManagedCertificate",
    status({ certificateStatus: "Provisioning" }),
    "Progressing",
    "status.certificateStatus is Provisioning",
  ],
];

it.each(titled(examples))("%s is %s", (type, _, example) => {
  expect(assessHealth(objectOf(type, example[1]))).toEqual(healthOf(example));
});
