import { MooringError } from "#core/errors/index.ts";
import type { KubeObject } from "#core/object/index.ts";
import { annotationsOf, labelsOf } from "#core/object/index.ts";
import { expand } from "./expand.ts";
import { BadSubstitution, parseTemplate } from "./parse.ts";

export interface SubstituteOptions {
  readonly variables: ReadonlyMap<string, string>;
  /** A variable without a value is an error, unless its place gives a default; otherwise it is empty. */
  readonly strict: boolean;
  /** Begins messages: the object that the text is of. */
  readonly subject: string;
}

const disabledMark = "kustomize.toolkit.fluxcd.io/substitute";

/** False for an object that is labelled or annotated to be left as it is. */
export function substitutes(object: KubeObject): boolean {
  return labelsOf(object)[disabledMark] !== "disabled" && annotationsOf(object)[disabledMark] !== "disabled";
}

/**
 * A text, such as an object's YAML, with its variables replaced. Without any variable the text stays as it is, `$$` included, as in
 * Flux. Throws RENDER_INVALID with the line, and never a value.
 */
export function substituteText(text: string, { variables, strict, subject }: SubstituteOptions): string {
  if (variables.size === 0) return text;
  const fail = (at: number, problem: string, cause?: unknown): never => {
    const line = text.slice(0, at).split("\n").length;
    throw new MooringError(
      "RENDER_INVALID",
      `${subject}: line ${line} of the YAML: ${problem}`,
      cause === undefined ? {} : { cause },
    );
  };
  const onMissing = (name: string, at: number): void => {
    if (strict)
      fail(at, `variable ${name} has no value; give it one, or a default as in \${${name}:-default}`);
  };
  try {
    return expand(parseTemplate(text), { variables, onMissing });
  } catch (error) {
    if (!(error instanceof BadSubstitution)) throw error;
    return fail(error.at, `${error.message}; write $\${ where the text itself is meant`, error);
  }
}
