import { secretText } from "#core/accounts/secret-data.ts";
import { resolveReference } from "#core/accounts/secret-references.ts";
import type { KubeObject } from "#core/object/index.ts";
import type { ConfigMapReader } from "#core/settings/config-map-reader.ts";
import { wrong } from "#core/settings/read-yaml.ts";

/** Keys of `argocd-secret`; the last is Mooring's own. */
const webhookKeys = [
  "webhook.github.secret",
  "webhook.gitlab.secret",
  "webhook.gogs.secret",
  "webhook.bitbucket.uuid",
  "webhook.bitbucketserver.secret",
  "webhook.azuredevops.username",
  "webhook.azuredevops.password",
  "webhook.harbor.secret",
  "webhook.dockerhub.secret",
] as const;

export type WebhookKey = (typeof webhookKeys)[number];

/** What `argocd-cm` and `argocd-secret` say about webhooks. */
export interface WebhookSettings {
  /** Of what is not in it, events are taken unsigned. */
  readonly secrets: ReadonlyMap<WebhookKey, string>;
  /** `webhook.maxPayloadSizeMB`. */
  readonly maxPayloadBytes: number;
}

const megabyte = 1_048_576;
const defaultMaxMegabytes = 50;
/** A text cannot be longer than half a gigabyte. */
const mostMegabytes = 256;

interface WebhookObjects {
  /** `argocd-secret`. */
  readonly secret: KubeObject | undefined;
  readonly otherSecret: (name: string) => KubeObject | undefined;
}

/** Reads what events must prove and how long they may be; what is wrong is reported to `reader` and added to `problems`, without any value. */
export function readWebhookSettings(
  reader: ConfigMapReader,
  { secret, otherSecret }: WebhookObjects,
  problems: string[],
): WebhookSettings {
  const { namespace = "argocd", name = "argocd-secret" } = secret?.metadata ?? {};
  const source = {
    own: secret,
    other: otherSecret,
    report: (problem: string) => void problems.push(`Secret/${namespace}/${name}: ${problem}`),
  };
  const secrets = webhookKeys.flatMap((key) => {
    const text = secretText(secret, key);
    return text === undefined ? [] : [[key, resolveReference(source, key, text)] as const];
  });
  return {
    secrets: new Map(secrets),
    maxPayloadBytes:
      (reader.read("webhook.maxPayloadSizeMB", readMegabytes) ?? defaultMaxMegabytes) * megabyte,
  };
}

function readMegabytes(text: string): number {
  const megabytes = Number(text);
  if (/^\d+$/u.test(text) && megabytes >= 1 && megabytes <= mostMegabytes) return megabytes;
  throw wrong(`it is no whole number from 1 to ${mostMegabytes}; write it like 50`);
}
