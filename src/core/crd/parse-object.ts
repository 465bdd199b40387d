import type { KubeObject } from "#core/object/index.ts";
import { MooringError } from "#core/errors/index.ts";
import type { Problem } from "./parse.ts";
import { parseValue } from "./parse.ts";
import type { ObjectSchema } from "./schema.ts";

export const argoApiVersion = "argoproj.io/v1alpha1" as const;

const shownProblems = 5;

/**
 * Checks an object of one of Argo CD's kinds against its schema. Throws APP_INVALID that lists every wrong field, the
 * first five in words.
 */
export function parseArgoObject(object: KubeObject, kind: string, schema: ObjectSchema): KubeObject {
  const name = object.metadata.name ?? "";
  const subject = [kind, object.metadata.namespace ?? "", name].filter((part) => part !== "").join("/");
  if (object.kind !== kind || object.apiVersion !== argoApiVersion) {
    const found = `${object.apiVersion} ${object.kind}`;
    throw invalid(subject, [
      { path: "kind", message: `must be ${argoApiVersion} ${kind}, found ${found}; change it` },
    ]);
  }
  if (name === "") {
    throw invalid(subject, [{ path: "metadata.name", message: "metadata.name is required; add a name" }]);
  }
  const parsed = parseValue(schema, object);
  if (!parsed.ok) throw invalid(subject, parsed.problems);
  return parsed.value as KubeObject;
}

function invalid(subject: string, problems: readonly Problem[]): MooringError {
  const shown = problems.slice(0, shownProblems).map((problem) => problem.message);
  const more = problems.length > shownProblems ? [`and ${problems.length - shownProblems} more`] : [];
  return new MooringError("APP_INVALID", `${subject}: ${[...shown, ...more].join("; ")}`, { key: subject });
}
