import { MooringError } from "#core/errors/index.ts";
import { isKubeObject, type JsonValue, type KubeObject, viewString } from "#core/object/index.ts";
import type { Cluster, ObjectRef, RemoveOptions, ResourceType, WriteOptions } from "#ports/cluster.ts";
import type { KubeClient, KubeRequest } from "../http/client.ts";
import { translateStatus } from "../http/status-error.ts";
import { collectionPath, objectPath, refOf, subjectOf, withQuery } from "./paths.ts";

type WriteVerbs = Pick<Cluster, "apply" | "create" | "replace" | "mergePatch" | "jsonPatch" | "remove">;

const timeoutMs = 60_000;

export function writeVerbs(client: KubeClient): WriteVerbs {
  return {
    apply: (type, object, options) =>
      write(client, refOf(type, object), {
        method: "PATCH",
        path: objectPath(refOf(type, object)),
        query: { force: options.force },
        body: object,
        // JSON is YAML; the API server knows server-side apply under this name only.
        contentType: "application/apply-patch+yaml",
        repeatable: true,
        options,
      }),
    create: (type, object, options) =>
      write(client, refOf(type, object), {
        method: "POST",
        path: collectionPath(type, object.metadata.namespace ?? ""),
        body: object,
        repeatable: false,
        options,
      }),
    replace: (type, object, options) =>
      write(client, refOf(type, object), {
        method: "PUT",
        path: objectPath(refOf(type, object)),
        body: object,
        repeatable: true,
        options,
      }),
    mergePatch: (ref, patch, options) =>
      write(client, ref, {
        method: "PATCH",
        path: `${objectPath(ref)}${options.subresource === undefined ? "" : `/${options.subresource}`}`,
        body: patch,
        contentType: "application/merge-patch+json",
        repeatable: true,
        options,
      }),
    jsonPatch: (ref, patch, options) =>
      write(client, ref, {
        method: "PATCH",
        path: objectPath(ref),
        body: patch.map((operation) => ({ ...operation })),
        contentType: "application/json-patch+json",
        // An addition to a list would be made twice.
        repeatable: false,
        options,
      }),
    remove: (ref, options) => remove(client, ref, options),
  };
}

interface Write extends Pick<KubeRequest, "method" | "path" | "body" | "contentType" | "repeatable"> {
  readonly query?: Readonly<Record<string, boolean>>;
  readonly options: WriteOptions;
}

async function write(
  client: KubeClient,
  ref: ObjectRef,
  { query, options, ...request }: Write,
): Promise<KubeObject> {
  if (ref.type.namespaced && ref.namespace === "") {
    throw new MooringError(
      "KUBE_INVALID",
      `${subjectOf(ref).text}: has no namespace; set metadata.namespace`,
    );
  }
  const path = withQuery(request.path, {
    fieldManager: options.fieldManager,
    fieldValidation: options.fieldValidation,
    dryRun: options.dryRun === true ? "All" : undefined,
    ...query,
  });
  const answer = await client.json({ ...request, path, timeoutMs, subject: subjectOf(ref) }, options.signal);
  return parseObject(ref.type, answer.value);
}

async function remove(
  client: KubeClient,
  ref: ObjectRef,
  options: RemoveOptions,
): Promise<"deleted" | "deleting" | "gone"> {
  const { uid, resourceVersion, gracePeriodSeconds } = options;
  const subject = subjectOf(ref);
  const answer = await client.json(
    {
      method: "DELETE",
      path: objectPath(ref),
      subject,
      repeatable: true,
      answers: [404, 409],
      timeoutMs,
      body: {
        apiVersion: "v1",
        kind: "DeleteOptions",
        propagationPolicy: options.propagation,
        ...(gracePeriodSeconds === undefined ? {} : { gracePeriodSeconds }),
        ...(options.dryRun === true ? { dryRun: ["All"] } : {}),
        preconditions: { uid, resourceVersion },
      },
    },
    options.signal,
  );
  if (answer.status === 404) return "gone";
  if (answer.status === 409) {
    if (/UID in (the )?precondition/.test(viewString(answer.value, "message") ?? "")) return "gone";
    throw translateStatus(subject, { status: 409, retryAfterMs: undefined, body: answer.value });
  }
  // Some kinds answer with the object they deleted; one that still exists has a deletion time.
  return viewString(answer.value, "metadata", "deletionTimestamp") === undefined ? "deleted" : "deleting";
}

export function parseObject(type: ResourceType, value: JsonValue | undefined): KubeObject {
  if (isKubeObject(value)) return value;
  throw new MooringError(
    "KUBE_SERVER",
    `${type.plural}: the API server answered with something that is no object`,
  );
}
