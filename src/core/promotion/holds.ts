import { MooringError } from "#core/errors/index.ts";
import type { JsonObject } from "#core/object/index.ts";
import { isJsonObject, viewString } from "#core/object/index.ts";
import type { Person } from "./approvals.ts";
import type { Pipeline, Stage } from "./pipeline.ts";
import { requireText } from "./requests.ts";

/** Annotations of a Pipeline by which people tell the controller something. */
export const pipelineAnnotation = {
  refresh: "mooring.dev/refresh",
  hold: (stage: string) => `mooring.dev/hold.${stage}`,
  resume: (stage: string) => `mooring.dev/resume.${stage}`,
} as const;

/** Whether an annotation is one that only hold, resume and refresh write. */
export function isRequestAnnotation(key: string): boolean {
  return /^mooring\.dev\/(?:refresh$|hold\.|resume\.)/u.test(key);
}

/** A stage on which a person has said stop. */
export interface HoldRequest {
  readonly by: string;
  readonly reason: string;
  readonly at: string;
}

interface Holding {
  readonly person: Person;
  readonly reason: string;
  /** RFC 3339. */
  readonly at: string;
}

/** The merge patch of a Pipeline's annotations that holds a stage: automation promotes nothing to it. */
export function hold(pipeline: Pipeline, stage: string, { person, reason, at }: Holding): JsonObject {
  requireStage(pipeline, stage);
  const request: HoldRequest = {
    by: person.username,
    reason: requireText("reason", reason),
    at,
  };
  return annotating({
    [pipelineAnnotation.hold(stage)]: JSON.stringify(request),
    [pipelineAnnotation.resume(stage)]: null,
  });
}

/** The merge patch of a Pipeline's annotations that ends a hold, by whomever it was. */
export function resume(pipeline: Pipeline, stage: string, at: string): JsonObject {
  requireStage(pipeline, stage);
  return annotating({
    [pipelineAnnotation.hold(stage)]: null,
    [pipelineAnnotation.resume(stage)]: at,
  });
}

/** The merge patch by which the controller looks at a Pipeline now. */
export function refresh(at: string): JsonObject {
  return annotating({ [pipelineAnnotation.refresh]: at });
}

function annotating(annotations: Readonly<Record<string, string | null>>): JsonObject {
  return { metadata: { annotations } };
}

/** The hold that a person asked for; undefined for none, and for a text that nobody wrote here. */
export function holdRequestOf({ annotations }: Pipeline, stage: string): HoldRequest | undefined {
  const request = readJson(annotations[pipelineAnnotation.hold(stage)] ?? "");
  if (!isJsonObject(request)) return undefined;
  const [by, reason, at] = ["by", "reason", "at"].map((field) => viewString(request, field));
  return by === undefined || reason === undefined || at === undefined ? undefined : { by, reason, at };
}

function readJson(text: string): JsonObject | undefined {
  try {
    return text === "" ? undefined : (JSON.parse(text) as JsonObject);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Throws APP_NOT_FOUND that names the stages there are. */
export function requireStage({ namespace, name, stages }: Pipeline, stage: string): Stage {
  const found = stages.find((each) => each.name === stage);
  if (found !== undefined) return found;
  throw new MooringError(
    "APP_NOT_FOUND",
    `Pipeline/${namespace}/${name}: has no stage ${JSON.stringify(stage.slice(0, 80))}; use one of ${stages.map((each) => each.name).join(", ")}`,
  );
}
