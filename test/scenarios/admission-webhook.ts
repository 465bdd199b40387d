import type { JsonObject, JsonValue, KubeObject } from "#core/object/index.ts";
import { viewObject, viewString } from "#core/object/index.ts";
import { createCertificateAuthority } from "#embedded/tls/certificates.ts";
import {
  callApi,
  deployment,
  eventually,
  type TestApplication,
  type TestHub,
} from "../application/fixture.ts";
import { startWebServer } from "../registry-servers/web-server.ts";

interface JsonPatchOperation {
  readonly op: "add" | "replace";
  readonly path: string;
  readonly value: JsonValue;
}

const configurations = "/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations";

type Mutate = (deployment: KubeObject) => readonly JsonPatchOperation[];

/**
 * A mutating webhook that the API server asks about every Deployment of the application's namespace, over TLS on this machine. Ready
 * when it resolves.
 */
export async function startWebhook(
  { access }: TestHub,
  { name, namespace }: TestApplication,
  mutate: Mutate,
): Promise<AsyncDisposable> {
  const tls = createCertificateAuthority("webhook");
  const server = await startWebServer({ tls });
  server.setDefault((request, response) => {
    let text = "";
    request.on("data", (chunk: Buffer) => (text += chunk.toString()));
    request.on("end", () => {
      const answer = answerReview(JSON.parse(text) as JsonObject, mutate);
      response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(answer));
    });
  });
  const caBundle = Buffer.from(tls.certificate).toString("base64");
  const body = {
    ...configuration,
    metadata: { name },
    webhooks: [
      {
        ...configuration.webhooks[0],
        clientConfig: { url: `${server.url}/mutate`, caBundle },
        namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } },
      },
    ],
  };
  await callApi(access, { method: "POST", path: configurations, body });
  await eventually(async () => {
    const path = `/apis/apps/v1/namespaces/${namespace}/deployments?dryRun=All`;
    const before = server.requests.length;
    await callApi(access, { method: "POST", path, body: deployment("probe", { replicas: 0 }) });
    if (server.requests.length === before) throw new Error("the API server does not ask the webhook yet");
  });
  return {
    [Symbol.asyncDispose]: async () => {
      await callApi(access, { method: "DELETE", path: `${configurations}/${name}` });
      await server[Symbol.asyncDispose]();
    },
  };
}

function answerReview(review: JsonObject, mutate: Mutate): JsonObject {
  const asked = viewObject(review, "request");
  const patch = JSON.stringify(mutate(asked["object"] as KubeObject));
  return {
    apiVersion: "admission.k8s.io/v1",
    kind: "AdmissionReview",
    response: {
      uid: viewString(asked, "uid") ?? "",
      allowed: true,
      patchType: "JSONPatch",
      patch: Buffer.from(patch).toString("base64"),
    },
  };
}

const configuration = {
  apiVersion: "admissionregistration.k8s.io/v1",
  kind: "MutatingWebhookConfiguration",
  webhooks: [
    {
      name: "inject.example.com",
      rules: [
        {
          apiGroups: ["apps"],
          apiVersions: ["v1"],
          resources: ["deployments"],
          operations: ["CREATE", "UPDATE"],
        },
      ],
      sideEffects: "None",
      admissionReviewVersions: ["v1"],
    },
  ],
};
