import { mooringApiVersion } from "#core/crd/parse-object.ts";
import { MooringError } from "#core/errors/index.ts";
import type { KubeObject } from "#core/object/index.ts";
import { fnv32a } from "#core/repo/fnv.ts";
import type { Pipeline } from "./pipeline.ts";
import type { PromotionSpec } from "./types.ts";

/** Labels of a Promotion, by which those of a stage are found. */
const promotionLabel = { pipeline: "mooring.dev/pipeline", stage: "mooring.dev/stage" } as const;

/** How many Promotions a release has: none of them is written before all of them are there. */
export const releaseSizeAnnotation = "mooring.dev/release-size";

const maxName = 63;
const maxPromotionText = 1024;

/** What is asked for: the spec of a Promotion, with its number counted by whoever asks. */
export interface PromotionAsk extends Omit<
  PromotionSpec,
  "pipeline" | "attempt" | "requestedAt" | "release" | "reason" | "rollbackTo"
> {
  readonly attempt: number;
  /** RFC 3339. */
  readonly at: string;
  readonly reason?: string | undefined;
  readonly rollbackTo?: string | undefined;
  readonly release?: { readonly name: string; readonly size: number } | undefined;
}

type Owner = Pick<Pipeline, "name" | "namespace" | "uid">;

/** A Promotion that does not exist yet. Two who ask for the same get one name. Throws API_INVALID_ARGUMENT for texts that are too long or cannot be printed. */
export function newPromotion({ name, namespace, uid }: Owner, ask: PromotionAsk): KubeObject {
  const { stage, kind, cause, revision, attempt, requestedBy, at, reason, rollbackTo, release } = ask;
  const ref = { apiVersion: mooringApiVersion, kind: "Pipeline", name, uid, controller: true };
  return {
    apiVersion: mooringApiVersion,
    kind: "Promotion",
    metadata: {
      name: promotionName({ pipeline: name, stage, kind, revision, attempt }),
      namespace,
      labels: promotionLabels(name, stage),
      ...(release === undefined ? {} : { annotations: { [releaseSizeAnnotation]: release.size.toString() } }),
      ownerReferences: [{ ...ref, blockOwnerDeletion: false }],
    },
    spec: {
      pipeline: name,
      stage,
      kind,
      cause,
      revision,
      attempt,
      requestedBy: { username: requestedBy.username, groups: [...(requestedBy.groups ?? [])] },
      requestedAt: at,
      ...(reason === undefined || reason === "" ? {} : { reason: parseText("reason", reason) }),
      ...(rollbackTo === undefined ? {} : { rollbackTo }),
      ...(release === undefined ? {} : { release: parseReleaseName(release.name) }),
    },
  };
}

interface Naming extends Pick<PromotionSpec, "pipeline" | "stage" | "kind" | "revision"> {
  readonly attempt: number;
}

/** `shop-prod-1a2b3c4`, `shop-prod-1a2b3c4-2` for a second attempt, `shop-prod-back-1a2b3c4` for a rollback. */
export function promotionName({ pipeline, stage, kind, revision, attempt }: Naming): string {
  const back = kind === "Rollback" ? "back-" : "";
  const again = attempt > 1 ? `-${attempt}` : "";
  return shorten(`${pipeline}-${stage}-${back}${revision.slice(0, 7)}${again}`);
}

/** What every Promotion of a stage is labelled with. */
export function promotionLabels(pipeline: string, stage: string): Readonly<Record<string, string>> {
  return { [promotionLabel.pipeline]: shorten(pipeline), [promotionLabel.stage]: stage };
}

/** What is too long for a label loses its end to a hash, so that two that begin alike stay two. */
function shorten(name: string): string {
  if (name.length <= maxName) return name;
  const hash = fnv32a(name).toString(16).padStart(8, "0");
  return `${name.slice(0, maxName - hash.length - 1).replace(/[-.]+$/u, "")}-${hash}`;
}

/** A text of a person as it is kept: without blanks around it. Throws API_INVALID_ARGUMENT for one that is too long or has control characters. */
export function parseText(field: string, text: string): string {
  const trimmed = text.trim();
  if (trimmed.length > maxPromotionText) {
    throw new MooringError(
      "API_INVALID_ARGUMENT",
      `${field}: has ${trimmed.length} characters; at most ${maxPromotionText} are kept, shorten it`,
    );
  }
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  if (/[\u0000-\u0009\u000B-\u001F\u007F-\u009F\u2028\u2029\u202A-\u202E\u2066-\u2069]/u.test(trimmed)) {
    throw new MooringError(
      "API_INVALID_ARGUMENT",
      `${field}: has characters that cannot be printed; write plain text`,
    );
  }
  return trimmed;
}

/** The same of what has to be there. */
export function requireText(field: string, text: string): string {
  const parsed = parseText(field, text);
  if (parsed !== "") return parsed;
  throw new MooringError("API_INVALID_ARGUMENT", `${field}: is missing; say why`);
}

/** Throws API_INVALID_ARGUMENT for what cannot be the name of a release. */
export function parseReleaseName(name: string): string {
  if (/^[a-z0-9](?:[-a-z0-9.]{0,61}[a-z0-9])?$/u.test(name)) return name;
  throw new MooringError(
    "API_INVALID_ARGUMENT",
    `release: ${JSON.stringify(name.slice(0, 80))} is no name; use at most 63 small letters, digits, dots and dashes`,
  );
}
