import { parseValue } from "#core/crd/parse.ts";
import type { Infer, Schema } from "#core/crd/schema.ts";
import { array, choice, integer, object, required, string } from "#core/crd/schema.ts";
import { MooringError } from "#core/errors/index.ts";
import type { JsonValue } from "#core/object/index.ts";
import { annotationKey } from "#core/tracking/annotations.ts";

const deploymentSchema = object({
  id: required(integer("Of the history")),
  revisions: required(array(string(), "By source")),
});

const holdSchema = object({
  revisions: required(array(string(), "What failed, by source")),
  head: array(
    string(),
    "What Git wanted then, where that is not what failed: somebody had synced another revision",
  ),
  sources: required(string("SHA-256 of the sources that the revisions are of")),
  to: required(deploymentSchema),
  since: required(string("RFC 3339")),
  reason: required(string("Why it was rolled back")),
  state: required(choice(["pending", "done", "failed"], { otherwise: "failed", enforced: true })),
  failure: string("Why the rollback failed"),
});

/** A deployment of the history. */
export type Deployment = Infer<typeof deploymentSchema>;

/**
 * A revision that the automated sync keeps from, and the deployment that it keeps to instead. `pending` until that was deployed; `failed`
 * when it could not be: nothing is then tried again by itself.
 */
export type RollbackHold = Infer<typeof holdSchema>;

type Annotations = Readonly<Record<string, string>> | undefined;

/** Whose annotations they are, for the command that a message names. */
interface Owner {
  readonly name: string;
  readonly namespace?: string | undefined;
}

/** An annotation is as large as this at most. */
const maxBytes = 64 * 1024;

/** The hold that an Application has; undefined when it has none. Throws APP_INVALID for one that cannot be read. */
export function parseHold(annotations: Annotations, owner?: Owner): RollbackHold | undefined {
  return parseRecord(holdSchema, annotationKey.rollbackHold, { annotations, owner });
}

/** The deployment that was Synced and Healthy last, as far as anybody noticed. Throws APP_INVALID when it cannot be read. */
export function parseLastHealthy(annotations: Annotations): Deployment | undefined {
  return parseRecord(deploymentSchema, annotationKey.lastHealthy, { annotations });
}

function parseRecord<S extends Schema>(
  schema: S,
  name: string,
  { annotations, owner }: { readonly annotations: Annotations; readonly owner?: Owner | undefined },
): Infer<S> | undefined {
  const text = annotations?.[name];
  if (text === undefined) return undefined;
  const parsed = text.length > maxBytes ? undefined : readJson(text);
  const found = parsed === undefined ? undefined : parseValue(schema, parsed);
  if (found?.ok === true) return found.value;
  const problem = found === undefined ? "is not as it was written" : found.problems[0]?.message;
  const of = owner === undefined ? "NAME" : `-n ${owner.namespace ?? ""} ${owner.name}`;
  throw new MooringError(
    "APP_INVALID",
    `metadata.annotations[${name}] ${problem}; take it off to go on: kubectl annotate app ${of} ${name}-`,
  );
}

function readJson(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
}
