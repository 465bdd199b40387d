import { isJsonObject, type JsonObject, type JsonValue } from "#core/object/index.ts";
import { ApiError } from "../../api-error.ts";
import type { WriteOptions } from "../../verbs/api.ts";
import type { ServedKind } from "../../kinds/served-kind.ts";
import { badRequest } from "../errors.ts";
import type { BodyFormat } from "../negotiate/content-type.ts";
import { decodeObject } from "../protobuf/decode-object.ts";
import { JsonProblem, parseJson, type ParsedJson } from "./parse-json.ts";
import { parseYaml } from "./parse-yaml.ts";

// The YAML parser takes a second and more for each megabyte, during which nobody else is served.
const maxYamlBytes = 1024 * 1024;

export interface BodyRules {
  readonly format: BodyFormat;
  readonly maxDepth: number;
}

/** What a body holds; `undefined` for an empty one. Throws JsonProblem. */
function parseBody(body: Buffer, { format, maxDepth }: BodyRules): ParsedJson | undefined {
  if (format === "protobuf")
    return body.length === 0 ? undefined : { value: decodeObject(body, maxDepth), duplicates: [] };
  const text = body.toString("utf8");
  if (text.trim() === "") return undefined;
  if (format === "json") return parseJson(text, maxDepth);
  // Most of what is sent as YAML is JSON.
  if (text.startsWith("{")) {
    try {
      return parseJson(text, maxDepth);
    } catch (error) {
      if (!(error instanceof JsonProblem)) throw error;
    }
  }
  if (body.length <= maxYamlBytes) return parseYaml(text, maxDepth);
  throw new ApiError("RequestEntityTooLarge", `Request entity too large: limit of YAML is ${maxYamlBytes}`);
}

/** An object to write. Throws BadRequest in kube-apiserver's words; warns of fields that appear twice or refuses them. */
export function parseObjectBody(
  body: Buffer,
  rules: BodyRules & { readonly kind: ServedKind },
  options: WriteOptions,
): JsonObject {
  const { value, duplicates } = parseOrRefuse(body, rules, (problem) =>
    unrecognized(rules.kind, body, problem),
  );
  if (!isJsonObject(value)) {
    throw unrecognized(rules.kind, body, "the body is not an object");
  }
  judgeDuplicates(duplicates, options, (problem) => {
    const kind = typeof value["kind"] === "string" ? value["kind"] : rules.kind.kind;
    return badRequest(
      `${kind} in version "${rules.kind.version}" cannot be handled as a ${kind}: ${problem}`,
    );
  });
  return value;
}

/** A patch, an object or a list. */
export function parsePatchBody(body: Buffer, rules: BodyRules, options: WriteOptions): JsonValue {
  const refuse = (problem: string): ApiError =>
    badRequest(
      rules.format === "yaml" ? `error decoding YAML: ${problem}` : `error decoding patch: ${problem}`,
    );
  const { value, duplicates } = parseOrRefuse(body, rules, refuse);
  judgeDuplicates(duplicates, options, badRequest);
  return value;
}

/** Options and reviews: any object. */
export function parsePlainBody(body: Buffer, rules: BodyRules): JsonObject {
  if (body.length === 0) return {};
  const { value } = parseOrRefuse(body, rules, badRequest);
  if (!isJsonObject(value)) throw badRequest("json: cannot unmarshal the body into an object");
  return value;
}

function parseOrRefuse(body: Buffer, rules: BodyRules, refuse: (problem: string) => ApiError): ParsedJson {
  try {
    const parsed = parseBody(body, rules);
    if (parsed !== undefined) return parsed;
  } catch (error) {
    if (error instanceof JsonProblem) throw refuse(error.message);
    throw error;
  }
  throw refuse("unexpected end of JSON input");
}

function unrecognized(kind: ServedKind, body: Buffer, problem: string): ApiError {
  return badRequest(
    `the object provided is unrecognized (must be of type ${kind.kind}): couldn't get version/kind; json parse error: ${problem} (${summarize(body)})`,
  );
}

const summaryBytes = 30;

/** What kube-apiserver shows of a body that it cannot read. */
function summarize(body: Buffer): string {
  if (body.length === 0) return "<empty>";
  const isText = body[0] === 0x7b;
  const head = body.subarray(0, summaryBytes).toString(isText ? "utf8" : "hex");
  return body.length > summaryBytes ? `${head} ...` : head;
}

const maxWarnings = 10;

function judgeDuplicates(
  duplicates: readonly string[],
  options: WriteOptions,
  refuse: (problem: string) => ApiError,
): void {
  if (duplicates.length === 0 || options.fieldValidation === "Ignore") return;
  const texts = duplicates.map((path) => `duplicate field "${path}"`);
  if (options.fieldValidation === "Strict") throw refuse(`strict decoding error: ${texts.join(", ")}`);
  for (const text of texts.slice(0, maxWarnings)) options.warn(text);
}
