import { createHash } from "node:crypto";
import { isMooringError, MooringError } from "#core/errors/index.ts";
import type { JsonValue } from "#core/object/index.ts";
import { viewString } from "#core/object/index.ts";
import type { HelmSource, Renderer } from "#ports/renderer.ts";
import type { SourceTree, TreeEntry } from "#ports/source-tree.ts";
import type { TemplateOutcome, Templates } from "#ports/templates.ts";
import { startRenderer } from "#render/index.ts";
import { templateDataOf } from "./template-data.ts";

const missing = "<no value>";
const limits = { timeoutMs: 10_000, maxMemoryMb: 128, maxOutputBytes: 1024 * 1024, maxEngineMemoryMb: 256 };

/** One engine evaluates them, tens in a second: who comes behind so many would wait longer than anybody looks at a page. */
const maxWaiting = 100;

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
  const render = async ({ templates, data }: Evaluation, signal: AbortSignal) => {
    renderer ??= start();
    const tree = treeOf(chartOf(templates, data));
    const request = { tree, repositoryUrl: "templates", path: "", source, signal };
    const { manifests } = await (await renderer).render(request);
    const [object] = JSON.parse(new TextDecoder().decode(manifests)) as readonly JsonValue[];
    return templates.map((_, i) => outcomeOf(viewString(object, "data", `t${i}`) ?? ""));
  };
  /** One that fails takes the others of its chart with it: it is found by halves. */
  const evaluate = async (
    { templates, data }: Evaluation,
    signal: AbortSignal,
  ): Promise<readonly TemplateOutcome[]> => {
    if (templates.length === 0) return [];
    try {
      return await render({ templates, data }, signal);
    } catch (error) {
      if (templates.length === 1) return [failureOf(error)];
      if (!isMooringError(error)) throw error;
    }
    const half = Math.ceil(templates.length / 2);
    const first = await evaluate({ templates: templates.slice(0, half), data }, signal);
    return [...first, ...(await evaluate({ templates: templates.slice(half), data }, signal))];
  };
  let waiting = 0;
  return {
    evaluate: async (templates, data, signal) => {
      if (waiting >= maxWaiting)
        throw new MooringError(
          "API_THROTTLED",
          `deep links: ${maxWaiting} requests wait for theirs already; ask again in a moment`,
        );
      waiting += 1;
      try {
        return await evaluate({ templates, data: templateDataOf(data) }, signal);
      } finally {
        waiting -= 1;
      }
    },
    [Symbol.asyncDispose]: async () => await (await renderer)?.[Symbol.asyncDispose](),
  };
}

interface Evaluation {
  readonly templates: readonly string[];
  /** An expression. */
  readonly data: string;
}

/** Throws what is no failure of the template. */
function failureOf(error: unknown): TemplateOutcome {
  if (!isMooringError(error)) throw error;
  return { ok: false, message: error.message };
}

function outcomeOf(encoded: string): TemplateOutcome {
  const text = JSON.parse(Buffer.from(encoded, "base64").toString()) as string;
  if (!text.includes(missing)) return { ok: true, text };
  return { ok: false, message: "a field that it names is not there" };
}

/**
 * A chart whose one object has the texts. They are encoded: a manifest may hold no control characters, and Helm takes out what it writes for a
 * missing field.
 */
function chartOf(templates: readonly string[], data: string): Readonly<Record<string, string>> {
  const definitions = templates.map((text, i) => `{{ define "t${i}" }}${text}{{ end }}`);
  const fields = templates.map((_, i) => `  t${i}: {{ include "t${i}" $data | toJson | b64enc }}\n`);
  return {
    "Chart.yaml": "apiVersion: v2\nname: templates\nversion: 0.0.0\n",
    "templates/definitions.tpl": definitions.join("\n"),
    "templates/texts.yaml": `{{- $data := ${data} -}}\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: texts}\ndata:\n${fields.join("")}`,
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
