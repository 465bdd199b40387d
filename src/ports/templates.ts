import type { JsonObject } from "#core/object/index.ts";

/** What a template gave, or a sentence about why it gave nothing. */
export type TemplateOutcome =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly message: string };

/**
 * Evaluates Go text templates with the functions that Helm has, off the main thread and within limits of time and memory; none reaches files,
 * network or environment. A field that is missing is an error, not a text. Outcomes are in the order of the templates.
 */
export interface Templates {
  evaluate(
    templates: readonly string[],
    data: JsonObject,
    signal: AbortSignal,
  ): Promise<readonly TemplateOutcome[]>;
}
