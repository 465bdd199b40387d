import { createHash } from "node:crypto";
import type { Operation } from "#core/app/index.ts";
import { formatAppKey, isAutomated } from "#core/app/index.ts";
import { MooringError } from "#core/errors/index.ts";
import type { AppReferences } from "#core/hub/index.ts";
import type { JsonValue, KubeObject } from "#core/object/index.ts";
import { collectObjects } from "#core/object/index.ts";
import type { RenderResult } from "#ports/renderer.ts";
import { parseSmallYaml } from "#runtime/small-yaml.ts";
import { integrityPoliciesOf } from "./require-signatures.ts";

const kibibyte = 1024;
/** Far more than an API server keeps of one object. */
const maxBytes = 2 * kibibyte * kibibyte;
/** YAML is read where other work waits for it, and takes a hundred times as long as JSON. */
const maxYamlBytes = 256 * kibibyte;
/** As deep as what is rendered. */
const maxDepth = 200;

const field = "operation.sync.manifests";

/**
 * Throws SYNC_REFUSED when the manifests that an operation brings along must not be deployed in place of what is in Git: they carry nobody's
 * signature, automated sync would undo them, and of several sources nobody knows which one they stand for.
 */
export function refuseLocalSync(references: AppReferences, operation: Operation): void {
  const { app, key, project } = references;
  const refuse = (message: string) =>
    new MooringError("SYNC_REFUSED", `${formatAppKey(key)}: ${message}`, { key });
  if (references.sources.length > 1) {
    throw refuse(
      `${field}: cannot use local sync with ${references.sources.length} sources; commit the change to the source it belongs to`,
    );
  }
  if (isAutomated(app) && operation.sync?.dryRun !== true) {
    throw refuse(
      `cannot use local sync when Automatic Sync Policy is enabled unless for dry run; turn it off first with: mooring app set ${app.metadata.name} --sync-policy none`,
    );
  }
  const policy = integrityPoliciesOf(references).find((one) => one !== undefined);
  if (policy !== undefined) {
    throw refuse(
      `cannot use local sync when signatures are required: ${policy.field} of AppProject ${project.metadata.name} wants signed commits, and manifests from elsewhere carry no signature; commit them and sign the commit`,
    );
  }
}

/**
 * The objects of manifests that an operation brings along: each is one or several objects as JSON or YAML. Throws RENDER_TOO_LARGE, before
 * anything is read, and RENDER_INVALID; both name the entry, neither shows a value.
 */
export function readLocalManifests(texts: readonly string[]): RenderResult {
  refuseLarge(texts);
  const read = texts.map((text, i) => objectsOf(text, `${field}[${i}]`));
  const objects = read.flatMap((found) => found);
  if (objects.length === 0) {
    throw new MooringError(
      "RENDER_INVALID",
      `${field} holds no object; send at least one, or leave the field out to sync what is in Git`,
    );
  }
  const manifests = new TextEncoder().encode(JSON.stringify(objects));
  return {
    digest: createHash("sha256").update(manifests).digest("hex"),
    manifests,
    objectCount: objects.length,
    origins: read.flatMap((found, i) => found.map((_, at) => `${field}[${i}]#${at + 1}`)),
    sourceType: "",
    cached: false,
  };
}

function refuseLarge(texts: readonly string[]): void {
  const sizes = texts.map((text) => ({ bytes: Buffer.byteLength(text), isYaml: !looksLikeJson(text) }));
  const sum = (some: typeof sizes) => some.reduce((bytes, one) => bytes + one.bytes, 0);
  if (sum(sizes) > maxBytes) {
    throw tooLarge(
      `${field} holds ${kib(sum(sizes))} KiB, more than ${kib(maxBytes)}; send fewer objects, or commit them`,
    );
  }
  const yaml = sizes.filter(({ isYaml }) => isYaml);
  if (sum(yaml) > maxYamlBytes) {
    throw tooLarge(
      `${field} holds ${kib(sum(yaml))} KiB of YAML, more than ${kib(maxYamlBytes)}; send JSON, of which ${kib(maxBytes)} KiB are read`,
    );
  }
}

function kib(bytes: number): number {
  return Math.ceil(bytes / kibibyte);
}

function tooLarge(message: string): MooringError {
  return new MooringError("RENDER_TOO_LARGE", message);
}

function looksLikeJson(text: string): boolean {
  return /^\s*[{[]/u.test(text);
}

function objectsOf(text: string, at: string): readonly KubeObject[] {
  const documents = looksLikeJson(text) ? [parseJson(text, at)] : parseDocuments(text, at);
  const found = documents.flatMap((document) =>
    document === null ? [] : collectObjects(document, (problem) => invalid(at, problem)),
  );
  if (found.length > 0) return found;
  throw invalid(at, "holds no object; write apiVersion, kind and metadata, or leave the entry out");
}

function parseJson(text: string, at: string): JsonValue {
  let value: JsonValue;
  try {
    value = JSON.parse(text) as JsonValue;
  } catch {
    // Without the parser's error: it quotes the text, which may be a Secret's.
    throw invalid(at, "begins like JSON and is none; correct it, or write YAML in blocks");
  }
  checkValues(value, at);
  return value;
}

/** A line of three dashes parts documents wherever it stands, in texts of several lines, too. */
function parseDocuments(text: string, at: string): readonly JsonValue[] {
  const documents = text.split(/^---(?=\s|$)/mu);
  return documents.map((document, i) => {
    const value = parseSmallYaml(document, documents.length === 1 ? at : `${at} (part ${i + 1})`);
    checkValues(value, at);
    return value;
  });
}

/** What reads the objects later on goes down level by level, and sends numbers as they were read. */
function checkValues(value: JsonValue, at: string): void {
  let level: readonly JsonValue[] = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > maxDepth) throw invalid(at, `nested more than ${maxDepth} levels deep; flatten it`);
    if (level.some((one) => Number.isInteger(one) && !Number.isSafeInteger(one)))
      throw invalid(at, "holds an integer that would not survive as a number; put quotes around it");
    level = level.flatMap((one) =>
      typeof one === "object" && one !== null ? (Object.values(one) as JsonValue[]) : [],
    );
  }
}

function invalid(at: string, problem: string): MooringError {
  return new MooringError("RENDER_INVALID", `${at}: ${problem}`);
}
