import { expect, it } from "vitest";
import { assessHealth } from "../assess.ts";
import type { Example } from "./example.ts";
import { condition, conditions, healthOf, objectOf, status, titled } from "./example.ts";

const examples: Example[] = [
  ["external-secrets.io/v1 ExternalSecret", {}, "Progressing", "Waiting for condition Ready"],
  [
    "external-secrets.io/v1 ExternalSecret",
    conditions(condition("Ready", "False", "SecretSyncedError", "could not get secret data from provider")),
    "Degraded",
    "could not get secret data from provider",
  ],
  [
    "external-secrets.io/v1 ExternalSecret",
    conditions(condition("Ready", "True", "SecretSynced", "secret synced")),
    "Healthy",
    "secret synced",
  ],
  [
    "bitnami.com/v1alpha1 SealedSecret",
    conditions(condition("Synced", "False", "", "no key could decrypt secret")),
    "Degraded",
    "no key could decrypt secret",
  ],
  [
    "secrets.hashicorp.com/v1beta1 VaultStaticSecret",
    status({ lastGeneration: 1, secretMAC: "x" }),
    "Healthy",
  ],
  [
    "secrets.hashicorp.com/v1beta1 VaultAuth",
    status({ valid: false, error: "invalid role" }),
    "Degraded",
    "invalid role",
  ],
  [
    "k8s.keycloak.org/v2alpha1 Keycloak",
    conditions(
      condition("Ready", "False", "", "Waiting for more replicas"),
      condition("HasErrors", "False", ""),
    ),
    "Progressing",
    "Waiting for more replicas",
  ],
  [
    "k8s.keycloak.org/v2alpha1 Keycloak",
    { status: { conditions: [{ type: "Ready", status: true }] } },
    "Healthy",
  ],
];

it.each(titled(examples))("%s is %s", (type, _, example) => {
  expect(assessHealth(objectOf(type, example[1]))).toEqual(healthOf(example));
});
