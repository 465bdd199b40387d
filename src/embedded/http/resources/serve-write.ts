import type { JsonObject } from "#core/object/index.ts";
import { ApiError } from "../../api-error.ts";
import { attributesOf, requireAccess } from "../auth/authorize.ts";
import { chooseListForm, sendList } from "../answer/send-list.ts";
import { chooseObjectForm, sendObject } from "../answer/send-object.ts";
import { sendJson } from "../answer/send-json.ts";
import { parseObjectBody, parsePatchBody, parsePlainBody } from "../body/parse-body.ts";
import type { ResourceContext } from "../context.ts";
import { headerOf } from "../exchange.ts";
import { bodyFormatOf, patchKindOf } from "../negotiate/content-type.ts";
import { readDeleteOptions, type ReadDeleteOptions } from "../query/delete-options.ts";
import { readFlag } from "../query/read-parameters.ts";
import { readListOptions } from "../query/list-options.ts";
import { readWriteOptions } from "../query/write-options.ts";
import { receiveBody } from "./receive-body.ts";

export async function serveCreate(context: ResourceContext): Promise<void> {
  const { exchange, target, serving, user } = context;
  const chosen = chooseObjectForm(context);
  const options = readWriteOptions(exchange, { kind: "CreateOptions", user });
  const body = await receiveObject(context, options);
  const object = serving.options.api.create(target, body, options);
  await sendObject(context, chosen, { status: 201, shown: { object } });
}

export async function serveUpdate(context: ResourceContext): Promise<void> {
  const { exchange, target, serving, user } = context;
  const chosen = chooseObjectForm(context);
  const options = readWriteOptions(exchange, { kind: "UpdateOptions", user });
  const body = await receiveObject(context, options);
  requireCreateAccess(context);
  const { object, created } = serving.options.api.update(target, body, options);
  await sendObject(context, chosen, { status: created ? 201 : 200, shown: { object } });
}

/** Who writes an object that is not there creates it. Throws Forbidden. */
function requireCreateAccess({ info, target, serving, user }: ResourceContext): void {
  if (target.subresource !== "") return;
  const { api, authorize } = serving.options;
  try {
    api.get(target);
  } catch (error) {
    if (!(error instanceof ApiError) || error.reason !== "NotFound") throw error;
    requireAccess(authorize, attributesOf({ ...info, verb: "create" }, user));
  }
}

async function receiveObject(
  context: ResourceContext,
  options: ReturnType<typeof readWriteOptions>,
): Promise<JsonObject> {
  const { exchange, target, serving } = context;
  const format = bodyFormatOf(headerOf(exchange, "content-type"), target.kind.isCustom);
  const bytes = await receiveBody(context);
  return parseObjectBody(
    bytes,
    { format, maxDepth: serving.options.limits.maxDepth, kind: target.kind },
    options,
  );
}

export async function servePatch(context: ResourceContext): Promise<void> {
  const { exchange, target, serving, user } = context;
  const kind = patchKindOf(headerOf(exchange, "content-type"), target.kind.isCustom);
  const chosen = chooseObjectForm(context);
  const options = readWriteOptions(exchange, { kind: "PatchOptions", user, patch: kind });
  const bytes = await receiveBody(context);
  const format = kind === "apply" ? "yaml" : "json";
  const body = parsePatchBody(bytes, { format, maxDepth: serving.options.limits.maxDepth }, options);
  if (kind === "apply") requireCreateAccess(context);
  const force = readFlag(exchange.query, "force") ?? false;
  const { object, created } = serving.options.api.patch(target, { kind, body, force }, options);
  await sendObject(context, chosen, { status: created ? 201 : 200, shown: { object } });
}

export async function serveDelete(context: ResourceContext): Promise<void> {
  const { exchange, target, serving } = context;
  const chosen = chooseObjectForm(context);
  const options = await receiveDeleteOptions(context);
  const { object, gone } = serving.options.api.delete(target, options);
  if (!gone) {
    // The old way to ask for a cascade tells by the code that it is not over.
    const status = options.orphanDependents === false ? 202 : 200;
    return sendObject(context, chosen, { status, shown: { object } });
  }
  const { group, plural } = target.kind;
  const { uid } = object.metadata;
  const details = {
    name: target.name,
    ...(group === "" ? {} : { group }),
    kind: plural,
    ...(uid === undefined ? {} : { uid }),
  };
  const value = { kind: "Status", apiVersion: "v1", metadata: {}, status: "Success", details };
  sendJson(exchange, { status: 200, value, pretty: chosen.pretty });
}

export async function serveDeleteCollection(context: ResourceContext): Promise<void> {
  const { exchange, target, serving } = context;
  const chosen = chooseListForm(context);
  const { labelSelector, fieldSelector } = readListOptions(exchange.query);
  const options = await receiveDeleteOptions(context);
  const answer = serving.options.api.deleteCollection(target, { labelSelector, fieldSelector }, options);
  await sendList(context, chosen, answer);
}

async function receiveDeleteOptions(context: ResourceContext): Promise<ReadDeleteOptions> {
  const { exchange, serving, user } = context;
  const bytes = await receiveBody(context);
  const format = bytes.length === 0 ? "json" : bodyFormatOf(headerOf(exchange, "content-type"), false);
  const body = parsePlainBody(bytes, { format, maxDepth: serving.options.limits.maxDepth });
  return readDeleteOptions(exchange, body, user);
}
