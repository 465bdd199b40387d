import type { IncomingHttpHeaders } from "node:http";
import type { JsonObject } from "#core/object/index.ts";
import type { WebhookEvent, WebhookKey } from "#core/webhook/index.ts";
import {
  readAzureDevOps,
  readBitbucket,
  readBitbucketServer,
  readDockerHub,
  readGithub,
  readGitlab,
  readGogs,
  readHarbor,
} from "#core/webhook/index.ts";

/** What of a request says whose it is and that it is theirs, besides its body. */
export interface WebhookHead {
  readonly headers: IncomingHttpHeaders;
  readonly query: URLSearchParams;
}

/** How an event proves that its sender knows the secret. */
export type Proof =
  /** An HMAC-SHA256 of the body, in hexadecimal digits behind a prefix. */
  | {
      readonly kind: "signature";
      readonly key: WebhookKey;
      /** The first that is there counts. */
      readonly headers: readonly string[];
      readonly prefix: string;
    }
  /** The secret itself, or what is made of it. */
  | {
      readonly kind: "token";
      /** One that is set is enough to ask for it. */
      readonly keys: readonly WebhookKey[];
      /** Where it stands, for messages. */
      readonly place: string;
      readonly given: (head: WebhookHead) => string | undefined;
      readonly wanted: (secretOf: (key: WebhookKey) => string) => string;
    };

/** Who sends events: how they are known, how they prove it, and what they mean. */
export interface WebhookProvider {
  readonly name: string;
  readonly isSender: (head: WebhookHead) => boolean;
  /** The name of the event where it is not in the payload. */
  readonly eventOf: (head: WebhookHead) => string;
  readonly proof: Proof;
  readonly read: (event: string, payload: JsonObject) => readonly WebhookEvent[];
}

/** Those that no header of theirs gives away are named in the address: `?from=harbor`. */
const namedIn = ({ query }: WebhookHead, name: string): boolean => query.get("from") === name;

function header({ headers }: WebhookHead, name: string): string | undefined {
  const value = headers[name];
  return typeof value === "string" ? value : undefined;
}

const has =
  (...names: readonly string[]) =>
  (head: WebhookHead): boolean =>
    names.some((name) => header(head, name) !== undefined);

const named =
  (...names: readonly string[]) =>
  (head: WebhookHead): string =>
    names.map((name) => header(head, name)).find((value) => value !== undefined) ?? "";

const token = (key: WebhookKey, name: string): Proof => ({
  kind: "token",
  keys: [key],
  place: name,
  given: (head) => header(head, name.toLowerCase()),
  wanted: (secretOf) => secretOf(key),
});

const base64 = (text: string): string => Buffer.from(text).toString("base64");

/** In the order in which they are tried: Gitea and Gogs send GitHub's headers, too, and Bitbucket's two share one. */
const webhookProviders: readonly WebhookProvider[] = [
  {
    name: "Docker Hub",
    isSender: (head) => namedIn(head, "dockerhub"),
    eventOf: () => "",
    proof: {
      kind: "token",
      keys: ["webhook.dockerhub.secret"],
      place: "token of the address's query",
      given: ({ query }) => query.get("token") ?? undefined,
      wanted: (secretOf) => secretOf("webhook.dockerhub.secret"),
    },
    read: readDockerHub,
  },
  {
    name: "Azure DevOps",
    isSender: (head) => has("x-vss-activityid")(head) || namedIn(head, "azuredevops"),
    eventOf: () => "",
    proof: {
      kind: "token",
      keys: ["webhook.azuredevops.username", "webhook.azuredevops.password"],
      place: "Authorization",
      given: (head) => header(head, "authorization"),
      wanted: (secretOf) =>
        `Basic ${base64(`${secretOf("webhook.azuredevops.username")}:${secretOf("webhook.azuredevops.password")}`)}`,
    },
    read: readAzureDevOps,
  },
  {
    name: "Gogs or Gitea",
    isSender: has("x-gogs-event", "x-gitea-event", "x-forgejo-event"),
    eventOf: named("x-gogs-event", "x-gitea-event", "x-forgejo-event"),
    proof: {
      kind: "signature",
      key: "webhook.gogs.secret",
      headers: ["X-Gogs-Signature", "X-Gitea-Signature", "X-Forgejo-Signature"],
      prefix: "",
    },
    read: readGogs,
  },
  {
    name: "GitHub",
    isSender: has("x-github-event"),
    eventOf: named("x-github-event"),
    proof: {
      kind: "signature",
      key: "webhook.github.secret",
      headers: ["X-Hub-Signature-256"],
      prefix: "sha256=",
    },
    read: readGithub,
  },
  {
    name: "GitLab",
    isSender: has("x-gitlab-event"),
    eventOf: named("x-gitlab-event"),
    proof: token("webhook.gitlab.secret", "X-Gitlab-Token"),
    read: readGitlab,
  },
  {
    name: "Bitbucket Cloud",
    isSender: has("x-hook-uuid"),
    eventOf: named("x-event-key"),
    proof: token("webhook.bitbucket.uuid", "X-Hook-UUID"),
    read: readBitbucket,
  },
  {
    name: "Bitbucket Server",
    isSender: has("x-event-key"),
    eventOf: named("x-event-key"),
    proof: {
      kind: "signature",
      key: "webhook.bitbucketserver.secret",
      headers: ["X-Hub-Signature"],
      prefix: "sha256=",
    },
    read: readBitbucketServer,
  },
  {
    name: "Harbor",
    isSender: (head) => namedIn(head, "harbor") || has("authorization")(head),
    eventOf: () => "",
    proof: token("webhook.harbor.secret", "Authorization"),
    read: readHarbor,
  },
];

/** Who sends a request; undefined for nobody that is known. */
export function findWebhookProvider(head: WebhookHead): WebhookProvider | undefined {
  return webhookProviders.find((provider) => provider.isSender(head));
}
