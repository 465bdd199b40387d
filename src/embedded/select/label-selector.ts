import type { LabelMatcher } from "#core/labels/label-selector.ts";
import { parseLabelSelector as parse } from "#core/labels/label-selector.ts";
import { ApiError } from "../api-error.ts";

/** Parses the `labelSelector` of a request; throws BadRequest for what is none. An empty one matches everything. */
export function parseLabelSelector(text: string): LabelMatcher {
  return parse(text, (message) => new ApiError("BadRequest", message));
}
