import { createHash } from "node:crypto";
import { isMooringError, MooringError } from "#core/errors/index.ts";
import type { JsonObject, JsonValue } from "#core/object/index.ts";
import { viewString } from "#core/object/index.ts";
import type { HelmSource, Renderer } from "#ports/renderer.ts";
import type { SourceTree, TreeEntry } from "#ports/source-tree.ts";
import type { TemplateOutcome, Templates } from "#ports/templates.ts";
import { startRenderer } from "#render/index.ts";

const missing = "<no value>";
const limits = { timeoutMs: 10_000, maxMemoryMb: 128, maxOutputBytes: 1024 * 1024, maxEngineMemoryMb: 256 };

const source: HelmSource = {
  tool: "helm",
  releaseName: "templates",
  namespace: "default",
  values: [],
  parameters: [],
  fileParameters: [],
  ignoreMissingValueFiles: false,
  skipCrds: true,
  skipTests: true,
  skipSchemaValidation: true,
  kubeVersion: "",
  apiVersions: [],
};

/** Templates are evaluated as those of a chart, by the engine that renders charts; it starts with the first of them. */
export function startTemplates(): Templates & AsyncDisposable {
  let renderer: Promise<Renderer> | undefined;
  const start = async (): Promise<Renderer> => {
    try {
      return await startRenderer({ workers: 1, memoryMaxBytes: 1024 * 1024, limits });
    } catch (error) {
      // The next who asks tries again.
      renderer = undefined;
      throw error;
    }
  };
  const evaluateAll = async (
    templates: readonly string[],
    data: JsonObject,
    signal: AbortSignal,
  ): Promise<readonly TemplateOutcome[]> => {
    renderer ??= start();
    const tree = treeOf(chartOf(templates, data));
    const request = { tree, repositoryUrl: "templates", path: "", source, signal };
    const { manifests } = await (await renderer).render(request);
    const [object] = JSON.parse(new TextDecoder().decode(manifests)) as readonly JsonValue[];
    return templates.map((_, i) => outcomeOf(viewString(object, "data", `t${i}`) ?? ""));
  };
  return {
    evaluate: async (templates, data, signal) => {
      if (templates.length === 0) return [];
      try {
        return await evaluateAll(templates, data, signal);
      } catch (error) {
        const [first] = templates;
        if (templates.length === 1 && first !== undefined) return [failureOf(error)];
        if (!isMooringError(error)) throw error;
      }
      // One that fails takes the others of its chart with it.
      const each = [];
      for (const template of templates) {
        try {
          each.push(...(await evaluateAll([template], data, signal)));
        } catch (error) {
          each.push(failureOf(error));
        }
      }
      return each;
    },
    [Symbol.asyncDispose]: async () => await (await renderer)?.[Symbol.asyncDispose](),
  };
}

/** Throws what is no failure of the template. */
function failureOf(error: unknown): TemplateOutcome {
  if (!isMooringError(error)) throw error;
  return { ok: false, message: error.message };
}

function outcomeOf(text: string): TemplateOutcome {
  if (!text.includes(missing)) return { ok: true, text };
  return { ok: false, message: "a field that it names is not there" };
}

/** A chart whose one object has the texts; what Helm writes for a missing field is kept by being escaped in JSON. */
function chartOf(templates: readonly string[], data: JsonObject): Readonly<Record<string, string>> {
  const definitions = templates.map((text, i) => `{{ define "t${i}" }}${text}{{ end }}`);
  const fields = templates.map((_, i) => `  t${i}: {{ include "t${i}" .Values.data | toJson }}\n`);
  return {
    "Chart.yaml": "apiVersion: v2\nname: templates\nversion: 0.0.0\n",
    "values.yaml": JSON.stringify({ data }),
    "templates/definitions.tpl": definitions.join("\n"),
    "templates/texts.yaml": `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: texts}\ndata:\n${fields.join("")}`,
  };
}

function idOf(text: string): string {
  return createHash("sha1").update(text).digest("hex");
}

/** A tree of files that are at the root or one directory below it. */
function treeOf(files: Readonly<Record<string, string>>): SourceTree {
  const entry = (path: string): TreeEntry => {
    const content = files[path];
    const below = Object.keys(files).filter((one) => path === "" || one.startsWith(`${path}/`));
    const oid = idOf(content ?? below.map((one) => `${one} ${idOf(files[one] ?? "")}`).join("\n"));
    const type = content === undefined ? "directory" : "file";
    return { name: path.split("/").at(-1) ?? "", type, oid, executable: false };
  };
  const paths = new Set(["", ...Object.keys(files).flatMap((path) => [path, path.split("/")[0] ?? ""])]);
  const parentOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf("/")));
  return {
    revision: entry("").oid,
    stat: (path) => Promise.resolve(paths.has(path) ? entry(path) : undefined),
    list: (path) => {
      if (!paths.has(path) || files[path] !== undefined) return Promise.resolve(undefined);
      const own = [...paths].filter((one) => one !== "" && parentOf(one) === path).toSorted();
      return Promise.resolve(own.map((one) => entry(one)));
    },
    read: (path, { maxBytes }) => {
      const content = new TextEncoder().encode(files[path]);
      if (files[path] === undefined)
        return Promise.reject(new MooringError("GIT_PATH_NOT_FOUND", `${path}: no such file`));
      if (content.byteLength > maxBytes)
        return Promise.reject(new MooringError("GIT_TOO_LARGE", `${path}: larger than ${maxBytes} bytes`));
      return Promise.resolve(content);
    },
  };
}
