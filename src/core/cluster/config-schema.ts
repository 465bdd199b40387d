import { array, boolean, map, object, string } from "#core/crd/schema.ts";

/** The JSON document under `config` of a cluster Secret. */
export const clusterConfigSchema = object({
  username: string(),
  password: string(),
  bearerToken: string(),
  tlsClientConfig: object({
    insecure: boolean(),
    serverName: string(),
    caData: string(),
    certData: string(),
    keyData: string(),
  }),
  execProviderConfig: object({
    command: string(),
    args: array(string()),
    env: map(string()),
    apiVersion: string(),
    installHint: string(),
  }),
  awsAuthConfig: object({ clusterName: string(), roleARN: string(), profile: string() }),
  proxyUrl: string(),
  disableCompression: boolean(),
});
