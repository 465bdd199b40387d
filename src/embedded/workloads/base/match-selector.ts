import type { JsonObject, StringMap } from "#core/object/index.ts";
import { formatSelector } from "../../select/format-selector.ts";
import type { LabelMatcher } from "#core/labels/label-selector.ts";
import { parseLabelSelector } from "../../select/label-selector.ts";

const known = new WeakMap<JsonObject, LabelMatcher>();

/** Whether labels meet a LabelSelector or a plain map of labels; an empty one matches everything. */
export function matcherOf(selector: JsonObject): LabelMatcher {
  let matcher = known.get(selector);
  if (matcher === undefined) {
    matcher = remembering(parseLabelSelector(formatSelector(selector)));
    known.set(selector, matcher);
  }
  return matcher;
}

/** The same labels are asked for again whenever another object of the selector changes. */
function remembering(matches: LabelMatcher): LabelMatcher {
  const seen = new WeakMap<StringMap, boolean>();
  return (labels) => {
    let isMatch = seen.get(labels);
    if (isMatch === undefined) {
      isMatch = matches(labels);
      seen.set(labels, isMatch);
    }
    return isMatch;
  };
}
