import type { ClusterAuth } from "#core/cluster/index.ts";
import type { KubeObject } from "#core/object/index.ts";
import { viewObject } from "#core/object/index.ts";
import { decodeBase64Text } from "#core/repo/index.ts";
import type { CredentialFields } from "#core/repo/index.ts";
import type { HubConfig } from "./config.ts";

const secretFields = ["password", "bearerToken", "sshPrivateKey", "tlsClientCertKey"] as const;

function ofRepository(fields: CredentialFields): readonly string[] {
  return secretFields.flatMap((field) => fields[field] ?? []);
}

function ofCluster(auth: ClusterAuth): readonly string[] {
  if (auth.kind === "token") return [auth.token];
  return auth.kind === "basic" ? [auth.password] : [];
}

/** Of a Secret that is given away as variables. */
function valuesOf(object: KubeObject): readonly string[] {
  if (object.kind !== "Secret") return [];
  return Object.values(viewObject(object, "data")).flatMap((value) =>
    typeof value === "string" ? (decodeBase64Text(value) ?? []) : [],
  );
}

/** Every credential of the configuration: what no message, whoever wrote it, may hold. */
export function secretValuesOf({
  repositories,
  writing,
  clusters,
  dataKeys,
  variables,
}: HubConfig): ReadonlySet<string> {
  const templates = [repositories, writing].flatMap((one) => [...one.repositories, ...one.templates]);
  return new Set([
    ...templates.flatMap((one) => ofRepository(one.fields)),
    ...variables.flatMap((object) => valuesOf(object)),
    ...dataKeys.flatMap(({ keys }) => keys.map(({ text }) => text)),
    ...clusters.flatMap(({ connection }) =>
      connection === undefined ? [] : [...ofCluster(connection.auth), connection.tls.keyData ?? ""],
    ),
  ]);
}
