import type { JsonValue } from "#core/object/index.ts";
import type { DirectorySource, JsonnetVariable } from "#ports/renderer.ts";
import { decodeText } from "./decode-text.ts";
import { callEngine } from "./engine/call-engine.ts";
import { parseJson } from "./parse-json.ts";
import type { ToolContext } from "./tool.ts";

/** What a file evaluates to. Imports are looked for beside the file, then in the libraries, then in the render's directory. */
export function evaluateJsonnet(
  context: ToolContext,
  source: DirectorySource,
  file: { readonly path: string; readonly realPath: string },
): JsonValue {
  const { job } = context;
  const none: readonly JsonnetVariable[] = [];
  const { extVars, tlas, libs } = source.jsonnet ?? { extVars: none, tlas: none, libs: [] };
  const request = { render: "jsonnet", path: file.realPath, extVars, tlas, libs: [job.path, ...libs] };
  const { body } = callEngine(context, "jsonnet", request);
  return parseJson(file.path, decodeText(file.path, body), job.limits.maxDepth);
}
