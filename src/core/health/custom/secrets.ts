import type { Row } from "./rule.ts";

const ready = { Degraded: "Ready=False", Healthy: "Ready=True" };

/** Secrets that are kept elsewhere or are encrypted, and identity. */
export const secretRows: readonly Row[] = [
  {
    groups: "external-secrets.io",
    kinds: "ExternalSecret ClusterExternalSecret SecretStore ClusterSecretStore PushSecret ClusterPushSecret",
    ...ready,
  },
  { groups: "bitnami.com", kinds: "SealedSecret", Degraded: "Synced=False", Healthy: "Synced=True" },
  { groups: "onepassword.com", kinds: "OnePasswordItem", ...ready },
  {
    groups: "addons.projectcapsule.dev",
    kinds: "SopsSecret GlobalSopsSecret SopsProvider",
    ...ready,
  },
  {
    groups: "isindir.github.com",
    kinds: "SopsSecret",
    Degraded: ".status.message!=Healthy",
    Healthy: ".status.message=Healthy",
  },
  {
    groups: "secrets.hashicorp.com",
    kinds: "VaultStaticSecret VaultDynamicSecret VaultPKISecret HCPVaultSecretsApp",
    Degraded: "Ready=False or SecretSynced=False or Healthy=False",
    Healthy: "Ready=True or SecretSynced=True or .status.lastGeneration",
    message: ".status.error",
  },
  {
    groups: "secrets.hashicorp.com",
    kinds: "VaultAuth VaultAuthGlobal VaultConnection HCPAuth",
    Degraded: ".status.valid=false",
    Healthy: ".status.valid=true",
    message: ".status.error",
  },
  {
    groups: "k8s.keycloak.org",
    kinds: "Keycloak",
    Degraded: "HasErrors=True",
    Progressing: "RollingUpdate=True",
    Healthy: "Ready=True",
  },
  {
    groups: "k8s.keycloak.org",
    kinds: "KeycloakRealmImport",
    Degraded: "HasErrors=True",
    Healthy: "Done=True",
  },
  {
    groups: "keycloak.org",
    kinds: "Keycloak KeycloakRealm KeycloakClient KeycloakUser",
    Degraded: ".status.phase=failing",
    Healthy: ".status.ready=true",
    message: ".status.message",
  },
];
