import { globSync, readFileSync, writeFileSync } from "node:fs";
import { request } from "node:https";
import { setTimeout } from "node:timers/promises";
import { parseArgs } from "node:util";
import { parseAllDocuments } from "yaml";
import {
  isJsonObject,
  type JsonObject,
  type JsonValue,
  type KubeObject,
  viewObject,
  viewString,
} from "#core/object/index.ts";
import { createCatalogFactory } from "../../src/embedded/kinds/catalog.ts";
import { openRecordedDocuments } from "../../src/embedded/recorded/documents.ts";
import { type ControlPlaneAccess, parseKubeconfig } from "../control-plane/kubeconfig.ts";
import type { RecordedAnswer, RecordedCase } from "../../src/embedded/schema/recorded-case.ts";

/**
 * Asks a real API server what it makes of the cases in `src/embedded/schema/testdata/*.yaml`, without storing them, and writes its
 * answers beside them. A case that has `live` is an update of it: that object is made first, and removed after.
 *
 *     node test/embedded/record-answers.ts --kubeconfig /tmp/cp/kubeconfig [FILE…]
 */
const { values: options, positionals } = parseArgs({
  options: { kubeconfig: { type: "string", default: "" } },
  allowPositionals: true,
});
const access = parseKubeconfig(readFileSync(options.kubeconfig, "utf8"), options.kubeconfig);
const factory = createCatalogFactory(openRecordedDocuments());
let catalog = factory.catalogOf([]);
const definitions: KubeObject[] = [];
/** Until controllers have said what they say of a new object, such as that a definition is established. */
const settleMs = 1_000;
const definitionsPath = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
const namespace = `answers-${Date.now().toString(36)}`;

await send("POST", "/api/v1/namespaces", {
  apiVersion: "v1",
  kind: "Namespace",
  metadata: { name: namespace },
});
for (const file of positionals.length > 0 ? positionals : globSync("src/embedded/schema/testdata/*.yaml")) {
  const answers: Record<string, JsonValue> = {};
  for (const document of parseAllDocuments(readFileSync(file, "utf8"))) {
    const test = document.toJS() as RecordedCase;
    if (test.definition !== undefined) {
      await define(test.definition);
      continue;
    }
    const { code, body } = await answerTo(test);
    answers[test.title] = { code, body: normalized(body) };
  }
  writeFileSync(file.replace(/yaml$/, "json"), `${JSON.stringify(answers, undefined, 1)}\n`);
}
await send("DELETE", `/api/v1/namespaces/${namespace}`);
for (const { metadata } of definitions) await remove(`${definitionsPath}/${metadata.name}`);

async function define(definition: JsonObject): Promise<void> {
  const name = viewString(definition, "metadata", "name") ?? "";
  const made = await send("POST", definitionsPath, definition);
  if (made.code !== 201) throw new Error(`${name}: ${JSON.stringify(made.body)}`);
  await setTimeout(2 * settleMs);
  definitions.push((await send("GET", `${definitionsPath}/${name}`)).body as KubeObject);
  catalog = factory.catalogOf(definitions);
}

async function answerTo({ live, object }: RecordedCase): Promise<RecordedAnswer> {
  if (live === undefined) return send("POST", `${pathOf(object)}?dryRun=All&fieldManager=test`, object);
  const made = await send("POST", pathOf(live), live);
  const name = viewString(made.body, "metadata", "name") ?? "";
  if (made.code !== 201) throw new Error(`${name}: ${JSON.stringify(made.body)}`);
  await setTimeout(settleMs);
  const current = await send("GET", `${pathOf(object)}/${name}`);
  const { uid, resourceVersion } = viewObject(current.body, "metadata");
  const next = { ...object, metadata: { ...viewObject(object, "metadata"), uid, resourceVersion } };
  const answer = await send("PUT", `${pathOf(object)}/${name}?dryRun=All&fieldManager=test`, next);
  await remove(`${pathOf(object)}/${name}?gracePeriodSeconds=0`);
  return answer;
}

/** Resolves when the object is gone: finalizers may keep it for a while. */
async function remove(path: string): Promise<void> {
  while ((await send("DELETE", path)).code !== 404) await setTimeout(100);
}

function pathOf(object: JsonObject): string {
  const apiVersion = viewString(object, "apiVersion") ?? "";
  const [group, version] = apiVersion.includes("/") ? apiVersion.split("/") : ["", apiVersion];
  const kind = catalog.findKind({
    group: group ?? "",
    version: version ?? "",
    kind: viewString(object, "kind") ?? "",
  });
  const root = group === "" ? `/api/${version}` : `/apis/${group}/${version}`;
  return kind?.namespaced === true
    ? `${root}/namespaces/${viewString(object, "metadata", "namespace") ?? namespace}/${kind.plural}`
    : `${root}/${kind?.plural}`;
}

/** Without what differs from one run to the next. */
function normalized(body: JsonObject): JsonValue {
  const uid = viewString(body, "metadata", "uid");
  const text = JSON.stringify(body).replaceAll(namespace, "test");
  const value = JSON.parse(uid === undefined ? text : text.replaceAll(uid, "UID")) as JsonObject;
  const metadata = viewObject(value, "metadata");
  const volatile = ["creationTimestamp", "managedFields", "resourceVersion", "generation", "uid"];
  const kept = Object.entries(metadata).filter(([name]) => !volatile.includes(name));
  return isJsonObject(value["metadata"]) ? { ...value, metadata: Object.fromEntries(kept) } : value;
}

function send(method: string, path: string, body?: JsonObject): Promise<RecordedAnswer> {
  const { server, caCertificate: ca, token } = access as ControlPlaneAccess;
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  return new Promise((resolve, reject) => {
    const outgoing = request(`${server}${path}`, { method, headers, ca }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.once("error", reject);
      response.once("end", () => {
        const text = Buffer.concat(chunks).toString("utf8");
        resolve({ code: response.statusCode ?? 0, body: JSON.parse(text) as JsonObject });
      });
    });
    outgoing.once("error", reject);
    outgoing.end(body === undefined ? undefined : JSON.stringify(body));
  });
}
