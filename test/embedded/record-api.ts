import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:https";
import { homedir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { brotliCompressSync, constants } from "node:zlib";
import {
  isJsonObject,
  type JsonObject,
  type JsonValue,
  viewArray,
  viewObject,
  viewString,
} from "#core/object/index.ts";
import { type ControlPlaneAccess, parseKubeconfig } from "../control-plane/kubeconfig.ts";
import { recordedName, type RecordedTypes } from "../../src/embedded/recorded/documents.ts";
import { readGoTypes } from "./go-types.ts";

/**
 * Records what a kube-apiserver says of itself into `src/embedded/recorded/documents`, and what its Go types say, from the
 * modules of its version in Go's module cache. The control plane must be a fresh one: custom kinds would be recorded with the rest.
 *
 *     npm run control-plane -- --kubeconfig /tmp/cp/kubeconfig
 *     node test/embedded/record-api.ts --kubeconfig /tmp/cp/kubeconfig
 */
const { values: options } = parseArgs({
  options: {
    kubeconfig: { type: "string" },
    "module-cache": { type: "string", default: path.join(homedir(), "go/pkg/mod") },
  },
});
const target = new URL("../../src/embedded/recorded/documents/", import.meta.url);
const aggregated = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";

await record(options.kubeconfig ?? "");

async function record(kubeconfig: string): Promise<void> {
  const access = parseKubeconfig(readFileSync(kubeconfig, "utf8"), kubeconfig);
  const version = JSON.parse(await get(access, "/version")) as JsonObject;
  const documents = await readOpenApi(access);
  rmSync(target, { recursive: true, force: true });
  for (const [name, text] of documents) write(recordedName(name), text);
  write("openapi-v2", await get(access, "/openapi/v2"));
  const index = {
    version,
    core: JSON.parse(await get(access, "/api", aggregated)) as JsonObject,
    groups: JSON.parse(await get(access, "/apis", aggregated)) as JsonObject,
    openApi: Object.fromEntries([...documents].map(([name, text]) => [name, hashOf(text)])),
  };
  write("index", JSON.stringify(index));
  const modules = (viewString(version, "gitVersion") ?? "").replace(/^v1\./, "v0.");
  write("types", JSON.stringify(typesOf(documents, modules)));
}

async function readOpenApi(access: ControlPlaneAccess): Promise<ReadonlyMap<string, string>> {
  const root = JSON.parse(await get(access, "/openapi/v3")) as JsonObject;
  const documents = new Map<string, string>();
  for (const [name, entry] of Object.entries(viewObject(root, "paths")).toSorted(([a], [b]) =>
    a < b ? -1 : 1,
  )) {
    documents.set(name, await get(access, viewString(entry, "serverRelativeURL") ?? ""));
  }
  return documents;
}

function typesOf(documents: ReadonlyMap<string, string>, modules: string): RecordedTypes {
  const types = readGoTypes(options["module-cache"], modules);
  const defaults: Record<string, Record<string, JsonValue>> = {};
  const kinds: Record<string, string> = {};
  for (const text of documents.values()) {
    const document = JSON.parse(text) as JsonObject;
    for (const [component, schema] of Object.entries(viewObject(document, "components", "schemas"))) {
      const found = defaultsOf(viewObject(schema, "properties"), types[component] ?? {});
      if (Object.keys(found).length > 0) defaults[component] = found;
      for (const gvk of viewArray(schema, "x-kubernetes-group-version-kind")) {
        const [group = "", version = "", kind = ""] = ["group", "version", "kind"].map((key) =>
          viewString(gvk, key),
        );
        kinds[`${group}/${version}/${kind}`] ??= component;
      }
    }
  }
  return { types, defaults, kinds };
}

/** A zero value only says that the field is no pointer, unless it is one. */
function defaultsOf(
  properties: JsonObject,
  fields: Readonly<Record<string, string>>,
): Record<string, JsonValue> {
  const found: Record<string, JsonValue> = {};
  for (const [name, property] of Object.entries(properties)) {
    const value = isJsonObject(property) ? property["default"] : undefined;
    const isZero = value === "" || value === 0 || (isJsonObject(value) && Object.keys(value).length === 0);
    const isPointer = /^[?~]?\*/.test(fields[name] ?? "");
    if (value !== undefined && (!isZero || isPointer)) found[name] = value;
  }
  return found;
}

function hashOf(text: string): string {
  return createHash("sha512").update(text).digest("hex").toUpperCase();
}

function write(name: string, text: string): void {
  const file = new URL(`${name}.json.br`, target);
  mkdirSync(new URL(".", file), { recursive: true });
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
    [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
    [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
    [constants.BROTLI_PARAM_SIZE_HINT]: Buffer.byteLength(text),
  };
  writeFileSync(file, brotliCompressSync(text, { params }));
}

function get(access: ControlPlaneAccess, url: string, accept = "application/json"): Promise<string> {
  const headers = { authorization: `Bearer ${access.token}`, accept };
  return new Promise((resolve, reject) => {
    const outgoing = request(`${access.server}${url}`, { headers, ca: access.caCertificate }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.once("error", reject);
      response.once("end", () => {
        const text = Buffer.concat(chunks).toString("utf8");
        if (response.statusCode === 200) resolve(text);
        else reject(new Error(`GET ${url}: answered ${response.statusCode}: ${text.slice(0, 200)}`));
      });
    });
    outgoing.once("error", reject);
    outgoing.end();
  });
}
